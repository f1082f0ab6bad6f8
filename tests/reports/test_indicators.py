"""Every indicator against plain counting over the rows, group by group, and its sums up the tree."""

from collections import Counter
from fractions import Fraction

import pytest

from enterprises.models import Enterprise, MonthlyResult
from loans.ledger_services import balances
from loans.models import Entry, Instalment, Loan, ReceiptPart, SurplusDistribution, Voucher
from reports import indicators
from reports.figures import group_rows
from tests.reports import build_quarter
from tests.reports.build_quarter import TW3
from villages.models import Group, HouseholdIncome, LegalStatus, Member, Poklak

OWN = ("3.1", "3.2", "3.3", "3.4")
SOURCES = {"APBN": "apbn", "APBD_PROV": "apbd_prov", "APBD_KAB": "apbd_kab", "APBDES": "apbdes", "CSR_SWASTA": "csr"}
SOURCES |= {"SWADAYA": "swadaya", "": "swadaya"}
MEMBER_POSTS = ("by_fee", "by_savings", "equal", "iptw")
POSTS = {"officers": "officers", "reserve": "reserve", "teachers": "paud", "social": "social"}
POSTS |= {"education": "education"} | dict.fromkeys(MEMBER_POSTS, "members")


@pytest.fixture
def shared(group, operator, regency_admin):
    return build_quarter.share(group, operator, regency_admin)


@pytest.fixture
def busy(db, operator):
    return build_quarter.busy_group()


# ---- counting by hand


def anew(group: Group) -> dict[str, int | None]:
    """Every adding figure of one group at the end of the period, by plain loops over its rows."""
    found = Counter(groups=1, **_people(group), **_lent(group), **_capital(group), **_lives(group), **_shared(group))
    level = next(
        (one.level for one in group.assessments.order_by("-assessed_on", "-pk") if one.assessed_on <= TW3.last),
        "PEMULA",
    ).lower()
    found.update({f"groups_{level}": 1, f"members_level_{level}": found["members"]})
    return {key: found[key] for key in indicators.BASES}


def _is_active(one: Member) -> bool:
    return one.joined_on <= TW3.last and (one.left_on is None or one.left_on > TW3.last)


def _people(group: Group) -> dict[str, int]:
    active = [one for one in Member.objects.filter(group=group) if _is_active(one)]
    statuses = [one for one in LegalStatus.objects.filter(group=group) if one.since <= TW3.last]
    is_cooperative = bool(statuses) and max(statuses, key=lambda one: one.since).status == "cooperative"
    poklaks = [one.dissolved_on for one in Poklak.objects.filter(group=group)]
    return {
        "members": len(active),
        "members_male": sum(one.sex == "L" for one in active),
        "members_female": sum(one.sex == "P" for one in active),
        **{f"members_{kind}": sum(one.welfare == kind for one in active) for kind in ("poor", "near_poor")},
        **{f"members_{kind}": sum(one.welfare == kind for one in active) for kind in ("sufficient", "unknown")},
        "cooperatives": int(is_cooperative),
        "cooperative_members": len(active) * is_cooperative,
        "poklak_count": sum(day is None or day > TW3.last for day in poklaks),
    }


def _lent(group: Group) -> Counter:
    sums, borrowers = Counter(), set()
    for loan in Loan.objects.filter(group=group, disbursed_on__lte=TW3.last):
        own = _one_loan(loan)
        sums.update(own)
        if own["balance"]:
            borrowers.add((loan.member_id, loan.poklak_id))
    sums["borrowers"] = len(borrowers)
    return sums


