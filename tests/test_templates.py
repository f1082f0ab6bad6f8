"""Every template compiles, names only templates that exist, and keeps to the strict content policy."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "templates", *ROOT.glob("*/templates")]
NAMES = sorted(str(path.relative_to(folder)) for folder in FOLDERS for path in folder.rglob("*") if path.is_file())
# What a browser would refuse under the policy: a script or style in the page, a style or handler on a tag.
INLINE = re.compile(
    r"""<style|<script(?![^>]*\b(?:src=|type="application/json"))|<[^>]*\s(?:style|on[a-z]+)=""",
    re.IGNORECASE,
)


def test_the_portal_has_templates():
    assert "base.html" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_and_what_it_names_exists(name):
    nodes = get_template(name).template.nodelist
    named = [node.parent_name for node in nodes.get_nodes_by_type(ExtendsNode)]
    named += [node.template for node in nodes.get_nodes_by_type(IncludeNode)]
    for expression in named:
        if isinstance(expression.var, str):  # a variable is known only when it renders
            get_template(expression.var)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_carries_no_inline_script_style_or_handler(name):
    source = Path(engines["django"].engine.get_template(name).origin.name).read_text(encoding="utf-8")
    assert INLINE.findall(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p class="card">on=1 style=2</p>', 0),
        ('<script src="{% static "portal.js" %}" defer></script>', 0),
        ('<script type="application/json">{}</script>', 0),
        ("<script>alert(1)</script>", 1),
        ("<style>p {}</style>", 1),
        ('<p style="color: red">', 1),
        ('<button type="button" onclick="go()">', 1),
    ],
)
def test_the_search_for_inline_code_finds_it(source, found):
    assert len(INLINE.findall(source)) == found
