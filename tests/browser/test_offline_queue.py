"""The queue of a phone: what is lost on the way, who may send, what is refused, and leaving."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone

from loans.models import CashCount, Envelope, MonthLock, Receipt, SheetDevice
from tests import build
from tests.browser import phone
from tests.browser.conftest import PASSWORD, act, session_of
from tests.browser.phone import banner, deposit, held, open_queue, payment, put, ready, send_now, sent, states, until

pytestmark = pytest.mark.system


@pytest.fixture
def queue(open_page, operator, member):
    """The operator's phone with the page of its queue open."""
    return open_queue(open_page(360, operator))


@pytest.fixture
def debt(member, operator):
    return build.loan(member, 1_000_000, by=operator)


def cut(page) -> None:
    page.context.set_offline(True)


def mend(page) -> None:
    page.context.set_offline(False)


def test_an_answer_lost_five_times_leaves_one_row(queue, member):
    """O1: the portal commits each time, and only the sixth answer arrives."""
    line = phone.Line(
        queue, lambda request: "answer lost" if line.reached < 5 and phone.is_sending(request) else "pass"
    )
    put(queue, deposit(member))
    told = [send_now(queue) for _ in range(8)]
    assert told[-1] == {"sent": 0, "left": 0, "why": ""}
    assert line.reached == 5
    assert states(queue) == ["saved"]
    assert [receipt.amount for receipt in Receipt.objects.all()] == [10_000]


def test_what_waits_is_said_on_every_page_and_goes_by_itself_when_the_line_is_back(queue, member, debt):
    cut(queue)
    put(queue, deposit(member), payment(debt, 115_000), deposit(member, 5_000))
    assert send_now(queue) == {"sent": 0, "left": 3, "why": "offline"}
    assert "3 setoran belum tercatat di portal" in queue.inner_text("main")
    mend(queue)
    with queue.expect_response(phone.SEND):
        queue.goto("/anggota/")
    until(queue, "up2k.queue.count().then((count) => count === 0)")
    assert [receipt.amount for receipt in Receipt.objects.order_by("pk")] == [10_000, 115_000, 5_000]
    assert not queue.locator("[data-queue]").is_visible()


def test_the_banner_counts_what_waits_and_leads_to_the_queue(queue, member):
    queue.context.route(phone.ME, lambda route: route.abort())
    put(queue, deposit(member), deposit(member), deposit(member))
    send_now(queue)
    queue.goto("/anggota/")
    queue.wait_for_selector("[data-queue]:not([hidden])")
    assert banner(queue).startswith("3 setoran menunggu sinyal. Lihat antrean Kirim sekarang")
    act(queue, "Lihat antrean")
    queue.wait_for_selector("[data-uuid]")
    assert queue.locator("[data-state=waiting]").count() == 3


def test_the_same_person_after_her_session_ended_sends_ten_rows(queue, member, operator, with_password):
    """O3, same user."""
    with_password(operator)
    queue.context.clear_cookies()
    put(queue, *(deposit(member, 1_000 + number) for number in range(10)))
    assert sent(queue) == {"sent": 0, "left": 10, "why": "login"}
    assert "Ibu perlu masuk lagi" in queue.inner_text("main")
    act(queue, "Masuk lagi")
    queue.wait_for_selector("[data-queue]:not([hidden])")
    assert banner(queue) == "10 setoran menunggu di HP ini. Masuk lagi untuk mengirim."
    queue.get_by_label("Nama pengguna").fill(operator.username)
    queue.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    act(queue, "Masuk")
    queue.wait_for_url("/antrean/")
    ready(queue)
    until(queue, "up2k.queue.count().then((count) => count === 0)")
    assert [receipt.amount for receipt in Receipt.objects.order_by("pk")] == [1_000 + number for number in range(10)]


def test_another_person_on_the_phone_sends_nothing_of_hers_and_loses_nothing(queue, member, operator, live_server):
    """O3, other user: 0 rows, the queue is kept and named."""
    queue.evaluate("up2k.village.refresh(true)")
    queue.context.clear_cookies()
    put(queue, *(deposit(member) for _ in range(10)))
    sent(queue)
    other = build.user("operator", build.village(build.OTHER_PANDULANGAN).code, username="aminah", name="Aminah")
    queue.context.add_cookies([{"name": "sessionid", "value": session_of(other), "url": live_server.url}])
    open_queue(queue)
    assert sent(queue) == {"sent": 0, "left": 0, "why": ""}
    assert "10 setoran milik Rahmah menunggu di HP ini." in queue.inner_text("main")
    assert queue.locator("[data-uuid]").count() == 0
    assert (Receipt.objects.count(), states(queue, operator)) == (0, ["waiting"] * 10)
    assert member.name not in str(held(queue)["village"])
    queue.goto("/anggota/")
    queue.wait_for_selector("[data-queue]:not([hidden])")
    assert banner(queue) == "10 setoran milik Rahmah menunggu di HP ini. Yang dapat mengirim: Rahmah."


