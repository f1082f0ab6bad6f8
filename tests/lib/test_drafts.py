"""static/drafts.js in a browser: what was typed comes back, what was sent is not sent twice."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.system

STATIC = Path(__file__).resolve().parents[2] / "static"
FORM, DONE = "http://portal.test/isi/", "http://portal.test/bukti/7/"
LOST_SESSION = "http://portal.test/masuk/?next=/isi/"
# The phone's store as drafts.js asks it; the real one has its own tests.
STORE = """
window.up2k = { drafts: {
  async put(sheet, line, value) { localStorage.setItem(sheet, JSON.stringify(value)); },
  async clear(sheet) { localStorage.removeItem(sheet); },
  async all(sheet) { const kept = localStorage.getItem(sheet); return kept ? { form: JSON.parse(kept) } : {}; },
} };
"""
HEAD = '<!doctype html><html><body data-today="2026-09-30"><script src="/store.js"></script>'
TAIL = '<script src="/up2k.js"></script><script src="/drafts.js"></script></body></html>'
CHECK = (
    f'{HEAD}<h1>Sudah benar?</h1><form method="post"><input type="hidden" name="uuid" value="kunci-1">'
    f'<button name="save" value="1">Simpan</button><button name="edit" value="1">Ubah</button></form>{TAIL}'
)


LOGIN = f"{HEAD}<h1>Masuk</h1>{TAIL}"


def form(uuid: str, amount: str = "", error: str = "", is_typed: bool = False) -> str:
    typed = " data-typed" if is_typed else ""
    return f"""{HEAD}{error}<form class="u-form" method="post"{typed}><input type="hidden" name="uuid" value="{uuid}">
    <input name="amount" value="{amount}" data-rupiah id="id_amount">
    <input name="nik"><input name="family_card_number"><input type="checkbox" name="agreed" value="on">
    <button>Simpan</button></form>{TAIL}"""


class Portal:
    """Answers as the portal would; each form has a new key.

    `answer` is what a POST gets: done, refused, lost, "check" (a second step, from which Ubah leads back) or login.
    """

    def __init__(self):
        self.posted, self.opened, self.answer, self.amount = [], 0, "done", ""

    def __call__(self, route):
        name = route.request.url.rsplit("/", 1)[-1]
        if name in ("up2k.js", "drafts.js"):
            return route.fulfill(path=STATIC / name)
        if name == "store.js":
            return route.fulfill(body=STORE, content_type="text/javascript")
        if route.request.url == LOST_SESSION:
            return page_of(route, LOGIN)
        if route.request.url == DONE:
            return page_of(route, f'{HEAD}<h1>Tersimpan</h1><a href="/isi/">Isi</a>{TAIL}')
        if route.request.method == "POST":
            return self.post(route)
        self.opened += 1
        return page_of(route, form(f"kunci-{self.opened}", self.amount))

    def post(self, route):
        self.posted.append(dict(part.split("=") for part in route.request.post_data.split("&")))
        if self.answer == "lost":
            return route.abort("connectionreset")
        if self.answer == "refused":
            return page_of(route, form("kunci-1", "12", '<div data-errors tabindex="-1">Galat</div>', is_typed=True))
        if "edit" in self.posted[-1]:
            return page_of(route, form("kunci-1", "50.000", is_typed=True))
        if self.answer == "check" and "save" not in self.posted[-1]:
            return page_of(route, CHECK)
        if self.answer == "login":
            return route.fulfill(status=302, headers={"Location": LOST_SESSION})
        return route.fulfill(status=302, headers={"Location": DONE})


def page_of(route, body: str):
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
    return route.fulfill(body=body, content_type="text/html", headers=headers)


@pytest.fixture
def portal():
    return Portal()


@pytest.fixture
def page(browser, portal):
    context = browser.new_context()
    context.route("http://portal.test/**", portal)
    page = context.new_page()
    page.goto(FORM)
    yield page
    context.close()


def fill(page, amount: str = "50.000"):
    page.fill("[name=amount]", amount)
    page.wait_for_function("localStorage.length > 0")


def note(page) -> str:
    page.wait_for_selector(".draft")
    return page.inner_text(".draft")


def test_what_was_typed_comes_back_after_a_reload(page):
    fill(page)
    page.check("[name=agreed]")
    page.reload()
    assert note(page).startswith("Draf pukul ")
    assert (page.input_value("[name=amount]"), page.is_checked("[name=agreed]")) == ("50.000", True)


def test_the_number_of_a_person_is_never_kept(page):
    page.fill("[name=nik]", "6308035203850001")
    page.fill("[name=family_card_number]", "6308030101120002")
    fill(page)
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert [number in kept for number in ("6308035203850001", "6308030101120002")] == [False, False]


def test_a_draft_that_is_thrown_away_can_be_had_back(page):
    fill(page)
    page.reload()
    page.click("text=Buang draf")
    assert (page.input_value("[name=amount]"), note(page)) == ("", "Draf dibuang. Urungkan")
    page.click("text=Urungkan")
    assert page.input_value("[name=amount]") == "50.000"


def test_a_value_that_changed_on_the_server_is_not_overwritten(page, portal):
    fill(page)
    portal.amount = "75.000"
    page.reload()
    page.wait_for_function("localStorage.length === 0")
    assert page.input_value("[name=amount]") == "75.000"


def test_after_saving_back_says_so_and_offers_no_draft(page, portal):
    fill(page)
    page.click("text=Simpan")
    page.wait_for_url(DONE)
    page.go_back()
    assert note(page).startswith("Isian ini sudah tersimpan pukul ")
    assert page.input_value("[name=amount]") == ""
    page.click("text=Lihat hasilnya")
    page.wait_for_url(DONE)
    assert len(portal.posted) == 1


def test_a_new_form_after_saving_is_empty_and_says_nothing(page):
    fill(page)
    page.click("text=Simpan")
    page.wait_for_url(DONE)
    page.click("text=Isi")
    page.wait_for_function("localStorage.length === 0")
    assert (page.input_value("[name=amount]"), page.query_selector(".draft")) == ("", None)


def test_what_may_not_have_arrived_is_sent_again_under_the_same_key(page, portal):
    fill(page)
    portal.answer = "lost"
    page.click("text=Simpan", no_wait_after=True)
    page.wait_for_timeout(500)  # until the browser shows that nobody answered
    page.goto(FORM)
    assert note(page).startswith("Isian pukul ")
    assert "tidak akan tercatat dua kali" in note(page)
    portal.answer = "done"
    page.click("text=Simpan")
    page.wait_for_url(DONE)
    assert [one["uuid"] for one in portal.posted] == ["kunci-1", "kunci-1"]


def test_what_was_refused_stays_a_draft_and_not_a_sending(page, portal):
    fill(page, "12")
    portal.answer = "refused"
    page.click("text=Simpan")
    page.wait_for_selector("[data-errors]")
    portal.answer = "done"
    page.fill("[name=amount]", "12.000")
    page.wait_for_function("JSON.stringify(localStorage).includes('12.000')")
    assert "sent" not in page.evaluate("JSON.stringify(localStorage)")


def test_what_was_refused_comes_back_though_she_leaves_before_mending_it(page, portal):
    fill(page, "12")
    portal.answer = "refused"
    page.click("text=Simpan")
    page.wait_for_selector("[data-errors]")
    page.goto(FORM)
    assert note(page).startswith("Draf pukul ")
    assert page.input_value("[name=amount]") == "12"


def test_after_the_second_step_is_saved_nothing_is_offered_again(page, portal):
    fill(page)
    portal.answer = "check"
    page.click("text=Simpan")
    page.wait_for_selector("text=Sudah benar?")
    page.click("text=Simpan")
    page.wait_for_url(DONE)
    page.wait_for_function("localStorage.length === 0")
    page.goto(FORM)
    assert (page.input_value("[name=amount]"), page.query_selector(".draft")) == ("", None)


def test_what_is_changed_after_the_second_step_stays_a_draft(page, portal):
    fill(page)
    portal.answer = "check"
    page.click("text=Simpan")
    page.click("text=Ubah")
    page.wait_for_selector("form[data-typed]")
    page.fill("[name=amount]", "60.000")
    page.wait_for_function("JSON.stringify(localStorage).includes('60.000')")
    page.goto(FORM)
    assert note(page).startswith("Draf pukul ")
    assert page.input_value("[name=amount]") == "60.000"


def test_a_session_that_ended_did_not_save_what_was_typed(page, portal):
    fill(page)
    portal.answer = "login"
    page.click("text=Simpan")
    page.wait_for_url(LOST_SESSION)
    page.goto(FORM)
    assert note(page).startswith("Isian pukul ")
    assert page.input_value("[name=amount]") == "50.000"


def test_the_draft_of_one_month_is_not_offered_in_another(page):
    page.goto(f"{FORM}?bulan=2026-08")
    fill(page)
    page.goto(f"{FORM}?bulan=2026-09")
    assert (page.input_value("[name=amount]"), page.query_selector(".draft")) == ("", None)
    page.goto(f"{FORM}?bulan=2026-08")
    assert note(page).startswith("Draf pukul ")


def test_what_the_server_refuses_comes_back_as_it_was_typed(page):
    page.locator("[name=amount]").press_sequentially("1250.50")
    page.wait_for_function("JSON.stringify(localStorage).includes('1.250.50')")
    page.reload()
    assert note(page).startswith("Draf pukul ")
    assert page.input_value("[name=amount]") == "1.250.50"  # not 125.050


def test_a_reload_of_what_a_form_answered_sends_nothing_again(page, portal):
    fill(page, "12")
    portal.answer = "refused"
    page.click("text=Simpan")
    page.wait_for_selector("[data-errors]")
    page.reload()
    assert note(page).startswith("Draf pukul ")
    assert len(portal.posted) == 1
