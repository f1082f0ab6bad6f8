"""Without signal: the shell, one payment with its temporary receipt, pages that need a signal; all of them sound."""

import time

import pytest
from django.http import HttpResponse

from loans.field import views, worker_views
from loans.models import Receipt
from tests import build
from tests.browser import phone
from tests.browser.axe import barriers
from tests.browser.conftest import act
from tests.browser.phone import deposit, held, open_queue, payment, put, ready, sent, until
from tests.browser.survey import PHONE, faults, look_at, survey

pytestmark = pytest.mark.system

STRUK_MM = 54  # what a roll of 58 mm prints on
PRINTED = """[...document.querySelectorAll('main *, header, nav')]
    .filter((el) => el.checkVisibility() && el.innerText.trim()).map((el) => el.className)"""


@pytest.fixture
def debt(member, operator):
    return build.loan(member, 1_000_000, by=operator, purpose="beli benang bordir")


@pytest.fixture
def taken(open_page, operator, debt):
    """A phone that was once in the portal with signal, and then went where there is none."""

    def _taken(width: int = 360):
        page = open_page(width, operator)
        page.clock.set_fixed_time("2026-09-30T10:41:00")
        page.goto("/")
        until(page, "!!navigator.serviceWorker.controller")
        until(page, "up2k.village.load().then((data) => data?.lines.length === 1)")
        page.context.set_offline(True)
        return page

    return _taken


def headed(page, words: str) -> None:
    page.wait_for_selector(f"h1:text-is('{words}')")


def test_a_page_that_needs_a_signal_says_so_and_what_works_without(taken):
    page = taken()
    page.goto("/anggota/")
    headed(page, "Halaman ini perlu sinyal")
    assert "Yang bisa tanpa sinyal: Lembar setoran, Catat satu setoran, Antrean." in page.inner_text("main")
    for name, heading in (("Catat satu setoran", "Siapa yang menyetor?"), ("Antrean", "Antrean sinyal")):
        page.goto("/anggota/")
        headed(page, "Halaman ini perlu sinyal")
        page.locator("main").get_by_role("link", name=name, exact=True).click()
        headed(page, heading)


def test_one_payment_without_signal_from_the_name_to_the_receipt_of_the_phone(taken, debt):
    page = taken()
    page.goto("/luring/#setoran")
    page.get_by_label("Cari nama atau nomor pinjaman").fill("hasan")
    assert page.inner_text("#id_q_count") == "1 nama"
    act(page, "Norhasanah")
    headed(page, "Berapa yang dibayar Norhasanah?")
    box = page.get_by_label("Jumlah dibayar")
    assert box.input_value() == "920.000"  # eight instalments of 115.000 until 30 September
    box.fill("")
    box.press_sequentially("1150000")
    assert box.input_value() == "1.150.000"
    assert page.inner_text("#id_amount_words") == "satu juta seratus lima puluh ribu rupiah"
    box.fill("115000")
    page.get_by_label("Tanggal bayar").fill("1/10/26")
    act(page, "Lanjut: periksa")
    page.wait_for_selector("[data-errors]:focus")
    words = "Tanggal tidak boleh sesudah hari ini, 30 September 2026."
    assert (page.inner_text("[data-errors] li"), page.inner_text(".err")) == (words, words)
    act(page, "Kemarin")
    act(page, "Lanjut: periksa")
    headed(page, "Periksa setoran")
    assert page.inner_text(".u-stat .val") == "Rp115.000"
    act(page, "Simpan di HP ini")
    headed(page, "Tanda terima sementara")
    (row,) = page.evaluate("up2k.queue.all()")
    struk = page.inner_text(".struk")
    code = f"{row['uuid'][:4]}-{row['uuid'][4:8]}".upper()
    for told in (f"Kode {code}", "29-09-2026", "Norhasanah", "Rp115.000", "2026-001", "UP2K As Syifa"):
        assert told in struk
    assert "(seratus lima belas ribu rupiah)" in " ".join(struk.split())
    assert "Nomor kuitansi resmi diberikan portal" in " ".join(struk.split())
    assert Receipt.objects.count() == 0
    page.context.set_offline(False)
    page.wait_for_selector("text=Sudah tercatat di portal.")
    receipt = Receipt.objects.get()
    assert (receipt.amount, str(receipt.received_on), str(receipt.uuid)) == (115_000, "2026-09-29", row["uuid"])
    link = page.get_by_role("link", name=f"Kuitansi {receipt.number}")
    assert link.get_attribute("href") == receipt.get_absolute_url()


