"""The way of an entrusted sheet: sent as photos, typed, checked by a second person, recorded in one act.

Whole rupiah; what a person can mend raises ValidationError with an Indonesian sentence. Nothing counts before the
check, and the check records all rows or none.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import history
from accounts.attachments.contents import Content
from accounts.attachments.models import Attachment
from accounts.attachments.services import add_files
from accounts.models import User
from enterprises.months import first_day, last_day
from loans.entrusted.twice import ON_THE_WAY, double_words, doubles_of, papers_of_day, plain
from loans.field.items import FORMAT
from loans.field.services import Result, State, receive
from loans.ledger_services import lock_group, same_sending
from loans.models import EntrustedSheet
from loans.month_services import check_month_open
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group

Status = EntrustedSheet.Status
Row = dict[str, Any]  # an item of the sheet: `loans.field.items`
SENT_AS = "entrusted"
LEAVE_OUT_DOUBLE = "Kosongkan barisnya bila itu setoran yang sama; bila memang setoran lain, centang Setoran lain."
RETURN_DOUBLE = "Kembalikan lembarnya: pengetik mengosongkan barisnya, atau menandainya sebagai setoran lain."
UNREADABLE = "foto buram, tolong kirim lagi"
MISTYPED = "baris 4 di kertas 50.000, diketik 5.000"


@transaction.atomic
def entrust_sheet(
    *, group: Group, on: date, note: str, photos: Sequence[Content], uuid: UUID, by: User
) -> EntrustedSheet:
    """Keeps the photos of a sheet of the meeting on that day for somebody else to type.

    The same UUID with the same content is the same sending. Raises ValidationError without a photo, for a day to come
    and for a month that is closed.
    """
    group = lock_group(group.pk)
    if sent := EntrustedSheet.objects.filter(uuid=uuid).first():
        return same_sending(sent, (sent.group_id, sent.on, sent.note, sent.sent_by) == (group.pk, on, note, by))
    if not photos:
        raise ValidationError({"files": "Lampirkan foto lembarnya, paling sedikit satu."})
    if on > today():
        raise ValidationError({"on": f"Tanggal pertemuan paling lambat hari ini, {format_day(today())}."})
    if group.closed_on and on >= group.closed_on:
        raise ValidationError({"on": f"{group} bubar {format_day(group.closed_on)}. Pakai tanggal sebelum itu."})
    check_month_open(group, on, by)
    sheet = EntrustedSheet(village=group.village, group=group, on=on, note=note, uuid=uuid, sent_by=by)
    history.save(sheet, by=by)
    add_files(record=sheet, contents=photos, by=by, title="Foto lembar setoran")
    return sheet


def photos_of(sheet: EntrustedSheet) -> QuerySet[Attachment]:
    """The photos as they came, the first page first."""
    return Attachment.objects.of(sheet).present().order_by("uploaded_at", "pk")


def rows_of(typed: Iterable[Row], sheet: EntrustedSheet, by: User) -> list[Row]:
    """The rows as items of the sheet, in order, each with who typed it; a line that was typed before keeps its UUID,
    and its typist while nothing of it changed."""
    known = {_line_of(row): row for row in sheet.rows}
    frame = {"format": FORMAT, "group": sheet.group_id, "on": sheet.on.isoformat()}
    found = []
    for number, row in enumerate(typed, 1):
        told, before = frame | row, known.get(_line_of(row))
        is_kept = before is not None and plain(before) == plain(told)
        typist = before.get("typed_by", by.pk) if before and is_kept else by.pk
        uuid = before["uuid"] if before else str(uuid4())
        found.append({"uuid": uuid, "order": number, "typed_by": typist, **told})
    return found


def total_of(rows: Iterable[Row]) -> int:
    """Rupiah that the rows leave on the table: what was paid and saved less what was withdrawn."""
    return sum(
        row.get("amount", 0) + sum(row.get("savings", {}).values()) - sum(row.get("withdraw", {}).values())
        for row in rows
    )


def mark_of(sheet: EntrustedSheet) -> str:
    """What the checker saw: changes with every row that is typed otherwise."""
    content = json.dumps([sheet.rows, sheet.paper_total], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@transaction.atomic
def type_rows(
    *,
    sheet: EntrustedSheet,
    typed: Iterable[Row],
    paper_total: int | None,
    by: User,
    is_done: bool,
    is_twice: bool = False,
    seen: str = "",
) -> EntrustedSheet:
    """Keeps what was typed from the photos; `is_done` hands it to a second person.

    It is handed on only when the rows sum to the total that stands on the paper and each could be recorded now: both
    are asked at once, so that the typist mends what she alone sees. A row of whom the day has papers already is refused
    unless it `is_twice`: other money of the same day. `seen` (`mark_of`) is what the typist began with: what another
    typed since is not written over.
    """
    sheet = _locked(sheet)
    if not sheet.is_typable and not (sheet.status == Status.TYPED and sheet.typed_by == by):
        raise ValidationError(f"Lembar ini {sheet.get_status_display().lower()}, jadi tidak dapat diketik lagi.")
    if seen and seen != mark_of(sheet):
        raise ValidationError("Lembar ini diketik orang lain sejak dibuka. Buka lagi, lalu lanjutkan.", code="conflict")
    sheet.rows, sheet.paper_total = rows_of(typed, sheet, by), paper_total
    sheet.typed_by, sheet.typed_at = by, timezone.now()
    if is_done:
        _check_total(sheet)
        _check_not_twice(sheet, is_twice)
        if words := refused_words(rehearse(sheet)):
            raise ValidationError(words)
        sheet.status = Status.TYPED
    elif sheet.status == Status.TYPED:
        sheet.status = Status.SENT
    return history.save(sheet, by=by)


def rehearse(sheet: EntrustedSheet) -> list[Result]:
    """What recording the rows would give, each with its answer; nothing stays."""
    with transaction.atomic():
        results = _record(sheet)
        transaction.set_rollback(True)
    return results


@transaction.atomic
def record_sheet(*, sheet: EntrustedSheet, seen: str, by: User) -> EntrustedSheet:
    """ "Cocok, catat": a second person found the rows as on the photos; all are recorded or none.

    Receipts carry who typed; the sheet keeps who checked. Refused for the typist herself, and when the rows are
    others than those `seen`; and where other papers of the day came since it was typed, that may be the same money.
    Done twice by the same person it is done once.
    """
    sheet = _locked(sheet)
    if sheet.status == Status.RECORDED and sheet.checked_by == by:
        return sheet
    _check_may_check(sheet, by)
    if mark_of(sheet) != seen:
        raise ValidationError("Baris lembar ini berubah sejak dibuka. Periksa sekali lagi.", code="conflict")
    _check_typist_serves(sheet)
    lock_group(sheet.group_id)  # what is recorded meanwhile is seen
    if doubles := double_words(sheet.rows, sheet, papers_of_day(sheet)):
        raise ValidationError([f"{words} {RETURN_DOUBLE}" for words in doubles])
    if words := refused_words(_record(sheet)):
        raise ValidationError(words)
    sheet.status, sheet.checked_by, sheet.checked_at = Status.RECORDED, by, timezone.now()
    return history.save(sheet, by=by)


@transaction.atomic
def return_sheet(*, sheet: EntrustedSheet, reason: str, by: User) -> EntrustedSheet:
    """Back to the typist, with what does not agree with the photos."""
    sheet = _locked(sheet)
    check_reason(reason, example=MISTYPED)
    _check_may_check(sheet, by)
    sheet.status, sheet.reason = Status.RETURNED, reason.strip()
    return history.save(sheet, by=by, reason=sheet.reason)


@transaction.atomic
def refuse_sheet(*, sheet: EntrustedSheet, reason: str, by: User) -> EntrustedSheet:
    """The photos cannot be typed: the village is told why and sends others."""
    sheet = _locked(sheet)
    check_reason(reason, example=UNREADABLE)
    if not sheet.is_typable:
        raise ValidationError(f"Lembar ini {sheet.get_status_display().lower()}, jadi tidak dapat ditolak.")
    sheet.status, sheet.reason = Status.REFUSED, reason.strip()
    return history.save(sheet, by=by, reason=sheet.reason)


def why_not_check(sheet: EntrustedSheet, by: User) -> str:
    """Why this person cannot check the sheet now, as an Indonesian sentence; "" when she can."""
    try:
        _check_may_check(sheet, by)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def waiting_words(access: Access) -> list[tuple[str, str]]:
    """How many sheets wait for this person's typing or check, each with the address of their list; none that is 0."""
    rows = EntrustedSheet.objects
    typing = _count(rows.open_to(access, Action.SEND_FOR_OTHERS))
    checking = _count(rows.open_to(access, Action.ENTRUST_SHEETS))
    told = (
        (typing[Status.SENT], "menunggu diketik", Status.SENT),
        (typing[Status.RETURNED], "dikembalikan ke pengetik", Status.RETURNED),
        (checking[Status.TYPED], "menunggu diperiksa", Status.TYPED),
    )
    address = reverse("entrusted-list")
    return [(f"{count} lembar titipan {words}", f"{address}?status={status}") for count, words, status in told if count]


