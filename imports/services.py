"""Verbs of the import: taking a workbook in, checking it, saving it chunk by chunk, going on after a crash, undoing.

Nothing of a workbook counts before it is saved. Each chunk is saved whole or not at all, and its rows are checked anew
under the lock; a row that came before adds nothing. So an import that was killed is gone on with, and a second one of
the same workbook finds everything there. What a person can mend raises ValidationError with an Indonesian sentence.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from accounts import history
from accounts.attachments.contents import clean_name
from accounts.models import User
from imports import storage
from imports.kinds import KINDS
from imports.kinds.base import Kind, Scope
from imports.lines import Line, Outcome, from_json, to_json
from imports.models import Import, ImportPart
from imports.places import area_of, may_act, scope_of
from imports.reading import CHUNK, Count, checked_lines, counts_of, find_sheet
from up2k_portal.lib.access import PRACTICE, Access, is_practice
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.reasons import check_reason
from up2k_portal.lib.xlsx_file import MEGABYTE, check_file
from up2k_portal.lib.xlsx_parts import FileError
from up2k_portal.lib.xlsx_rows import MOST_OF_A_PART, Reader
from villages.areas import area_names
from villages.models import Village

logger = logging.getLogger(__name__)

AT_ONCE = 256 * 1024  # bytes of a workbook that is read while a person waits: some thousand rows
ROWS_AT_ONCE = 1_000  # that are saved while a person waits
STILL = timedelta(minutes=3)  # without a chunk: whoever saved it is gone
MOST_WAITING = 5  # of one person, being read
MOST_UNSAVED = 20  # of one person, read and not saved: the oldest give way
MOST_KEPT_BYTES = 50 * MEGABYTE  # of one person's workbooks that are saved
PRACTICE_BYTES, PRACTICE_UPLOADS, PRACTICE_KEPT = 200 * 1024, 5, timedelta(days=1)
State = Import.State
BROKEN = "Ada kesalahan di sistem saat membaca berkas ini, bukan karena isian Anda. Coba lagi atau hubungi kabupaten."


def receive(*, stream: IO[bytes], name: str, by: User, access: Access, village: Village | None = None) -> Import:
    """Keeps a workbook that came in; nothing is read yet. Raises ValidationError for what is no .xlsx or is hostile,
    and where too many of hers wait.
    """
    try:
        check_file(stream, most_of_a_part=MOST_OF_A_PART)
    except FileError as error:
        raise ValidationError({"file": str(error)}) from error
    waiting = Import.objects.filter(sent_by=by, state__in=(State.WAITING, State.READING)).count()
    if waiting >= MOST_WAITING:
        raise ValidationError(f"Sudah ada {MOST_WAITING} berkas Anda yang belum selesai dibaca. Tunggu salah satunya.")
    _make_room(by)
    area = village.code if village else area_of(access)
    if is_practice(area):
        _check_practice(stream, by)
    ((area_name, _),) = area_names([area])
    imported = Import(
        area_code=area, area_name=area_name, village=village, file_name=clean_name(name), size=0, sent_by=by
    )
    imported.size, imported.sha256 = storage.keep(imported.uuid, stream)
    imported.save()
    return imported


def _check_practice(stream: IO[bytes], by: User) -> None:
    """Anyone may enter a practice village, so what the disk keeps for her is small, seldom and short."""
    if stream.seek(0, 2) > PRACTICE_BYTES:
        said = f"Di Desa Latihan berkas paling banyak {PRACTICE_BYTES // 1024} KB. Coba dengan templat."
        raise ValidationError({"file": said})
    stream.seek(0)
    since = timezone.now() - PRACTICE_KEPT
    if Import.objects.filter(sent_by=by, sent_at__gt=since).count() >= PRACTICE_UPLOADS:
        said = f"Di Desa Latihan paling banyak {PRACTICE_UPLOADS} berkas sehari. Langkah lainnya masih dapat dicoba."
        raise ValidationError({"file": said})


def _make_room(by: User) -> None:
    """Who sends much keeps little: the oldest unsaved give way, and files of the oldest that are done."""
    done = Import.objects.filter(sent_by=by, is_kept=True, state__in=(State.DONE, State.UNDONE))
    room = MOST_KEPT_BYTES
    for old in done.order_by("-sent_at", "-pk"):
        room -= old.size
        if room < 0:
            storage.drop(old.uuid)
            _tell(old, is_kept=False)
    unsaved = Import.objects.filter(sent_by=by, state__in=(State.CHECKED, State.FAILED)).order_by("-sent_at", "-pk")
    for old in unsaved[MOST_UNSAVED - 1 :]:
        throw_away(imported=old)


def check(imported: Import, *, access: Access) -> Import:
    """Reads the workbook and tells of each row what it would do; the lines are kept for the page and for saving.

    Raises ValidationError, and leaves the import failed, for a workbook that is refused as a whole.
    """
    _tell(imported, state=State.READING)
    try:
        return _check(imported, access)
    except (ValidationError, FileError) as error:
        words = error.messages if isinstance(error, ValidationError) else [str(error)]
        _tell(imported, state=State.FAILED, problem=" ".join(words)[:1000])
        raise ValidationError({"file": words}) from error
    except Exception:
        _tell(imported, state=State.FAILED, problem=BROKEN)
        raise


def _check(imported: Import, access: Access) -> Import:
    count = Count()
    with Reader(storage.book_path(imported.uuid)) as book:
        found = find_sheet(book)
        scope = scope_of(found, by=imported.sent_by, access=access, chosen=imported.village)
        storage.write_lines(imported.uuid, map(to_json, checked_lines(book, found, scope, count)))
    facts: dict[str, Any] = counts_of(count)
    if not facts["read"]:
        raise ValidationError(f"Lembar “{found.sheet.name}” belum berisi baris di bawah judul kolomnya.")
    if count.hidden:
        found.notices.append(f"{count.hidden} baris tersembunyi di Excel ikut dibaca. Periksa apakah memang dimaksud.")
    found.notices += _sent_before(imported, found.kind, scope.area_code)
    ((area_name, _),) = area_names([scope.area_code])
    places = {str(place): column.key for place, column in found.headings.places.items()}
    totals = {key: {name.value: amount for name, amount in sums.items()} for key, sums in count.totals.items()}
    _tell(
        imported,
        state=State.CHECKED,
        kind=found.kind.key,
        area_code=scope.area_code,
        area_name=area_name,
        village=scope.village,
        sheet=found.sheet.name,
        version=found.about.version or None,
        notices=found.notices,
        totals=totals,
        headings={"row": found.headings.row, "places": places},
        **facts,
    )
    return imported


def _sent_before(imported: Import, kind: Kind, area_code: str) -> list[str]:
    """Of the same area alone: who sent it elsewhere is nobody's business here."""
    told = {"sha256": imported.sha256, "kind": kind.key, "area_code": area_code, "state": State.DONE}
    same = Import.objects.filter(**told).exclude(pk=imported.pk)
    earlier = same.select_related("saved_by").first()
    if earlier is None or earlier.saved_at is None:
        return []
    when = format_moment(earlier.saved_at)
    return [f"Berkas yang sama sudah diimpor {when} oleh {earlier.saved_by} ({earlier}). Baris yang sama dilewati."]


