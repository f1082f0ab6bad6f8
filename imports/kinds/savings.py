"""Simpanan: what members pay in and take out of their savings, one row a movement."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from imports.columns import Column, Type
from imports.kinds.base import CODE, Scope, row_code
from imports.kinds.member_columns import GROUP
from imports.kinds.money import MoneyKind, Sent, alone
from imports.kinds.payments import row_for
from imports.kinds.people import NAME, PERSON, People
from imports.lines import Line
from imports.models import Import
from loans.models import SavingTerms, Voucher
from loans.saving_services import record_deposit, withdraw_saving
from villages.models import Group, Member, Village

WORDS = {
    "initial": "simpananpokok pokok",
    "mandatory": "simpananwajib wajib",
    "voluntary": "simpanansukarela sukarela",
    "contribution": "iuran",
}
KINDS = {word: kind for kind, words in WORDS.items() for word in words.split()}


class Savings(MoneyKind):
    key = "simpanan"
    title = "Simpanan"
    sheet = "Simpanan"
    words = "simpanan"
    help = "Setoran dan penarikan simpanan, satu baris satu gerakan."
    amounts = ("deposit", "withdrawal")
    empty_rows = 50
    columns = (
        NAME,
        Column("on", "Tanggal", Type.DAY, "10-09-2026", synonyms="tgl tanggalsetor tanggaltransaksi",
               is_required=True, width=14),
        Column("kind", "Jenis simpanan", Type.CHOICE, "Simpanan sukarela", synonyms="jenis simpanan macamsimpanan",
               is_required=True,
               choices=KINDS, words=tuple(label for _, label in SavingTerms.Kind.choices), width=20),
        Column("deposit", "Setor", Type.RUPIAH, "25.000", synonyms="setoran masuk jumlahsetor", has_total=True,
               width=14),
        Column("withdrawal", "Tarik", Type.RUPIAH, "50.000", synonyms="penarikan ambil keluar jumlahtarik",
               has_total=True, width=14),
        Column("note", "Catatan", Type.TEXT, "untuk Lebaran", most=200, width=24),
        GROUP, PERSON, CODE,
    )  # fmt: skip

    def sending(self, line: Line, group: Group, people: People, scope: Scope) -> dict[str, Any] | None:
        if line.get("deposit") and line.get("withdrawal"):
            line.refuse("withdrawal", "Isi Setor atau Tarik, tidak keduanya. Pisahkan menjadi dua baris.")
            return None
        member = people.find(line, group)
        return {"member": member, "kind": line.get("kind")} if member else None

    def record(self, sent: Sequence[Sent], group: Group, by: User) -> list[Any | ValidationError]:
        return [self._move(one, by) for one in sent]

    def _move(self, one: Sent, by: User) -> Any | ValidationError:
        line, told = one.line, {"member": one.facts["member"], "by": by, "uuid": one.uuid}
        if line.get("deposit"):
            parts = {one.facts["kind"]: line.get("deposit")}
            return alone(record_deposit, parts=parts, received_on=line.get("on"), note=line.get("note", ""), **told)
        kind, amount = one.facts["kind"], line.get("withdrawal")
        return alone(withdraw_saving, kind=kind, amount=amount, on=line.get("on"), **told)

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        members = Member.objects.filter(village=village).active_on(today).select_related("group")
        for member in members.order_by("group", "name", "pk"):
            yield row_for(member.group, member.name, row_code("member", member.pk)) | {"kind": "Simpanan sukarela"}

    def list_url(self, imported: Import) -> str:
        made = {label for part in imported.parts.all() for label, _, _ in part.made}
        name = "voucher-list" if made == {Voucher._meta.label_lower} else "receipt-list"
        return f"{reverse(name)}?impor={imported.pk}"


SAVINGS = Savings()
