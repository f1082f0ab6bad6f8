"""Takes the pictures of README and docs/panduan from a running demo (development only).

    ./up2k setup browser
    .venv/bin/python docs/pictures/take.py http://127.0.0.1:8000

The demo must be fresh, because the pictures record a payment, a proposal and another schedule; its
worker must run (`./up2k run` starts it), because the workbook is made in the background.
Needs Debian's `chromium`, `libreoffice-calc` and `poppler-utils`.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
BROWSER = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
PHONE = {"viewport": {"width": 360, "height": 720}, "device_scale_factor": 2, "locale": "id-ID"}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "id-ID"}
OPERATOR, DISTRICT, STAFF, PROVINCE = "63.08.03.2014", "63.08.03", "63.08", "63"
WORKER = 120_000  # milliseconds until the workbook of the kabupaten is there
COLOURS = 64  # of a picture: enough for the portal's look, and a third as heavy


def take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png")


def come_in(page: Page, username: str) -> None:
    page.goto(f"{BASE}/masuk/")
    page.locator(f'form:has(input[value="{username}"]) button.role').click()
    page.wait_for_load_state()


def open_first(page: Page, path: str) -> None:
    """The first row of a list."""
    page.goto(f"{BASE}{path}")
    page.locator("#listing tbody a").first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def record_payment(page: Page) -> None:
    """The operator's main job, screen by screen."""
    come_in(page, OPERATOR)
    press(page, "Lewati")  # the first steps
    take(page, "beranda-desa-360")
    page.goto(f"{BASE}/angsuran/catat/")
    take(page, "angsuran-pilih-360")
    page.get_by_role("link", name="Norhasanah", exact=True).click()
    take(page, "angsuran-jumlah-360")
    press(page, "Lanjut: periksa")
    take(page, "angsuran-periksa-360")
    press(page, "Simpan angsuran")
    take(page, "angsuran-bukti-360")


def propose_loan(page: Page) -> None:
    open_first(page, "/pinjaman/baru/?q=Barsiah")
    page.get_by_label("Jumlah pinjaman").fill("1.500.000")
    page.get_by_label("Untuk keperluan usaha").fill("tambah isi warung")
    take(page, "pinjaman-ajukan-360")
    press(page, "Ajukan pinjaman")
    take(page, "pinjaman-kartu-360")


def reschedule(page: Page) -> None:
    """Two instalments more for somebody in arrears, and what her card says of it."""
    come_in(page, DISTRICT)
    page.goto(f"{BASE}/pinjaman/?q=Hamidah")
    page.get_by_role("link", name="Hamidah", exact=True).first.click()
    page.get_by_role("link", name="Jadwal ulang", exact=True).click()
    page.get_by_text("Tambah angsuran:").click()
    page.get_by_label("Berapa angsuran").fill("2")
    page.get_by_label("Alasan").fill("rumah terendam banjir, disepakati di pertemuan")
    press(page, "Lanjut: periksa")
    press(page, "Simpan jadwal baru")
    page.get_by_role("heading", name="Jadwal ulang").scroll_into_view_if_needed()
    take(page, "pinjaman-jadwal-ulang-360")


def show_books(page: Page) -> None:
    """The page of all books, and the cash book of the month before as it comes out of the printer."""
    come_in(page, OPERATOR)
    open_first(page, "/kelompok/")
    page.get_by_role("link", name="Cetak & unduh").click()
    take(page, "cetak-unduh-1280")
    page.get_by_role("link", name="Buku Kas", exact=True).click()
    months = page.locator("select[name=periode]")
    months.select_option(index=1)
    press(page, "Tampilkan")
    with TemporaryDirectory() as folder:
        pdf = Path(folder) / "buku-kas.pdf"
        page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
        draw_paper(pdf, "1", "buku-kas-1280")


