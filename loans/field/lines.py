"""The sheet of a meeting: its lines in the order of the paper, what each should bring, and what of it is recorded.

Asked in a fixed number of queries, whatever the group's size. Whole rupiah.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from loans import savings
from loans.allocation import Due
from loans.chart import SAVINGS
from loans.field.absence_services import absent_on
from loans.field.device_services import waiting_devices
from loans.ledger_services import in_field
from loans.life import Life, lives_of
from loans.models import Entry, Envelope, Instalment, Loan, Receipt, SheetDevice
from villages.models import Group, Member, Poklak

VOLUNTARY = "voluntary"
MONTHLY = ("mandatory", "contribution")


@dataclass(frozen=True)
class Saved:
    """One receipt or voucher of a line, with what was typed: rupiah by place."""

    number: str
    url: str
    amounts: dict[str, Any]

    @property
    def total(self) -> int:
        """Rupiah that it brought to the table."""
        told = self.amounts
        return told["amount"] + sum(told["savings"].values()) - sum(told["withdraw"].values())


@dataclass
class SheetLine:
    """One line of the sheet: a member's, one for each of her running loans; or a poklak's loan.

    `rows` are (due day, principal, fee) of the instalments that are unpaid now; what is due of them by the day of the
    sheet is `principal` and `service_fee`. What a member should save stands on her first line alone.
    """

    member: Member | None
    poklak: Poklak | None
    loan: Loan | None
    rows: list[tuple[date, int, int]] = field(default_factory=list)
    principal: int = 0
    service_fee: int = 0
    penalty: int = 0
    mandatory: int = 0
    contribution: int = 0
    withdrawable: int = 0
    absent: bool = False
    saved: list[Saved] = field(default_factory=list)

    @property
    def key(self) -> str:
        person = f"m{self.member.pk}" if self.member else f"p{self.poklak.pk if self.poklak else 0}"
        return f"{person}-l{self.loan.pk}" if self.loan else person

    @property
    def name(self) -> str:
        return str(self.member or self.poklak or "")

    @property
    def number(self) -> str:
        return self.loan.number if self.loan else ""

    @property
    def left(self) -> int:
        """What is unpaid of the loan in all, due or not, penalties aside."""
        return sum(principal + fee for _, principal, fee in self.rows)

    @property
    def due(self) -> int:
        """What the line should bring to the meeting."""
        return self.principal + self.service_fee + self.penalty + self.mandatory + self.contribution

    @property
    def last_number(self) -> str:
        """Of the receipt that was recorded last."""
        return self.saved[-1].number if self.saved else ""

    @property
    def brought(self) -> int:
        return sum(one.total for one in self.saved)


@dataclass(frozen=True)
class Sheet:
    """The sheet of a group on a day; `field_cash` is what a count of that day would hand in."""

    group: Group
    on: date
    lines: list[SheetLine]
    monthly: dict[str, int]
    field_cash: int
    waiting: list[SheetDevice]

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def brought(self) -> int:
        """Rupiah that the sheet recorded and nobody took back."""
        return sum(line.brought for line in self.lines)

    @property
    def saved_count(self) -> int:
        return sum(1 for line in self.lines if line.saved)


def sheet_of(group: Group, on: date) -> Sheet:
    """The sheet as it stands now: who belongs to the group on the day or still owes, in the order of names, then the
    loans of poklak."""
    lines = lines_of(group, on)
    _put_saved(lines, group, on)
    absent = absent_on(group, on)
    for line in lines:
        line.absent = bool(line.member and line.member.pk in absent)
    return Sheet(
        group=group,
        on=on,
        lines=lines,
        monthly=monthly_of(group, on),
        field_cash=in_field(group, on),
        waiting=waiting_devices(group, on),
    )


def monthly_of(group: Group, on: date) -> dict[str, int]:
    """What the group's terms ask of each member a month on the day, by kind."""
    terms = savings.terms_on(group, on)
    return {kind: terms[kind].amount for kind in MONTHLY}


def lines_of(group: Group, on: date) -> list[SheetLine]:
    """The lines with what is due by the day, nothing of what the sheet recorded."""
    loans = _running(group, on)
    lives = lives_of(loans)
    borrowers = {loan.member_id for loan in loans if loan.member_id}
    members = list(Member.objects.filter(group=group).filter(_belongs(on) | Q(pk__in=borrowers)).order_by("name", "pk"))
    for member in members:
        member.group = group
    dues, free = savings.dues_of(group, members, on), _withdrawable(group, members, on)
    of_member: dict[int, list[Loan]] = defaultdict(list)
    for loan in loans:
        if loan.member_id:
            of_member[loan.member_id].append(loan)
    lines = []
    for member in members:
        own: list[Loan | None] = [*of_member[member.pk]] or [None]
        of_her = [_line(member, None, loan, lives, on) for loan in own]
        if _is_inside(member, on):
            of_her[0].mandatory, of_her[0].contribution = (dues[member.pk][kind] for kind in MONTHLY)
        of_her[0].withdrawable = free.get(member.pk, 0)
        lines += of_her
    of_poklak = sorted((loan for loan in loans if loan.poklak), key=lambda one: (str(one.poklak), one.pk))
    return lines + [_line(None, loan.poklak, loan, lives, on) for loan in of_poklak]


