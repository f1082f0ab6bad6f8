"""Every page of the survey by axe-core at the three widths: nothing serious or critical keeps anybody out.

A page that several roles may open is looked at with the first of them: its markup is the same.
"""

import pytest

from tests.access_table import ROLES
from tests.browser import test_pages
from tests.browser.axe import barriers
from tests.browser.survey import DESK, PHONE
from tests.browser.test_pages import admin_pages, portal_pages
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.system

rows, person = test_pages.rows, test_pages.person


def new_pages(role: Role, rows) -> list[str]:
    """The pages of the role that none before it may open."""
    seen = {url for earlier in ROLES[: ROLES.index(role)] for url in portal_pages(earlier, rows)}
    return [url for url in portal_pages(role, rows) if url not in seen]


def is_page(page, url: str) -> bool:
    """Opens a page; an address that gives a file, JSON or a part of a page is none."""
    from playwright.sync_api import Error  # not there where only ./up2k test runs

    try:
        page.goto(url)
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return False
    return page.evaluate("document.doctype !== null")


def found_on(page, urls: list[str], widths: tuple[int, ...]) -> dict[str, list[str]]:
    """The barriers by page and width."""
    found = {}
    for url in urls:
        if not is_page(page, url):
            continue
        for width in widths:
            page.set_viewport_size({"width": width, "height": 760})
            if told := barriers(page):
                found[f"{url} at {width}"] = told
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_portal_keeps_anybody_out(role, rows, person, open_page, settings):
    settings.DEMO = True
    assert found_on(open_page(360, person(role)), new_pages(role, rows), PHONE) == {}


def test_no_page_of_the_admin_keeps_anybody_out(rows, person, open_page):
    assert found_on(open_page(1280, person(Role.ADMIN)), admin_pages(Role.ADMIN), DESK) == {}


def test_the_pages_without_a_login_keep_nobody_out(rows, open_page):
    assert found_on(open_page(360), ["/masuk/", "/cek/", "/luring/"], PHONE) == {}


def test_axe_finds_a_barrier(browser):
    """Else a checker that never speaks would look like an open door."""
    page = browser.new_page()
    page.set_content('<html lang="id"><title>x</title><main><h1>a</h1><img src="x.png"><input></main>')
    assert [one.split(":")[0] for one in barriers(page)] == ["image-alt", "label"]
    page.close()
