"""static/up2k.js in a browser: it helps while one types, and never changes what the server will read."""

from pathlib import Path

import pytest

from up2k_portal.lib.money import parse_rupiah, terbilang

pytestmark = pytest.mark.system

SCRIPT = Path(__file__).resolve().parents[2] / "static/up2k.js"
FIELDS = """
<body data-today="2026-03-01">
<form method="post"><span class="u-in"><input id="jumlah" data-rupiah></span><p id="jumlah_words"></p>
<span class="u-in"><input id="hari" data-day></span>
<div data-days="hari" hidden><button type="button" data-back="0">Hari ini</button>
<button type="button" data-back="1">Kemarin</button></div>
<input id="sandi" type="password"><button type="button" data-show="sandi" hidden><span>Lihat</span></button>
<button id="simpan">Simpan</button></form>
<div data-errors tabindex="-1">Ada 1 yang perlu diperbaiki</div>
"""


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_content(FIELDS)
    page.add_script_tag(path=SCRIPT)
    yield page
    page.close()


def typed(page, text: str) -> tuple[str, str]:
    """The field and the words below it after `text` is typed key by key."""
    page.locator("#jumlah").press_sequentially(text)
    return page.input_value("#jumlah"), page.inner_text("#jumlah_words")


@pytest.mark.parametrize("amount", [0, 11, 15, 100, 1_011, 184_500, 2_001_011, 999_999_999_999])
def test_digits_get_dots_and_the_servers_own_words(page, amount):
    assert typed(page, str(amount)) == (f"{amount:,}".replace(",", "."), terbilang(amount))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("50.000", "50.000"),
        ("Rp75.000", "Rp75.000"),
        ("50.000,00", "50.000,00"),
        ("50000,-", "50.000,-"),
    ],
)
def test_what_the_server_understands_keeps_its_amount(page, text, shown):
    assert typed(page, text) == (shown, terbilang(parse_rupiah(text)))
    assert parse_rupiah(shown) == parse_rupiah(text)


@pytest.mark.parametrize("text", ["1250.50", "50.00", "50,000", "lima puluh", "-5000"])
def test_what_the_server_refuses_is_not_made_into_an_amount(page, text):
    shown, words = typed(page, text)
    assert words == ""
    with pytest.raises(ValueError):
        parse_rupiah(shown)


def test_a_pasted_amount_with_cents_stays_as_it_was(page):
    page.evaluate(
        """() => {
            const input = document.querySelector("#jumlah");
            input.value = "1250.50";
            input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
        }"""
    )
    assert page.input_value("#jumlah") == "1250.50"


def test_backspace_passes_the_dots(page):
    typed(page, "1234567")
    for _ in range(3):
        page.press("#jumlah", "ArrowLeft")
    page.press("#jumlah", "Backspace")
    page.press("#jumlah", "Backspace")
    assert page.input_value("#jumlah") == "123.567"


def test_yesterday_is_the_day_before_the_servers_today(page):
    page.click("text=Kemarin")
    assert page.input_value("#hari") == "28-02-2026"
    page.click("text=Hari ini")
    assert page.input_value("#hari") == "01-03-2026"


def test_the_password_can_be_looked_at_and_hidden_again(page):
    page.click("text=Lihat")
    assert page.get_attribute("#sandi", "type") == "text"
    page.click("text=Tutup")
    assert page.get_attribute("#sandi", "type") == "password"


def test_the_error_summary_takes_the_focus(page):
    assert page.evaluate("document.activeElement.hasAttribute('data-errors')")


def test_a_form_is_sent_once_and_wakes_when_the_page_comes_back(page):
    page.route("http://portal.test/", lambda route: route.fulfill(status=204))
    page.evaluate("document.forms[0].action = 'http://portal.test/'")
    with page.expect_request("http://portal.test/"):
        page.click("#simpan")
    page.wait_for_selector("#simpan:disabled")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert page.is_enabled("#simpan")