def _running(group: Group, on: date) -> list[Loan]:
    """Loans paid out by the day of which principal or fees are unpaid now, or that the sheet paid; oldest first."""
    fees = Instalment.objects.in_force().filter(loan=OuterRef("pk")).order_by().values("loan")
    promised = Coalesce(Subquery(fees.annotate(sum=Sum("service_fee")).values("sum")), 0)
    on_sheet = Envelope.objects.filter(group=group, on=on, loan__isnull=False).order_by().values("loan")
    rows = Loan.objects.filter(group=group, disbursed_on__lte=on, written_off_on=None).with_balance(date.max)
    is_owed = Q(balance__gt=0) | Q(service_fee_paid__lt=F("_promised"))
    rows = rows.annotate(_promised=promised).filter(is_owed | Q(pk__in=on_sheet))
    found = list(rows.select_related("member", "poklak").order_by("disbursed_on", "pk"))
    for loan in found:
        loan.group = group
    return found


def _belongs(on: date) -> Q:
    return Q(Q(left_on=None) | Q(left_on__gt=on), joined_on__lte=on)


def _is_inside(member: Member, on: date) -> bool:
    return member.joined_on <= on and (member.left_on is None or on < member.left_on)


def _line(
    member: Member | None, poklak: Poklak | None, loan: Loan | None, lives: Mapping[int, Life], on: date
) -> SheetLine:
    line = SheetLine(member, poklak, loan)
    if loan is None:
        return line
    life = lives[loan.pk]
    dues = life.dues_on(max(on, life.latest))  # what was recorded for a later day is not asked again
    line.rows = [(due.due_on, due.principal, due.service_fee) for due in dues if due.principal or due.service_fee]
    by_then = [due for due in dues if due.due_on <= on]
    line.principal, line.service_fee = (_sum(by_then, name) for name in ("principal", "service_fee"))
    line.penalty = _sum(dues, "penalty") + sum(one.amount for one in life.charges_on(on))
    return line


def _sum(dues: Iterable[Due], name: str) -> int:
    return sum(getattr(due, name) for due in dues)


def _withdrawable(group: Group, members: Iterable[Member], on: date) -> dict[int, int]:
    """Rupiah of simpanan sukarela that each could take out on the day: the lowest balance from then on."""
    terms, account = savings.terms_on(group, on)[VOLUNTARY], SAVINGS[VOLUNTARY]
    open_to = [one.pk for one in members if (not terms.is_locked if _is_inside(one, on) else terms.returned_on_leaving)]
    moved: dict[int, Counter[date]] = {pk: Counter({on: 0}) for pk in open_to}
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = Entry.objects.filter(member__in=open_to, **{side: account}).order_by()
        for member, day, amount in rows.values_list("member", "on").annotate(sum=Sum("amount")):
            moved[member][max(day, on)] += sign * amount
    found = {}
    for pk, days in moved.items():
        found[pk] = max(min(accumulate(days[day] for day in sorted(days))), 0)
    return found


def _put_saved(lines: list[SheetLine], group: Group, on: date) -> None:
    """What the sheet recorded, with its line; what was taken back since is open again.

    Who left since has no line any more: what she brought stands on one of its own, below.
    """
    rows = Envelope.objects.filter(group=group, on=on, kind__in=("row", "total")).select_related(
        "receipt__reversal", "voucher__reversal", "member", "loan__member", "loan__poklak"
    )
    by_key = {line.key: line for line in lines}
    first_of = {line.member.pk: line for line in reversed(lines) if line.member}
    for envelope in rows.order_by("pk"):
        papers = [one for one in (envelope.receipt, envelope.voucher) if one and not hasattr(one, "reversal")]
        if not papers:
            continue
        line = _line_of(envelope, by_key, first_of)
        if line is None:
            line = _extra_line(envelope)
            lines.append(line)
            by_key[line.key] = line
        line.saved.append(Saved(papers[0].number, papers[0].get_absolute_url(), _standing(envelope)))


def _line_of(
    envelope: Envelope, by_key: Mapping[str, SheetLine], first_of: Mapping[int, SheetLine]
) -> SheetLine | None:
    loan, member = envelope.loan, envelope.member or (envelope.loan and envelope.loan.member)
    person = f"m{member.pk}" if member else f"p{loan.poklak_id if loan else 0}"
    if line := by_key.get(f"{person}-l{loan.pk}" if loan else person):
        return line
    return first_of.get(member.pk) if member and not loan else None


def _extra_line(envelope: Envelope) -> SheetLine:
    loan = envelope.loan
    if loan is None:
        return SheetLine(envelope.member, None, None)
    return SheetLine(envelope.member or loan.member, loan.poklak, loan)


def _standing(envelope: Envelope) -> dict[str, Any]:
    """What was typed, but what of it was taken back."""
    content = envelope.content
    has_receipt = isinstance(envelope.receipt, Receipt) and not hasattr(envelope.receipt, "reversal")
    has_voucher = envelope.voucher is not None and not hasattr(envelope.voucher, "reversal")
    return {
        "amount": content["amount"] if has_receipt else 0,
        "savings": content["savings"] if has_receipt else {},
        "withdraw": content["withdraw"] if has_voucher else {},
    }
