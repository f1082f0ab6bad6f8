"""Many telephones at once: one row a key, no number twice, nothing in a month that closed, no deadlock shown.

Needs a database that threads share.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from accounts.attachments.contents import read_file as read_picture
from loans import services
from loans.chart import FIELD_CASH
from loans.closing_services import close_month
from loans.entrusted import services as entrusted
from loans.field.device_services import tell
from loans.field.file_services import QueueFile, send_file
from loans.ledger_services import account_balance
from loans.models import EntrustedSheet, Envelope, MonthClosing, Receipt, SheetDevice, Voucher
from tests import build
from tests.loans.field.build_field import ON, count, loans_of, row, send, states
from tests.loans.test_parallel import at_once
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]
CLIENTS = 8
ROUNDS = 50 if os.environ.get("UP2K_DEEP") == "1" else 3


def state_of(by, *items) -> str:
    return states(send(*items, by=by))[0]


@pytest.mark.parametrize("kind", ["row", "total", "absent", "count"])
def test_one_key_eight_times_at_once_is_one_row(kind, member, operator):
    loan = build.loan(member)
    send(row(member, savings={"mandatory": 10_000}), by=operator)
    before = Receipt.objects.count()
    item = row(loan, kind=kind, amount=0 if kind in ("absent", "count") else 115_000, pieces={"10000": 1})
    answers = at_once(lambda _: state_of(operator, item), range(CLIENTS))
    assert Counter(answers) == {"saved": 1, "there": CLIENTS - 1}
    assert Receipt.objects.count() - before == (kind in ("row", "total"))
    assert Envelope.objects.filter(uuid=item["uuid"]).count() == 1


def test_one_key_of_two_people_at_once_is_recorded_for_one_and_foreign_for_the_other(member, operator):
    people = [operator, build.user(Role.OPERATOR, member.village.code)] * (CLIENTS // 2)
    item = row(member, savings={"mandatory": 10_000})
    answers = at_once(lambda by: (by, state_of(by, item)), people)
    (kept,) = Envelope.objects.all()
    told = {(by == kept.user, state) for by, state in answers}
    assert told - {(True, "there")} == {(True, "saved"), (False, "foreign")}


def test_one_key_in_two_groups_at_once_is_recorded_in_one(pandulangan, operator):
    members = [build.member(build.group(pandulangan)) for _ in range(2)]
    for _ in range(ROUNDS):
        key = str(uuid4())
        items = [row(member, uuid=key, savings={"mandatory": 10_000}) for member in members]
        answers = at_once(lambda item: state_of(operator, item), items)
        assert sorted(answers) == ["conflict", "saved"]
        assert Envelope.objects.filter(uuid=key).count() == Receipt.objects.filter(uuid=key).count() == 1


def test_many_sheets_of_one_group_at_once_number_their_receipts_without_a_gap(group, operator):
    loans = loans_of(group, CLIENTS)
    answers = at_once(lambda loan: state_of(operator, row(loan, amount=115_000), row(loan, amount=5_000)), loans)
    assert Counter(answers) == {"saved": CLIENTS}
    assert sorted(Receipt.objects.values_list("serial", flat=True)) == list(range(1, 2 * CLIENTS + 1))
    assert account_balance(group, FIELD_CASH, ON) == CLIENTS * 120_000


def test_nothing_is_dated_into_the_month_once_it_closed(group, member, operator):
    """The sending and the closing take the same lock: each row is counted before, or told that the month is closed."""
    build.capital(group, 1, on=date(2026, 9, 1))
    send(row(member, savings={"mandatory": 10_000}), count(group, {"10000": 1}), by=operator)
    build.cash_count(group, date(2026, 9, 30))
    items = [row(member, savings={"mandatory": 10_000}) for _ in range(CLIENTS - 1)]

    def act(item):
        if item is None:
            return close_month(group=group, period=202609, by=operator) and "closed"
        return state_of(operator, item)

    answers = at_once(act, [*items[:3], None, *items[3:]])
    closed = MonthClosing.objects.filter(group=group).first()
    late = Receipt.objects.filter(group=group, recorded_at__gt=closed.closed_at).count() if closed else 0
    in_field = account_balance(group, FIELD_CASH, date(2026, 9, 30))
    assert late == 0
    assert closed is None or in_field == 0
    assert Counter(answers)["saved"] * 10_000 == in_field
    assert Counter(answers)["locked"] == (CLIENTS - 1 if closed else 0)


def test_sheets_corrections_counts_and_telephones_at_once_meet_no_deadlock(group, operator, district_officer):
    loans = loans_of(group, 4)
    first = send(*(row(loan, amount=115_000) for loan in loans), by=operator)
    assert states(first) == ["saved"] * 4

    def act(number: int):
        loan, kind = loans[number % 4], number % 4
        if kind == 0:
            return state_of(operator, *(row(one, amount=10_000) for one in reversed(loans)))
        if kind == 1:
            facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "by": district_officer, "uuid": uuid4()}
            return services.reverse_payment(receipt=first[number // 4 % 4].receipt, **facts) and "back"
        if kind == 2:
            explanation = "uang kembalian belum dicatat"
            return state_of(operator, count(group, {"100000": 1}, explanation=explanation))
        tell(group=group, on=ON, device=uuid4(), user=operator, waiting=number + 1, is_along=False)
        return state_of(operator, row(loan.member, kind="absent"))

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda number: closing(act, number), range(CLIENTS * 2)))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert account_balance(group, FIELD_CASH, date(2026, 9, 30)) >= 0
    assert SheetDevice.objects.count() == 4
    assert Voucher.objects.filter(kind="field_in").exists()


def closing(act, number: int):
    """What the act answers, its error too: a deadlock is one."""
    try:
        return act(number)
    except Exception as error:  # noqa: BLE001  (the test asks for none)
        return error
    finally:
        connections.close_all()


def test_two_files_over_the_same_groups_and_sheets_of_photos_meet_no_deadlock(pandulangan, operator, district_officer):
    """Each act of several groups takes them in the same order, whatever the order of its items."""
    members = [build.member(build.group(pandulangan)) for _ in range(4)]
    second = build.user(Role.DISTRICT, "63.08.03", name="Hj. Mastura")
    photo = read_picture(BytesIO(build.picture()), "lembar.jpg")
    uuid = uuid4()

    def act(number: int):
        if number % 3 == 0:
            ordered = members if number % 2 else members[::-1]
            queue = QueueFile(operator, [row(one, savings={"mandatory": 1_000}) for one in ordered])
            return send_file(queue, by=district_officer, access=district_officer.access_on(today())).new_count
        group = members[number % 4].group
        if number % 3 == 1:
            sent_as = uuid if group == members[1].group else uuid4()
            facts = {"group": group, "on": ON, "note": "", "photos": [photo], "uuid": sent_as, "by": operator}
            return entrusted.entrust_sheet(**facts).group == group
        sheet = EntrustedSheet.objects.create(group=group, village=pandulangan, on=ON, sent_by=operator)
        typed = {"kind": "row", "member": members[number % 4].pk, "loan": None, "amount": 0, "note": ""}
        typed |= {"savings": {"voluntary": 2_000}, "withdraw": {}}
        told = {"typed": [typed], "paper_total": 2_000, "is_done": True, "is_twice": True}
        sheet = entrusted.type_rows(sheet=sheet, by=district_officer, **told)
        return entrusted.record_sheet(sheet=sheet, seen=entrusted.mark_of(sheet), by=second).status

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda number: closing(act, number), range(CLIENTS * 2)))
    refusals = [one for one in answers if isinstance(one, ValidationError)]
    assert [one for one in answers if isinstance(one, Exception) and one not in refusals] == []
    assert {words for one in refusals for words in one.messages if "sudah punya" not in words} == set()
    assert EntrustedSheet.objects.filter(uuid=uuid).count() == 1


def test_one_sheet_of_photos_checked_by_two_at_once_is_recorded_once(member, operator, district_officer):
    sheet = EntrustedSheet.objects.create(group=member.group, village=member.village, on=ON, sent_by=operator)
    typed = {"kind": "row", "member": member.pk, "loan": None, "amount": 0, "savings": {"voluntary": 2_000}}
    facts = {"typed": [typed | {"withdraw": {}}], "paper_total": 2_000, "by": district_officer, "is_done": True}
    sheet = entrusted.type_rows(sheet=sheet, **facts)
    people = [operator, build.user(Role.DISTRICT, "63.08.03")] * (CLIENTS // 2)
    seen = entrusted.mark_of(sheet)
    at_once(lambda by: str(entrusted.record_sheet(sheet=sheet, seen=seen, by=by).status), people)
    assert (Receipt.objects.count(), account_balance(member.group, FIELD_CASH, ON)) == (1, 2_000)
