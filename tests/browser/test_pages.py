"""Every page of every role in a browser: sound, readable, reachable, Indonesian; and one payment by other ways."""

from datetime import date
from uuid import uuid4

import pytest
from django.contrib import admin
from django.urls import reverse

from loans import services
from loans.models import Receipt
from loans.receipt_codes import code_of
from reports.books.catalogue import BOOKS
from tests import build
from tests.access_table import AREAS, LISTS, ROLES, TABLE, Rows, rows_of
from tests.browser.conftest import act
from tests.browser.survey import DESK, FACTS, PHONE, english_in, faults, look_at, survey
from up2k_portal.lib.access import Access, Role

pytestmark = pytest.mark.system

NO_PAGE = {  # files, JSON and parts of pages
    "book-bundle",
    "book-sizes",
    "import-file",
    "import-template",
    "export-download",
    "export-file",
    "form-layout",
    "member-paste-template",
    "file",
    "file-small",
    "narrative-file",
    "offline-data",
    "offline-me",
    "loan-agreement-sheet",
    "receipt-sheet",
    "sent-file",
}
FORMS = (
    "member-add", "member-edit", "member-leave", "poklak-add", "income-add", "enterprise-add",
    "product-add", "permit-add", "result-add", "month-entry", "meeting-add", "inventory-add", "letter-add",
    "loan-propose", "loan-disburse", "loan-withdraw", "payment-add", "receipt-reverse", "password",
)  # fmt: skip
TYPED = "main form :is(input:not([type=hidden]), textarea)"
SIMULATED = (
    "/simulasi/?method=flat&principal=1.000.000&rate=1,5&instalments=10&every=month&start=31-01-2026&grace=2"
    "&step=500&rounding=up&round_what=total&difference=last"
)


@pytest.fixture
def rows(db):
    """One row of each kind in Pandulangan, with the longest names and sums that may come."""
    group = build.group(build.village(), name="UP2K Purun Lestari Sejahtera Bersama Ibu-Ibu Rawa")
    build.assessment(group, "MADYA", date(2025, 3, 1))
    member = build.member(group, name="Hj. Siti Rabiatul Adawiyah binti H. Muhammad Syahransyah")
    loan = build.loan(member, 4_900_000)  # late since February
    wrong = build.payment(loan, 1_234_567, date(2026, 2, 28))
    facts = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 3, 1), "uuid": uuid4(), "by": loan.disbursed_by}
    services.reverse_payment(receipt=wrong, **facts)
    paid = build.payment(loan, 1_100_000, date(2026, 9, 30))
    found = rows_of(group, member, loan=loan, proposal=build.proposal(member, 123_456_789), receipt=paid)
    found.receipt = build.payment(loan, 1_000, date(2026, 9, 30))  # after the cash count: hers to take back
    return found


@pytest.fixture
def person(rows):
    def _person(role):
        return build.user(role, AREAS[role], name="Siti Rahmah, staf TP PKK Kabupaten Hulu Sungai Utara")

    return _person


def portal_pages(role: Role, rows: Rows) -> list[str]:
    """The pages that the role may open, then what some of them look like on the way."""
    column = ROLES.index(role)
    may = {name for name, (_, statuses) in TABLE.items() if statuses.split()[column] == "200"}
    reversal = Receipt.objects.exclude(reverses=None).get()
    states = [SIMULATED, "/tidak-ada/", "/kelompok/?q=zzz"]
    if "receipt" in may:
        states += [f"{reverse(name)}?q=zzz" for name in LISTS]
        states += [
            "/pinjaman/?is_late=yes&sort=-late",
            reversal.get_absolute_url(),
            reversal.reverses.get_absolute_url(),
        ]
    if role is Role.OPERATOR:  # the books are the same for whoever may read them
        states += [reverse("book", args=[rows.group.pk, code]) for code in BOOKS]
    return [rows.url(name) for name in sorted(may - NO_PAGE)] + states


def admin_pages(role: Role) -> list[str]:
    """The index, and of each model the list, the empty form, one row and its history, as far as the role may."""
    access = Access(role, frozenset({AREAS[role]}))
    return ["/admin/", *(url for model in admin.site._registry for url in pages_of(model, access))]


def pages_of(model, access: Access) -> list[str]:
    if not access.may(model.seen_with):
        return []
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    edit_action = admin.site.get_model_admin(model).edit_action
    adding = [f"{base}add/"] if edit_action and access.may(edit_action) else []
    row = model.objects.visible_to(access).first()
    return [base, *adding, *([f"{base}{row.pk}/change/", f"{base}{row.pk}/history/"] if row else [])]


def wrong_pages(page, urls: list[str], widths: tuple[int, ...]) -> dict[str, dict]:
    return {url: found for url in urls if (found := faults(survey(page, url, widths)))}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_portal_is_sound(role, rows, person, open_page, settings):
    settings.DEMO = True  # with the banner and the guide
    assert wrong_pages(open_page(360, person(role)), portal_pages(role, rows), PHONE) == {}


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STAFF, Role.ADMIN])
def test_every_page_of_the_admin_is_sound(role, rows, person, open_page):
    assert wrong_pages(open_page(1280, person(role)), admin_pages(role), DESK) == {}


