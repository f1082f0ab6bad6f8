"""Members of a village, and of many villages in one list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import history
from accounts.models import User
from imports.columns import Column, Type
from imports.kinds.base import CODE, Kind, Saved, Scope, codes_made, groups_of, is_as_left, plain, row_code
from imports.kinds.member_columns import FIELDS, GROUP, PERSON
from imports.lines import Line
from imports.models import Import, ImportPart
from loans.month_services import check_not_locked
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of
from up2k_portal.lib.privacy import mask_number
from villages import bulk_services
from villages.bulk import key_of
from villages.models import Group, Member, Poklak, Village
from villages.nik import nik_warnings

NO_POKLAK = {"-", "–", "perorangan", "tidak ada", "belum ada"}
UNDONE = "Batal dimasukkan: impor dibatalkan"
NOT_OF_VILLAGE = (
    "Baris ini milik templat lain. Unduh lagi templat desa ini, atau kosongkan kolom tersembunyi “Kode baris”."
)

MOST_WITHOUT_NIK = 500  # members of the groups of a chunk that are compared by name at once


class Members(Kind):
    key = "anggota"
    title = "Anggota"
    sheet = "Anggota"
    words = "anggota"
    help = "Tambah anggota baru dan betulkan data anggota yang ada."
    action = Action.EDIT_REGISTRY
    columns = (*PERSON, GROUP, CODE)
    undo_words = "Anggota baru dicatat keluar pada hari masuknya; data yang diubah kembali seperti semula."

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        by_line = self._groups_by_line(lines, scope)
        known = _Known({group.pk: group for group in by_line.values()}.values(), lines, scope, self.key)
        for line in lines:
            group = by_line.get(line.number)
            if group is None:
                continue
            line.values["_group"] = group
            _drop_copied_code(line, scope)
            _check_person(line, group, known, scope)

    def _groups_by_line(self, lines: Sequence[Line], scope: Scope) -> dict[int, Group]:
        """The group of each line, by the row's number; without it the line is refused."""
        groups = groups_of(scope)
        return {line.number: group for line in lines if (group := pick_group(line, groups))}

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        saved = Saved()
        new, codes = [], []
        for line in lines:
            group = line.values["_group"]
            if line.pk is None:
                facts = {name: line.values[name] for name in FIELDS if name in line.values}
                new.append(Member(village=group.village, group=group, poklak=line.values.get("_poklak"), **facts))
                codes.append(line.get("code", ""))
            else:
                _change(line, saved, scope.by)
        for member, code in zip(bulk_services.add_members(members=new, by=scope.by), codes, strict=True):
            saved.make(member, code)
        return saved

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        made = Member.objects.filter(pk__in=part.keys(Member)).select_related(*bulk_services.TOLD)
        members = list(made)
        month = period_of(timezone.localtime(imported.sent_at).date())
        for group in {one.group_id: one.group for one in members}.values():
            check_not_locked(group, [month])  # a report that is out tells how many they were
        gone = bulk_services.take_back_members(members=members, reason=UNDONE, by=by)
        restored = 0
        for _, pk, changes in part.changed:
            member = Member.objects.select_related(*bulk_services.TOLD).get(pk=pk)
            if is_as_left(member, changes):
                check_not_locked(member.group, [month])
                _set(member, {name: was for name, (was, _) in changes.items()})
                history.save(member, by=by, reason=reason)
                restored += 1
        return len(gone) + restored, len(members) - len(gone) + len(part.changed) - restored

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        members = Member.objects.filter(village=village, left_on=None).select_related("poklak", "group")
        for member in members.order_by("group", "name", "pk"):
            row = {name: getattr(member, name) for name in FIELDS}
            words = {"sex": member.sex, "welfare": member.get_welfare_display()}
            poklak = member.poklak.name if member.poklak else ""
            yield row | words | {"poklak": poklak, "group": member.group.name, "code": row_code("member", member.pk)}

    def words_for(self, village: Village, key: str, today: date) -> Sequence[str]:
        if key == "poklak":
            poklaks = Poklak.objects.filter(village=village).standing_on(today)
            return sorted({one.name for one in poklaks})
        if key == "group":
            return list(Group.objects.filter(village=village, closed_on=None).values_list("name", flat=True))
        return super().words_for(village, key, today)

    def list_url(self, imported: Import) -> str:
        return f"{reverse('member-list')}?impor={imported.pk}"


