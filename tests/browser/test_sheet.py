"""The Lembar Setoran in a browser: forty members in few taps, exceptions in few keys, and nothing sent by itself."""

from uuid import uuid4

import pytest

from loans.models import CashCount, MonthLock, Receipt, SheetAbsence, SheetDevice, Voucher
from loans.models.months import DENOMINATIONS
from loans.saving_services import record_deposit
from tests.browser.axe import barriers
from tests.browser.sheet_page import (
    LENT_ON,
    ON,
    Hand,
    come_to,
    paste,
    row,
    sheet_group,
    text_of,
    wait_saved,
    wait_until,
)
from tests.browser.survey import PHONE, faults, survey

pytestmark = pytest.mark.system

# Each borrowed 1.000.000 on 31 August at 1,5 % flat in ten instalments: pokok 100.000, jasa 15.000; wajib 10.000 and
# iuran 2.000 of September. So each owes 127.000 on 30 September.
DUE = 127_000


@pytest.fixture
def forty(pandulangan, operator):
    return sheet_group(pandulangan, operator, count=40)


@pytest.fixture
def four(pandulangan, operator):
    """Aminah, Barsiah, Ernawati, Fatimah."""
    return sheet_group(pandulangan, operator, count=4)


@pytest.fixture
def open_sheet(open_page, operator):
    def _open(group, width=360):
        page = open_page(width, operator)
        page.goto(f"/kelompok/{group.pk}/lembar/{ON}/")
        page.wait_for_selector(".s-row")
        return page

    return _open


def paid() -> dict[str, int]:
    """Rupiah of the receipts by name."""
    return {receipt.member.name: receipt.amount for receipt in Receipt.objects.select_related("member")}


def parts_of(name: str) -> dict[str, int]:
    receipt = Receipt.objects.get(member__name=name)
    return {part.kind: part.amount for part in receipt.parts.all()}


def test_forty_members_pay_as_due_in_at_most_ten_taps_from_the_first_page(forty, operator, open_page):
    page = open_page(360, operator)
    page.goto("/")
    hand = Hand(page)
    hand.tap("Lembar setoran")
    hand.tap("Buka lembar")
    hand.tap("Bayar sesuai tagihan (40)")
    assert "40 anggota, Rp5.080.000" in page.inner_text(".s-ask")
    hand.tap("Catat semua")
    wait_saved(page, 40)
    assert hand.count <= 10
    assert (Receipt.objects.count(), set(paid().values())) == (40, {DUE})
    assert page.inner_text(".s-bar .val") == "Rp5.080.000"


def test_eight_exceptions_take_at_most_sixty_keys_and_taps_more(forty, operator, open_sheet):
    """On a phone: two absent, four who bring less, one who saves more, one who takes savings out."""
    saver = forty.members.get(name="Masniah")
    record_deposit(member=saver, parts={"voluntary": 50_000}, received_on=LENT_ON, by=operator, uuid=uuid4())
    page, expected = open_sheet(forty), dict.fromkeys(forty.members.values_list("name", flat=True), DUE)
    hand = Hand(page)
    for name in ("Aminah", "Herlina"):
        hand.tap("Lain", row(page, name))
        hand.tap("Tidak hadir", row(page, name))
        del expected[name]
    for name, brought in {"Barsiah": 50_000, "Jumiati": 75_000, "Mastura": 90_000, "Saudah": 60_000}.items():
        hand.tap("Lain", row(page, name))
        hand.type(str(brought))
        hand.tap("Simpan", row(page, name))
        expected[name] = brought
    hand.tap("Lain", row(page, "Norlaila"))
    hand.tap_on("#" + row(page, "Norlaila").locator("[data-cell=voluntary]").get_attribute("id"))
    hand.type("20000")
    expected["Norlaila"] += 20_000
    hand.tap("Lain", row(page, "Masniah"))
    hand.tap_on("#" + row(page, "Masniah").locator("[data-cell=withdraw]").get_attribute("id"))
    hand.type("30000")
    assert hand.count <= 60
    page.get_by_role("button", name="Bayar sesuai tagihan (34)").click()
    page.get_by_role("button", name="Catat semua").click()
    wait_saved(page, 38)
    assert {receipt.member.name: receipt.amount for receipt in Receipt.objects.filter(received_on=ON)} == expected
    assert [one.member.name for one in SheetAbsence.objects.order_by("member__name")] == ["Aminah", "Herlina"]
    assert Voucher.objects.get(till="field").amount == 30_000
    assert page.inner_text(".s-bar .val") == "Rp4.583.000"  # 34 × 127.000 + 275.000 + 20.000 − 30.000