def show_sheet(page: Page) -> None:
    """The sheet of a meeting, half filled, with the money counted beside it."""
    come_in(page, OPERATOR)
    page.goto(f"{BASE}/lembar/")
    press(page, "Buka lembar")
    page.locator("[data-sheet] input").first.wait_for()
    page.wait_for_timeout(1000)
    take(page, "lembar-1280")


def show_surplus(page: Page) -> None:
    """Last year's surplus, as the members' meeting shared it."""
    open_first(page, "/kelompok/")
    page.get_by_role("link", name="Buka SHU").click()
    page.get_by_role("link", name="SHU tahun").first.click()
    take(page, "shu-1280")


def report_village(page: Page) -> None:
    """The draft of the village's report: what the checks found, and the figures."""
    come_in(page, OPERATOR)
    page.goto(f"{BASE}/laporan/")
    take(page, "laporan-desa-360")


def review_reports(page: Page) -> None:
    """Where the villages stand, and a report that waits for the kabupaten."""
    come_in(page, STAFF)
    page.goto(f"{BASE}/laporan/")
    take(page, "papan-laporan-1280")
    page.goto(f"{BASE}/laporan/antrean/")
    page.locator("li:has(.u-st.warn) a, li:has(input) a").first.click()
    take(page, "laporan-periksa-1280")


def print_receipt(page: Page) -> None:
    come_in(page, OPERATOR)
    open_first(page, "/angsuran/")
    page.get_by_role("link", name="Cetak kuitansi").click()
    take(page, "kuitansi-1280")


def decide(page: Page) -> None:
    """A proposal above the operator's limit, before the kecamatan."""
    come_in(page, DISTRICT)
    open_first(page, "/pinjaman/?standing=proposed&q=Itik+Alabio")
    take(page, "pinjaman-putuskan-1280")


def survey(page: Page) -> None:
    """What the kabupaten and the province see."""
    come_in(page, STAFF)
    take(page, "beranda-kabupaten-1280")
    page.goto(f"{BASE}/admin/")
    take(page, "admin-1280")
    open_first(page, "/kelompok/?q=As+Syifa")
    take(page, "kelompok-1280")
    come_in(page, PROVINCE)
    page.goto(f"{BASE}/ekspor/")
    take(page, "buku-kerja-1280")


def print_workbook(page: Page) -> None:
    """The sheet R-3 as it comes out of the printer."""
    come_in(page, STAFF)
    page.goto(f"{BASE}/ekspor/")
    press(page, "Unduh")
    made = page.get_by_role("link", name="Unduh", exact=True).first
    made.wait_for(timeout=WORKER)
    with TemporaryDirectory() as folder:
        book = Path(folder) / "up2k.xlsx"
        with page.expect_download() as waited:
            made.click()
        waited.value.save_as(book)
        office = ["soffice", f"-env:UserInstallation=file://{folder}/lo", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", folder, book], check=True, stdout=subprocess.DEVNULL)
        pdf = book.with_suffix(".pdf")
        pages = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
        wanted = str(next(n for n, text in enumerate(pages, 1) if "PERKEMBANGAN SIMPAN PINJAM" in text))
        draw_paper(pdf, wanted, "lembar-r3-1280")


def draw_paper(pdf: Path, wanted: str, name: str) -> None:
    """A page of a PDF, by its number."""
    draw = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", "1280", "-scale-to-y", "-1"]
    subprocess.run([*draw, "-f", wanted, pdf, HERE / name], check=True)


def make_light() -> None:
    for path in sorted(HERE.glob("*.png")):
        with Image.open(path) as picture:
            light = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        light.save(path, optimize=True)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**BROWSER)
        phone, desk = browser.new_context(**PHONE).new_page(), browser.new_context(**DESK).new_page()
        record_payment(phone)
        propose_loan(phone)
        report_village(phone)
        for show in (print_receipt, decide, survey, review_reports, print_workbook):
            show(desk)
        reschedule(phone)
        for show in (show_sheet, show_books, show_surplus):
            show(desk)
        browser.close()
    make_light()


if __name__ == "__main__":
    main()
