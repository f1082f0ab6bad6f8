"""Weight of the first pages of a running portal: `python benchmarks/pages.py http://127.0.0.1:8000 USER PASSWORD`.

Counts what a browser fetches for the login and the home page: the page with its stylesheets, scripts and icon, with
an empty cache and again with what the cache may keep. Kilobytes are bodies as sent (gzip), without HTTP headers,
1 KB = 1024 bytes. Ends with 1 when a page is over budget.
"""

import gzip
import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

FIRST_KB, FIRST_REQUESTS, REPEAT_KB = 60, 8, 15
SOURCES = {"link": "href", "script": "src", "img": "src"}
FETCHED_LINKS = {"stylesheet", "icon", "preload", "manifest"}


@dataclass
class Browser:
    """Cookies, and the addresses whose copies need not be asked for again."""

    cached: set[str] = field(default_factory=set)
    opener: object = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def fetch(self, url: str, form: dict | None = None) -> tuple[int, str]:
        """The bytes of the body as sent, and its text."""
        data = urlencode(form).encode() if form else None
        request = Request(url, data, {"Accept-Encoding": "gzip", "Referer": url})
        with self.opener.open(request, timeout=30) as answer:
            sent = answer.read()
            if keeps(answer.headers.get("Cache-Control", "")):
                self.cached.add(url)
            packed = answer.headers.get("Content-Encoding") == "gzip"
        return len(sent), (gzip.decompress(sent) if packed else sent).decode("utf-8", "replace")

    def load(self, url: str) -> tuple[int, int]:
        """Bytes and requests of a page with everything it names that is not in the cache."""
        size, html = self.fetch(url)
        assets = [one for one in Assets(url, html).urls if one not in self.cached]
        sizes = [size, *(self.fetch(one)[0] for one in assets)]
        return sum(sizes), len(sizes)


class Assets(HTMLParser):
    """What a browser fetches besides the page: every address once, of this site alone."""

    def __init__(self, page: str, html: str):
        super().__init__()
        self.page = page
        self.urls: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        is_fetched = tag != "link" or FETCHED_LINKS & set(values.get("rel", "").split())
        if is_fetched and (source := values.get(SOURCES.get(tag))):
            self.add(urljoin(self.page, source))

    def add(self, url: str) -> None:
        if urlsplit(url).netloc == urlsplit(self.page).netloc and url not in self.urls:
            self.urls.append(url)


def keeps(cache_control: str) -> bool:
    age = re.search(r"max-age=(\d+)", cache_control)
    return bool(age and int(age[1]) and "no-cache" not in cache_control and "no-store" not in cache_control)


def sign_in(browser: Browser, url: str, username: str, password: str) -> None:
    _, html = browser.fetch(url)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    facts = {"csrfmiddlewaretoken": token, "username": username, "password": password, "next": "/"}
    _, answer = browser.fetch(url, facts)
    if 'name="password"' in answer:
        sys.exit("The portal refused this user and password.")


def row(name: str, size: int, requests: int, kb: int, most: int | None = None) -> bool:
    """Prints one measurement with its budget and says whether it is kept."""
    kept = size <= kb * 1024 and (most is None or requests <= most)
    budget = f"{kb} KB" + (f", {most} requests" if most else "")
    print(f"{name:<16} {size / 1024:7.1f} KB {requests:4} requests   budget {budget:<20} {'kept' if kept else 'OVER'}")
    return kept


def main(base: str, username: str, password: str) -> bool:
    login, home = urljoin(base, "/masuk/"), urljoin(base, "/")
    signed_in = Browser()
    sign_in(signed_in, login, username, password)
    kept = []
    for name, url, browser in (("login", login, Browser()), ("home", home, signed_in)):
        browser.cached.clear()
        kept.append(row(f"{name}, first", *browser.load(url), FIRST_KB, FIRST_REQUESTS))
        kept.append(row(f"{name}, repeat", *browser.load(url), REPEAT_KB))
    return all(kept)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(not main(*sys.argv[1:]))