class MembersOfMany(Members):
    """The same of many villages: each row names its village by code."""

    key = "anggota-desa"
    title = "Anggota banyak desa"
    sheet = "Anggota banyak desa"
    help = "Daftar anggota dari banyak desa dalam satu lembar."
    action = Action.EDIT_GROUPS
    is_of_many = True
    columns = (
        Column("village", "Kode desa", Type.TEXT, "63.08.03.2014", "Kode Kemendagri desa atau kelurahannya.",
               synonyms="kodedesakelurahan kodekelurahan kodewilayah", is_required=True, most=13, width=16),
        *PERSON, GROUP,
    )  # fmt: skip

    def _groups_by_line(self, lines: Sequence[Line], scope: Scope) -> dict[int, Group]:
        groups = self._groups_by_code({line.get("village", "") for line in lines}, scope)
        found = {}
        for line in lines:
            code = line.get("village")
            if code and not groups[code]:
                line.refuse(
                    "village", f"Tidak ada kelompok di desa berkode {code} dalam wilayah Anda. Periksa kodenya."
                )
            elif code and (group := pick_group(line, groups[code])):
                found[line.number] = group
        return found

    def groups(self, lines: Sequence[Line], scope: Scope) -> Iterable[Group]:
        by_code = self._groups_by_code({line.get("village", "") for line in lines}, scope)
        return [group for line in lines for group in by_code[line.get("village", "")]]

    def _groups_by_code(self, codes: set[str], scope: Scope) -> dict[str, list[Group]]:
        """The standing groups of villages by their code, as far as one may write there; each asked once."""
        known: dict[str, list[Group]] = scope.memo.setdefault("groups_by_code", {})
        if asked := codes - known.keys():
            known |= {code: [] for code in asked}
            rows = Group.objects.open_to(scope.access, self.action).filter(village__code__in=asked, closed_on=None)
            for group in rows.select_related("village__district").order_by("pk"):
                known[group.village.code].append(group)
        return known


def pick_group(line: Line, groups: Sequence[Group]) -> Group | None:
    """The group that a line names; the only one where it names none. Without it the line is refused."""
    named = line.get("group")
    if named is None and len(groups) == 1:
        return groups[0]
    if not groups:
        line.refuse("group", "Desa ini belum punya kelompok UP2K. Tambahkan kelompoknya dulu.")
        return None
    found = [group for group in groups if key_of(group.name) == key_of(named or "")]
    if len(found) == 1:
        return found[0]
    names = ", ".join(group.name for group in groups)
    said = f"Kelompok {named[:40]} tidak ada di desa ini." if named else "Kelompok belum diisi."
    line.refuse("group", f"{said} Yang ada: {names}.")
    return None


class _Known:
    """What the lines are compared with: the members of their groups, and what earlier imports made of row codes."""

    def __init__(self, groups: Iterable[Group], lines: Sequence[Line], scope: Scope, kind: str):
        keys = {group.pk for group in groups}
        niks = [nik for line in lines if (nik := line.get("nik"))]
        self.by_code = _pks_by_code(scope, kind) if any("code" in line.values for line in lines) else {}
        coded = {pk for line in lines if (pk := self.by_code.get(line.get("code", "")))}
        standing = Member.objects.filter(left_on=None).select_related("poklak", "group")
        here = standing.filter(group__in=keys)
        holders = list(standing.filter(nik__in=niks)) if niks else []
        self.elsewhere = {one.nik for one in holders if one.group_id not in keys}
        found = [one for one in holders if one.group_id in keys]
        found += here.filter(pk__in=coded) if coded else []
        without_nik = list(here.filter(nik=None)[: MOST_WITHOUT_NIK + 1])
        found += without_nik
        are_many = len(without_nik) > MOST_WITHOUT_NIK
        named = [line.get("name", "") for line in lines if are_many or "nik" not in line.values]
        names = {way for name in named for way in (name, name.upper(), name.title())}
        found += here.filter(name__in=names) if names else []
        self.by_pk = {one.pk: one for one in found}
        members = list(self.by_pk.values())
        self.by_nik = {(one.group_id, one.nik): one for one in members if one.nik}
        self.by_name: dict[tuple[int, str], list[Member]] = {}
        for one in members:
            self.by_name.setdefault((one.group_id, key_of(one.name)), []).append(one)
        poklaks = Poklak.objects.filter(group__in=keys).standing_on(scope.today)
        self.poklaks = {(one.group_id, key_of(one.name)): one for one in poklaks}