def _one_loan(loan: Loan) -> Counter:
    parts = [one for one in ReceiptPart.objects.filter(loan=loan) if one.received_on <= TW3.last]
    paid, fees = (sum(one.amount for one in parts if one.kind == kind) for kind in ("principal", "service_fee"))
    inside = [one for one in parts if one.received_on >= TW3.first]
    lost = loan.written_off_on is not None and loan.written_off_on <= TW3.last
    rows = list(Instalment.objects.filter(loan=loan).order_by("number"))
    due, past = [one for one in rows if one.due_on <= TW3.last], [one for one in rows if one.due_on < TW3.last]
    asked, asked_fees, unpaid = 0, 0, []
    for row in past:
        asked, asked_fees = asked + row.principal, asked_fees + row.service_fee
        if not lost and (asked > paid or asked_fees > fees):
            unpaid.append(row.due_on)
    balance = 0 if lost else loan.principal - paid
    days = (TW3.last - unpaid[0]).days if unpaid else 0
    is_new = loan.disbursed_on >= TW3.first
    target, fee_target = (paid, fees) if lost else (sum(r.principal for r in due), sum(r.service_fee for r in due))
    return Counter({
        "loans_made_period": int(is_new), "disbursed_period": loan.principal * is_new,
        "disbursed_to_date": loan.principal, "loans_running": int(balance > 0), "loans_late": int(bool(unpaid)),
        "principal_due": target, "principal_due_paid": min(target, paid),
        "service_fee_due": fee_target, "service_fee_due_paid": min(fee_target, fees),
        "principal_paid_period": sum(one.amount for one in inside if one.kind == "principal"),
        "service_fee_paid_period": sum(one.amount for one in inside if one.kind == "service_fee"),
        "balance": balance, "principal_late": 0 if lost else max(asked - paid, 0),
        "service_fee_late": 0 if lost else max(asked_fees - fees, 0),
        f"balance_{1 + sum(days > limit for limit in (0, 90, 120, 180))}": balance,
        "balance_bad": balance * (days > 90), "balance_not_far": balance * (len(unpaid) < 3),
        "written_off_period": loan.written_off if lost and loan.written_off_on >= TW3.first else 0,
        **{f"risk_{limit}": balance * (days > limit) for limit in (1, 30, 60, 90)},
    })  # fmt: skip


def _capital(group: Group) -> Counter:
    sums = Counter()
    entries = [one for one in Entry.objects.filter(group=group).select_related("voucher") if one.on <= TW3.last]
    first = min((one.on for one in entries), default=None)
    for one in entries:
        own = (one.credit in OWN) - (one.debit in OWN)
        if one.on == first and own:
            sums[f"capital_{SOURCES.get(one.voucher.source if one.voucher else '', 'other')}"] += own * one.amount
            sums["capital_initial"] += own * one.amount
        sums["capital_end"] += own * one.amount
        if one.on < TW3.first:
            sums["capital_start"] += own * one.amount
        elif own:
            is_back = one.reverses_id is not None
            came = (own > 0) != is_back
            sums["capital_in_period" if came else "capital_out_period"] += abs(one.amount) * (-1 if is_back else 1)
        for account, key in (("3.1", "initial"), ("3.2", "mandatory"), ("2.1", "voluntary")):
            sums[f"savings_{key}"] += ((one.credit == account) - (one.debit == account)) * one.amount
    sums["capital_growth"] = sums["capital_end"] - sums["capital_initial"]
    parts = ReceiptPart.objects.filter(receipt__group=group, kind="contribution")
    sums["contribution_period"] = sum(one.amount for one in parts if TW3.first <= one.received_on <= TW3.last)
    return sums


def _shared(group: Group) -> dict[str, int | None]:
    done = SurplusDistribution.objects.filter(group=group, year=2025, status="approved").first()
    if done is None:
        return {"surplus": None}
    sums = Counter(surplus=0)
    for post in done.allotments.all():
        sums["surplus"] += post.amount
        sums[f"surplus_{POSTS.get(post.kind, 'other')}"] += post.amount
        for line in post.lines.all():
            sums["surplus_recipients"] += 1
            sums["paud_teachers"] += line.teacher_id is not None
            for payment in line.payments.select_related("voucher"):
                if Voucher.objects.filter(reverses=payment.voucher, on__lte=TW3.last).exists():
                    continue
                is_person = line.member_id or line.officer_id or line.teacher_id
                paid = line.amount if is_person else payment.voucher.amount
                sums["surplus_paid"] += paid
                sums["paud_paid"] += paid * (post.kind == "teachers")
    places = {line.teacher.institution for post in done.allotments.all() for line in post.lines.all() if line.teacher}
    return {**sums, "paud_institutions": len(places)}


