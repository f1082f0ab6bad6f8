"""A bad line and an app that changes under a queue: nothing lost, nothing doubled, the order kept."""

import random
import time

import pytest

from loans.field import worker_views
from loans.models import Envelope, Receipt
from tests import build
from tests.browser import phone
from tests.browser.phone import deposit, open_queue, payment, put, ready, sent, states, until

pytestmark = pytest.mark.system

KILLS, ROWS_A_LIFE = 20, 10
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
# The store of the first app, with rows of format 1: savings side by side, a single payment called "payment".
OLD_STORE = """rows => new Promise((done, fail) => {
  const asked = indexedDB.open("up2k", 1);
  asked.onupgradeneeded = () => {
    for (const name of ["meta", "drafts"]) asked.result.createObjectStore(name);
    asked.result.createObjectStore("village", {keyPath: "user"});
    asked.result.createObjectStore("queue", {keyPath: "uuid"});
  };
  asked.onsuccess = () => {
    const work = asked.result.transaction("queue", "readwrite");
    for (const row of rows) work.objectStore("queue").put(row);
    work.oncomplete = () => { asked.result.close(); done(); };
  };
  asked.onerror = fail;
})"""
WORKER = "navigator.serviceWorker.getRegistration().then((one) => [one.active, one.waiting].map(Boolean))"


@pytest.fixture
def loan(member, operator):
    return build.loan(member, 1_000_000, by=operator)


def slowly(page):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return page


def test_200_rows_at_30_percent_loss_and_20_kills_come_once_and_in_order(open_page, operator, member):
    """O2. Half of what is lost is lost on the way there, half on the way back: then the portal has it already."""
    dice, begun = random.Random(63), time.monotonic()
    page = open_page(360, operator)
    line = phone.Line(page, lambda request: dice.choices(("pass", "lost", "answer lost"), (70, 15, 15))[0])
    items = [deposit(member, 1_000 + number) for number in range(KILLS * ROWS_A_LIFE)]
    for life in range(KILLS):
        open_queue(slowly(page))
        page.evaluate("void up2k.queue.sendNow()")
        for item in items[life * ROWS_A_LIFE : (life + 1) * ROWS_A_LIFE]:
            page.evaluate(phone.PUT, [item, "Norhasanah"])
        page.wait_for_timeout(dice.randrange(100, 1_200))  # the app dies in the midst of whatever it does
        killed, page = page, page.context.new_page()
        killed.close()
    open_queue(slowly(page))
    while sent(page)["left"]:
        assert len(line.seen) < 500
    assert [receipt.amount for receipt in Receipt.objects.order_by("pk")] == [1_000 + number for number in range(200)]
    assert [str(one.uuid) for one in Envelope.objects.order_by("pk")] == [item["uuid"] for item in items]
    assert set(states(page)) == {"saved"}
    assert min(line.seen.count("lost"), line.reached) > 5
    fates = {name: line.seen.count(name) for name in ("pass", "lost", "answer lost")}
    print(f"{fates}, {round(time.monotonic() - begun)} s")  # read with pytest -s


def flat(item: dict) -> dict:
    """The same item in format 1."""
    savings = item.pop("savings", {})
    return item | savings | {"format": 1, "kind": "payment" if item["kind"] == "total" else item["kind"]}


def test_a_queue_of_the_first_app_is_converted_and_sent_in_its_order(open_page, operator, member, loan):
    """O5, the phone's side: another version of the store, and rows of format 1."""
    told = [flat(deposit(member)) | {"contribution": 5_000}, flat(payment(loan, 115_000)), flat(deposit(member, 3))]
    rows = [
        {"uuid": item["uuid"], "user": operator.pk, "user_name": "Rahmah", "item": item, "person": "Norhasanah"}
        | {"state": "sending" if number else "waiting", "tries": 1, "made_at": number}
        for number, item in enumerate(told)
    ]
    page = open_page(360, operator)
    page.goto("/manifest.webmanifest")
    page.evaluate(OLD_STORE, rows)
    open_queue(page)
    until(page, "up2k.queue.count().then((count) => count === 0)")

    assert states(page) == ["saved"] * 3
    assert [receipt.amount for receipt in Receipt.objects.order_by("pk")] == [15_000, 115_000, 3]
    assert [str(one.uuid) for one in Envelope.objects.order_by("pk")] == [item["uuid"] for item in told]


