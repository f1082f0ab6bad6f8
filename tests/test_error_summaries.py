"""Every form of the table, sent empty and sent nonsense: the sentences above it are those at its fields, no more, no less."""

import re
from copy import deepcopy
from html import unescape

import pytest
from django.urls import resolve

from tests import build
from tests.access_table import AREAS, ROLES, TABLE, rows_in
from up2k_portal.lib.views import FormPage

SUMMARY = re.compile(r'<div class="u-note bad"[^>]*data-errors>(.*?)</ul></div></div>', re.DOTALL)
AT_FIELD = re.compile(r'<p class="err"[^>]*>(.*?)</p>', re.DOTALL)
SENTENCE = re.compile(r"<(?:li|a|span)[^>]*>([^<]+)</")
NONSENSE = "1/2/3 ???"


@pytest.fixture(scope="module")
def kept(keep_rows):
    def made():
        rows = rows_in(build.PANDULANGAN)
        people = {role: build.user(role, AREAS[role]) for role in ROLES}
        return {name: (rows.url(name), people[role]) for name, role in forms_of_the_table().items() if is_form(rows.url(name))}

    yield from keep_rows(made)
