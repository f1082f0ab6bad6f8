"""Every form of the access table, sent empty and sent nonsense: above it stand the sentences of its fields alone."""

from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.urls import resolve

from tests import build
from tests.access_table import AREAS, ROLES, TABLE, rows_in
from up2k_portal.lib.access import Role
from up2k_portal.lib.views import FormPage

NOTHING_TO_FILL = {  # on the table's rows these pages say why not, instead of a form
    "member-transfer",
    "month-exception",
    "month-reopen",
    "receipt-reverse",  # a browser fills it: browser/test_pages.py
    "surplus-approve",
    "surplus-take-back",
}
NONSENSE = "99/99/2026 ???"
VOID = {"input", "br", "img", "meta", "link", "hr", "source", "wbr"}


class Sentences(HTMLParser):
    """What a page says in its title, in the list above the form and at the fields, one text for each element."""

    def __init__(self, page: str):
        super().__init__()
        self.title, self.above, self.at_fields, self.open = "", [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = data.strip()
        if not text:
            return
        tags = [tag for tag, _ in self.open]
        if tags[-1:] == ["title"]:
            self.title = text
        elif "li" in tags and any("data-errors" in attributes for _, attributes in self.open):
            self.above.append(text)
        elif any(attributes.get("id", "").endswith("_error") for _, attributes in self.open):
            self.at_fields.append(text)


def forms() -> list[str]:
    """The names of the table whose page is a form that somebody may fill."""
    open_to_somebody = {name for name, (_, statuses) in TABLE.items() if "200" in statuses.split()}
    return sorted(open_to_somebody - NOTHING_TO_FILL)


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(lambda: (rows_in(build.PANDULANGAN), {role: build.user(role, AREAS[role]) for role in ROLES}))


def who_may(name: str) -> Role:
    return ROLES[TABLE[name][1].split().index("200")]


def is_form(url: str) -> bool:
    page = getattr(resolve(url.split("?")[0]).func, "view_class", object)
    return issubclass(page, FormPage)


def wrong_in(answer) -> list:
    """What this answer to a refused form says at one place and not at the other; nothing if the form was taken."""
    form = (answer.context or {}).get("form") if answer.status_code in (200, 409) else None
    if form is None or not form.errors:
        return []
    page = Sentences(answer.content.decode())
    above_alone = [*form.non_field_errors(), *(error for field in form.hidden_fields() for error in field.errors)]
    wrong = []
    if not page.title.startswith("Galat: "):
        wrong.append(f"title: {page.title}")
    if sorted(page.above) != sorted([*above_alone, *page.at_fields]):
        wrong.append({"above": page.above, "at fields": page.at_fields})
    if len(page.above) != sum(len(errors) for errors in form.errors.values()):
        wrong.append({"said": page.above, "wrong": dict(form.errors)})
    return wrong


def nonsense_for(form) -> dict:
    """For each field that she can fill something that no field of its kind may take."""
    fields = [bound for bound in form or () if not bound.is_hidden]
    hidden = [bound for bound in form or () if bound.is_hidden]
    return {bound.html_name: NONSENSE for bound in fields} | {bound.html_name: bound.value() or "" for bound in hidden}


@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "nonsense"])
def test_every_form_says_the_same_above_and_at_its_fields(is_empty, kept, client, db):
    rows, people = kept
    urls = {name: rows.url(name) for name in TABLE}  # all rows stand before the first form is sent
    found, refused = {}, 0
    for name in (name for name in forms() if is_form(urls[name])):
        url = urls[name]
        client.force_login(people[who_may(name)], backend="django.contrib.auth.backends.ModelBackend")
        with transaction.atomic():
            shown = client.get(url)
            data = {} if is_empty else nonsense_for((shown.context or {}).get("form"))
            answer = client.post(url, data)
            transaction.set_rollback(True)
        refused += answer.status_code == 200
        if wrong := wrong_in(answer):
            found[name] = wrong
    assert found == {}
    assert refused > 50
