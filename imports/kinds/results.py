"""Usaha dan omzet: what each enterprise turned over and spent in a month; one that is not known yet is added."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import history
from accounts.models import User
from enterprises.models import Category, Enterprise, MonthlyResult
from enterprises.months import month_name
from enterprises.services import Figures, record_month
from imports.columns import Column, Type
from imports.kinds.base import CODE, Kind, Saved, Scope, groups_of, is_as_left, row_code, sentences
from imports.kinds.member_columns import GROUP
from imports.kinds.members import pick_group
from imports.kinds.people import PERSON, People
from imports.lines import Line
from imports.models import Import, ImportPart
from loans.month_services import check_not_locked
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import period_of
from up2k_portal.lib.money import format_rupiah
from villages.bulk import key_of
from villages.models import Group, Village

NOT_FILLED = "belum diisi"


class Results(Kind):
    key = "omzet"
    title = "Usaha dan omzet"
    sheet = "Usaha dan omzet"
    words = "omzet usaha"
    help = "Omzet dan biaya tiap usaha sebulan; usaha yang belum tercatat ikut ditambahkan."
    action = Action.EDIT_REGISTRY
    undo_words = "Omzet yang diubah kembali seperti semula; bulan yang baru dihapus, usaha yang baru dicatat berhenti."
    empty_rows = 50
    columns = (
        Column("owner", "Pemilik", Type.TEXT, "Norhasanah", "Nama anggota atau poklak.",
               synonyms="namapemilik nama namaanggota anggota",
               is_locked=True, width=28),
        Column("name", "Nama usaha", Type.TEXT, "Bordir Melati", synonyms="usaha namausaha", is_required=True,
               is_locked=True, width=24),
        Column("category", "Jenis usaha", Type.TEXT, "Bordir", "Wajib untuk usaha yang baru.",
               synonyms="jenis kategori bidangusaha",
               most=60, width=20),
        Column("period", "Bulan", Type.MONTH, "September 2026", synonyms="periode bulantahun", is_required=True,
               width=16),
        Column("turnover", "Omzet", Type.RUPIAH, "1.500.000", "Semua penjualan sebulan; 0 bila nihil.",
               synonyms="omset penjualan omzetbulanan jumlahomzet", has_total=True, width=16),
        Column("cost", "Biaya", Type.RUPIAH, "900.000", "Bahan, upah, ongkos sebulan.",
               synonyms="pengeluaran modal biayausaha",
               has_total=True, width=16),
        GROUP, Column("enterprise", "Kode usaha", Type.CODE, "", is_hidden=True, most=60), PERSON, CODE,
    )  # fmt: skip

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        groups = groups_of(scope)
        known = _Known(groups, scope)
        for line in lines:
            told = {key for key, _ in line.faults}
            if not {"turnover", "cost"} & (set(line.values) | told):
                line.faults.clear()
                line.skip(NOT_FILLED)
                continue
            group = pick_group(line, groups)
            if group is None:
                continue
            line.values["_group"] = group.pk
            _check_line(line, group, known, scope)

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        saved = Saved()
        groups = {group.pk: group for group in groups_of(scope)}
        for line in lines:
            group = groups[line.values["_group"]]
            try:
                _record(line, group, saved, scope)
            except ValidationError as error:
                for key, words in sentences(error):
                    line.refuse(key if key in ("period", "category", "name") else "", words)
        return saved

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        back = kept = 0
        changes = {pk: figures for _, pk, figures in part.changed}
        new = set(part.keys(MonthlyResult))
        for row in MonthlyResult.objects.filter(pk__in=changes).select_related("enterprise", "group"):
            if not is_as_left(row, changes[row.pk]):
                kept += 1
                continue
            check_not_locked(row.group, [row.period])
            was = Figures(*(changes[row.pk][name][0] or 0 for name in Figures._fields))
            seen = {row.enterprise_id: Figures(row.turnover, row.cost)}
            record_month(group=row.group, period=row.period, typed={row.enterprise_id: was}, seen=seen, by=by)
            if row.pk in new:  # a month without a row was not asked; zeros would say that it brought nothing
                row.delete()
            back += 1
        made = Enterprise.objects.filter(pk__in=part.keys(Enterprise), closed_on=None)
        for enterprise in made.select_related("group", "village__district", "member", "poklak", "category"):
            enterprise.closed_on = enterprise.started_on or imported.sent_at.date()
            history.save(enterprise, by=by, reason=reason)
            back += 1
        return back, kept

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        rows = (
            Enterprise.objects.filter(village=village)
            .running_on(today)
            .select_related("member", "poklak", "group", "category")
        )
        for one in rows.by_owner():
            yield {
                "owner": str(one.owner), "name": one.name, "category": one.category.name,
                "period": month_name(period_of(today)),
                "group": one.group.name, "enterprise": row_code("enterprise", one.pk),
                "person": row_code("member", one.member_id) if one.member_id else "",
            }  # fmt: skip

    def words_for(self, village: Village, key: str, today: date) -> Sequence[str]:
        if key == "category":
            return list(Category.objects.values_list("name", flat=True))
        return super().words_for(village, key, today)

    def list_url(self, imported: Import) -> str:
        return f"{reverse('enterprise-list')}?impor={imported.pk}"


class _Known:
    """The enterprises of the groups, by the template's code and by owner and name, and the kinds of enterprises."""

    def __init__(self, groups: Sequence[Group], scope: Scope):
        rows = Enterprise.objects.filter(group__in=[one.pk for one in groups], closed_on=None)
        self.by_code: dict[str, Enterprise] = {}
        self.by_name: dict[tuple[int, str, str], Enterprise] = {}
        for one in rows.select_related("member", "poklak", "group"):
            self.by_code[row_code("enterprise", one.pk)] = one
            self.by_name.setdefault((one.group_id, key_of(str(one.owner)), key_of(one.name)), one)
        self.categories = {key_of(one.name): one for one in Category.objects.all()}
        self.people = scope.memo.setdefault("people", People.of(groups))
        self.results: dict[tuple[int, int], MonthlyResult] = {}
        results = MonthlyResult.objects.filter(enterprise__in=[one.pk for one in self.by_code.values()])
        for result in results:
            self.results[result.enterprise_id, result.period] = result


