"""The form of a loan product in the admin: its terms on payments and penalties."""

import pytest
from django.urls import reverse

from loans.models import LoanProduct

ADD = reverse("admin:loans_loanproduct_add")
TERMS = {
    "name": "Bulanan", "is_active": "on", "method": "flat", "rate": "1,5", "every": "month", "instalment_count": "10",
    "grace": "0", "principal_every": "1", "seasons": "", "step": "1", "rounding": "nearest", "round_what": "total",
    "difference": "last", "allocation_order": "penalty,service_fee,principal", "ahead": "next", "payoff_fees": "all",
    "penalty_kind": "none", "penalty_amount": "0", "penalty_percent": "0", "penalty_free_days": "0",
    "penalty_cap": "",
}  # fmt: skip


@pytest.fixture
def client(as_user, staff):
    return as_user(staff)


def add(client, group, **typed):
    return client.post(ADD, TERMS | {"group": group.pk} | typed)


def test_payments_and_penalties_have_their_own_part_of_the_form(client):
    parts = {name: options["fields"] for name, options in client.get(ADD).context["adminform"].fieldsets}
    assert parts["Pembayaran"] == ["allocation_order", "ahead", "payoff_fees"]
    assert parts["Denda"] == [
        "penalty_kind", "penalty_amount", "penalty_percent", "penalty_free_days", "penalty_cap",
    ]  # fmt: skip


def test_a_product_keeps_the_terms_as_typed(client, group):
    typed = {"penalty_kind": "percent", "penalty_percent": "1,5", "penalty_free_days": "7", "penalty_cap": "50.000"}
    add(client, group, **typed, payoff_fees="running", ahead="voluntary")
    made = LoanProduct.objects.get()
    assert (made.penalty_kind, str(made.penalty_percent), made.penalty_free_days) == ("percent", "1.500", 7)
    assert (made.penalty_cap, made.payoff_fees, made.ahead) == (50_000, "running", "voluntary")


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [
        ("fixed", "penalty_amount", "Isi denda tetapnya, misalnya 5.000, atau pilih tanpa denda."),
        ("percent", "penalty_percent", "Isi persennya, misalnya 1,5, atau pilih tanpa denda."),
    ],
)
def test_a_penalty_of_nothing_is_refused_at_its_field(kind, field, words, client, group):
    answer = add(client, group, penalty_kind=kind)
    assert answer.context["adminform"].form.errors == {field: [words]}
    assert not LoanProduct.objects.exists()
