"""A quarter in which everything happened that a row of a report can tell: two groups, one busy and one that shared."""

from datetime import date, timedelta
from uuid import uuid4

from enterprises.models import Permit
from loans.ledger_services import reverse_voucher
from loans.saving_services import record_deposit, withdraw_saving
from loans.services import reverse_payment
from loans.surplus_plans import payees_of, recorded_plan
from reports.periods import parse_period
from tests import build
from tests.loans import build_life, build_surplus
from up2k_portal.lib.access import Role
from villages.models import Member

TW3 = parse_period("2026-TW3")  # July to September; the tests live on its last day


def share(group, operator, regency_admin):
    """A group that shared the surplus of 2025: a member and a teacher are paid, half of a fund, one payment undone."""
    build.officer(group)
    build_surplus.teacher(group, operator)
    build_surplus.scheme(group, operator)
    build_surplus.earned_year(group, operator)
    draft = build_surplus.draft(group, operator)
    done = build_surplus.approve(draft, regency_admin)
    payees = payees_of(done, recorded_plan(done))
    (fund,) = [one for one in payees if one.name == "Dana sosial"]
    people = [one for one in payees if one.section != fund.section]
    people = sorted(people, key=lambda one: one.key[0] != "g")[:3]  # the teacher first, so that she stays paid
    build_surplus.pay(done, [fund.key], operator, amount=fund.left // 2, party="Panti")
    for one in people:
        (voucher,) = build_surplus.pay(done, [one.key], operator)
    reverse_voucher(voucher=voucher, reason="salah orang", reversed_on=date(2026, 9, 6), by=operator, uuid=uuid4())
    return group


def busy_group():
    """A group of another kecamatan with everything that a row can tell, and some beside it that no report counts."""
    group = build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K Kenanga")
    clerk = build.user(Role.OPERATOR, group.village.code)
    build.assessment(group, "MADYA", date(2020, 1, 1))
    build.assessment(group, "UTAMA", date(2026, 10, 1))  # after the period
    build.legal_status(group)
    stays, _ = build.poklak(group), build.poklak(group, dissolved_on=date(2026, 9, 30))
    welfare = ("poor", "poor", "near_poor", "sufficient", "unknown", "poor", "poor")
    members = [
        build.member(group, sex="LP"[at % 2], welfare=one, joined_on=date(2026, 1, 5), poklak=stays if at < 2 else None)
        for at, one in enumerate(welfare)
    ]
    Member.objects.filter(pk=members[5].pk).update(left_on=TW3.last, left_reason="pindah")
    Member.objects.filter(pk=members[6].pk).update(joined_on=TW3.last + timedelta(days=1))
    build.income(members[0], 900_000, date(2026, 2, 1))
    build.income(members[0], 1_400_000, date(2026, 8, 1))
    build.income(members[1], 700_000, date(2026, 2, 1))
    _money(group, members, clerk)
    _business(group, members)
    for fields in ({"programme": "uppka"}, {"is_practice": True}, {"closed_on": date(2026, 9, 30)}):
        build.member(build.group(group.village, **fields))
    build.group(build.village("63.08.03.2001"), founded_on=date(2026, 10, 1))
    build.member(build.group(build.village("63.08.03.2002"), founded_on=date(2026, 9, 30)))  # nothing but a member
    return group


def _money(group, members, by) -> None:
    build.capital(group, 3_000_000, date(2026, 1, 5), source="APBDES")
    build.capital(group, 2_000_000, date(2026, 1, 5))
    for at, source in enumerate(("APBN", "APBD_PROV", "APBD_KAB", "CSR_SWASTA", "LAINNYA"), 1):
        build.capital(group, at * 10_000, date(2026, 1, 5), source=source)
    wrong = build.capital(group, 700_000, date(2026, 2, 5), source="CSR_SWASTA")
    build.capital(group, 5_000_000, date(2026, 7, 5), source="APBD_KAB")
    reverse_voucher(voucher=wrong, reason="salah catat sumber", reversed_on=date(2026, 7, 6), by=by, uuid=uuid4())
    facts = {"by": by, "uuid": uuid4(), "received_on": date(2026, 8, 3)}
    record_deposit(
        member=members[0],
        parts={"initial": 25_000, "mandatory": 10_000, "voluntary": 40_000, "contribution": 3_000},
        **facts,
    )
    facts |= {"uuid": uuid4(), "received_on": date(2026, 5, 3)}
    record_deposit(member=members[1], parts={"mandatory": 10_000}, **facts)
    withdraw_saving(member=members[0], kind="voluntary", amount=15_000, on=date(2026, 9, 3), by=by, uuid=uuid4())
    build.saving_terms(group, is_locked=False)
    withdraw_saving(member=members[1], kind="mandatory", amount=4_000, on=date(2026, 9, 4), by=by, uuid=uuid4())
    build.loan(members[0], 1_000_000, date(2026, 1, 31), by=by)  # never paid
    build.payment(build.loan(members[1], 900_000, date(2026, 2, 28), by=by), 400_000, date(2026, 4, 1), by=by)
    ahead = build.loan(members[2], 800_000, date(2026, 7, 10), by=by)
    build.payment(ahead, 500_000, date(2026, 8, 10), by=by)
    gone = build.payment(ahead, 50_000, date(2026, 8, 11), by=by)
    reverse_payment(receipt=gone, reason="tercatat dua kali", reversed_on=date(2026, 8, 12), by=by, uuid=uuid4())
    paid_off = build.loan(members[3], 300_000, date(2026, 7, 2), by=by)
    build.payment(paid_off, 345_000, date(2026, 9, 2), by=by)
    build.payment(build.loan(members[4], 600_000, date(2026, 6, 10), by=by), 69_000, date(2026, 7, 10), by=by)
    build.loan(members[3], 200_000, date(2026, 4, 30), by=by)  # more than four months late
    lost = build.loan(members[4], 500_000, date(2026, 1, 31), by=by)
    build.payment(lost, 57_500, date(2026, 2, 28), by=by)
    build_life.write_off(lost, date(2026, 9, 20))


def _business(group, members) -> None:
    runs = build.enterprise(members[0], sells_locally=True, sells_online=True)
    build.enterprise(members[1], sells_outside=True)
    build.enterprise(members[1], closed_on=TW3.last)
    village = group.village
    for period, turnover, cost in ((202606, 9, 1), (202607, 500_000, 650_000), (202609, 800_000, 100_000)):
        runs.results.create(village=village, group=group, period=period, turnover=turnover, cost=cost)
    for kind, fields in (
        ("nib", {}), ("nib", {}), ("halal", {"expires_on": date(2026, 9, 29)}), ("pirt", {"issued_on": TW3.last}),
    ):  # fmt: skip
        Permit.objects.create(enterprise=runs, village=village, kind=kind, number=str(uuid4())[:8], **fields)
