"""The audit of sheets that were typed from photos."""

import json

import pytest

from loans.entrusted import services
from loans.models import Envelope
from tests.loans.test_audit_ledger import PLACE, differences, said, tamper
from tests.loans.test_entrusted import row, sent, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(group, member, operator, district_officer):
    sheet = typed(sent(group, operator), [row(member, mandatory=10_000)], district_officer)
    done = services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=operator)
    assert said().startswith("Buku cocok")
    return done


def told(sheet, words: str) -> list[str]:
    return [f"{PLACE}, lembar titipan {sheet.pk} tanggal 25 September 2026: {words}."]


@pytest.mark.parametrize("rows", [[], None, [{"uuid": 1}], {}, "changed"])
def test_the_rows_are_those_that_were_recorded(recorded, rows):
    rows = [recorded.rows[0] | {"savings": {"mandatory": 20_000}}] if rows == "changed" else rows
    tamper("UPDATE loans_entrustedsheet SET rows = %s WHERE id = %s", json.dumps(rows), recorded.pk)
    assert differences()[1] == told(recorded, "baris yang diketik lain dari yang tercatat")


def test_a_second_person_checked_it(recorded, district_officer):
    rows = [recorded.rows[0] | {"typed_by": recorded.checked_by_id}]
    tamper("UPDATE loans_entrustedsheet SET rows = %s WHERE id = %s", json.dumps(rows), recorded.pk)
    assert differences()[1] == told(recorded, "tidak diperiksa orang kedua")
    assert Envelope.objects.get().user == district_officer