def test_the_receipt_of_the_phone_fits_a_roll_of_58_mm(taken, debt):
    page = taken()
    page.goto("/luring/")
    ready(page)
    (uuid,) = put(page, payment(debt, 1_234_567), person="Hj. Siti Rabiatul Adawiyah binti H. Muhammad Syahransyah")
    page.goto(f"/luring/#tanda-terima/{uuid}")
    headed(page, "Tanda terima sementara")
    assert max(len(line) for line in page.inner_text(".struk").split("\n")) <= 32
    page.emulate_media(media="print")
    shown = page.evaluate(PRINTED)
    assert shown == ["stack", "u-card", "struk"]
    widths = page.evaluate("[document.querySelector('.struk')].flatMap((el) => [el.scrollWidth, el.offsetWidth])")
    assert max(widths) <= STRUK_MM / 25.4 * 96 + 1


def test_the_sheet_begins_without_signal_with_the_group_of_the_phone(taken, member):
    page = taken()
    page.goto("/lembar/")
    headed(page, "Lembar Setoran")
    act(page, "Buka lembar")
    page.wait_for_url(f"/kelompok/{member.group_id}/lembar/2026-09-30/")


def test_the_shell_and_the_caches_hold_nothing_of_persons_even_before_logout(taken, operator, member):
    page = taken()
    page.context.set_offline(False)
    cached = {name: text for name, text in held(page).items() if name.startswith("up2k-shell-")}
    assert len(cached) >= 6
    for words in (
        member.name,
        operator.name,
        operator.username,
        "Pandulangan",
        "As Syifa",
        "csrfmiddlewaretoken",
        "data-user",
    ):
        assert [name for name, text in cached.items() if words in text and not name.endswith(".js")] == []
    assert 'data-user="' not in str(cached)


def test_a_strangers_phone_is_told_to_sign_in_once_with_signal(open_page, db):
    page = open_page(360)
    page.goto("/luring/")
    page.wait_for_selector("text=Di HP ini belum ada yang masuk.")


def test_a_portal_that_is_down_does_not_stand_before_the_queue(taken, monkeypatch):
    page = taken()
    page.context.set_offline(False)
    monkeypatch.setattr(views.Queue, "dispatch", lambda *args, **kwargs: HttpResponse(status=503))
    page.goto("/antrean/")
    page.wait_for_selector("text=Tidak ada setoran yang menunggu di HP ini.")
    assert page.evaluate("'shell' in document.body.dataset")


def test_a_page_of_the_phone_does_not_wait_for_a_weak_signal(taken, monkeypatch):
    monkeypatch.setattr(worker_views, "SLOW_MS", 300)
    worker_views.worker.cache_clear()
    page = taken()
    worker_views.worker.cache_clear()
    page.context.set_offline(False)
    monkeypatch.setattr(views.Queue, "dispatch", lambda *args, **kwargs: time.sleep(3) or HttpResponse("late"))
    begun = time.monotonic()
    page.goto("/antrean/")
    page.wait_for_selector("text=Tidak ada setoran yang menunggu di HP ini.")
    assert time.monotonic() - begun < 2.5


def test_the_pages_of_the_phone_are_sound_at_every_width(open_page, operator, member, debt):
    page = open_queue(open_page(360, operator))
    page.context.route(phone.ME, lambda route: route.abort())
    put(
        page,
        deposit(member, 1_234_567),
        payment(debt, 2 * 10**12),
        person="Hj. Siti Rabiatul Adawiyah binti H. Syahransyah",
    )
    page.context.unroute(phone.ME)
    sent(page)
    page.wait_for_selector("[data-state=refused]")
    page.evaluate("up2k.village.refresh(true)")
    (_, refused) = page.evaluate("up2k.queue.all()")
    assert faults(look_at(page, PHONE)) == {}
    assert barriers(page) == []
    urls = ["/luring/", "/luring/#setoran", f"/luring/#setoran/m{member.pk}-l{debt.pk}/{member.group_id}"]
    urls += [f"/luring/#ubah/{refused['uuid']}", f"/luring/#tanda-terima/{refused['uuid']}", "/luring/#tidak-ada"]
    found = {}
    for url in urls:
        page.goto("about:blank")
        survey(page, url, PHONE)
        page.wait_for_timeout(150)
        found[url] = faults(look_at(page, PHONE)) | ({"axe": told} if (told := barriers(page)) else {})
    assert {url: wrong for url, wrong in found.items() if wrong} == {}
