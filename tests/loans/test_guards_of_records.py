"""What people answered, signed or promised stands in the database too: each rule broken by raw SQL."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest

from loans.confirmation_services import Answer, record_answers
from loans.follow_services import record_follow_up
from loans.handover_services import hand_over
from loans.models import Confirmation, FollowUp, Handover
from loans.quarters import Quarter
from tests import build
from tests.loans.test_guards import refused, sql
from tests.loans.test_guards_of_rows import ON_SQLITE, REPLACED, replace
from up2k_portal.lib.access import Role

INSTEAD = {
    FollowUp: ("Tindak lanjut", "catat tindak lanjut yang baru"),
    Confirmation: ("Jawaban konfirmasi", "catat jawaban yang baru"),
    Handover: ("Serah terima", "catat serah terima berikutnya"),
}
COLUMNS = [(model, field.column) for model in INSTEAD for field in model._meta.concrete_fields]
DAY = date(2026, 9, 30)


def make_records():
    """One of each, by the verbs that people use, after a loan of which an instalment was paid."""
    group = build.group(build.village())
    member, operator = build.member(group), build.user(Role.OPERATOR, build.PANDULANGAN)
    district_officer = build.user(Role.DISTRICT, "63.08.03")
    loan = build.loan(member)
    build.payment(loan, 115_000, date(2026, 3, 1))
    build.officer(group, "bendahara", "Siti Aminah")
    told = {"on": DAY, "way": "visit", "words": "dagangan sepi, sanggup separuh"}
    record_follow_up(loan=loan, by=operator, uuid=uuid4(), **told)
    answers = {member: Answer(agrees=False, note="simpanan kurang 10.000")}
    record_answers(
        group=group, quarter=Quarter(2026, 3), answers=answers, answered_on=DAY, by=operator, uuid=uuid4()
    )  # fmt: skip
    facts = {"office": "bendahara", "on": DAY, "pieces": {}, "explanation": "uangnya di bank desa"}
    hand_over(group=group, documents=["stamp"], name="Norhayati", by=district_officer, uuid=uuid4(), **facts)
    return group, member, operator


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(make_records)


@pytest.fixture
def records(kept, db):
    """Made once for the file; who they are about."""
    return deepcopy(kept)


@pytest.mark.parametrize("model", INSTEAD)
def test_a_record_cannot_be_deleted(records, model):
    name, instead = INSTEAD[model]
    refused(lambda: sql(f"DELETE FROM {model._meta.db_table}"), f"{name} tidak dapat dihapus: {instead}.")


@pytest.mark.parametrize(("model", "column"), [one for one in COLUMNS if one[1] != "village_id"])
def test_no_column_of_a_record_can_be_changed(records, model, column):
    name, instead = INSTEAD[model]
    words = f"{name} tidak dapat diubah: {instead}."
    refused(lambda: sql(f'UPDATE {model._meta.db_table} SET "{column}" = "{column}"'), words)


@pytest.mark.parametrize("model", INSTEAD)
def test_a_record_may_move_with_its_village(records, elsewhere, model):
    sql(f"UPDATE {model._meta.db_table} SET village_id = %s", elsewhere.pk)
    assert set(model.objects.values_list("village", flat=True)) == {elsewhere.pk}


@ON_SQLITE
@pytest.mark.parametrize("model", INSTEAD)
@pytest.mark.parametrize("keys", [{}, {"id": None}])  # by its number, by the key of its sending
def test_a_record_is_not_replaced(records, model, keys):
    statement, *values = replace(model, model.objects.get(), **keys)
    refused(lambda: sql(statement, *values), REPLACED)
    assert model.objects.count() == 1


def test_she_answers_once_more_with_a_row_of_its_own(records):
    group, member, operator = records
    told = {"quarter": Quarter(2026, 3), "answered_on": DAY, "uuid": uuid4()}
    record_answers(group=group, answers={member: Answer(agrees=True)}, by=operator, **told)
    assert list(Confirmation.objects.order_by("pk").values_list("agrees", flat=True)) == [False, True]
