"""The house rules that a machine can hold."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse

from up2k_portal.lib.access import MAY, MAY_WHERE_ASSISTED, Action, Role, ScopedQuerySet

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "villages", "enterprises", "loans", "imports", "reports")
OURS = (*APPS, "up2k_portal", "seeds")
INTERFACES = ("views", "tables", "filters", "forms", "admin", "export_form", "home")
CHOICES = ("ModelChoiceField", "ModelMultipleChoiceField")
NARROWED = ("visible_to", "open_to", "none")


def interface_files():
    for path in sorted(p for app in OURS for p in (ROOT / app).rglob("*.py")):
        names = {path.stem, path.parent.name, *_last_words(path.stem, path.parent.name)}
        if names & {*INTERFACES} and path.name != "scoped_admin.py":  # the base class: `choices_for` narrows
            yield path


def _last_words(*names: str) -> list[str]:
    """meeting_views is a file of views too."""
    return [name.rpartition("_")[2] for name in names]


def unscoped_uses(tree: ast.AST) -> list[int]:
    """Lines where a model's `.objects` is used and not narrowed at once.

    A `queryset=` of a form field or filter may stand open: PortalForm and PortalFilterSet narrow it.
    """
    allowed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in NARROWED:
            allowed.add(id(node.value))
        if isinstance(node, ast.keyword) and node.arg == "queryset":
            allowed |= {id(inner) for inner in ast.walk(node.value)}
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CHOICES:
            allowed |= {id(inner) for argument in node.args for inner in ast.walk(argument)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects" and id(node) not in allowed
    ]


@pytest.mark.parametrize("path", list(interface_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_interface_reads_rows_without_asking_who_reads(path):
    assert unscoped_uses(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_rule_finds_what_it_should():
    assert unscoped_uses(ast.parse("rows = Loan.objects.filter(pk=1)")) == [1]
    assert unscoped_uses(ast.parse("rows = Loan.objects.visible_to(access).filter(pk=1)")) == []


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_says_where_its_rows_lie_and_who_sees_them(model):
    assert isinstance(model.objects.all(), ScopedQuerySet)
    assert isinstance(model.area_path, str)
    assert model.seen_with in Action


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_no_field_is_a_float_and_only_rates_are_decimal(model):
    fields = model._meta.concrete_fields
    assert [field.name for field in fields if isinstance(field, models.FloatField)] == []
    percents = {"rate", "penalty_percent", "percent", "iptw_percent"}
    assert {field.name for field in fields if isinstance(field, models.DecimalField)} <= percents


def test_every_row_below_a_group_carries_its_village():
    below = [model for model in our_models() if any(f.name == "group" for f in model._meta.concrete_fields)]
    assert [model.__name__ for model in below if model.area_path != "village__code"] == []


def test_the_empty_access_may_nothing():
    from up2k_portal.lib.access import NOBODY

    assert [action for action in Action if NOBODY.may(action)] == []


def test_every_role_has_its_line_and_money_stays_with_the_village():
    assert set(MAY) == set(Role)
    with_money = {role for role in Role if Action.RECORD_MONEY in MAY[role]}
    assert with_money == {Role.OPERATOR}
    assert {role for role in Role if Action.RECORD_MONEY in MAY_WHERE_ASSISTED.get(role, ())} == {Role.DISTRICT}


def test_no_clock_stands_outside_the_one_module():
    """Day and hour come from lib.dates, or from timezone.now() where an instant is stored."""
    found = []
    for path in (p for app in OURS for p in (ROOT / app).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found += [str(path) for words in ("date.today(", "datetime.now(", "utcnow(") if words in text]
    assert found == []


@pytest.mark.parametrize("path", ["/", "/masuk/"])
def test_every_page_has_the_strict_policy(path, client, db):
    policy = client.get(path)["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    }


def test_no_template_has_inline_script_or_style():
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found += [
            f"{path.name}: {bad}"
            for bad in (" style=", "<style", "onclick=", "onchange=", "javascript:")
            if bad in text
        ]
    assert found == []


def test_signed_in_pages_stay_out_of_caches(operator, as_user):
    assert as_user(operator).get(reverse("home"))["Cache-Control"] == "private, no-store"