def test_a_row_that_is_only_proposed_is_not_sent(four, open_sheet):
    page = open_sheet(four, 1280)
    page.focus("[data-cell=paid]")
    for _ in range(4):
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert (Receipt.objects.count(), page.evaluate("up2k.queue.count()")) == (0, 0)
    assert page.inner_text(".s-bar .val") == "Rp0"


def test_the_whole_sheet_needs_no_mouse(four, open_sheet):
    page = open_sheet(four, 1280)
    page.focus("[data-cell=paid]")
    for key in (*"50000", "Enter", " ", "Enter", " ", "Tab", *"20000", "Enter"):
        page.keyboard.press("Space" if key == " " else key)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Sukarela, Fatimah"
    for key in ("ArrowLeft", "F2", "End", "Backspace", *"5", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.innerText") == "Hitung uang"
    wait_saved(page, 4)
    assert paid() == {"Aminah": 50_000, "Barsiah": DUE, "Ernawati": DUE + 20_000, "Fatimah": 127_005}
    # Below the due the loan comes first: jasa before pokok.
    assert parts_of("Aminah") == {"service_fee": 15_000, "principal": 35_000}
    assert parts_of("Ernawati") == {
        "service_fee": 15_000, "principal": 100_000, "mandatory": 10_000, "contribution": 2_000, "voluntary": 20_000,
    }  # fmt: skip
    assert "Kurang 77.000" in text_of(page, "Aminah")


def test_an_edit_that_is_not_sent_is_taken_back(four, open_sheet):
    page = open_sheet(four, 1280)
    page.focus("[data-cell=paid]")
    page.keyboard.type("12")
    page.keyboard.press("Control+z")
    assert page.input_value("[data-cell=paid] >> nth=0") == ""
    paste(page, "1.000\n2.000\n")
    assert page.input_value("[data-cell=paid] >> nth=1") == "2.000"
    page.keyboard.press("Control+z")
    assert [page.input_value(f"[data-cell=paid] >> nth={at}") for at in range(4)] == [""] * 4


def test_a_block_from_excel_fills_the_rows_and_what_is_unclear_is_named(four, open_sheet):
    page = open_sheet(four, 1280)
    page.focus("[data-cell=paid]")
    paste(page, "Rp 127.000,-\t5.000\r\n 127.000,00 \t\r\n1.27.000\t\r\n50000\t10.000\r\n")
    note = page.inner_text(".s-pasted")
    assert "4 baris ditempel." in note
    assert "Ernawati: Jumlah “1.27.000” tidak jelas" in note
    assert page.inner_text(".s-bar .val") == "Rp319.000"
    assert "tidak jelas: letakkan titik tiap tiga angka" in text_of(page, "Ernawati")
    page.get_by_role("button", name="Simpan 3 baris").click()
    wait_saved(page, 3)
    assert paid() == {"Aminah": DUE + 5_000, "Barsiah": DUE, "Fatimah": 60_000}


def test_a_block_with_names_finds_its_rows(four, open_sheet):
    page = open_sheet(four, 1280)
    page.focus("[data-cell=paid]")
    paste(page, "fatimah\t50.000\nAminah\t127.000\nSiapa\t1.000\n")
    assert "Tidak ada barisnya: Siapa." in page.inner_text(".s-pasted")
    page.get_by_role("button", name="Simpan 2 baris").click()
    wait_saved(page, 2)
    assert paid() == {"Aminah": DUE, "Fatimah": 50_000}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12.700.000", "Lebih besar dari sisa pinjaman Rp1.150.000. Mungkin maksudnya 127.000?"),
        ("50,5", "Jumlah “50,5” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000."),
        ("-5", "Jumlah “-5” tidak boleh negatif; tulis misalnya 50.000."),
    ],
)
def test_what_cannot_be_right_is_not_sent_and_says_what_would_be(typed, words, four, open_sheet):
    page = open_sheet(four, 1280)
    page.locator("[data-cell=paid]").first.fill(typed)
    page.keyboard.press("Enter")
    assert words in text_of(page, "Aminah")
    assert "Salah" in text_of(page, "Aminah")
    assert page.evaluate("up2k.queue.count()") == 0


def test_the_offered_amount_mends_the_row(four, open_sheet):
    page = open_sheet(four, 1280)
    page.locator("[data-cell=paid]").first.fill("1.270.000")
    page.get_by_role("button", name="Pakai 127.000").click()
    row(page, "Aminah").get_by_role("button", name="Simpan").click()
    wait_saved(page, 1)
    assert paid() == {"Aminah": DUE}