def _pks_by_code(scope: Scope, kind: str) -> dict[str, int]:
    """Keys of the area's members by the codes of templates and of rows that earlier imports made; a query each."""
    members = Member.objects.in_area(scope.area_code).filter(left_on=None).values_list("pk", flat=True)
    label = Member._meta.label_lower
    made = codes_made(scope.area_code, kind)
    return {row_code("member", pk): pk for pk in members} | {
        code: pk for code, (model, pk) in made.items() if model == label
    }


def _check_person(line: Line, group: Group, known: _Known, scope: Scope) -> None:
    _check_days(line, group, scope.today)
    member = _find(line, group, known, scope)
    _check_poklak(line, group, known)
    if member is None:
        _check_new(line)
    else:
        line.pk = member.pk
        line.changes = _changes(line, member)
        if not line.changes:
            line.skip("sama dengan yang tercatat")
    if not scope.is_saving:
        _warn(line, group, known)


def _drop_copied_code(line: Line, scope: Scope) -> None:
    """A row that was copied in Excel brings the hidden code of the first, which stands for one person alone."""
    code = line.get("code")
    if code and scope.seen.setdefault(("c", code), line.number) != line.number:
        del line.values["code"]


def _check_days(line: Line, group: Group, today: date) -> None:
    joined, born = line.values.get("joined_on"), line.values.get("birth_date")
    for key, day in (("birth_date", born), ("joined_on", joined)):
        if day and day > today:
            line.refuse(key, f"Tanggal {format_day(day)} belum datang. Paling akhir hari ini, {format_day(today)}.")
    if joined and group.founded_on and joined < group.founded_on:
        line.refuse("joined_on", f"{group} berdiri {format_day(group.founded_on)}. Pakai tanggal itu atau sesudahnya.")
    if joined and born and born >= joined:
        line.refuse("birth_date", f"Tanggal lahir {format_day(born)} tidak mungkin sesudah masuk {format_day(joined)}.")


def _find(line: Line, group: Group, known: _Known, scope: Scope) -> Member | None:
    """Who the line speaks of: by the row's code, else by NIK, else by name and days. Two rows of one person are one too
    many."""
    values = line.values
    name, nik, code = key_of(values.get("name", "")), values.get("nik"), values.get("code")
    member = known.by_pk.get(known.by_code.get(code, 0)) if code else None
    if member and member.group_id != group.pk:
        line.refuse("group", f"{member} anggota {member.group}. Pindah kelompok dilakukan di halamannya.")
        return member
    holder = known.by_nik.get((group.pk, nik)) if nik else None
    if holder and member and holder.pk != member.pk or holder and member is None and key_of(holder.name) != name:
        line.refuse("nik", f"NIK ini milik {holder}, anggota kelompok ini. Periksa dengan KTP.")
    namesakes = known.by_name.get((group.pk, name))
    member = member or holder or (_by_name(line, namesakes) if namesakes else None)
    if not scope.is_saving:  # the second of two was refused when they were checked
        _check_once(line, group, member, scope)
    return member


def _by_name(line: Line, namesakes: list[Member]) -> Member | None:
    """The one of that name whose days do not speak against it; a NIK that differs does."""
    nik, born, joined = line.get("nik"), line.get("birth_date"), line.get("joined_on")
    found = [
        one
        for one in namesakes
        if not (nik and one.nik)
        and (not (born and one.birth_date) or born == one.birth_date)
        and (joined in (None, one.joined_on) or bool(born and one.birth_date))
    ]
    return found[0] if len(found) == 1 else None


def _check_once(line: Line, group: Group, member: Member | None, scope: Scope) -> None:
    nik = line.get("nik")
    marks: list[tuple[Any, str, str]] = []
    if nik:
        marks.append((int(nik) + group.pk * 10**16, "nik", "NIK ini sama dengan baris {}."))  # small, there may be many
    elif member is None:
        person = hash((group.pk, key_of(line.get("name", "")), line.get("birth_date"), line.get("joined_on")))
        marks.append((("p", person), "name", "Orang ini sama dengan baris {}. Hapus salah satunya."))
    if member:
        marks.append((("m", member.pk), "name", "Anggota ini sudah ada di baris {}. Hapus salah satunya."))
    for mark, key, said in marks:
        earlier = scope.seen.setdefault(mark, line.number)
        if earlier != line.number:
            line.refuse(key, said.format(earlier))
            return