def test_her_open_page_sends_nothing_once_another_has_signed_in(queue, member, elsewhere, live_server):
    other = build.user("operator", elsewhere.code, username="aminah", name="Aminah")
    queue.context.add_cookies([{"name": "sessionid", "value": session_of(other), "url": live_server.url}])
    put(queue, deposit(member))
    assert sent(queue) == {"sent": 0, "left": 1, "why": "user"}
    assert Envelope.objects.count() == 0


def test_a_row_of_a_month_locked_meanwhile_stays_with_its_reason(queue, member):
    """O4: nothing is dropped, the reason is read, and it goes once the month is open again."""
    lock = MonthLock.objects.create(
        group=member.group,
        village=member.village,
        first=202609,
        last=202609,
        words="Laporan Triwulan III sudah diajukan",
    )
    put(queue, deposit(member))
    sent(queue)
    queue.wait_for_selector("[data-state=locked]")
    card = queue.locator("[data-uuid]")
    assert card.locator(".u-st").inner_text() == "Terkunci"
    assert card.locator(".err").inner_text().startswith("Laporan Triwulan III sudah diajukan")
    assert Receipt.objects.count() == 0
    queue.reload()
    queue.wait_for_selector("[data-state=locked]")
    MonthLock.objects.filter(pk=lock.pk).update(lifted_at=timezone.now())
    act(queue, "Kirim sekarang")
    queue.wait_for_selector("[data-state=saved]", state="attached")
    assert Receipt.objects.count() == 1


def test_a_refused_row_is_changed_on_the_phone_and_saved_under_its_own_key(queue, debt):
    item = payment(debt, 2 * 10**12)
    put(queue, item)
    sent(queue)
    queue.wait_for_selector("[data-state=refused]")
    assert queue.locator(".u-st").inner_text() == "Perlu diperbaiki"
    act(queue, "Ubah")
    queue.wait_for_selector("[data-errors]")
    box = queue.get_by_label("Jumlah dibayar")
    assert box.input_value() == "2.000.000.000.000"
    box.fill("115000")
    act(queue, "Simpan perubahan")
    queue.wait_for_selector("[data-state=saved]", state="attached")
    assert [(str(one.uuid), one.amount) for one in Receipt.objects.all()] == [(item["uuid"], 115_000)]


def conflict(queue, member) -> dict:
    """The answer was lost, then she changed the row that the portal has already."""
    item = deposit(member)
    line = phone.Line(
        queue, lambda request: "answer lost" if not line.reached and phone.is_sending(request) else "pass"
    )
    put(queue, item)
    send_now(queue)
    until(queue, "up2k.queue.all().then(([row]) => row.state === 'waiting')")
    queue.evaluate("([uuid, item]) => up2k.queue.replace(uuid, item)", [item["uuid"], deposit(member, 25_000)])
    sent(queue)
    queue.wait_for_selector("[data-state=conflict]")
    return item