def test_what_the_portal_refuses_stands_at_the_row_and_above_in_the_same_words(four, open_sheet):
    page = open_sheet(four)
    gone = four.members.get(name="Barsiah")
    type(gone).objects.filter(pk=gone.pk).update(joined_on="2026-10-01")
    row(page, "Barsiah").get_by_role("button", name="Sesuai").click()
    wait_until(page, "Barsiah", "wrong")
    (link,) = page.locator(".s-trouble a").all_inner_texts()
    name, words = link.split(": ", 1)
    assert name == "Barsiah"
    assert words in text_of(page, "Barsiah")
    assert "Salah" in text_of(page, "Barsiah")
    type(gone).objects.filter(pk=gone.pk).update(joined_on="2026-01-02")
    row(page, "Barsiah").get_by_role("button", name="Simpan").click()
    wait_saved(page, 1)
    assert (paid(), page.locator(".s-trouble a").count()) == ({"Barsiah": DUE}, 0)


def test_a_locked_month_is_told_at_the_row_with_its_reason(four, open_sheet):
    page = open_sheet(four)
    facts = {"group": four, "village": four.village, "first": 202609, "last": 202609}
    MonthLock.objects.create(**facts, words="Laporan Triwulan III sudah diajukan")
    row(page, "Aminah").get_by_role("button", name="Sesuai").click()
    wait_until(page, "Aminah", "locked")
    assert "Terkunci" in text_of(page, "Aminah")
    assert "Laporan Triwulan III sudah diajukan" in text_of(page, "Aminah")
    assert "Laporan Triwulan III sudah diajukan" in page.inner_text(".s-trouble")
    assert Receipt.objects.count() == 0


def test_who_is_absent_may_come_after_all(four, open_sheet):
    page = open_sheet(four)
    row(page, "Aminah").get_by_role("button", name="Lain").click()
    row(page, "Aminah").get_by_role("button", name="Tidak hadir").click()
    wait_until(page, "Aminah", "absent")
    assert page.get_by_role("button", name="Bayar sesuai tagihan (3)").count() == 1
    row(page, "Aminah").get_by_role("button", name="Lain").click()
    row(page, "Aminah").get_by_role("button", name="Hadir", exact=True).click()
    wait_until(page, "Aminah", "open")
    assert page.get_by_role("button", name="Bayar sesuai tagihan (4)").count() == 1


def test_what_waits_can_be_taken_back_and_what_is_typed_outlives_the_page(four, open_sheet):
    page = open_sheet(four)
    page.context.set_offline(True)
    row(page, "Aminah").get_by_role("button", name="Sesuai").click()
    wait_until(page, "Aminah", "waiting")
    assert "Menunggu sinyal" in text_of(page, "Aminah")
    page.locator(".s-toast").get_by_role("button", name="Urungkan").click()
    wait_until(page, "Aminah", "typing")
    assert page.evaluate("up2k.queue.count()") == 0
    come_to(page, "up2k.drafts.all(up2k.sheet.open.name).then((all) => Object.keys(all).length)", 1)
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("text=dipulihkan")
    assert "Draf tersimpan" in page.inner_text(".s-notes")
    row(page, "Aminah").get_by_role("button", name="Simpan").click()
    wait_saved(page, 1)
    assert paid() == {"Aminah": DUE}


def test_a_saved_row_shows_its_receipt_and_takes_another_payment(four, open_sheet):
    page = open_sheet(four)
    row(page, "Aminah").get_by_role("button", name="Sesuai").click()
    wait_saved(page, 1)
    receipt = Receipt.objects.get()
    links = row(page, "Aminah").locator(".s-links a").evaluate_all("(all) => all.map((one) => one.pathname)")
    assert links == [f"/angsuran/{receipt.pk}/", f"/angsuran/{receipt.pk}/koreksi/"]
    row(page, "Aminah").get_by_role("button", name="Lain").click()
    row(page, "Aminah").get_by_role("button", name="Tambah lagi").click()
    page.keyboard.type("115000")
    row(page, "Aminah").get_by_role("button", name="Simpan").click()
    come_to(page, "document.querySelector('.s-bar .val').innerText", "Rp242.000")
    wait_saved(page, 1)
    assert sorted(Receipt.objects.values_list("amount", flat=True)) == [115_000, DUE]
    page.reload()
    page.wait_for_selector(".s-row[data-state=saved]")
    assert page.inner_text(".s-bar .val") == "Rp242.000"


