"""Amounts as people type and paste them into the sheet: read as the server reads them, never a power of ten off."""

import pytest

from tests.browser.sheet_page import ON, sheet_group
from up2k_portal.lib.money import parse_rupiah

pytestmark = pytest.mark.system

CLEAR = {
    "50000": 50_000, "50.000": 50_000, "Rp50.000": 50_000, "Rp 50.000,-": 50_000, "rp. 50.000": 50_000,
    "1.500.000,00": 1_500_000, " 50.000 ": 50_000, "\u00a01.500.000\u00a0": 1_500_000, "0": 0,
}  # fmt: skip
UNCLEAR = (
    "1,500,000", "50.5", "50,5", "1250.50", "5.0000", "50 000", "-5", "lima puluh", "50rb", "1.50.000", "12.500,25",
    "1.500.000.00", "Rp", ".", "9999999999999999",
)  # fmt: skip
READ = """(texts) => texts.map((text) => {
  try { return up2k.sheet.parse(text); } catch (error) { return error.message; }
})"""


def told(text: str):
    try:
        return parse_rupiah(text)
    except ValueError as error:
        return str(error)


@pytest.fixture
def page(open_page, pandulangan, operator):
    group = sheet_group(pandulangan, operator, count=1)
    page = open_page(360, operator)
    page.goto(f"/kelompok/{group.pk}/lembar/{ON}/")
    page.wait_for_selector(".s-row")
    return page


def test_what_is_clear_is_the_same_amount_here_and_there(page):
    assert page.evaluate(READ, list(CLEAR)) == list(CLEAR.values()) == [told(text) for text in CLEAR]


def test_what_is_unclear_is_refused_in_the_words_of_the_server(page):
    found = page.evaluate(READ, list(UNCLEAR[:-1]))
    assert found == [told(text) for text in UNCLEAR[:-1]]
    assert all(isinstance(one, str) for one in page.evaluate(READ, [UNCLEAR[-1]]))


def test_a_block_from_excel_keeps_its_rows_and_columns(page):
    block = "Rp 50.000\t-\r\n\t 5.000 \n Rp -\t0\n"
    assert page.evaluate("up2k.sheet.blockOf", block) == [["Rp 50.000", ""], ["", "5.000"], ["", "0"]]
    assert page.evaluate("(text) => up2k.sheet.hasNames(up2k.sheet.blockOf(text))", "Aminah\t1\nNoor\t2") is True
    assert page.evaluate("(text) => up2k.sheet.hasNames(up2k.sheet.blockOf(text))", "Rp 1.000\t1\nNoor\t2") is False
