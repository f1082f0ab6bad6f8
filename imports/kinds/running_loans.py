"""Pinjaman berjalan: loans of the old book, as figures of a group's opening that is not posted yet."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from imports.columns import Column, Type
from imports.kinds.base import CODE, OURS, Kind, Saved, Scope, groups_of, key_of_row, row_code, sentences
from imports.kinds.member_columns import GROUP
from imports.kinds.members import pick_group
from imports.kinds.money import refuse_twice
from imports.kinds.people import NAME, PERSON, People
from imports.lines import Line
from imports.models import Import, ImportPart
from loans import opening_services
from loans.models import LoanProduct, Opening, OpeningLine
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day
from villages.bulk import key_of
from villages.models import Group, Member, Village

NOT_STARTED = (
    "Saldo awal {} belum dimulai. Buka halaman kelompok, Saldo awal, isi tanggal awal bukunya, lalu unggah lagi."
)
OPENED = "Buku {} sudah dibuka. Pinjaman baru dicatat lewat Ajukan pinjaman."
NO_PURPOSE = "tidak tertulis di buku lama"
FIELDS = {"disbursed_on": "disbursed_on", "principal": "principal", "amount": "left", "service_fee_left": "fee_left",
          "member": "member", "product": "product", "purpose": "purpose"}  # fmt: skip


class RunningLoans(Kind):
    key = "pinjaman-berjalan"
    title = "Pinjaman berjalan"
    sheet = "Pinjaman berjalan"
    words = "pinjaman berjalan"
    help = "Pinjaman dari buku lama, untuk saldo awal kelompok yang bukunya belum dibuka."
    action = Action.RECORD_MONEY
    undo_words = "Angkanya keluar dari saldo awal, selama bukunya belum dibuka."
    empty_rows = 100
    columns = (
        NAME,
        Column("product", "Produk pinjaman", Type.TEXT, "Bulanan", "Boleh kosong bila hanya satu produk.",
               synonyms="produk jenispinjaman namaproduk", width=20),
        Column("disbursed_on", "Tanggal cair", Type.DAY, "15-01-2026",
               synonyms="tglcair tanggalpinjam tanggalpencairan cair", is_required=True, width=14),
        Column("principal", "Pokok semula", Type.RUPIAH, "1.000.000",
               synonyms="pokokpinjaman jumlahpinjaman plafon pinjaman",
               is_required=True, has_total=True, width=16),
        Column("left", "Sisa pokok", Type.RUPIAH, "600.000", synonyms="sisapinjaman saldopokok sisa",
               is_required=True, has_total=True, width=16),
        Column("fee_left", "Sisa jasa", Type.RUPIAH, "90.000", "Kosong: dihitung dari jadwal produknya.",
               synonyms="jasatersisa",
               has_total=True, width=16),
        Column("purpose", "Keperluan", Type.TEXT, "modal warung", synonyms="untukkeperluan tujuan keperluanusaha",
               most=200, width=26),
        GROUP, PERSON, CODE,
    )  # fmt: skip

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        found = self._figures(lines, scope)
        with transaction.atomic():
            for line, figure in found:
                _save(line, figure, scope.by)
            transaction.set_rollback(True)

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        saved = Saved()
        for line, figure in self._figures(lines, scope):
            if made := _save(line, figure, scope.by):
                saved.make(made, str(figure.uuid))
        return saved

    def _figures(self, lines: Sequence[Line], scope: Scope) -> list[tuple[Line, OpeningLine]]:
        """The figures that are new; rows that are there are skipped."""
        groups, found = groups_of(scope), []
        people = scope.memo.setdefault("people", People.of(groups))
        drafts = {one.group_id: one for one in Opening.objects.filter(group__in=[one.pk for one in groups])}
        products: dict[int, list[LoanProduct]] = {}
        for one in LoanProduct.objects.filter(group__in=[group.pk for group in groups]):
            products.setdefault(one.group_id, []).append(one)
        for line in lines:
            if not {"disbursed_on", "principal", "left"} & (set(line.values) | {key for key, _ in line.faults}):
                line.faults.clear()
                line.skip("belum diisi")
                continue
            group = pick_group(line, groups)
            if group is None:
                continue
            figure = _figure_of(line, group, people, drafts.get(group.pk), products.get(group.pk, []))
            if figure and not line.faults:
                figure.uuid = _key(line, scope)
                found.append((line, figure))
        return _fresh([one for one in found if not one[0].faults])

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        back = 0
        for line in OpeningLine.objects.filter(pk__in=part.keys(OpeningLine)).select_related("opening"):
            opening_services.remove_line(line=line, by=by)
            back += 1
        return back, 0

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        members = Member.objects.filter(village=village).active_on(today).select_related("group")
        for member in members.order_by("group", "name", "pk"):
            person = row_code("member", member.pk)
            yield {"member": member.name, "group": member.group.name, "person": person, "code": str(uuid4())}

    def words_for(self, village: Village, key: str, today: date) -> Sequence[str]:
        if key == "product":
            return list(LoanProduct.objects.filter(village=village).values_list("name", flat=True))
        return super().words_for(village, key, today)

    def list_url(self, imported: Import) -> str:
        part = imported.parts.first()
        line = (
            OpeningLine.objects.filter(pk__in=part.keys(OpeningLine)).select_related("opening").first()
            if part
            else None
        )
        return reverse("opening", args=[line.opening.group_id]) if line else ""


def _figure_of(
    line: Line, group: Group, people: People, draft: Opening | None, products: list[LoanProduct]
) -> OpeningLine | None:
    if draft is None or draft.opened_at:
        line.refuse("", (OPENED if draft else NOT_STARTED).format(group))
        return None
    borrower = _borrower(line, group, people)
    product = _product(line, group, products)
    if line.faults or borrower is None or product is None:
        return None
    draft.group = group
    return OpeningLine(
        opening=draft,
        kind=OpeningLine.Kind.LOAN,
        product=product,
        principal=line.get("principal"),
        amount=line.get("left"),
        service_fee_left=line.get("fee_left"),
        disbursed_on=line.get("disbursed_on"),
        purpose=line.get("purpose") or NO_PURPOSE,
        note=f"Impor Excel, baris {line.number}",
        **borrower,
    )


def _borrower(line: Line, group: Group, people: People) -> dict[str, Any] | None:
    poklaks = [one for one in people.poklaks.get(key_of(line.get("member", "")), []) if one.group_id == group.pk]
    if len(poklaks) == 1 and "person" not in line.values:
        return {"poklak": poklaks[0]}
    member = people.find(line, group)
    return {"member": member} if member else None


def _product(line: Line, group: Group, products: list[LoanProduct]) -> LoanProduct | None:
    named = line.get("product")
    if named is None and len(products) == 1:
        return products[0]
    found = [one for one in products if key_of(one.name) == key_of(named or "")]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in products) or "belum ada produk"
    line.refuse("product", f"Pilih produk pinjaman {group}: {names}.")
    return None


def _key(line: Line, scope: Scope) -> UUID:
    if code := line.get("code"):
        uuid = uuid5(OURS, f"pinjaman-berjalan:{scope.area_code}:{code}")
    else:
        names = ("member", "group", "product", "disbursed_on", "principal", "left", "fee_left")
        uuid = key_of_row("pinjaman-berjalan", scope.area_code, *(line.get(name) for name in names))
    refuse_twice(line, uuid, scope)
    return uuid


def _fresh(found: list[tuple[Line, OpeningLine]]) -> list[tuple[Line, OpeningLine]]:
    there = OpeningLine.objects.in_bulk([figure.uuid for _, figure in found], field_name="uuid")
    fresh = []
    for line, figure in found:
        row = there.get(figure.uuid)
        if row is None:
            fresh.append((line, figure))
        elif (row.principal, row.amount, row.disbursed_on) == (figure.principal, figure.amount, figure.disbursed_on):
            line.pk = row.pk
            line.skip("sudah ada di saldo awal")
        else:
            line.refuse(
                "", f"Baris ini sudah ada di saldo awal dengan cair {format_day(row.disbursed_on)}. Ubah di sana."
            )
    return fresh


def _save(line: Line, figure: OpeningLine, by: User) -> OpeningLine | None:
    try:
        with transaction.atomic():
            return opening_services.save_line(line=figure, by=by)
    except ValidationError as error:
        for key, words in sentences(error):
            line.refuse(FIELDS.get(key, ""), words)
        return None


RUNNING_LOANS = RunningLoans()