@pytest.mark.parametrize(
    ("ahead", "kind", "rest"), [("next", "principal", 108_000), ("voluntary", "voluntary", 23_000)]
)
def test_what_is_more_than_due_goes_where_the_product_says(ahead, kind, rest, pandulangan, operator, open_sheet):
    """150.000 are 23.000 more than due: of the next row its jasa of 15.000 and 8.000 of its pokok, or sukarela."""
    page = open_sheet(sheet_group(pandulangan, operator, count=1, ahead=ahead), 1280)
    page.focus("[data-cell=paid]")
    page.keyboard.type("150000")
    page.keyboard.press("Enter")
    wait_saved(page, 1)
    assert parts_of("Aminah")[kind] == rest
    assert sum(parts_of("Aminah").values()) == 150_000


def test_a_part_may_be_divided_by_hand(four, open_sheet):
    page = open_sheet(four)
    row(page, "Aminah").get_by_role("button", name="Lain").click()
    row(page, "Aminah").get_by_text("Bagi sendiri, catatan").click()
    row(page, "Aminah").get_by_label("Angsuran").fill("15000")
    row(page, "Aminah").get_by_role("button", name="Simpan").click()
    wait_saved(page, 1)
    assert parts_of("Aminah") == {"service_fee": 15_000, "mandatory": 10_000, "contribution": 2_000}


def test_the_cash_is_counted_and_a_difference_needs_its_cause(four, open_sheet):
    page = open_sheet(four)
    row(page, "Aminah").get_by_role("button", name="Sesuai").click()
    wait_saved(page, 1)
    labels = page.locator("[data-piece]").evaluate_all("(all) => all.map((one) => Number(one.dataset.piece))")
    assert labels == list(DENOMINATIONS)
    page.get_by_role("button", name="Hitung uang", exact=True).click()
    page.keyboard.type("1")
    page.get_by_label("Lembar 20.000").fill("1")
    page.get_by_label("Lembar 2.000").fill("1")
    assert page.inner_text(".s-diff") == "Uang kurang Rp5.000 dari lembar: lima ribu rupiah."
    page.get_by_role("button", name="Simpan hitungan").click()
    assert "Tulis sebab selisihnya" in page.inner_text("#sebab_error")
    page.get_by_label("Sebab selisih").fill("kembalian Ibu Aminah")
    page.get_by_role("button", name="Simpan hitungan").click()
    page.wait_for_selector(".s-counted .u-st.ok")
    count = CashCount.objects.get()
    assert (count.counted, count.difference, count.explanation) == (122_000, -5_000, "kembalian Ibu Aminah")


def test_the_sheet_that_is_taken_along_is_drawn_without_the_portal(four, open_sheet):
    page = open_sheet(four)
    page.get_by_role("button", name="Bawa lembar ini").click()
    page.wait_for_selector("text=Lembar ini dibawa di HP ini")
    assert [device.is_along for device in SheetDevice.objects.filter(group=four, on=ON)] == [True]
    page.goto("/luring/")
    page.wait_for_selector("h1:text-is('Tanpa sinyal')")
    page.context.set_offline(True)
    page.evaluate(f"history.pushState(null, '', '/kelompok/{four.pk}/lembar/{ON}/'); up2k.views.show()")
    page.wait_for_selector(".s-row")
    assert page.inner_text("h1") == "Lembar Setoran, 30 September 2026"
    page.get_by_role("button", name="Bayar sesuai tagihan (4)").click()
    page.get_by_role("button", name="Catat semua").click()
    come_to(page, "document.querySelectorAll('.s-row[data-state=waiting]').length", 4)
    assert page.inner_text(".s-bar .val") == "Rp508.000"
    assert Receipt.objects.count() == 0
    page.context.set_offline(False)
    page.evaluate("up2k.queue.sendNow()")
    wait_saved(page, 4)
    assert set(paid().values()) == {DUE}


def test_the_sheet_and_its_start_are_sound(four, operator, open_page):
    page = open_page(360, operator)
    for url in ("/lembar/", f"/kelompok/{four.pk}/lembar/{ON}/"):
        assert faults(survey(page, url, PHONE)) == {}
        for width in PHONE:
            page.set_viewport_size({"width": width, "height": 760})
            assert barriers(page) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_sheet_is_as_wide_as_the_window(width, four, open_sheet):
    page = open_sheet(four, width)
    for name in ("Aminah", "Barsiah"):
        row(page, name).get_by_role("button", name="Lain").click()
    row(page, "Barsiah").locator("[data-cell=paid]").fill("99.999.999.999")
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    page.get_by_role("button", name="Bayar sesuai tagihan (3)").click()
    assert barriers(page) == []
