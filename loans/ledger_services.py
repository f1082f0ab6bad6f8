"""Vouchers and balances of the ledger. Whole rupiah; what a person can mend raises ValidationError in Indonesian."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Manager, Max, QuerySet, Sum, Value
from django.db.models.functions import Greatest, Length
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import postings
from loans.chart import BANK, CASH, CHART, DEBT, FIELD_CASH
from loans.models import Entry, Loan, Voucher
from loans.month_services import check_month_open
from loans.numbers import loan_series
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Member

NOT_REVERSED: dict[str, str] = {
    Voucher.Kind.DISBURSEMENT: "Pencairan tidak dikoreksi di sini: pinjamannya sudah berjadwal.",
    Voucher.Kind.CASH_DIFFERENCE: "Selisih kas mengikuti hitungan kas: hitung kas sekali lagi.",
    Voucher.Kind.FIELD_IN: "Setoran kas petugas mengikuti hitungan uang di meja: koreksi bukti setorannya.",
    Voucher.Kind.WRITE_OFF: "Hapus buku tidak dikoreksi: uang yang masuk kemudian dicatat sebagai tagihan hapus buku.",
    Voucher.Kind.OPENING: "Saldo awal tidak dikoreksi di sini: buka halaman saldo awal kelompok.",
    Voucher.Kind.YEAR_CLOSE: "Tutup tahun mengikuti tutup bulan Desember: buka dulu bulan itu.",
    Voucher.Kind.ALLOWANCE: "Penyisihan mengikuti tutup bulan Desember: buka dulu bulan itu.",
    Voucher.Kind.SURPLUS: "Pembagian SHU tidak dikoreksi di sini: batalkan dari halaman SHU tahun itu.",
}
TILL_NAMES = {CASH: "kas", BANK: "bank", FIELD_CASH: "kas di petugas"}


def lock_group(pk: int) -> Group:
    """The group's row is the lock under which its numbers are given, its money moves and its months close."""
    return Group.objects.select_for_update().get(pk=pk)


def next_serial(numbered: Manager | QuerySet, on: date) -> int:
    """Under the group's lock: one more than the highest number of these receipts or vouchers in that year."""
    return (numbered.filter(year=on.year).aggregate(last=Max("serial"))["last"] or 0) + 1


def next_loan_number(group: Group, on: date) -> str:
    """Under the group's lock: one more than the highest loan number of that year."""
    series = loan_series(on)
    used = Loan.objects.filter(group=group, number__startswith=series.prefix)
    last = used.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return series.number(series.serial(last) + 1 if last else 1)


@transaction.atomic
def record_voucher(
    *,
    group: Group,
    kind: str,
    on: date,
    amount: int,
    debit: str,
    credit: str,
    description: str,
    by: User | None,
    uuid: UUID,
    till: str = "cash",
    party: str = "",
    member: Member | None = None,
    loan: Loan | None = None,
    source: str = "",
    nature: str = "",
    form: str = "",
    lines: Sequence[postings.Line] = (),
) -> Voucher:
    """Moves `amount` rupiah from the account `credit` to `debit` under a numbered voucher; or line by line, where
    `lines` (debit, credit, rupiah; they sum to `amount`) are given.

    The same UUID with the same content is the same voucher; with other content it is refused. So is what would leave
    a till below zero on any day.
    """
    group = lock_group(group.pk)
    moved = list(lines) or [(debit, credit, amount)]
    told: dict[str, Any] = {
        "group": group,
        "kind": kind,
        "on": on,
        "amount": amount,
        "description": description,
        "till": till,
        "party": party,
        "member": member,
        "loan": loan,
        "source": source,
        "nature": nature,
        "form": form,
    }
    if sent := Voucher.objects.filter(uuid=uuid).first():
        return same_sending(sent, _is_same(sent, told | {"recorded_by": by}, moved))
    check_on(group, on, by)
    if amount < 1:
        raise ValidationError({"amount": "Jumlah harus lebih dari nol, misalnya 50.000."})
    _check_of_group(group, member=member, loan=loan)
    series = _series(debit, credit)
    voucher, entries = postings.build_voucher(
        **told,
        series=series,
        serial=next_serial(group.vouchers.filter(series=series), on),
        debit=debit,
        credit=credit,
        by=by,
        recorded_at=timezone.now(),
        uuid=uuid,
        lines=moved,
    )
    check_tills(group, entries)
    return _save(voucher, entries, by=by)


