"""Chromium, and people who sign in with it, on the portal that the live server shows."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

HERE = Path(__file__).resolve().parent
SHOTS = HERE / "shots"  # looked at by people; not kept
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
HEIGHT = {320: 640, 360: 760, 1280: 860}
PASSWORD = "purun-wadai-telur-63"


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools, pytest.MonkeyPatch.context() as patch:
        # Playwright's own loop runs in this thread, and Django would refuse the database beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = tools.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """Opens a window of a width, as a stranger or as a user who is already signed in."""
    contexts = []

    def _open(width: int, user=None, **options):
        size = {"width": width, "height": HEIGHT[width]}
        # Without smooth scrolling a page stands still as soon as it is asked.
        context = browser.new_context(
            base_url=live_server.url, viewport=size, locale="id-ID", reduced_motion="reduce", **options
        )
        contexts.append(context)
        if user:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield _open
    for context in contexts:
        context.close()


def session_of(user) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def with_password():
    """Gives a user the password of all who sign in by hand."""

    def _with_password(user):
        user.set_password(PASSWORD)
        user.save()
        return user

    return _with_password


def act(page, name: str) -> None:
    """Presses the link or button that is called so, as a person who reads the page would."""
    link, button = (page.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
    link.or_(button).locator("visible=true").first.click()