@pytest.fixture
def next_build(monkeypatch):
    """Puts another build of the app on the server, as a deployment would."""

    def deploy(page):
        monkeypatch.setattr(worker_views, "build_name", lambda: "another one")
        worker_views.worker.cache_clear()
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.evaluate("navigator.serviceWorker.getRegistration().then((one) => void one.update())")

    yield deploy
    worker_views.worker.cache_clear()


def caches_of(page) -> list[str]:
    return page.evaluate("caches.keys()")


def test_a_new_app_waits_for_a_running_sending_and_keeps_the_queue(open_page, operator, member, next_build):
    """O5, the service worker's side."""
    page = open_queue(open_page(360, operator))
    until(page, "!!navigator.serviceWorker.controller")
    (old,) = caches_of(page)
    held = []
    page.context.route(phone.SEND, lambda route: route.continue_() if held else held.append(route))
    put(page, deposit(member), deposit(member))
    while not held:
        page.wait_for_timeout(20)
    next_build(page)
    until(page, f"{WORKER}.then(([, waits]) => waits)")
    page.wait_for_timeout(300)
    assert page.evaluate(WORKER) == [True, True]  # it waits
    held[0].continue_()
    until(page, "caches.keys().then((names) => names.length === 1 && names[0])")
    until(page, f"{WORKER}.then(([, waits]) => !waits)")
    until(page, "up2k.queue.count().then((count) => count === 0)")
    assert Receipt.objects.count() == 2
    assert caches_of(page) != [old]


def test_a_page_of_the_old_app_gives_the_store_to_the_new_one_and_says_so(open_page, operator):
    page = open_queue(open_page(360, operator))
    page.goto("/anggota/")
    until(page, "window.up2k?.started && up2k.started.then(() => true)")
    other = page.context.new_page()
    other.goto("/manifest.webmanifest")
    other.evaluate("new Promise((done) => { indexedDB.open('up2k', 99).onsuccess = done; }).then(() => 0)")
    page.evaluate("up2k.queue.sendNow()")
    page.wait_for_selector("[data-queue]:not([hidden])")
    assert phone.banner(page) == "Portal sudah diperbarui. Antrean tetap aman. Muat ulang"


def test_a_row_over_which_the_portal_stumbles_does_not_hold_up_the_others(open_page, operator, member):
    page = open_queue(open_page(360, operator))
    items = [deposit(member, 1_000 + number) for number in range(6)]
    page.context.route(phone.SEND, lambda route: stumble(route, items[2]["uuid"]))
    put(page, *items)
    assert sent(page)["left"] == 1
    assert states(page) == ["saved", "saved", "waiting", "saved", "saved", "saved"]
    assert [receipt.amount for receipt in Receipt.objects.order_by("pk")] == [1_000, 1_001, 1_003, 1_004, 1_005]
    page.wait_for_selector("text=Portal belum dapat menerima setoran ini. Dicoba lagi sendiri.")
    page.context.unroute(phone.SEND)
    until(page, "up2k.queue.count().then((count) => count === 0)")  # by itself, a few seconds later


def stumble(route, uuid: str) -> None:
    if uuid in route.request.post_data:
        route.fulfill(status=500, body="Server Error")
    else:
        route.continue_()


def test_a_hotspot_that_answers_everything_with_its_own_page_is_no_signal(open_page, operator, member):
    page = open_queue(open_page(360, operator))
    for pattern in (phone.ME, phone.SEND):
        page.context.route(pattern, lambda route: route.fulfill(content_type="text/html", body="<h1>Beli paket</h1>"))
    put(page, deposit(member))
    assert sent(page) == {"sent": 0, "left": 1, "why": "offline"}
    page.context.unroute(phone.ME)
    assert sent(page) == {"sent": 0, "left": 1, "why": "offline"}
    assert states(page) == ["waiting"]


def test_the_phone_is_asked_to_keep_what_waits(open_page, operator):
    page = open_page(360, operator)
    page.context.add_init_script("navigator.storage.persist = async () => { window.asked = true; return true; }")
    page.goto("/")
    until(page, "window.asked")


def test_who_only_checks_a_receipt_gets_no_worker(open_page, db):
    page = open_page(360)
    page.goto("/cek/")
    ready(page)
    page.wait_for_timeout(1_200)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