def _check_poklak(line: Line, group: Group, known: _Known) -> None:
    named = line.get("poklak")
    if named is None:
        return
    if named.casefold() in NO_POKLAK:
        line.values["_poklak"] = None
    elif poklak := known.poklaks.get((group.pk, key_of(named))):
        line.values["_poklak"] = poklak
    else:
        names = ", ".join(sorted(one.name for (key, _), one in known.poklaks.items() if key == group.pk))
        have = f"Yang ada: {names}." if names else "Kelompok ini belum punya poklak."
        line.refuse(
            "poklak", f"Poklak {named[:40]} belum ada. {have} Tambahkan dulu di halaman kelompok, atau kosongkan."
        )


def _check_new(line: Line) -> None:
    name, told = line.get("name"), {key for key, _ in line.faults}
    if name and not any(letter.isalpha() for letter in name):
        line.refuse("name", f"“{name[:40]}” bukan nama. Periksa letak kolomnya.")
    if not line.get("nik") and not line.get("nik_missing_reason") and "nik" not in told:
        line.refuse("nik", "NIK kosong. Isi 16 angkanya, atau tulis alasan belum ada NIK. Contoh: 6308035203850001.")
    for key, words, example in (("sex", "Jenis kelamin", "P"), ("joined_on", "Masuk tanggal", "06-01-2026")):
        if key not in line.values and key not in told:
            line.refuse(key, f"{words} belum diisi. Contoh: {example}.")


def _changes(line: Line, member: Member) -> dict[str, str]:
    """Heading → "old → new" of what the sheet says otherwise; an empty cell says nothing."""
    found = {}
    for column in PERSON:
        key = column.key
        if key == "poklak":
            if "_poklak" in line.values and line.values["_poklak"] != member.poklak:
                found[column.heading] = f"{member.poklak or 'perorangan'} → {line.values['_poklak'] or 'perorangan'}"
        elif key in line.values and line.values[key] != (getattr(member, key) or None):
            if key == "nik_missing_reason" and (member.nik or line.get("nik")):
                continue
            found[column.heading] = f"{_words(key, getattr(member, key))} → {_words(key, line.values[key])}"
    return found


def _words(key: str, value: Any) -> str:
    if value in (None, ""):
        return "kosong"
    if key in Member.masked_fields:
        return mask_number(value)
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)


def _warn(line: Line, group: Group, known: _Known) -> None:
    nik, sex = line.get("nik"), line.get("sex")
    if line.is_skipped or not nik:
        return
    said = []
    if nik in known.elsewhere:
        said.append("NIK ini juga tercatat di kelompok lain. Data tetap masuk; kabupaten akan memeriksanya.")
    if sex:
        regency = group.village.code[:5]
        said += nik_warnings(nik, sex=sex, birth_date=line.get("birth_date"), regency_code=regency)
    if nik.endswith("0"):
        said.append("NIK berakhir 0: mungkin angka terakhirnya hilang di Excel. Cocokkan dengan KTP.")
    line.note = " ".join(said)


def _change(line: Line, saved: Saved, by: User) -> None:
    member = Member.objects.select_related(*bulk_services.TOLD).get(pk=line.pk)
    wanted = {name: line.values[name] for name in FIELDS if name in line.values}
    if "_poklak" in line.values:
        wanted["poklak_id"] = line.values["_poklak"] and line.values["_poklak"].pk
    before = {name: plain(getattr(member, name)) for name in wanted}
    _set(member, wanted)
    try:
        history.save(member, by=by, reason="impor Excel")
    except ValidationError as error:
        for words in error.messages:
            line.refuse("", words)
        return
    saved.change(member, before)


def _set(member: Member, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name in ("birth_date", "joined_on") and isinstance(value, str):
            value = date.fromisoformat(value)
        setattr(member, name, value)


MEMBERS, MEMBERS_OF_MANY = Members(), MembersOfMany()
