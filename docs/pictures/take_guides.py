"""Takes the pictures of the guides under Bantuan (static/panduan) from a running demo (development only).

    .venv/bin/python docs/pictures/take_guides.py http://127.0.0.1:8000

Nothing is recorded in the portal. Needs Debian's `chromium`; see `take.py` for the rest.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent.parent / "static/panduan"
BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
BROWSER = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
WIDTH, HEIGHT = 360, 320
PHONE = {"viewport": {"width": WIDTH, "height": 720}, "locale": "id-ID", "bypass_csp": True}
MOST_BYTES = 20 * 1024
# What a picture need not show: where it was taken, and what stays at the bottom of the screen.
LEFT_OUT = ".demo:not(.waits), .u-nav, .u-help { display: none !important }"
OPERATOR = "63.08.03.2014"
BORROWER = "Hamidah"


def sign_in_form(page: Page) -> None:
    page.goto(f"{BASE}/masuk/")
    page.get_by_label("Nama pengguna").fill(OPERATOR)


def come_in(page: Page) -> None:
    page.goto(f"{BASE}/masuk/")
    page.locator(f'form:has(input[value="{OPERATOR}"]) button.role').click()
    page.wait_for_load_state()


def open_sheet(page: Page) -> None:
    page.goto(f"{BASE}/lembar/")
    page.get_by_role("button", name="Buka lembar").click()
    page.get_by_role("button", name="Lain").first.wait_for()


def lose_signal(page: Page) -> None:
    """A row filled without signal, and what the top of the page says then."""
    open_sheet(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Sesuai tagihan Rp").first.click()
    page.locator("[data-queue]").get_by_text("menunggu").wait_for()
    page.evaluate("scrollTo(0, 0)")


def find_signal(page: Page) -> None:
    page.context.set_offline(False)


def of_group(path: str) -> Callable[[Page], None]:
    """A page of the operator's own group."""

    def show(page: Page) -> None:
        page.goto(f"{BASE}/kelompok/")
        page.locator("#listing tbody a").first.click()
        page.goto(f"{page.url}{path}")

    return show


def of_member(link: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.goto(f"{BASE}/anggota/?q={BORROWER}")
        page.locator("#listing tbody a").first.click()
        page.get_by_role("link", name=link).first.click()

    return show


def pay(page: Page) -> None:
    page.goto(f"{BASE}/angsuran/catat/?q={BORROWER}")
    page.locator("#listing tbody a").first.click()


def correct(page: Page) -> None:
    page.goto(f"{BASE}/angsuran/")
    page.locator("#listing tbody a").first.click()
    page.get_by_role("link", name="Koreksi bukti ini").click()


def next_report(page: Page) -> None:
    page.goto(BASE)
    page.get_by_role("link", name="Periksa & ajukan").click()


def at(path: str) -> Callable[[Page], None]:
    return lambda page: page.goto(f"{BASE}{path}")


# Guide → how its page is reached, in the order in which they are taken.
SHOWN: dict[str, Callable[[Page], object]] = {
    "lembar-setoran": open_sheet,
    "satu-setoran": pay,
    "pinjaman-baru": of_member("Ajukan pinjaman"),
    "simpanan": of_member("Setor simpanan"),
    "hitung-kas": of_group("hitung-kas/"),
    "koreksi": correct,
    "periksa-ajukan": next_report,
    "cetak-unduh": of_group("cetak/"),
    "impor-excel": at("/impor/baru/"),
    "serah-terima": of_group("serah-terima/"),
    "tanpa-sinyal": lose_signal,
}

# Where a picture starts, if not with the heading.
STARTS = {
    "lembar-setoran": "main :is(li, tr):has(button:has-text('Sesuai tagihan Rp'))",
    "tanpa-sinyal": "[data-queue]",
}


def take(page: Page, name: str, start: str = "main h1") -> None:
    """The screen from its heading on, as light as it must be."""
    page.add_style_tag(content=LEFT_OUT)
    page.wait_for_timeout(300)
    top = page.locator(start).first.bounding_box()["y"] + page.evaluate("scrollY") - 8
    with Image.open(BytesIO(page.screenshot(full_page=True))) as screen:
        part = screen.convert("RGB").crop((0, max(0, round(top)), WIDTH, max(0, round(top)) + HEIGHT))
    for quality in range(70, 10, -10):
        content = BytesIO()
        part.save(content, "WEBP", quality=quality, method=6)
        if len(content.getvalue()) <= MOST_BYTES:
            break
    (FOLDER / f"{name}.webp").write_bytes(content.getvalue())


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**BROWSER)
        page = browser.new_context(**PHONE).new_page()
        sign_in_form(page)
        take(page, "masuk")
        come_in(page)
        for name, show in SHOWN.items():
            show(page)
            take(page, name, STARTS.get(name, "main h1"))
        find_signal(page)
        browser.close()


if __name__ == "__main__":
    main()
