"""What the tests of the Lembar Setoran share: a group whose members all owe the same, and hands that count."""

from datetime import date
from time import monotonic

from tests import build

ON = date(2026, 9, 30)
LENT_ON = date(2026, 8, 31)
NAMES = """Aminah Barsiah Ernawati Fatimah Hamidah Herlina Jumiati Maimunah Masniah Mastura Mulyana Norhasanah Norlaila
Rahmawati Rusmini Salasiah Salmiah Saniah Saudah Sitirahmah""".split()


def sheet_group(village, operator, count: int, **terms):
    """A group of `count` members, each with a loan of 1.000.000 whose first instalment of 115.000 is due on the day."""
    group = build.group(village, name="UP2K As Syifa")
    build.saving_terms(group, "mandatory", 10_000, since=date(2026, 9, 1))
    build.saving_terms(group, "contribution", 2_000, since=date(2026, 9, 1))
    product = build.product(group, name="Pinjaman bulanan", **terms)
    for number in range(count):
        name = NAMES[number % len(NAMES)] + (" Binti Ahmad" if number >= len(NAMES) else "")
        borrower = build.member(group, name=name)
        build.loan(borrower, 1_000_000, LENT_ON, product=product, by=operator)
    return group


class Hand:
    """Counts the taps and the keys of a person."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def tap(self, name: str, within=None) -> None:
        place = within or self.page
        link, button = (place.get_by_role(role, name=name) for role in ("link", "button"))
        link.or_(button).locator("visible=true").first.click()
        self.count += 1

    def tap_on(self, selector: str) -> None:
        self.page.click(selector)
        self.count += 1

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.keys(*text)


def row(page, name: str):
    """The row of a member."""
    return page.locator(".s-row", has=page.locator(f"th b:text-is('{name}')"))


def text_of(page, name: str) -> str:
    return " ".join(row(page, name).inner_text().split())


def wait_saved(page, count: int) -> None:
    """Until exactly so many rows say that they are saved."""
    come_to(page, "document.querySelectorAll('.s-row[data-state=saved]').length", count)


def come_to(page, expression: str, wanted, seconds: float = 40) -> None:
    """Asks again until the page says so; the portal's CSP forbids the browser's own waiting for an expression."""
    end = monotonic() + seconds
    while (found := page.evaluate(expression)) != wanted:
        assert monotonic() < end, f"{expression} is {found!r}, not {wanted!r}"
        page.wait_for_timeout(50)


def paste(page, text: str) -> None:
    """Pastes as Excel gives a block: cells by tabs, rows by line ends."""
    page.evaluate(
        """(text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        const facts = { clipboardData: data, bubbles: true, cancelable: true };
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", facts));
        }""",
        text,
    )


def wait_until(page, name: str, state: str) -> None:
    page.wait_for_selector(f".s-row[data-state={state}] th b:text-is('{name}')")
