"""Every validator can say what it has to say: a percent sign is written twice in it.

Django fills what a message tells with `%`: a bare percent sign made a page fail instead of answering.
"""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model

from loans.models import AllowanceRate, LoanProduct, MoneyRules

TOLD = {"limit_value": 1, "show_value": 2, "value": 2}
MODELS = apps.get_models()


def unsaid(name: str, validators) -> list[str]:
    """The validators whose message cannot be made, each with its field."""
    found = []
    for one in validators:
        try:
            said = ValidationError(getattr(one, "message", ""), params=TOLD).messages
        except ValueError as error:
            found.append(f"{name}: {one.message!r}: {error}")
        else:
            assert "%%" not in said[0]
    return found


@pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])
def test_every_validator_of_a_model_can_say_its_message(model):
    fields = [*model._meta.concrete_fields, *fields_for_model(model).values()]
    assert [words for field in fields for words in unsaid(f"{model._meta.label}.{field}", field.validators)] == []


@pytest.mark.parametrize(
    ("model", "field", "value", "words"),
    [
        (LoanProduct, "rate", 101, "Jasa paling tinggi 100%."),
        (LoanProduct, "rate", -1, "Jasa tidak boleh di bawah 0%."),
        (LoanProduct, "penalty_percent", 101, "Denda paling tinggi 100%."),
        (AllowanceRate, "percent", 101, "Cadangan paling tinggi 100%."),
        (MoneyRules, "iptw_percent", -1, "Insentif tidak boleh di bawah 0%."),
    ],
)
def test_a_percent_out_of_range_is_answered_with_a_sentence(model, field, value, words):
    with pytest.raises(ValidationError) as error:
        model._meta.get_field(field).run_validators(Decimal(value))
    assert error.value.messages == [words]
