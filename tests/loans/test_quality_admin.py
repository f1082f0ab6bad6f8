"""Collectability schemes in the admin: one in use, percents added with their day."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Change
from loans.models import AllowanceRate, CollectabilityScheme, Loan
from loans.quality_services import scheme_on
from tests import build

TODAY = date(2026, 9, 30)


def scheme(code: str) -> CollectabilityScheme:
    return CollectabilityScheme.objects.get(code=code)


def url(code: str) -> str:
    return reverse("admin:loans_collectabilityscheme_change", args=[scheme(code).pk])


def asked(code: str, *, rates=(), **fields) -> dict:
    """The form as it is sent, with percents that are added."""
    row = scheme(code)
    forms = {"levels-TOTAL_FORMS": 0, "levels-INITIAL_FORMS": 0}
    kept = list(row.rates.all())
    forms |= {"rates-TOTAL_FORMS": len(kept) + len(rates), "rates-INITIAL_FORMS": len(kept)}
    for at, rate in enumerate(kept):
        forms |= {f"rates-{at}-id": rate.pk, f"rates-{at}-scheme": row.pk}
    for at, (level, since, percent) in enumerate(rates, len(kept)):
        forms |= {f"rates-{at}-level": level, f"rates-{at}-since": since, f"rates-{at}-percent": percent}
    return {"name": row.name, "source": row.source} | forms | fields


def test_the_kabupaten_switches_the_scheme_and_every_class_follows(member, regency_admin, as_user):
    loan = build.loan(member)
    answer = as_user(regency_admin).post(url("B"), asked("B", is_in_use="on"))
    assert answer.status_code == 302, answer.context["errors"]
    assert list(CollectabilityScheme.objects.filter(is_in_use=True).values_list("code", flat=True)) == ["B"]
    assert Loan.objects.with_collectability(TODAY).get(pk=loan.pk).collectability == 4  # 8 months by scheme B
    assert Change.objects.filter(reason="diganti skema B").count() == 1


def test_one_scheme_stays_in_use(regency_admin, as_user):
    answer = as_user(regency_admin).post(url("E"), asked("E"))
    assert "Satu skema harus dipakai. Buka skema lain" in answer.content.decode()
    assert scheme("E").is_in_use


def test_a_percent_is_added_from_a_day_on(regency_admin, as_user):
    answer = as_user(regency_admin).post(url("E"), asked("E", is_in_use="on", rates=[(5, "01-10-2026", "90")]))
    assert answer.status_code == 302, answer.context["errors"]
    assert AllowanceRate.objects.count() == 5 + 5 + 3 + 1
    assert (scheme_on(TODAY).percents[5], scheme_on(date(2026, 10, 1)).percents[5]) == (Decimal(100), Decimal(90))


def test_a_percent_of_a_class_that_the_scheme_lacks_is_refused(regency_admin, as_user):
    answer = as_user(regency_admin).post(url("C"), asked("C", rates=[(2, "01-10-2026", "5")]))
    assert "tidak punya tingkat 2. Pilih yang lain." in answer.content.decode()


@pytest.mark.parametrize("role", ["staff", "district_officer"])
def test_others_only_read(role, request, as_user):
    client = as_user(request.getfixturevalue(role))
    assert client.get(url("E")).status_code == 200
    assert client.post(url("B"), asked("B", is_in_use="on")).status_code == 403
    assert scheme("E").is_in_use