def words(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def test_two_versions_of_a_row_stand_side_by_side(queue, member):
    conflict(queue, member)
    mine, theirs = queue.locator("[data-uuid] section").all_inner_texts()
    assert words(mine)[:4] == ["Di HP ini", "Simpanan wajib", "Rp25.000", "Tanggal"]
    assert words(theirs)[:4] == [f"Di server: {Receipt.objects.get().number}", "Simpanan wajib", "Rp10.000", "Tanggal"]
    act(queue, "Pakai yang di server")
    until(queue, "up2k.queue.count().then((count) => count === 0)")
    assert [receipt.amount for receipt in Receipt.objects.all()] == [10_000]


def test_of_two_versions_hers_may_go_as_another_payment(queue, member):
    item = conflict(queue, member)
    act(queue, "Kirim sebagai setoran baru")
    queue.wait_for_selector("[data-state=saved]", state="attached")
    rows = list(Receipt.objects.order_by("pk"))
    assert [receipt.amount for receipt in rows] == [10_000, 25_000]
    assert str(rows[0].uuid) == item["uuid"] != str(rows[1].uuid)


def test_a_row_goes_from_the_phone_only_after_a_question_and_into_a_file_first(queue, member, operator):
    queue.context.route(phone.ME, lambda route: route.abort())
    item = deposit(member)
    put(queue, item)
    act(queue, "Hapus")
    assert queue.locator("[data-uuid]").count() == 1
    assert "Hapus setoran Norhasanah dari HP ini?" in queue.inner_text("[data-asked]")
    with queue.expect_download() as event:
        act(queue, "Simpan ke berkas, lalu hapus")
    queue.wait_for_selector("text=Tidak ada setoran yang menunggu di HP ini.")
    told = json.loads(event.value.path().read_text("utf-8"))
    assert (told["up2k"], told["format"], told["user"], told["name"]) == ("antrean", 2, operator.pk, "Rahmah")
    assert [one | {"recorded_at": ""} for one in told["items"]] == [item | {"recorded_at": ""}]


def test_there_is_no_logout_while_rows_wait(queue, member):
    queue.context.route(phone.ME, lambda route: route.abort())
    put(queue, deposit(member))
    queue.goto("/anggota/")
    queue.locator("summary").get_by_text("Lainnya").click()
    queue.locator(".u-nav .menu").get_by_role("button", name="Keluar").click()
    queue.wait_for_selector("[data-queue]:focus")
    assert banner(queue).startswith("Belum bisa keluar: 1 setoran masih menunggu di HP ini.")
    assert queue.url.endswith("/anggota/")


def test_the_count_of_the_table_waits_for_the_rows_of_its_sheet(queue, member):
    count = {"uuid": str(uuid4()), "format": 2, "kind": "count", "group": member.group_id, "on": phone.ON.isoformat()}
    count |= {"pieces": {"10000": 3}, "explanation": ""}
    wrong = deposit(member, 2 * 10**12)
    put(queue, deposit(member), wrong, count, person="")
    assert sent(queue)["left"] == 2
    assert states(queue) == ["saved", "refused", "waiting"]
    queue.wait_for_selector("text=Menunggu baris lain di lembar ini diperbaiki dulu.")
    queue.evaluate("([uuid, item]) => up2k.queue.replace(uuid, item)", [wrong["uuid"], deposit(member, 20_000)])
    until(queue, "up2k.queue.count().then((count) => count === 0)")
    assert [(one.counted, one.booked) for one in CashCount.objects.all()] == [(30_000, 30_000)]


def test_the_portal_is_told_how_many_rows_of_a_sheet_still_sit_in_the_phone(queue, member):
    """ "menunggu 1 HP": while a row is refused, and while the sheet was taken along; after logout no more."""
    refused = deposit(member, 2 * 10**12)
    put(queue, deposit(member), refused)
    sent(queue)
    assert told() == [(1, False)]
    queue.evaluate("uuid => up2k.queue.remove(uuid)", refused["uuid"])
    queue.evaluate("([group, on]) => up2k.queue.takeAlong(group, on, true)", [member.group_id, phone.ON.isoformat()])
    sent(queue)
    assert told() == [(0, True)]
    leave(queue)
    assert told() == [(0, False)]


def told() -> list[tuple[int, bool]]:
    return list(SheetDevice.objects.values_list("waiting", "is_along"))


def leave(page) -> None:
    page.goto("/")
    page.locator("summary").get_by_text("Lainnya").click()
    page.locator(".u-nav .menu").get_by_role("button", name="Keluar").click()
    page.wait_for_url("/masuk/")


def test_the_village_is_fetched_at_most_every_ten_minutes_and_only_if_it_changed(queue, member):
    until(queue, "up2k.village.load().then(Boolean)")
    answers = []
    queue.on("response", lambda one: one.url.endswith("data.json") and answers.append(one.status))
    queue.goto("/anggota/")
    ready(queue)
    queue.wait_for_timeout(400)
    assert answers == []
    assert queue.evaluate("up2k.village.refresh(true).then(({lines}) => lines.map(({name}) => name))") == ["Norhasanah"]
    assert answers == [304]
    build.member(member.group, name="Masniah")
    queue.evaluate("up2k.village.refresh(true)")
    assert queue.evaluate("up2k.village.load().then(({lines}) => lines.length)") == 2
    assert answers == [304, 200]


def test_who_records_no_money_is_not_asked_for_a_village(open_page, staff):
    page = open_page(360, staff)
    asked = []
    page.on("request", lambda one: "/luring/" in one.url and asked.append(one.url.split("/")[-1]))
    page.goto("/")
    until(page, "up2k?.store().then((db) => db.count('village')).then((count) => count === 1)")
    assert "data.json" not in asked
    assert page.evaluate("up2k.village.load()") is None


def test_after_logout_nothing_of_the_village_stays_in_the_phone(queue, member, operator):
    """P6: stores, caches, and what pages keep beside them; never a NIK, not even before."""
    member.nik = "6308034507700001"
    member.save()
    queue.evaluate("up2k.village.refresh(true)")
    queue.evaluate("up2k.drafts.put('payment', 'm1', {values: {amount: 5000}})")
    put(queue, deposit(member))
    queue.wait_for_selector("[data-state=saved]", state="attached")
    before = str(held(queue))
    assert "Norhasanah" in before
    assert member.nik not in before
    leave(queue)
    left = held(queue)
    for name in ("meta", "village", "drafts", "queue"):
        assert left.pop(name) == [[], []]
    assert (left.pop("local"), left.pop("session")) == ({}, {})
    for words in ("Norhasanah", "Rahmah", "Pandulangan", "As Syifa", operator.username, "csrfmiddlewaretoken"):
        assert words not in str(left)