def _count(rows: QuerySet[EntrustedSheet]) -> Counter[str]:
    sums = rows.filter(status__in=ON_THE_WAY).order_by().values_list("status").annotate(n=Count("pk"))
    return Counter(dict(sums))


def sheet_words(group: Group, on: date) -> str:
    """What the sheet of a meeting says of photos of it that are on their way; "" where there are none."""
    words = _on_the_way(EntrustedSheet.objects.filter(group=group, on=on), "untuk pertemuan ini")
    return words and f"{words} Jangan isi lagi di sini yang sudah ada di fotonya."


def month_words(group: Group, period: int) -> str:
    """Of photos of the meetings of a month (202609) that are on their way, for who closes it; "" where there are
    none."""
    days = (first_day(period), last_day(period))
    return _on_the_way(EntrustedSheet.objects.filter(group=group, on__range=days), "bulan ini")


def _on_the_way(rows: QuerySet[EntrustedSheet], of_what: str) -> str:
    waiting = list(rows.filter(status__in=ON_THE_WAY).order_by().values_list("status", flat=True))
    if not waiting:
        return ""
    words = "menunggu diperiksa" if set(waiting) == {Status.TYPED} else "menunggu diketik"
    return f"{len(waiting)} lembar titipan {of_what} {words}."


def refused_words(results: Iterable[Result]) -> list[str]:
    """Why rows were not recorded, a sentence a row; empty when all are."""
    refused = (one for one in results if one.state not in (State.SAVED, State.THERE))
    return [f"{one.who}: {one.message}" if one.who else one.message for one in refused]