def begin(*, imported: Import, is_partial: bool, by: User) -> Import:
    """Marks a checked import as to be saved. `is_partial`: only the right rows; else all rows, or none.

    Asked again it is asked once. Raises ValidationError where it may not be, or where nothing is to be saved.
    """
    with transaction.atomic():
        row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
        if row.state in (State.QUEUED, State.SAVING, State.DONE):
            return row
        if row.state not in (State.CHECKED, State.CUT):
            raise ValidationError(f"{row} {row.get_state_display().lower()}, jadi tidak dapat disimpan.")
        if row.refused and not is_partial and row.state == State.CHECKED:
            raise ValidationError(
                f"{row.refused} baris masih salah. Perbaiki berkasnya, atau pilih “Simpan yang benar saja”."
            )
        if not row.to_save:
            raise ValidationError("Tidak ada baris baru atau yang berubah. Tidak ada yang perlu disimpan.")
        if not row.is_kept:
            raise ValidationError("Berkasnya sudah dihapus karena lama tidak disimpan. Kirim lagi.")
        if row.state == State.CHECKED:
            row.is_partial = is_partial
        row.state, row.saved_by, row.moved_at = State.QUEUED, by, timezone.now()
        history.save(row, by=by)
        return row


def save(imported: Import, *, access: Access) -> Import:
    """Saves what is not saved yet of an import that was begun; returns it done.

    All or nothing is one transaction; otherwise each chunk is one, and what was saved stays saved whatever comes.
    """
    kind = KINDS[imported.kind]
    if not may_act(access, kind, imported):
        raise ValidationError("Wilayah ini tidak lagi di bawah penugasan Anda.")
    if not _tell(imported, only_from=(State.QUEUED, State.SAVING), state=State.SAVING):
        return imported  # whoever was quicker saved it, or it was taken back since
    by = imported.saved_by or imported.sent_by
    scope = Scope(access, by, imported.area_code, imported.village, today(), is_saving=True)
    try:
        if imported.is_partial:
            _save_chunks(imported, kind, scope)
        else:
            with transaction.atomic():
                _save_chunks(imported, kind, scope)
    except ValidationError as error:
        _tell(imported, only_from=(State.SAVING,), state=State.CUT, problem=" ".join(error.messages)[:1000])
        raise
    _tell(imported, only_from=(State.SAVING,), state=State.DONE, saved_at=timezone.now(), problem="")
    return imported


