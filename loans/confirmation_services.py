"""Konfirmasi saldo: who is asked of a quarter, for which figures, and what each answered. Whole rupiah.

Asked is everybody with a balance at the end of the quarter's last day: principal of her own loans, her part of what a
poklak still has to pay, or savings. An answer counts for the figures that she was shown: when the book's differ since,
she is asked again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from accounts import history
from accounts.models import User
from loans.ledger_services import check_day, lock_group, same_sending
from loans.models import Confirmation, Loan
from loans.quarters import Quarter
from loans.savings import saving_balances
from loans.share_services import share_state
from up2k_portal.lib.dates import format_day, today
from villages.models import Group, Member

LEAST_NOTE = 5


@dataclass(frozen=True)
class Answer:
    """What a member said; a "no" has a note that says what is wrong."""

    agrees: bool
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """A member with the rupiah that her slip shows, and the latest answer of the quarter, if any."""

    member: Member
    loan: int
    poklak_share: int
    initial: int
    mandatory: int
    voluntary: int
    answer: Confirmation | None = None

    @property
    def savings(self) -> int:
        return self.initial + self.mandatory + self.voluntary

    @property
    def figures(self) -> tuple[int, ...]:
        return (self.loan, self.poklak_share, self.initial, self.mandatory, self.voluntary)

    @property
    def is_stale(self) -> bool:
        """Whether she answered to other figures than the book has now."""
        return self.answer is not None and self.answer.figures != self.figures

    @property
    def state(self) -> str:
        """yes, no, stale (to be asked again) or "" while she has not answered."""
        if self.answer is None:
            return ""
        return "stale" if self.is_stale else "yes" if self.answer.agrees else "no"


def asked_members(group: Group, quarter: Quarter) -> list[Asked]:
    """Everybody with a balance on the quarter's last day, by name; queries grow with poklak loans alone."""
    day = quarter.last
    loans, shares = _loan_balances(group, day), _poklak_shares(group, day)
    members = list(group.members.filter(joined_on__lte=day).select_related("poklak").order_by("name", "pk"))
    saved = saving_balances(members, day)
    answers = latest_answers(group, quarter)
    rows = (
        Asked(
            member,
            loans.get(member.pk, 0),
            max(shares[member.pk], 0),  # below zero where others paid more than her part
            **saved[member.pk],
            answer=answers.get(member.pk),
        )
        for member in members
    )
    return [row for row in rows if any(row.figures)]


def confirmed_share(group: Group, quarter: Quarter) -> tuple[int, int]:
    """(members who answered "cocok" to what the book has now, members with a balance)."""
    rows = asked_members(group, quarter)
    return sum(row.state == "yes" for row in rows), len(rows)


def latest_answers(group: Group, quarter: Quarter) -> dict[int, Confirmation]:
    """{member's key: her latest answer of the quarter}, in one query."""
    rows = Confirmation.objects.filter(group=group, quarter=quarter.key).select_related("recorded_by")
    return {row.member_id: row for row in rows.order_by("pk")}


def fingerprint(rows: Iterable[Asked]) -> str:
    """A short text that changes when any figure of the page does."""
    told = [(row.member.pk, row.figures) for row in rows]
    return sha256(repr(told).encode()).hexdigest()[:16]


@transaction.atomic
def record_answers(
    *,
    group: Group,
    quarter: Quarter,
    answers: Mapping[Member, Answer],
    answered_on: date,
    by: User,
    uuid: UUID,
    seen: str | None = None,
) -> list[Confirmation]:
    """Keeps what members answered; an answer that already stands for the same figures makes no new row.

    Refused: a quarter that runs still, a day before its end, a member who has nothing to confirm, a "no" without a
    note. `seen` is the page's fingerprint: other figures since are a conflict. The same UUID with the same content is
    the same sending.
    """
    group = lock_group(group.pk)
    check_quarter(quarter)
    if sent := list(Confirmation.objects.filter(uuid=uuid).order_by("pk")):
        return same_sending(sent, _is_same(sent, group, quarter, answers, answered_on, by))
    check_day("answered_on", answered_on, earliest=quarter.last)
    asked = asked_members(group, quarter)
    if seen not in (None, fingerprint(asked)):
        raise ValidationError("Angka buku berubah sejak halaman ini dibuka. Periksa sekali lagi.", code="conflict")
    by_member = {row.member: row for row in asked}
    made = []
    for member, answer in answers.items():
        _check(member, answer, by_member)
        row = by_member[member]
        stands = None if row.is_stale else row.answer
        if stands and (stands.agrees, stands.note) == (answer.agrees, answer.note):
            continue
        made.append(_answer(group, quarter, row, answer, answered_on, by, uuid))
    return made


def check_quarter(quarter: Quarter) -> None:
    """Raises ValidationError for a quarter that has not ended: its last day's balances are not known yet."""
    if quarter.last > today():
        raise ValidationError(
            f"{quarter.name} belum selesai. Saldonya dikonfirmasi mulai {format_day(quarter.last)}; pilih yang sudah"
            " selesai."
        )


def _answer(group, quarter, row: Asked, answer: Answer, answered_on: date, by: User, uuid: UUID) -> Confirmation:
    confirmation = Confirmation(
        village_id=group.village_id,
        group=group,
        member=row.member,
        quarter=quarter.key,
        **dict(zip(Confirmation.FIGURES, row.figures, strict=True)),
        agrees=answer.agrees,
        note=answer.note,
        answered_on=answered_on,
        uuid=uuid,
        recorded_by=by,
    )
    return history.save(confirmation, by=by)


def _check(member: Member, answer: Answer, asked: Mapping[Member, Asked]) -> None:
    if member not in asked:
        raise ValidationError(f"{member} tidak punya saldo di akhir triwulan ini, jadi tidak ditanya.")
    if not answer.agrees and len(answer.note.strip()) < LEAST_NOTE:
        raise ValidationError(
            {f"note_{member.pk}": f"Tulis apa yang tidak cocok bagi {member}, misalnya “simpanan kurang 10.000”."}
        )


def _is_same(sent: list[Confirmation], group, quarter, answers, answered_on, by) -> bool:
    """Whether a sending says what its rows say; who has no row of it said what stood already."""
    told = {member.pk: (answer.agrees, answer.note) for member, answer in answers.items()}
    rows = {row.member_id: (row.agrees, row.note) for row in sent}
    about = {(row.group_id, row.quarter, row.answered_on, row.recorded_by_id) for row in sent}
    stood = {pk: (row.agrees, row.note) for pk, row in latest_answers(group, quarter).items()}
    return (
        about == {(group.pk, quarter.key, answered_on, by.pk)}
        and rows.items() <= told.items() <= (stood | rows).items()
    )


def _loan_balances(group: Group, day: date) -> dict[int, int]:
    """{member's key: principal still owed on her own loans at the end of the day}."""
    rows = Loan.objects.filter(group=group, member__isnull=False).disbursed(day).with_balance(day).order_by()
    return dict(rows.values_list("member").annotate(sum=Sum("balance")))


def _poklak_shares(group: Group, day: date) -> Counter[int]:
    """{member's key: her part of what running loans of poklak still cost, pokok and jasa, at the end of the day}"""
    found: Counter[int] = Counter()
    for loan in Loan.objects.filter(group=group, poklak__isnull=False).with_balance(day).running(day):
        for line in share_state(loan, day).lines:
            found[line.member.pk] += line.left
    return found
