"""Desa Latihan: places where anyone may try the portal out, in a province that no area of anybody holds.

A place is a village of its own with one operator and one group. Whoever enters gets one that nobody has written in, so
that no visitor reads what another typed; used ones are closed and never shown again. See docs/decisions.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from random import Random
from uuid import uuid4

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Assignment, User
from enterprises.months import first_day, last_day, months_before, months_until
from loans.batch_services import Sending, record_payments
from loans.chart import CASH, GRANTS
from loans.closing_services import close_month, record_cash_count
from loans.ledger_services import account_balance, record_voucher
from loans.models import Loan, LoanProduct, SavingTerms
from loans.models.months import DENOMINATIONS
from loans.proposal_services import disburse_loan, propose_loan
from reports.models import DueException
from reports.periods import latest_closed_quarter
from seeds.demo import names
from up2k_portal.lib.access import PRACTICE, Role
from up2k_portal.lib.dates import period_of, today
from villages.models import District, Group, Member, Officer, Province, Regency, Village, Welfare

IDLE = timedelta(hours=3)  # after which a visitor is taken to have gone
FRESH = timedelta(days=14)  # after which the dates of a place are too far back to practise with
A_DAY = timedelta(days=1)
MOST_A_DAY = 40  # new places: rows of a ledger stay for ever
DAYS_FOR_REPORT = timedelta(days=7)
IN_DISTRICT = 999
FULL = "Semua tempat latihan sedang dipakai. Coba lagi beberapa jam lagi."
BUILDER = "latihan"
MONTHS = 4
MEMBERS = 12
PRINCIPALS = (1_000_000, 1_500_000, 2_000_000, 1_000_000, 500_000)
LATE = 3  # the borrower who did not pay twice
MANDATORY = 10_000
PURPOSES = ("beli benang bordir", "modal warung", "bahan kue", "bibit ikan", "pakan itik", "beli purun")


class PracticeFullError(Exception):
    """Every place is in use and no more are made today."""


@transaction.atomic
def enter() -> User:
    """An operator of a place that nobody has written in, made now where there is none. Raises PracticeFullError."""
    now = timezone.now()
    Province.objects.get_or_create(code=PRACTICE, defaults={"name": "Latihan"})
    Province.objects.select_for_update().get(code=PRACTICE)  # one enters after the other
    _close_used(now)
    user = _operators().filter(_idle(now)).order_by("last_login", "pk").first() or _new_place(now)
    user.set_unusable_password()  # whoever was here before is signed out
    user.first_step = 0
    user.save(update_fields=["password", "first_step"])
    return user


def _operators():
    return User.objects.filter(assignments__area_code__startswith=f"{PRACTICE}.", is_active=True)


def _idle(now: datetime) -> Q:
    return Q(last_login=None) | Q(last_login__lt=now - IDLE)


def _close_used(now: datetime) -> None:
    """Dissolves the groups of places that somebody wrote in or that grew old, and shuts their operators out."""
    used = _operators().filter(_idle(now)).filter(_has_written() | Q(created_at__lt=now - FRESH))
    keys = list(used.values_list("pk", flat=True))
    codes = list(Assignment.objects.filter(user__in=keys).values_list("area_code", flat=True))
    Group.objects.filter(village__code__in=codes, closed_on=None).update(closed_on=today())
    Assignment.objects.filter(user__in=keys, ends_on=None).update(ends_on=today())
    User.objects.filter(pk__in=keys).update(is_active=False)


def _has_written() -> Q:
    """Whether any row of any kind names her besides her assignment: then others could read something of hers."""
    models_ = (model for model in apps.get_models() if model is not Assignment)
    fields = [one for model in models_ for one in model._meta.concrete_fields if one.related_model is User]
    rows = (one.model._base_manager.filter(**{one.name: OuterRef("pk")}) for one in fields)
    return reduce(or_, (Q(Exists(found)) for found in rows))


def _new_place(now: datetime) -> User:
    recent = User.objects.filter(username__startswith=f"{BUILDER}-", created_at__gt=now - A_DAY)
    if recent.count() >= MOST_A_DAY:
        raise PracticeFullError(FULL)
    village = _new_village()
    operator = User(username=f"{BUILDER}-{village.code[6:]}", name="Ibu Latihan")
    operator.set_unusable_password()
    operator.save()
    started = today() - A_DAY
    Assignment.objects.create(user=operator, role=Role.OPERATOR, area_code=village.code, starts_on=started)
    _Story(village, today()).tell()
    return operator


def _new_village() -> Village:
    last = Village.objects.in_area(PRACTICE).order_by("-code").values_list("code", flat=True).first()
    district, serial = (int(last[6:8]), int(last[10:]) + 1) if last else (1, 1)
    if serial > IN_DISTRICT:
        district, serial = district + 1, 1
    regency, _ = Regency.objects.get_or_create(
        code=f"{PRACTICE}.01",
        defaults={"name": "Kabupaten Latihan", "province": Province.objects.get(code=PRACTICE)},
    )
    parent, _ = District.objects.get_or_create(
        code=f"{PRACTICE}.01.{district:02}", defaults={"name": "Latihan", "regency": regency}
    )
    return Village.objects.create(code=f"{parent.code}.2{serial:03}", name="Latihan", kind="2", district=parent)


def _builder() -> User:
    """In whose name the story is told; nobody signs in as her, and the operator herself has written nothing yet."""
    found, made = User.objects.get_or_create(
        username=BUILDER, defaults={"name": "Bendahara Latihan", "is_active": False}
    )
    if made:
        found.set_unusable_password()
        found.save()
    return found


class _Story:
    """Some months of a small group, told through the services: the months before this one closed, this one to do."""

    def __init__(self, village: Village, day: date):
        self.village, self.rng, self.by = village, Random(village.code), _builder()
        self.months = months_until(months_before(period_of(day), 1), MONTHS)
        self.begins = first_day(self.months[0])
        self.loans: list[Loan] = []

    def tell(self) -> None:
        self.found()
        for at, period in enumerate(self.months):
            self.meet(at, self.meeting_day(period))
            self.lend(at, self.meeting_day(period))
            self.close(period)
        self.propose(self.members[-1], 750_000, today())
        self.give_time()

    def give_time(self) -> None:
        """The report of the quarter that ended last is still to be handed in, and not late."""
        period = latest_closed_quarter(today())
        DueException.objects.create(
            village=self.village, period=period.code, until=today() + DAYS_FOR_REPORT, reason="Untuk berlatih",
            granted_by=self.by,
        )  # fmt: skip

    def meeting_day(self, period: int) -> date:
        """The day of the month that today is, so that what is due is due today."""
        return first_day(period).replace(day=min(today().day, last_day(period).day))

    def found(self) -> None:
        name = names.group_name(self.rng)
        self.group = Group.objects.create(
            village=self.village, name=name, initials=names.initials(name), founded_on=self.begins,
            decree_number="188.45/01/LATIHAN", decree_on=self.begins,
        )  # fmt: skip
        self.members = Member.objects.bulk_create(
            Member(
                village=self.village, group=self.group, name=one, sex="P", joined_on=self.begins,
                birth_date=date(1970 + self.rng.randint(0, 30), self.rng.randint(1, 12), self.rng.randint(1, 28)),
                nik_missing_reason="Data latihan", welfare=self.rng.choice(list(Welfare.values)),
            )
            for one in names.women(self.rng, MEMBERS)
        )  # fmt: skip
        for office, who in zip(("ketua", "bendahara"), self.members, strict=False):
            Officer.objects.create(
                group=self.group, village=self.village, office=office, name=who.name, since=self.begins
            )
        self.product = LoanProduct.objects.create(
            village=self.village, group=self.group, name="Bulanan 1,5%", method="flat", rate=Decimal("1.5"),
            instalment_count=10,
        )  # fmt: skip
        SavingTerms.objects.create(
            group=self.group,
            village=self.village,
            kind="mandatory",
            amount=MANDATORY,
            since=self.begins,
            is_locked=True,
        )
        record_voucher(
            group=self.group, kind="capital", debit=CASH, credit=GRANTS, amount=10_000_000, on=self.begins,
            description="Modal awal latihan", source="SWADAYA", nature="hibah", form="uang", uuid=uuid4(), by=self.by,
        )  # fmt: skip

    def meet(self, at: int, on: date) -> None:
        """Everyone saves, and who borrowed pays what is due; one of them stayed away twice."""
        owing = {loan.member_id: loan for loan in self.loans}
        sendings = []
        for number, member in enumerate(self.members):
            loan = owing.get(member.pk)
            if number == LATE and at >= MONTHS - 2:
                continue
            amount = loan.principal // 10 + loan.principal * 15 // 1000 if loan else 0
            facts = {"loan": loan, "amount": amount} if loan else {"member": member}
            sendings.append(Sending(uuid=uuid4(), received_on=on, savings={"mandatory": MANDATORY}, **facts))
        for outcome in record_payments(group=self.group, sendings=sendings, by=self.by):
            if outcome.error:
                raise outcome.error

    def lend(self, at: int, on: date) -> None:
        """Two new loans a month, until all of the story are out."""
        for number in range(2 * at, min(2 * at + 2, len(PRINCIPALS))):
            loan = self.propose(self.members[number], PRINCIPALS[number], on)
            self.loans.append(disburse_loan(loan=loan, disbursed_on=on, by=self.by))

    def propose(self, member: Member, principal: int, on: date) -> Loan:
        return propose_loan(
            product=self.product, borrower=member, principal=principal, purpose=self.rng.choice(PURPOSES),
            proposed_on=on, uuid=uuid4(), by=self.by,
        )  # fmt: skip

    def close(self, period: int) -> None:
        on = last_day(period)
        left, pieces = account_balance(self.group, CASH, on), {}
        for one in DENOMINATIONS:
            pieces[str(one)], left = divmod(left, one)
        if left:
            raise ValidationError(f"Kas latihan {left} tidak dapat dihitung dengan pecahan yang ada.")
        record_cash_count(group=self.group, counted_on=on, pieces=pieces, explanation="", uuid=uuid4(), by=self.by)
        close_month(group=self.group, period=period, by=self.by)
