"""From a receipt or a voucher to the ledger: pure builders, unsaved rows out. Services and seeds use the same.

Cash basis: service fee and penalties are income when received; only principal stands in Piutang pinjaman.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from loans.chart import CONTRIBUTION, CREDITED_BY_PART, TILLS
from loans.models import Entry, Loan, ReceiptPart, Voucher
from loans.numbers import voucher_series
from up2k_portal.lib.dates import period_of
from villages.models import Group, Member

Line = tuple[str, str, int]  # debit, credit, rupiah


def entries_of_parts(
    parts: Iterable[ReceiptPart],
    *,
    recorded_at: datetime,
    contribution_to: str = CONTRIBUTION,
    originals: Mapping[int, Entry] | None = None,
) -> list[Entry]:
    """One entry a part, against the till of its receipt.

    A part that takes back another swaps the accounts of that one's entry, found in `originals` by the part's key; one
    that lessens a kind without taking a part back (an adjustment) gives the amount back to the till.
    """
    accounts = CREDITED_BY_PART | {"contribution": contribution_to}
    return [_entry_of(part, accounts, originals or {}, recorded_at) for part in parts]


def _entry_of(
    part: ReceiptPart, accounts: Mapping[str, str], originals: Mapping[int, Entry], recorded_at: datetime
) -> Entry:
    original = originals[part.reverses_id] if part.reverses_id else None
    till, account = TILLS[part.receipt.till], accounts[part.kind]
    if original:
        debit, credit = original.credit, original.debit
    else:
        debit, credit = (till, account) if part.amount > 0 else (account, till)
    return Entry(
        village_id=part.village_id,
        group_id=part.receipt.group_id,
        on=part.received_on,
        period=period_of(part.received_on),
        amount=abs(part.amount),
        debit=debit,
        credit=credit,
        kind=part.kind,
        loan=part.loan,
        member=part.member,
        part=part,
        reverses=original,
        recorded_at=recorded_at,
    )


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
    lines: Sequence[Line] = (),
) -> tuple[Voucher, list[Entry]]:
    """A voucher of `amount` rupiah and its entry from the account `credit` to `debit`, or one entry a line.

    `lines` (debit, credit, rupiah) sum to `amount`.
    """
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
    return voucher, [_voucher_entry(voucher, *line) for line in lines or [(debit, credit, amount)]]


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
    return reversal, [_voucher_entry(reversal, one.credit, one.debit, one.amount, one) for one in entries]


def _voucher_entry(voucher: Voucher, debit: str, credit: str, amount: int, reverses: Entry | None = None) -> Entry:
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