def _check_line(line: Line, group: Group, known: _Known, scope: Scope) -> None:
    period = line.get("period")
    if period and period > period_of(scope.today):
        line.refuse("period", f"{month_name(period)} belum datang. Pilih bulan sampai bulan ini.")
    owner, name = key_of(line.get("owner", "")), key_of(line.get("name", ""))
    code = line.get("enterprise")
    enterprise = known.by_code.get(code) if code else known.by_name.get((group.pk, owner, name))
    if code and enterprise is None:
        line.refuse("name", "Baris ini milik templat lain, atau usahanya sudah berhenti. Unduh templat baru.")
        return
    mark = (enterprise.pk if enterprise else (group.pk, owner, name), period)
    earlier = scope.seen.setdefault(mark, line.number)
    if earlier != line.number:
        line.refuse("", f"Usaha dan bulan ini sama dengan baris {earlier}. Hapus salah satunya.")
    if enterprise is None:
        _check_new(line, group, known)
        return
    line.values["_enterprise"] = enterprise
    stored = known.results.get((enterprise.pk, period or 0))
    if stored is None:
        return
    line.pk = stored.pk
    for key, was in (("turnover", stored.turnover), ("cost", stored.cost)):
        if key in line.values and line.values[key] != was:
            words = {"turnover": "Omzet", "cost": "Biaya"}[key]
            line.changes[words] = f"{format_rupiah(was)} → {format_rupiah(line.values[key])}"
    if not line.changes:
        line.skip("sama dengan yang tercatat")


def _check_new(line: Line, group: Group, known: _Known) -> None:
    """An enterprise that is not known yet needs its owner and its kind."""
    owner = line.get("owner")
    poklaks = [one for one in known.people.poklaks.get(key_of(owner or ""), []) if one.group_id == group.pk]
    if len(poklaks) == 1:
        line.values["_owner"] = ("poklak", poklaks[0])
    elif member := known.people.find(line, group, key="owner"):
        line.values["_owner"] = ("member", member)
    category = known.categories.get(key_of(line.get("category", "")))
    if category is None:
        names = ", ".join(sorted(one.name for one in known.categories.values()))
        line.refuse("category", f"Usaha ini belum tercatat. Isi jenisnya, salah satu dari: {names}.")
    line.values["_category"] = category


def _record(line: Line, group: Group, saved: Saved, scope: Scope) -> None:
    enterprise = line.get("_enterprise") or _new_enterprise(line, group, saved, scope.by)
    period = line.get("period")
    stored = MonthlyResult.objects.filter(enterprise=enterprise, period=period).first()
    was = Figures(stored.turnover, stored.cost) if stored else None
    wanted = Figures(line.get("turnover", was.turnover if was else 0), line.get("cost", was.cost if was else 0))
    seen = {enterprise.pk: was} if was else {}
    record_month(group=group, period=period, typed={enterprise.pk: wanted}, seen=seen, by=scope.by)
    row = MonthlyResult.objects.get(enterprise=enterprise, period=period)
    saved.change(row, was._asdict() if was else dict.fromkeys(Figures._fields))
    if was is None:
        saved.make(row, line.get("code", ""))


def _new_enterprise(line: Line, group: Group, saved: Saved, by: User) -> Enterprise:
    """Adds it, unless a row above did: of one enterprise a sheet may have several months."""
    whose, owner = line.values["_owner"]
    facts = {whose: owner, "name": line.get("name")}
    if found := Enterprise.objects.filter(group=group, closed_on=None, **facts).first():
        return found
    facts["category"] = line.values["_category"]
    enterprise = history.save(Enterprise(village=group.village, group=group, **facts), by=by)
    saved.make(enterprise)
    return enterprise


RESULTS = Results()
