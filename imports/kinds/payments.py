"""Setoran: what members bring to a meeting, for their loans and their savings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from imports.columns import Column, Type
from imports.kinds.base import CODE, Scope, row_code
from imports.kinds.member_columns import GROUP
from imports.kinds.money import MoneyKind, Sent
from imports.kinds.people import NAME, PERSON, People
from imports.lines import Line
from imports.models import Import
from loans.batch_services import Sending, record_payments
from loans.models import Loan
from villages.models import Group, Member, Village

SAVINGS = ("initial", "mandatory", "voluntary", "contribution")


class Payments(MoneyKind):
    key = "setoran"
    title = "Setoran"
    sheet = "Setoran"
    words = "setoran"
    help = "Angsuran, simpanan, dan iuran yang diterima, satu baris satu orang."
    amounts = ("amount", *SAVINGS)
    empty_rows = 50
    columns = (
        Column("loan", "Nomor pinjaman", Type.TEXT, "2026-001", "Kosong bila hanya menabung.",
               synonyms="nopinjaman nomorpinjaman kodepinjaman pinjaman", most=20, is_locked=True, width=16),
        NAME,
        Column("balance", "Sisa pokok", Type.RUPIAH, "500.000", "Hanya untuk dilihat.",
               synonyms="sisapinjaman saldopokok", is_locked=True, width=14),
        Column("on", "Tanggal setor", Type.DAY, "10-09-2026",
               synonyms="tanggal tglsetor tanggalsetoran tanggalbayar tglbayar",
               is_required=True, width=14),
        Column("amount", "Angsuran", Type.RUPIAH, "115.000", "Pokok dan jasa bersama-sama.",
               synonyms="jumlahangsuran bayar dibayar setoran jumlahsetoran jumlah", has_total=True, width=14),
        Column("initial", "Simpanan pokok", Type.RUPIAH, "50.000", has_total=True, width=14),
        Column("mandatory", "Simpanan wajib", Type.RUPIAH, "10.000", synonyms="wajib", has_total=True, width=14),
        Column("voluntary", "Simpanan sukarela", Type.RUPIAH, "25.000", synonyms="sukarela", has_total=True, width=14),
        Column("contribution", "Iuran", Type.RUPIAH, "5.000", has_total=True, width=12),
        Column("note", "Catatan", Type.TEXT, "dititip ke Bu Aminah", synonyms="keterangansetoran", most=200, width=24),
        GROUP, PERSON, CODE,
    )  # fmt: skip

    def sending(self, line: Line, group: Group, people: People, scope: Scope) -> dict[str, Any] | None:
        savings = {kind: line.get(kind) for kind in SAVINGS if line.get(kind)}
        amount = line.get("amount", 0)
        facts = {"received_on": line.get("on"), "savings": savings, "amount": amount, "note": line.get("note", "")}
        loan = self._loan(line, group, people, scope)
        if line.faults:
            return None
        if loan:
            return facts | {"loan": loan}
        member = people.find(line, group)
        if amount and member:
            line.refuse("loan", f"Angsuran {member} untuk pinjaman mana? Isi nomor pinjamannya, misalnya 2026-001.")
        return facts | {"member": member} if member and not line.faults else None

    def _loan(self, line: Line, group: Group, people: People, scope: Scope) -> Loan | None:
        """The loan that is paid; none for a row of savings alone, though it names the loan of the template."""
        number = line.get("loan")
        loans = scope.memo.setdefault(f"loans {group.pk}", None)
        if loans is None:
            rows = Loan.objects.filter(group=group).select_related("member", "poklak", "village__district", "group")
            loans = scope.memo[f"loans {group.pk}"] = {one.number: one for one in rows}
        if not number:
            return self._only_loan(line, group, people, loans) if line.get("amount") else None
        loan = loans.get(number)
        if loan is None:
            line.refuse("loan", f"Pinjaman {number} tidak ada di {group}. Periksa nomornya di daftar pinjaman.")
        elif line.get("amount"):
            return loan
        elif loan.member:
            line.values.setdefault("person", row_code("member", loan.member.pk))
        return None

    def _only_loan(self, line: Line, group: Group, people: People, loans: dict[str, Loan]) -> Loan | None:
        """Where the row names only its member: her one running loan."""
        member = people.find(line, group)
        hers = [one for one in loans.values() if member and one.member_id == member.pk and one.is_disbursed]
        return hers[0] if len(hers) == 1 else None

    def record(self, sent: Sequence[Sent], group: Group, by: User) -> list[Any | ValidationError]:
        sendings = [Sending(uuid=one.uuid, **one.facts) for one in sent]
        return [one.receipt or one.error for one in record_payments(group=group, sendings=sendings, by=by)]

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        loans = Loan.objects.filter(village=village).with_balance(today).running(today)
        borrowers = set()
        for loan in loans.select_related("member", "poklak", "group").order_by(
            "group", "member__name", "poklak__name", "pk"
        ):
            borrowers.add(loan.member_id)
            person = row_code("member", loan.member_id) if loan.member_id else ""
            yield row_for(loan.group, str(loan.borrower), person) | {"loan": loan.number, "balance": loan.balance}
        others = Member.objects.filter(village=village).active_on(today).select_related("group")
        for member in others.exclude(pk__in=borrowers - {None}).order_by("group", "name", "pk"):
            yield row_for(member.group, member.name, row_code("member", member.pk))

    def list_url(self, imported: Import) -> str:
        return f"{reverse('receipt-list')}?impor={imported.pk}"


def row_for(group: Group, name: str, person: str) -> dict[str, Any]:
    """A row of a template; its code makes it once, and every template has other codes."""
    return {"member": name, "group": group.name, "person": person, "code": str(uuid4())}


PAYMENTS = Payments()