def _lives(group: Group) -> dict[str, int | None]:
    runs = [one for one in Enterprise.objects.filter(group=group) if one.closed_on is None or one.closed_on > TW3.last]
    runs = [one for one in runs if _is_active(one.member)]
    months = [one for one in MonthlyResult.objects.filter(group=group) if 202607 <= one.period <= 202609]
    permits = Counter()
    for one in runs:
        kinds = {
            row.kind for row in one.permits.all()
            if (row.issued_on is None or row.issued_on <= TW3.last)
            and (row.expires_on is None or row.expires_on >= TW3.last)
        }  # fmt: skip
        permits.update(f"with_{kind}" for kind in kinds)
    incomes = {}
    for one in HouseholdIncome.objects.filter(member__group=group).order_by("asked_on", "pk"):
        if _is_active(one.member):
            incomes.setdefault(one.member_id, []).append(one.amount)
    asked = [some for some in incomes.values() if len(some) > 1]
    return {
        "enterprises": len(runs),
        "turnover_period": sum(one.turnover for one in months) if months else None,
        "net_income_period": sum(one.turnover - one.cost for one in months) if months else None,
        **{one: sum(getattr(run, one) for run in runs) for one in ("sells_locally", "sells_outside", "sells_online")},
        **permits,
        "members_asked": len(asked),
        "income_before": sum(some[0] for some in asked),
        "income_after": sum(some[-1] for some in asked),
        **dict.fromkeys(("support_money_period", "support_goods_period", "coachings_period", "coached_people_period")),
    }


def test_every_indicator_of_every_group_equals_plain_counting(shared, busy):
    rows = list(group_rows("63.08", TW3))
    assert [row.group_name for row in rows if row.group_id in (shared.pk, busy.pk)] == ["UP2K As Syifa", "UP2K Kenanga"]
    for row in rows:
        assert indicators.values([row]) == anew(Group.objects.get(pk=row.group_id))


def test_the_fixture_leaves_no_indicator_at_nothing(shared, busy):
    """Else the test above would compare 0 with 0."""
    values = indicators.values(list(group_rows("63.08", TW3)))
    idle = {key for key, value in values.items() if not value}
    not_kept_yet = {"support_money_period", "support_goods_period", "coachings_period", "coached_people_period"}
    empty_here = {"groups_utama", "groups_mandiri", "members_level_utama", "members_level_mandiri", "surplus_other"}
    assert idle <= not_kept_yet | empty_here | {"with_halal"}


def test_a_kabupaten_is_the_sum_of_its_villages_for_every_indicator(shared, busy):
    whole = indicators.values(list(group_rows("63.08", TW3)))
    villages = [indicators.values(list(group_rows(code, TW3))) for code in _codes()]
    for key, value in whole.items():
        known = [one[key] for one in villages if one[key] is not None]
        assert (key, value) == (key, sum(known) if value is not None else None)


def test_a_ratio_is_of_sums_and_never_a_mean(shared, busy):
    rows = list(group_rows("63.08", TW3))
    for ratio in indicators.RATIOS:
        keys = (ratio.numerator, ratio.denominator)
        part, whole = (sum(indicators.BASES[key].of([row]) or 0 for row in rows) for key in keys)
        part -= whole * ratio.is_growth
        assert (ratio.key, ratio.of(rows)) == (ratio.key, Fraction(100 * part, whole) if whole else None)


def _codes() -> set[str]:
    return {group.village.code for group in Group.objects.select_related("village")}


def test_own_capital_is_accounts_3_1_to_3_4_of_the_balance_sheet(shared, busy):
    for row in group_rows("63.08", TW3):
        sheet = balances(Group.objects.get(pk=row.group_id), TW3.last)
        assert row.capital_end == sum(sheet[code] for code in OWN)