def _record(sheet: EntrustedSheet) -> list[Result]:
    if sheet.typed_by is None:
        raise ValueError("a sheet that nobody typed has no rows to record")
    return receive(
        items=sheet.rows,
        by=sheet.typed_by,
        access=sheet.typed_by.access_on(today()),
        device=None,
        sent_as=SENT_AS,
        action=Action.SEND_FOR_OTHERS,
    )


def _check_may_check(sheet: EntrustedSheet, by: User) -> None:
    if sheet.status != Status.TYPED:
        words = "tidak dapat diperiksa lagi" if sheet.status == Status.RECORDED else "belum dapat diperiksa"
        raise ValidationError(f"Lembar ini {sheet.get_status_display().lower()}, jadi {words}.")
    if by.pk in {sheet.typed_by_id, *(row.get("typed_by") for row in sheet.rows)}:
        raise ValidationError("Lembar ini Ibu ketik sendiri. Mintalah orang kedua memeriksanya di samping fotonya.")


def _check_typist_serves(sheet: EntrustedSheet) -> None:
    """Raises ValidationError when the typist, whose name the receipts would carry, may type for the village no more."""
    typist = sheet.typed_by
    if typist and not typist.access_on(today()).may_in(Action.SEND_FOR_OTHERS, sheet.village):
        raise ValidationError(
            f"{typist}, yang mengetik, tidak bertugas lagi di sini. Kembalikan lembarnya, supaya orang lain"
            " mengetiknya."
        )


def _check_not_twice(sheet: EntrustedSheet, is_twice: bool) -> None:
    """Keeps with the rows which papers of the day their typist knows of. Raises ValidationError where she did not
    say that they are other money."""
    papers = papers_of_day(sheet)
    if is_twice:
        sheet.rows = [row | {"besides": found} if (found := doubles_of(row, papers)) else row for row in sheet.rows]
    elif doubles := double_words(sheet.rows, sheet, papers):
        raise ValidationError({"is_twice": [f"{words} {LEAVE_OUT_DOUBLE}" for words in doubles]})


def _check_total(sheet: EntrustedSheet) -> None:
    if not sheet.rows:
        raise ValidationError("Belum ada baris yang diisi.")
    total, paper = total_of(sheet.rows), sheet.paper_total
    if paper is None:
        raise ValidationError({"paper_total": "Isi jumlah yang tertulis di bawah lembar, misalnya 1.250.000."})
    if total != paper:
        raise ValidationError(
            {
                "paper_total": f"Jumlah baris yang diketik {format_rupiah(total)}, di kertas {format_rupiah(paper)}:"
                f" selisih {format_rupiah(abs(total - paper))}. Cocokkan lagi baris demi baris."
            }
        )


def _line_of(row: Row) -> tuple:
    return (row.get("kind"), row.get("member"), row.get("loan"))


def _locked(sheet: EntrustedSheet) -> EntrustedSheet:
    rows = EntrustedSheet.objects.select_for_update(of=("self",))
    return rows.select_related("village__district", "group", "typed_by", "checked_by", "sent_by").get(pk=sheet.pk)
