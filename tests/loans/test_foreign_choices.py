"""No form about money takes a row of another village: each choice of a row with a foreign key typed into it."""

import pytest
from django.forms import ModelChoiceField

from accounts.models import Change
from tests import build
from tests.access_table import AREAS, FOREIGN, rows_in
from up2k_portal.lib.access import Role

# Page → its choices of a row; one that a page gets later is asked as well.
PAGES = {
    Role.OPERATOR: {
        "book-import": {"product"},
        "cash-count-new": {"meeting"},
        "loan-propose": {"product"},
        "loan-propose-poklak": {"product"},
        "opening-loan-add": {"member", "poklak", "product"},
        "surplus-approve": {"meeting"},
    },
    Role.DISTRICT: {"shift-new": {"village"}},
}
CASES = [(role, name, fields) for role, pages in PAGES.items() for name, fields in pages.items()]


@pytest.mark.parametrize(("role", "name", "fields"), CASES, ids=[name for _, name, _ in CASES])
def test_a_foreign_row_is_no_choice(role, name, fields, client, db):
    rows, foreign = rows_in(build.PANDULANGAN), rows_in(FOREIGN[role])
    client.force_login(build.user(role, AREAS[role]), backend="django.contrib.auth.backends.ModelBackend")
    url = rows.url(name)
    form = client.get(url).context["form"]
    choices = {one for one, field in form.fields.items() if isinstance(field, ModelChoiceField) and not field.disabled}
    assert choices >= fields
    shown = {one: form[one].value() for one in form.fields if form[one].value() not in (None, "")}
    before = Change.objects.count()
    for one in choices:
        model = form.fields[one].queryset.model
        is_village = model is type(foreign.village)
        key = foreign.village.pk if is_village else model._base_manager.filter(village=foreign.village).first().pk
        answer = client.post(url, shown | {one: key, "save": "1"})
        assert one in answer.context["form"].errors, one
    assert Change.objects.count() == before
