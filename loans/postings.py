"""From a receipt or a voucher to the ledger: pure builders, unsaved rows out. Services and seeds use the same.

Cash basis: service fee and penalties are income when received; only principal stands in Piutang pinjaman.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from loans.chart import CONTRIBUTION, CREDITED_BY_PART, TILLS
from loans.models import Entry, Loan, Receipt, ReceiptPart, Voucher
from loans.numbers import voucher_series
from up2k_portal.lib.dates import period_of
from villages.models import Group, Member


def entries_of_receipt(
    receipt: Receipt,
    parts: Iterable[ReceiptPart],
    *,
    contribution_to: str = CONTRIBUTION,
    originals: dict[tuple, Entry] | None = None,
) -> list[Entry]:
    """One entry a part. A reversal receipt's swap the accounts of `originals`, which `original_key` finds."""
    if receipt.is_reversal:
        return [_reversal(part, (originals or {})[original_key(part)]) for part in parts]
    accounts = CREDITED_BY_PART | {"contribution": contribution_to}
    return [_entry(part, TILLS[receipt.till], accounts[part.kind]) for part in parts]


def original_key(part: ReceiptPart) -> tuple:
    """What tells the parts of one receipt apart."""
    return part.kind, part.loan_id, part.member_id


def _entry(part: ReceiptPart, debit: str, credit: str, reverses: Entry | None = None) -> Entry:
    receipt = part.receipt
    return Entry(
        village_id=receipt.village_id,
        group_id=receipt.group_id,
        on=receipt.received_on,
        period=receipt.period,
        amount=abs(part.amount),
        debit=debit,
        credit=credit,
        kind=part.kind,
        loan=part.loan,
        member=part.member,
        part=part,
        reverses=reverses,
        recorded_at=receipt.recorded_at,
    )


def _reversal(part: ReceiptPart, original: Entry) -> Entry:
    return _entry(part, original.credit, original.debit, original)


def build_voucher(
    *,
    group: Group,
    kind: str,
    on: date,
    amount: int,
    series: str,
    serial: int,
    debit: str,
    credit: str,
    description: str,
    by: User | None,
    recorded_at: datetime,
    uuid: UUID,
    till: str = "cash",
    party: str = "",
    member: Member | None = None,
    loan: Loan | None = None,
    source: str = "",
    nature: str = "",
    form: str = "",
) -> tuple[Voucher, list[Entry]]:
    """A voucher of `amount` rupiah and its entry from the account `credit` to `debit`."""
    voucher = Voucher(
        village_id=group.village_id,
        group=group,
        kind=kind,
        on=on,
        period=period_of(on),
        amount=amount,
        series=series,
        year=on.year,
        serial=serial,
        number=voucher_series(group, series, on).number(serial),
        description=description,
        party=party,
        member=member,
        loan=loan,
        source=source,
        nature=nature,
        form=form,
        till=till,
        uuid=uuid,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return voucher, [_voucher_entry(voucher, amount, debit, credit)]


def build_voucher_reversal(
    *,
    voucher: Voucher,
    entries: Iterable[Entry],
    on: date,
    reason: str,
    serial: int,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
) -> tuple[Voucher, list[Entry]]:
    """A voucher that takes back another, entry by entry; the other stays as it is."""
    same = ("village_id", "group", "kind", "series", "description", "party", "member", "loan", "source", "nature")
    reversal = Voucher(
        **{name: getattr(voucher, name) for name in (*same, "form", "till")},
        on=on,
        period=period_of(on),
        amount=-voucher.amount,
        year=on.year,
        serial=serial,
        number=voucher_series(voucher.group, voucher.series, on).number(serial),
        reverses=voucher,
        reason=reason,
        uuid=uuid,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return reversal, [_voucher_entry(reversal, one.amount, one.credit, one.debit, one) for one in entries]


def _voucher_entry(voucher: Voucher, amount: int, debit: str, credit: str, reverses: Entry | None = None) -> Entry:
    return Entry(
        village_id=voucher.village_id,
        group=voucher.group,
        on=voucher.on,
        period=voucher.period,
        amount=amount,
        debit=debit,
        credit=credit,
        kind=voucher.kind,
        loan=voucher.loan,
        member=voucher.member,
        voucher=voucher,
        reverses=reverses,
        recorded_at=voucher.recorded_at,
    )