@transaction.atomic
def reverse_voucher(*, voucher: Voucher, reason: str, reversed_on: date, by: User, uuid: UUID) -> Voucher:
    """Takes a voucher back by a new one with the negative amount; the original stays, marked BATAL.

    Borrowed capital is taken back only while none of it was paid back. The same UUID with the same content is the
    same correction; with other content it is refused.
    """
    group = lock_group(voucher.group_id)
    if sent := Voucher.objects.filter(uuid=uuid).first():
        content = (sent.reverses_id, sent.on, sent.reason, sent.recorded_by)
        return same_sending(sent, content == (voucher.pk, reversed_on, reason, by))
    if voucher.is_reversal:
        raise ValidationError("Bukti koreksi tidak dapat dikoreksi lagi: catat bukti baru.")
    if earlier := Voucher.objects.filter(reverses=voucher).first():
        raise ValidationError(f"Bukti ini sudah dikoreksi dengan {earlier.number}.")
    if refusal := NOT_REVERSED.get(voucher.kind):
        raise ValidationError(refusal)
    check_reason(reason, example="salah ketik jumlah")
    check_on(group, reversed_on, by, field="reversed_on", earliest=voucher.on)
    _check_not_paid_back(voucher, reversed_on)
    return take_back(voucher, on=reversed_on, reason=reason, uuid=uuid, by=by)


