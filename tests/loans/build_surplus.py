"""A group with a closed year 2025 and what its members decided about it, by the services that people use."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from loans import saving_services, surplus_payment_services, surplus_services
from loans.models import (
    PaudTeacher,
    SurplusAllotment,
    SurplusDistribution,
    SurplusLine,
    SurplusPayment,
    SurplusPost,
    SurplusScheme,
)
from loans.surplus import Post, PostKind
from loans.surplus_plans import plan_of
from tests import build
from tests.loans.test_year_close import close, spend
from up2k_portal.lib.access import Role
from villages.models import Group, Member

MEETING = {
    "minutes_number": "01/BA-SHU/AS/2026",
    "met_on": date(2026, 2, 14),
    "meeting": None,
    "place": "Balai Desa",
    "chair": "Hj. Rusdiana",
    "writer": "Norhasanah",
    "present_count": 3,
    "pays_from": date(2026, 9, 1),
}
BOOKED_ON = date(2026, 9, 2)  # August 2026 is the last closed month
# name, kind, percent, takes the rest
POSTS = (
    ("Cadangan modal", PostKind.RESERVE, 40, True),
    ("Anggota menurut jasa", PostKind.BY_FEE, 25, False),
    ("Anggota menurut simpanan", PostKind.BY_SAVINGS, 15, False),
    ("Pengurus", PostKind.OFFICERS, 5, False),
    ("Insentif guru PAUD", PostKind.TEACHERS, 5, False),
    ("Pendidikan", PostKind.EDUCATION, 5, False),
    ("Dana sosial", PostKind.SOCIAL, 5, False),
)


def posts(rows=POSTS) -> list[Post]:
    return [
        Post(str(at), name, kind, Decimal(str(percent)), takes_rest)
        for at, (name, kind, percent, takes_rest) in enumerate(rows, 1)
    ]


def scheme(of: Group, by, rows=POSTS, since_year=2024, **fields) -> SurplusScheme:
    facts = {"savings_basis": "average", "leavers_take_part": False} | fields
    return surplus_services.save_scheme(group=of, since_year=since_year, posts=posts(rows), by=by, **facts)


def teacher(of: Group, by, name="Siti Aisyah", institution="PAUD Melati", **fields) -> PaudTeacher:
    row = PaudTeacher(group=of, village=of.village, name=name, institution=institution, **fields)
    return surplus_services.save_teacher(teacher=row, by=by)


def pays_fees(member: Member, times: int, by) -> None:
    """A loan of Rp1.000.000 on 31 January 2025, paid off in so many instalments on their days, each with Rp15.000 of
    fee: nothing is left for which closing the year would set money aside."""
    loan = build.loan(member, on=date(2025, 1, 31), by=by, product=build.product(member.group, instalment_count=times))
    for month in range(2, 2 + times):
        build.payment(loan, 1_000_000 // times + 15_000, date(2025, month, 28), by=by)


def saves(member: Member, amount: int, on: date, by, **fields) -> None:
    facts = {"parts": {"mandatory": amount}, "received_on": on, "by": by, "uuid": uuid4()} | fields
    saving_services.record_deposit(member=member, **facts)


def earned_year(group: Group, operator, *, expenses: int = 10_000) -> tuple[Member, Member, Member]:
    """Aminah paid Rp60.000 in fees in 2025 and Barsiah Rp30.000, Camah saved alone; closed through August 2026."""
    aminah, barsiah, camah = (build.member(group, name=name) for name in ("Aminah", "Barsiah", "Camah"))
    pays_fees(aminah, 4, operator)
    pays_fees(barsiah, 2, operator)
    saves(aminah, 120_000, date(2025, 7, 1), operator)
    saves(camah, 60_000, date(2025, 1, 5), operator)
    if expenses:
        spend(group, expenses, date(2025, 12, 9))
    close(group, 202608, by=operator)
    return aminah, barsiah, camah


def drafted_year(teachers=(("Siti Aisyah", "PAUD Melati"),)) -> tuple[Group, User, SurplusDistribution]:
    """As Syifa with its closed year 2025, two officers, PAUD teachers and a scheme; her operator and the draft."""
    village = build.village()
    group = build.group(village, name="UP2K As Syifa")
    operator = build.user(Role.OPERATOR, village.code, username=village.code, name="Rahmah")
    earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build.officer(group, "bendahara", "Aminah")
    for name, institution in teachers:
        teacher(group, operator, name, institution)
    scheme(group, operator)
    return group, operator, draft(group, operator)


def draft(of: Group, by, year=2025, withheld=0) -> SurplusDistribution:
    return surplus_services.draft_distribution(group=of, year=year, withheld=withheld, by=by)


def approve(of: SurplusDistribution, by, **fields) -> SurplusDistribution:
    facts = MEETING | {"on": BOOKED_ON, "uuid": uuid4(), "seen": plan_of(of).fingerprint} | fields
    return surplus_services.approve_distribution(distribution=of, by=by, **facts)


def pay(of: SurplusDistribution, keys, by, **fields):
    facts = {"on": date(2026, 9, 5), "till": "cash", "uuid": uuid4(), "party": ""} | fields
    return surplus_payment_services.pay_out(distribution=of, keys=keys, by=by, **facts)


def said(refused, field: str | None = None) -> str:
    """The one sentence of a refusal that pytest caught, at its field if it is at one."""
    assert field is None or list(refused.value.message_dict) == [field]
    (sentence,) = refused.value.messages
    return sentence


def rows_for_admin(member: Member) -> None:
    """A plain row of each kind that the admin shows of a surplus: approved, one line of it paid."""
    group = member.group
    own = {"village": group.village}
    rule = SurplusScheme.objects.create(**own, group=group, since_year=2025)
    SurplusPost.objects.create(
        **own, scheme=rule, position=1, name="Anggota", kind="equal", percent=100, takes_rest=False
    )
    PaudTeacher.objects.create(**own, group=group, name="Siti Aisyah", institution="PAUD Melati")
    facts = {"income": 90_000, "expenses": 10_000, "brought": 0, "met_on": MEETING["met_on"]}
    told = {"minutes_number": MEETING["minutes_number"], "voucher": build.capital(group), "status": "approved"}
    shared = SurplusDistribution.objects.create(**own, group=group, year=2025, **facts, **told)
    part = SurplusAllotment.objects.create(
        **own, distribution=shared, position=1, name="Anggota", kind="equal", percent=100, amount=80_000
    )
    line = SurplusLine.objects.create(
        **own, allotment=part, member=member, name=member.name, amount=80_000, words="Rp80.000 dibagi rata 1 anggota"
    )
    SurplusPayment.objects.create(**own, line=line, voucher=build.capital(group))