def test_the_login_page_is_sound_before_and_after_a_mistake(open_page, db, settings):
    settings.DEMO = True
    page = open_page(360)
    assert faults(survey(page, "/masuk/", PHONE)) == {}
    act(page, "Masuk")
    page.wait_for_selector("[data-errors]")
    assert faults(look_at(page)) == {}


def test_the_pages_for_who_holds_a_kuitansi_are_sound(rows, open_page):
    urls = ["/cek/", f"/cek/{code_of(rows.receipt.pk)}/", "/cek/?kode=3F7K-9ZQ2"]
    assert wrong_pages(open_page(360), urls, PHONE) == {}


def test_who_may_not_is_told_so_on_a_sound_page(rows, person, open_page):
    page = open_page(360, person(Role.PROVINCE))
    assert faults(survey(page, "/anggota/", PHONE)) == {}
    assert page.inner_text("h1") == "Halaman ini bukan untuk peran ini"


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_says_above_and_at_each_field_what_to_fill(name, rows, person, open_page):
    page = open_page(360, person(Role.OPERATOR))
    page.goto(rows.url(name))
    page.evaluate(f"for (const field of document.querySelectorAll('{TYPED}')) field.value = ''")
    page.click(".submit button")
    page.wait_for_selector("[data-errors]")
    above = page.locator("[data-errors] li a").all_inner_texts()
    assert page.locator(".err span span").all_inner_texts() == above
    assert above != []
    assert page.title().startswith("Galat: ")
    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    assert faults(look_at(page)) == {}


def test_the_search_for_a_group_in_the_admin_speaks_indonesian(rows, person, open_page):
    page = open_page(1280, person(Role.STAFF))
    console = []
    page.on("console", lambda one: console.append(one.text))
    page.goto("/admin/villages/poklak/add/")
    page.click(".field-group .select2-selection")
    page.keyboard.type("zzz")
    page.wait_for_selector(".select2-results__message")
    assert english_in(page.evaluate(FACTS)["text"]) == set()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Purun")
    page.click(".select2-results__option--highlighted")
    assert page.inner_text(".field-group .select2-selection__rendered").endswith(
        "UP2K Purun Lestari Sejahtera Bersama Ibu-Ibu Rawa — Desa Pandulangan — Kec. Sungai Pandan"
    )
    assert console == []


@pytest.fixture
def debtor(pandulangan, operator):
    """Norhasanah, who owes the ten instalments of 115.000 since February."""
    member = build.member(build.group(pandulangan, name="UP2K As Syifa"), name="Norhasanah")
    build.loan(member, by=operator)
    return member


def test_a_payment_needs_no_mouse(debtor, operator, open_page):
    page = open_page(1280, operator)
    page.goto("/")
    for name in ("Catat angsuran", "Norhasanah"):
        press_enter_on(page, name)
    tab_to(page, "amount")
    page.keyboard.type("115000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press_enter_on(page, "Simpan angsuran")
    assert page.inner_text("h1") == "Angsuran tersimpan"
    assert [receipt.amount for receipt in Receipt.objects.all()] == [115_000]


def tab_to(page, wanted: str) -> None:
    """Moves the focus with the Tab key until it is on what is called or named so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        on = page.evaluate("[document.activeElement.innerText.trim(), document.activeElement.name]")
        if wanted in on:
            return
    pytest.fail(f"The Tab key never came to {wanted!r}.")


def press_enter_on(page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_payment_needs_no_javascript(debtor, operator, open_page):
    page = open_page(360, operator, java_script_enabled=False)
    page.goto("/")
    for name in ("Catat angsuran", "Norhasanah"):
        act(page, name)
    page.get_by_label("Jumlah dibayar").fill("Rp115.000,00")
    for name in ("Lanjut: periksa", "Simpan angsuran"):
        act(page, name)
    assert page.inner_text("h1") == "Angsuran tersimpan"
    assert [receipt.amount for receipt in Receipt.objects.all()] == [115_000]


def test_the_survey_finds_what_is_wrong(browser):
    """Else a rule that never speaks would look like a sound portal."""
    page = browser.new_page(viewport={"width": 360, "height": 760})
    page.set_content(
        """<html lang="en"><head><title>x</title><style>
        p { width: 500px } button { height: 20px; outline: 0; box-shadow: none; appearance: none }
        footer { position: fixed; inset: auto 0 0; height: 700px; background: #fff }</style></head>
        <body><h1>a</h1><h1>b</h1><p>Save</p><button>Simpan</button><footer></footer></body></html>"""
    )
    found = faults(look_at(page, PHONE))
    page.close()
    assert found == {
        "language": "en",
        "title": "x",
        "h1": 2,
        "wide": ["at 320: page: 508 px", "at 360: page: 508 px"],
        "small target": ["Simpan: 20 px"],
        "no focus ring": ["Simpan"],
        "focus covered": ["Simpan"],
        "English": ["save"],
    }
