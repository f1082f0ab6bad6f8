"""Money as a treasurer types it, in every place that reads it: the exact rupiah or an error, no power of ten off.

The cells of a workbook, as text and as number: imports/test_corpus_rows.py, which takes its texts from here.
"""

import json
from io import StringIO

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from loans.field import items
from loans.forms import PaymentForm
from tests import build
from tests.loans.field.test_items import ROW
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today
from up2k_portal.lib.fields import RupiahField
from villages.models import Regency

REFUSED = None
# As typed: (what a form, the admin and loan_schedule read, what JSON reads where it stands as a number).
TYPED = {
    "50000": (50_000, 50_000),
    "50.000": (50_000, REFUSED),
    "1.500": (1_500, REFUSED),
    "1.500.000": (1_500_000, REFUSED),
    "1500000": (1_500_000, 1_500_000),
    "Rp50.000": (50_000, REFUSED),
    "Rp 50.000,-": (50_000, REFUSED),
    "rp. 1.500.000": (1_500_000, REFUSED),
    "50.000,00": (50_000, REFUSED),
    "50000,00": (50_000, REFUSED),
    "50000,-": (50_000, REFUSED),
    " 50.000\u00a0": (50_000, REFUSED),
    "050000": (50_000, REFUSED),
    "50,000": (REFUSED, REFUSED),
    "1,500,000": (REFUSED, REFUSED),
    "50000.00": (REFUSED, REFUSED),
    "50000.0": (REFUSED, REFUSED),
    "50.00": (REFUSED, REFUSED),
    "50.0000": (REFUSED, REFUSED),
    "1.50.000": (REFUSED, REFUSED),
    "50.000,50": (REFUSED, REFUSED),
    "50 000": (REFUSED, REFUSED),
    "1e6": (REFUSED, REFUSED),
    "5E4": (REFUSED, REFUSED),
    "٥٠": (REFUSED, REFUSED),
    "５００００": (REFUSED, REFUSED),
    "-5000": (REFUSED, REFUSED),
    "+5000": (REFUSED, REFUSED),
    "0x10": (REFUSED, REFUSED),
    "1_000": (REFUSED, REFUSED),
    "NaN": (REFUSED, REFUSED),
    "Infinity": (REFUSED, REFUSED),
    "50rb": (REFUSED, REFUSED),
    "lima puluh ribu": (REFUSED, REFUSED),
}
by_hand = pytest.mark.parametrize(("text", "rupiah"), [(text, read[0]) for text, read in TYPED.items()])


def in_field(field, text):
    try:
        return field.clean(text)
    except ValidationError:
        return REFUSED


@by_hand
def test_the_form_of_a_payment_reads_it_exactly_or_refuses_it(text, rupiah):
    assert in_field(PaymentForm.base_fields["amount"], text) == rupiah


@by_hand
def test_every_column_of_rupiah_has_a_form_field_that_does_the_same(text, rupiah):
    assert in_field(RupiahField("jumlah").formfield(), text) == rupiah


@pytest.fixture
def admin_form(rf, db):
    """The admin's form of a regency, whose operators' limit is money, as the kabupaten's admin gets it."""
    request = rf.get("/")
    request.user = build.user(Role.ADMIN, build.village().code[:5])
    request.access = request.user.access_on(today())
    return admin.site.get_model_admin(Regency).get_form(request)


@by_hand
def test_the_admin_reads_it_exactly_or_refuses_it(admin_form, text, rupiah):
    form = admin_form({"operator_limit": text})
    assert form.errors.get("operator_limit", []) == [] or rupiah is REFUSED
    assert form.cleaned_data.get("operator_limit") == rupiah


@by_hand
def test_loan_schedule_reads_it_exactly_or_refuses_it(text, rupiah):
    words = ["--method=flat", "--rate=1.5", "--instalments=3", "--start=2026-01-31", f"--principal={text}"]
    printed = StringIO()
    if rupiah is REFUSED:
        with pytest.raises(CommandError):
            call_command("loan_schedule", "--json", *words, stdout=printed)
        return
    call_command("loan_schedule", "--json", *words, stdout=printed)
    assert json.loads(printed.getvalue())["total_principal"] == rupiah


LOAN = '{"method": "bullet", "principal": 9000000, "rate": 0, "instalments": 3, "start": "2026-01-31"}'
PAYMENT = '{"type": "payment", "id": "p1", "on": "2026-02-28", "amount": %s}'


@pytest.fixture
def paid_by(tmp_path):
    """The rupiah that loan_replay takes from a payment whose amount stands so in the file."""

    def _paid_by(amount):
        file, printed = tmp_path / "loan.json", StringIO()
        file.write_text(f'{{"loan": {LOAN}, "events": [{PAYMENT % amount}]}}')
        try:
            call_command("loan_replay", str(file), "--json", stdout=printed)
        except CommandError:
            return REFUSED
        (payment,) = json.loads(printed.getvalue())["payments"]
        return payment["penalty"] + payment["service_fee"] + payment["principal"] + payment["credit"]

    return _paid_by


@pytest.mark.parametrize(("text", "rupiah"), [(text, read[1]) for text, read in TYPED.items()])
def test_loan_replay_reads_a_number_exactly_or_refuses_it(paid_by, text, rupiah):
    assert paid_by(text) == rupiah


def sent_by_the_sheet(amount: str) -> int | None:
    """The rupiah that the sheet's sending takes from a JSON text whose amount stands so in it."""
    try:
        told = json.loads(f'{{"amount": {amount}}}')
        return items.read(ROW | told).amount
    except (ValueError, items.ItemError):
        return REFUSED


@pytest.mark.parametrize(("text", "rupiah"), [(text, read[1]) for text, read in TYPED.items()])
def test_the_sheet_s_sending_reads_a_number_exactly_or_refuses_it(text, rupiah):
    assert sent_by_the_sheet(text) == rupiah
    assert sent_by_the_sheet(json.dumps(text)) is REFUSED


@pytest.mark.parametrize("text", TYPED)
def test_loan_replay_never_reads_money_out_of_quotes(paid_by, text):
    assert paid_by(json.dumps(text)) is REFUSED
