"""What must not be lost or doubled: a lost answer, a change meanwhile, stale data, a phone that keeps nothing."""

import pytest

from loans.models import Receipt
from tests import build
from tests.browser import phone
from tests.browser.conftest import act
from tests.browser.phone import deposit, open_queue, payment, put, ready, send_now, sent, states, until
from tests.browser.sheet_page import ON, come_to, row, sheet_group, text_of, wait_saved, wait_until
from villages.models import Member

pytestmark = pytest.mark.system

DUE = 127_000  # as in test_sheet.py
NO_STORE = "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('denied', 'SecurityError'); }})"
FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException('The quota is exceeded.', 'QuotaExceededError'); };
}"""


@pytest.fixture
def two(pandulangan, operator):
    """Aminah and Barsiah, who owe 127.000 each."""
    return sheet_group(pandulangan, operator, count=2)


@pytest.fixture
def open_sheet(open_page, operator):
    def _open(group, width=360, **options):
        page = open_page(width, operator, **options)
        page.goto(f"/kelompok/{group.pk}/lembar/{ON}/")
        page.wait_for_selector(".s-row")
        ready(page)
        return page

    return _open


def amounts() -> list[int]:
    return list(Receipt.objects.order_by("pk").values_list("amount", flat=True))


def press(page, name: str, words: str) -> None:
    row(page, name).get_by_role("button", name=words).first.click()


def without_signal(page, path: str) -> None:
    until(page, "!!navigator.serviceWorker.controller")
    page.evaluate("up2k.village.refresh(true)")
    page.context.set_offline(True)
    page.goto(path)


def test_what_may_have_arrived_is_not_taken_back_and_so_not_recorded_twice(two, open_sheet):
    page = open_sheet(two)
    line = phone.Line(page, lambda request: "answer lost" if phone.is_sending(request) else "pass")
    press(page, "Aminah", "Sesuai")
    until(page, "up2k.queue.all().then(([one]) => one?.tries === 1 && one.state === 'waiting')")
    page.locator(".s-toast").get_by_role("button", name="Urungkan").click()
    page.wait_for_selector("text=1 setoran sudah dikirim, tidak dapat diurungkan.")
    assert row(page, "Aminah").get_attribute("data-state") == "waiting"
    line.fate = lambda request: "pass"
    page.evaluate("up2k.queue.sendNow()")
    wait_saved(page, 1)
    assert amounts() == [DUE]


def test_a_row_that_is_being_recorded_with_all_others_is_not_recorded_again_by_a_tap(two, open_sheet):
    page = open_sheet(two)
    page.context.set_offline(True)
    press = "document.querySelectorAll('[data-act=pay]').forEach((one) => one.click())"
    page.get_by_role("button", name="Bayar sesuai tagihan (2)").click()
    page.evaluate(f"document.querySelector('[data-act=yes]').click(); {press}; setTimeout(() => {press}, 5)")
    come_to(page, "document.querySelectorAll('.s-row[data-state=waiting]').length", 2)
    page.wait_for_timeout(300)
    assert page.evaluate("up2k.queue.count()") == 2
    assert page.inner_text(".s-bar .val") == "Rp254.000"


def test_who_removes_what_may_have_arrived_is_told_so(open_page, operator, member):
    page = open_queue(open_page(360, operator))
    phone.Line(page, lambda request: "answer lost" if phone.is_sending(request) else "pass")
    put(page, deposit(member))
    send_now(page)
    until(page, "up2k.queue.all().then(([one]) => one.tries === 1 && one.state === 'waiting')")
    act(page, "Hapus")
    assert "mungkin sudah tercatat di portal" in page.inner_text("[data-asked]")


def test_a_change_that_comes_after_the_sending_is_told_and_not_dropped(two, open_sheet):
    page = open_sheet(two, 1280)
    page.context.set_offline(True)
    press(page, "Aminah", "Sesuai")
    wait_until(page, "Aminah", "waiting")
    press(page, "Aminah", "Lain")
    press(page, "Aminah", "Ubah")
    row(page, "Aminah").locator("[data-cell=paid]").fill("50.000")
    page.context.set_offline(False)
    page.evaluate("up2k.queue.sendNow()")
    wait_saved(page, 1)
    told = "Isi lamanya, Rp127.000, sudah terkirim sebelum ubahan ini disimpan. Rp50.000 belum dicatat"
    assert told in text_of(page, "Aminah")
    assert amounts() == [DUE]


def test_dues_without_signal_are_told_with_their_age_and_less_what_was_paid_once(two, open_sheet):
    """50.000 of 127.000 are recorded before the village is fetched, 7.000 after it: 70.000 are left."""
    page = open_sheet(two)
    press(page, "Aminah", "Lain")
    page.keyboard.type("50000")
    press(page, "Aminah", "Simpan")
    wait_saved(page, 1)
    without_signal(page, f"/kelompok/{two.pk}/lembar/{ON}/")
    page.wait_for_selector(".s-row")
    assert page.inner_text(".asof").startswith("Tanpa sinyal: tagihan menurut data di HP ini, ")
    come_to(page, "document.querySelectorAll('.s-row[data-state=saved]').length", 1)
    assert "Kurang 77.000" in text_of(page, "Aminah")
    press(page, "Aminah", "Lain")
    press(page, "Aminah", "Tambah lagi")
    page.keyboard.type("7000")
    press(page, "Aminah", "Simpan")
    come_to(page, "document.querySelector('.s-bar .val').innerText", "Rp57.000")
    assert "Kurang 70.000" in text_of(page, "Aminah")


def test_one_payment_without_signal_proposes_only_what_this_phone_has_not_recorded(open_page, operator, member):
    """Eight instalments of 115.000 are due on 30 September, 900.000 of them are kept in the phone."""
    debt = build.loan(member, 1_000_000, by=operator)
    page = open_page(360, operator)
    page.clock.set_fixed_time("2026-09-30T10:41:00")
    open_queue(page)
    until(page, "up2k.village.load().then(Boolean)")
    without_signal(page, "/luring/")
    ready(page)
    put(page, payment(debt, 900_000))
    page.goto(f"/luring/#setoran/m{member.pk}-l{debt.pk}/{member.group_id}")
    page.wait_for_selector("text=1 setoran Norhasanah sudah dicatat di HP ini, Rp900.000.")
    assert page.get_by_label("Jumlah dibayar").input_value() == "20.000"


def test_an_old_draft_of_a_payment_is_not_the_proposal_of_another_day(open_page, operator, member):
    debt = build.loan(member, 1_000_000, by=operator)
    page = open_queue(open_page(360, operator))
    until(page, "up2k.village.load().then(Boolean)")
    where = f"m{member.pk}-l{debt.pk}"
    put_draft = "([line, day]) => up2k.drafts.put('payment', line, {values: {amount: 1111}, on: day, day})"
    page.evaluate(put_draft, [f"{member.group_id} {where}", "2026-08-30"])
    page.goto(f"/luring/#setoran/{where}/{member.group_id}")
    page.wait_for_selector("#id_amount")
    assert page.get_by_label("Jumlah dibayar").input_value() != "1.111"
    today = page.evaluate("document.body.dataset.today")
    page.evaluate(put_draft, [f"{member.group_id} {where}", today])
    page.reload()
    page.wait_for_selector("text=Isian tadi dipulihkan.")
    assert page.get_by_label("Jumlah dibayar").input_value() == "1.111"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Makassar", "America/New_York"])
def test_the_day_without_signal_is_the_day_of_the_portal_wherever_the_phone_believes_to_be(zone, open_page, operator):
    page = open_page(360, operator, timezone_id=zone)
    page.clock.set_fixed_time("2026-09-30T16:30:00Z")  # half past midnight in Central Indonesia
    page.goto("/luring/")
    ready(page)
    assert page.evaluate("document.body.dataset.today") == "2026-10-01"
    assert page.evaluate("up2k.momentWords(Date.now())") == "1 Oktober 2026, 00.30"


def test_a_form_that_finds_no_signal_stays_as_it_was_typed(open_page, operator, group):
    page = open_page(360, operator)
    page.goto("/")
    until(page, "!!navigator.serviceWorker.controller")
    page.goto(f"/kelompok/{group.pk}/anggota/baru/")
    page.get_by_label("Nama", exact=False).first.fill("Masniah")
    page.context.set_offline(True)
    page.click(".submit button")
    page.wait_for_selector("[data-queue]:focus")
    assert phone.banner(page).startswith("Belum terkirim: tidak ada sinyal. Isian tetap di halaman ini.")
    assert page.get_by_label("Nama", exact=False).first.input_value() == "Masniah"
    assert page.locator(".submit button").first.is_enabled()
    page.context.set_offline(False)
    page.click(".submit button")
    page.wait_for_selector("h1")
    until(page, "!document.querySelector('[data-queue]:focus')")
    assert Member.objects.filter(name="Masniah").exists() or page.locator("[data-errors]").count() == 1


def test_a_phone_that_keeps_nothing_says_so_and_lets_her_go(two, open_page, operator):
    page = open_page(360, operator)
    page.context.add_init_script(NO_STORE)
    page.goto(f"/kelompok/{two.pk}/lembar/{ON}/")
    page.wait_for_selector("text=HP ini tidak dapat menyimpan lembar.")
    press(page, "Aminah", "Sesuai")
    wait_until(page, "Aminah", "wrong")
    assert "HP ini tidak dapat menyimpannya" in text_of(page, "Aminah")
    assert page.locator(".s-notes a").get_attribute("href") == "/angsuran/catat/"
    page.goto("/")
    page.locator("summary").get_by_text("Lainnya").click()
    page.locator(".u-nav .menu").get_by_role("button", name="Keluar").click()
    page.wait_for_url("/masuk/")


def test_a_full_phone_says_so_in_indonesian_and_keeps_what_is_typed(two, open_sheet):
    page = open_sheet(two)
    page.evaluate(FULL)
    press(page, "Aminah", "Sesuai")
    wait_until(page, "Aminah", "wrong")
    assert "mungkin karena penuh. Catat dulu di kertas." in text_of(page, "Aminah")
    page.wait_for_selector("text=Draf belum tersimpan: ruang HP penuh?")


def test_a_group_without_members_says_what_comes_first(open_page, operator, group):
    page = open_page(360, operator)
    page.goto(f"/kelompok/{group.pk}/lembar/{ON}/")
    act(page, "Tambah anggota")
    page.wait_for_url(f"/kelompok/{group.pk}/anggota/baru/")


def test_a_saved_row_is_not_changed_under_its_key(open_page, operator, member):
    page = open_queue(open_page(360, operator))
    item = deposit(member)
    put(page, item)
    sent(page)
    assert states(page) == ["saved"]
    change = "([uuid, item]) => up2k.queue.replace(uuid, item).catch(({message}) => message)"
    told = page.evaluate(change, [item["uuid"], deposit(member, 25_000)])
    assert told == "Setoran ini sudah terkirim. Salah? Pakai Koreksi pada buktinya."
    assert amounts() == [10_000]