def take_back(voucher: Voucher, *, on: date, reason: str, uuid: UUID, by: User | None) -> Voucher:
    """The mirror of a voucher, saved with its entries: for verbs that take back what they posted themselves.

    To be called under the group's lock, after the verb's own checks. Raises ValidationError where a till would fall
    below zero.
    """
    group = voucher.group
    reversal, entries = postings.build_voucher_reversal(
        voucher=voucher,
        entries=voucher.entries.select_related("loan", "member"),
        on=on,
        reason=reason,
        serial=next_serial(group.vouchers.filter(series=voucher.series), on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
    )
    check_tills(group, entries)
    return _save(reversal, entries, by=by, reason=reason)


def account_balance(group: Group, code: str, as_of: date) -> int:
    """Rupiah of one account at the end of the day, on the side on which it grows."""
    return balances(group, as_of, codes=(code,))[code]


def balances(group: Group, as_of: date, codes: Iterable[str] = tuple(CHART)) -> dict[str, int]:
    """Rupiah of every account at the end of the day, on the side on which each grows; two queries."""
    return balances_of_groups([group.pk], as_of, codes)[group.pk]


def balances_of_groups(
    groups: Sequence[int], as_of: date, codes: Iterable[str] = tuple(CHART)
) -> dict[int, dict[str, int]]:
    """`balances` of many groups, by the group's key; two queries too."""
    rows = Entry.objects.filter(group__in=groups, on__lte=as_of).order_by()
    found: dict[int, Counter[str]] = {group: Counter() for group in groups}
    for side, sign in (("debit", 1), ("credit", -1)):
        sums = rows.filter(**{f"{side}__in": codes}).values_list("group", side).annotate(sum=Sum("amount"))
        for group, code, amount in sums:
            found[group][code] += amount * sign * (1 if CHART[code].side.grows_by_debit else -1)
    return {group: {code: sums[code] for code in codes} for group, sums in found.items()}


def lowest_debt(group: Group, since: date, source: str, nature: str) -> int:
    """Rupiah that the group owes for capital of one source and nature at the end of `since`, or of the later day on
    which it owes least; what the old book told of it included."""
    return lowest_balance(group.entries.filter(voucher__source=source, voucher__nature=nature), DEBT, since)[0]


def check_on(group: Group, on: date, by: User | None, *, field: str = "on", earliest: date | None = None) -> None:
    """Raises ValidationError for a day in the future, before the group or the original, or in a closed month."""
    check_day(field, on, earliest=earliest or group.founded_on)
    check_month_open(group, on, by, field=field)


def check_day(field: str, day: date, *, earliest: date | None) -> None:
    """Raises ValidationError at `field` for a day in the future or before the earliest that can be."""
    if day > today():
        raise ValidationError({field: f"Tanggal tidak boleh sesudah hari ini, {format_day(today())}."})
    if earliest and day < earliest:
        raise ValidationError({field: f"Tanggal tidak boleh sebelum {format_day(earliest)}."})


def check_tills(group: Group, entries: Iterable[Entry]) -> None:
    """Raises ValidationError when these new entries would leave a till below zero at the end of any day."""
    entries = list(entries)
    for till, name in TILL_NAMES.items():
        moved = moved_by_day(entries, till)
        if all(change >= 0 for change in accumulate(moved[day] for day in sorted(moved))):
            continue
        lowest, day = lowest_balance(group.entries, till, min(moved), moved)
        if lowest < 0:
            leaving = -sum(change for moved_on, change in moved.items() if moved_on <= day)
            raise ValidationError(
                f"Saldo {name} pada {format_day(day)} {format_rupiah(lowest + leaving)},"
                f" kurang dari {format_rupiah(leaving)}."
                f" {_advice(group, till, day)}"
            )


def _advice(group: Group, till: str, day: date) -> str:
    if till == CASH and (left := in_field(group, day)):
        return f"Masih ada {format_rupiah(left)} di petugas: hitung dulu uang di meja di Lembar Setoran."
    return "Catat dulu penerimaan atau modalnya, atau periksa jumlahnya."


def take_from_box(
    group: Group, entries: Iterable[Entry], *, on: date, handed_in: date | None, cause: UUID, by: User
) -> None:
    """Moves rupiah from the box back to the field's till, where these new entries take out what was handed in since.

    For a correction of what a sheet recorded, under the group's lock: its entries mirror the original's, and the money
    now lies in the box. `handed_in` is the day on which it was counted on the table: then all of it comes back, on that
    day or later; else only what the till lacks, on the day when it lacks. The voucher's key follows from the
    correction's.
    """
    moved = moved_by_day(entries, FIELD_CASH)
    if all(change >= 0 for change in moved.values()):
        return
    amount, day = (-sum(moved.values()), max(on, handed_in)) if handed_in else (0, on)
    lowest, lacks_on = _lowest_with(group, moved, day, amount)
    if lowest < 0 and not handed_in:
        amount, day = -lowest, lacks_on
    if lowest < 0 and _lowest_with(group, moved, day, amount)[0] < 0:
        day = on
    if amount <= 0:
        return
    record_voucher(
        group=group,
        kind=Voucher.Kind.FIELD_IN,
        on=day,
        amount=amount,
        debit=FIELD_CASH,
        credit=CASH,
        till="field",
        description="Kas dikembalikan untuk koreksi bukti lembar setoran",
        uuid=uuid5(cause, "setoran"),
        by=by,
    )


def _lowest_with(group: Group, moved: Mapping[date, int], day: date, amount: int) -> tuple[int, date]:
    """The lowest balance of the field's till with what is about to be written and `amount` put back on a day."""
    covered = Counter(moved)
    covered[day] += amount
    return lowest_balance(group.entries, FIELD_CASH, min(moved), covered)


def in_field(group: Group, on: date) -> int:
    """Rupiah that lie with the officer at the end of the day and did not leave her on a later one either: what a count
    of that day hands in."""
    return max(lowest_balance(group.entries, FIELD_CASH, on)[0], 0)


def moved_by_day(entries: Iterable[Entry], code: str) -> Counter[date]:
    """Rupiah by which these entries change an account, by day, on the side on which it grows."""
    moved: Counter[date] = Counter()
    grows_by_debit = CHART[code].side.grows_by_debit
    for entry in entries:
        if code in (entry.debit, entry.credit):
            moved[entry.on] += entry.amount if (entry.debit == code) == grows_by_debit else -entry.amount
    return moved


def lowest_balance(
    entries: Manager[Entry] | QuerySet[Entry], code: str, since: date, besides: Mapping[date, int] | None = None
) -> tuple[int, date]:
    """The lowest balance of an account in these entries (a group's, a member's) at the end of `since` or of any later
    day, on the side on which the account grows, and the first such day; two queries.

    `besides` (rupiah by day, none before `since`) counts too: what is about to be written.
    """
    moved: Counter[date] = Counter({since: 0})
    moved.update(besides or {})
    for side in ("debit", "credit"):
        sign = 1 if CHART[code].side.grows_by_debit == (side == "debit") else -1
        rows = entries.filter(**{side: code}).order_by().values_list(Greatest("on", Value(since)))
        for day, amount in rows.annotate(sum=Sum("amount")):
            moved[day] += sign * amount
    days = sorted(moved)
    at_end = list(accumulate(moved[day] for day in days))
    lowest = min(at_end)
    return lowest, days[at_end.index(lowest)]


def same_sending(row, is_same: bool):
    """The row of an earlier sending of the same thing; another thing under its key is a conflict."""
    if not is_same:
        raise ValidationError(
            "Kiriman ini bertabrakan dengan kiriman lain. Muat ulang halaman, lalu isi lagi.", code="conflict"
        )
    return row


def _is_same(sent: Voucher, told: Mapping[str, Any], moved: Sequence[postings.Line]) -> bool:
    """Whether a voucher says what is told now and moved the same rupiah between the same accounts."""
    is_same = all(getattr(sent, name) == value for name, value in told.items())
    return is_same and sorted(sent.entries.values_list("debit", "credit", "amount")) == sorted(moved)


def _check_of_group(group: Group, **rows: Member | Loan | None) -> None:
    for name, row in rows.items():
        if row and row.group_id != group.pk:
            raise ValidationError({name: f"{row} dari kelompok lain. Pilih dari {group}."})


def _check_not_paid_back(voucher: Voucher, on: date) -> None:
    """Capital that was paid back since, in part or whole, cannot have never come in."""
    brought = sum(entry.amount for entry in voucher.entries.filter(credit=DEBT))
    if not brought:
        return
    left = lowest_debt(voucher.group, on, voucher.source, voucher.nature)
    if left < brought:
        raise ValidationError(
            f"Modal ini sudah dikembalikan sebagian: utang kepada sumber ini tinggal {format_rupiah(left)}, bukti ini "
            f"{format_rupiah(brought)}. Koreksi dulu bukti pengembaliannya."
        )


def _series(debit: str, credit: str) -> str:
    tills = set(TILL_NAMES)
    if debit in tills and credit in tills:
        return "J"
    return "M" if debit in tills else "K" if credit in tills else "J"


def _save(voucher: Voucher, entries: list[Entry], *, by: User | None, reason: str = "") -> Voucher:
    history.save(voucher, by=by, reason=reason)
    Entry.objects.bulk_create(entries)
    return voucher