def _save_chunks(imported: Import, kind: Kind, scope: Scope) -> None:
    lines = lines_of(imported, Outcome.NEW, Outcome.CHANGED)
    settled = imported.parts.aggregate(rows=Sum("rows"), last=Max("number"))
    for _ in islice(lines, settled["rows"] or 0):
        pass
    number = settled["last"] or 0
    while chunk := list(islice(lines, CHUNK)):
        number += 1
        _save_chunk(imported, kind, scope, number, chunk)


@transaction.atomic
def _save_chunk(imported: Import, kind: Kind, scope: Scope, number: int, chunk: list[Line]) -> None:
    """One part, once: whoever else saved it meanwhile has done it. Rows are checked anew under the lock."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    if ImportPart.objects.filter(imported=row, number=number).exists():
        return
    if row.state not in (State.SAVING, State.QUEUED):
        raise ValidationError(f"{row} sudah {row.get_state_display().lower()} oleh orang lain. Muat ulang halamannya.")
    planned = [line.outcome for line in chunk]
    kind.lock(chunk, scope)
    kind.check(chunk, scope)
    wanted = [line for line in chunk if line.outcome in (Outcome.NEW, Outcome.CHANGED)]
    saved = kind.save(wanted, scope)
    refused = [[line.number, " ".join(words for _, words in line.faults)] for line in chunk if line.faults]
    if refused and not row.is_partial:
        at, why = refused[0]
        raise ValidationError(f"Baris {at}: {why} Tidak ada yang disimpan.")
    ImportPart.objects.create(
        imported=row,
        number=number,
        rows=len(chunk),
        made=saved.made,
        changed=saved.changed,
        refused=refused,
    )
    _count_anew(row, kind, planned, chunk)
    row.moved_at = timezone.now()
    row.save()
    for name in ("new", "changed", "skipped", "refused", "done", "totals", "moved_at"):
        setattr(imported, name, getattr(row, name))


def _count_anew(row: Import, kind: Kind, planned: list[Outcome], chunk: list[Line]) -> None:
    """What the rows became in the end, which may be other than what they would have become when they were checked."""
    for before, line in zip(planned, chunk, strict=True):
        now = line.outcome
        if now in (Outcome.NEW, Outcome.CHANGED):
            row.done += 1
        if now != before:
            setattr(row, before.value, getattr(row, before.value) - 1)
            setattr(row, now.value, getattr(row, now.value) + 1)
            for column in kind.columns:
                if column.has_total and (amount := line.values.get(column.key)):
                    sums = row.totals.setdefault(column.key, {})
                    sums[before.value] = sums.get(before.value, 0) - amount
                    sums[now.value] = sums.get(now.value, 0) + amount


def resume(imported: Import, *, by: User) -> Import:
    """Puts an import whose saving was cut off in line again; what was saved stays."""
    with transaction.atomic():
        row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
        if is_cut_off(row):
            row.state, row.moved_at, row.saved_by = State.QUEUED, timezone.now(), row.saved_by or by
            history.save(row, by=by)
        return row


def is_cut_off(imported: Import) -> bool:
    """Whether nobody saves it any more, though rows are left."""
    is_still = timezone.now() - imported.moved_at > STILL
    return imported.state == State.CUT or (imported.state in (State.SAVING, State.READING) and is_still)


def throw_away(*, imported: Import) -> None:
    """An import that was not saved, with its files."""
    Import.objects.filter(pk=imported.pk, state__in=(State.WAITING, State.FAILED, State.CHECKED)).delete()
    storage.drop(imported.uuid)


def undo(*, imported: Import, reason: str, by: User, access: Access) -> tuple[int, int]:
    """ "Batalkan impor": takes back what it made and changed, the last first; returns (taken back, kept).

    Money is taken back by corrections, members without records leave on the day they joined, figures go back to what
    they were. All or nothing: refused where a month is locked, a report is out or something rests on it.
    """
    check_reason(reason, example="salah unggah berkas bulan lalu")
    with transaction.atomic():
        row = Import.objects.select_for_update(of=("self",)).select_related("village__district").get(pk=imported.pk)
        if row.state == State.UNDONE:
            return 0, 0
        kind = KINDS[row.kind]
        if row.state not in (State.DONE, State.CUT) or not row.parts.exists():
            raise ValidationError("Impor ini belum menyimpan apa-apa, jadi tidak ada yang dibatalkan.")
        if not may_act(access, kind, row):
            raise ValidationError("Wilayah ini tidak lagi di bawah penugasan Anda.")
        back = kept = 0
        for part in row.parts.order_by("-number"):
            one, other = kind.take_back(part, imported=row, reason=reason, by=by)
            back, kept = back + one, kept + other
        row.state, row.undone_at, row.undone_by, row.undo_reason = State.UNDONE, timezone.now(), by, reason
        history.save(row, by=by, reason=reason)
    return back, kept


def lines_of(imported: Import, *outcomes: Outcome) -> Iterator[Line]:
    """The lines as they were checked, of these outcomes; all where none is named."""
    columns = KINDS[imported.kind].columns
    lines = (from_json(told, columns) for told in storage.read_lines(imported.uuid))
    return (line for line in lines if not outcomes or line.outcome in outcomes)


def faults_of(imported: Import, lines: Iterable[Line]) -> Iterator[dict]:
    """Every fault as sheet, row, column, what stands there and why, with what would be right."""
    kind = KINDS[imported.kind]
    columns = {column.key: column for column in kind.columns}
    for line in lines:
        for key, words in line.faults:
            column = columns.get(key)
            yield {
                "sheet": imported.sheet,
                "row": line.number,
                "column": column.heading if column else "",
                "value": line.typed.get(key, ""),
                "message": words,
                "example": column.example if column else "",
            }


def take_up() -> int:
    """Puts in line again what an earlier worker left undone; returns how many. For the one worker, as it starts."""
    from imports import tasks  # a task calls the services; they only queue it

    Import.objects.filter(state=State.READING).update(state=State.WAITING)
    Import.objects.filter(state=State.SAVING).update(state=State.QUEUED)
    waiting = list(Import.objects.filter(state__in=(State.WAITING, State.QUEUED)).order_by("pk"))
    for imported in waiting:
        (tasks.check_import if imported.state == State.WAITING else tasks.save_import).enqueue(imported.pk)
    return len(waiting)


def clean_up() -> int:
    """Deletes the files of imports that are old, and imports that nobody saved; returns how many."""
    now = timezone.now()
    is_old = Q(sent_at__lte=now - timedelta(days=settings.IMPORTS_KEPT_DAYS))
    is_practised = Q(area_code__startswith=f"{PRACTICE}.", sent_at__lte=now - PRACTICE_KEPT)
    kept = Import.objects.filter(is_old | is_practised, is_kept=True)
    old = list(kept.exclude(state__in=(State.SAVING, State.QUEUED)))
    for imported in old:
        storage.drop(imported.uuid)
        if imported.state in (State.DONE, State.UNDONE, State.CUT):
            _tell(imported, is_kept=False)
        else:
            imported.delete()
    return len(old)


def _tell(imported: Import, *, only_from: tuple[str, ...] = (), **facts) -> bool:
    """Writes down where an import stands; with `only_from` only while it stands there: others may have been quicker."""
    facts["moved_at"] = timezone.now()
    rows = Import.objects.filter(pk=imported.pk)
    if only_from and not rows.filter(state__in=only_from).update(**facts):
        imported.refresh_from_db()
        return False
    if not only_from:
        rows.update(**facts)
    for name, value in facts.items():
        setattr(imported, name, value)
    return True
