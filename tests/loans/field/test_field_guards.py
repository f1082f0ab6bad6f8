"""An envelope is written once and fits what it names, whoever writes it: each rule broken by raw SQL."""

from uuid import uuid4

import pytest

from loans.models import Envelope
from tests import build
from tests.loans.field.build_field import row, send
from tests.loans.test_guards import refused, sql
from tests.loans.test_guards_of_new_rows import copied

pytestmark = pytest.mark.django_db
COLUMNS = [field.column for field in Envelope._meta.concrete_fields if field.column != "village_id"]
OTHER_RECEIPT = "Bukti setoran kiriman berkunci atau bertanggal lain: pakai bukti dari kiriman itu sendiri."


@pytest.fixture
def envelope(member, operator):
    send(row(build.loan(member), amount=115_000), by=operator)
    return Envelope.objects.get()


@pytest.fixture
def other(pandulangan, operator):
    """What another group of the village sent."""
    member = build.member(build.group(pandulangan))
    send(row(build.loan(member), amount=115_000), by=operator)
    return Envelope.objects.latest("pk")


def test_an_envelope_cannot_be_deleted(envelope):
    refused(lambda: sql("DELETE FROM loans_envelope"), "Kiriman lapangan tidak dapat dihapus: kirim yang baru.")


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_envelope_can_be_changed(envelope, column):
    words = "Kiriman lapangan tidak dapat diubah: kirim yang baru."
    refused(lambda: sql(f'UPDATE loans_envelope SET "{column}" = "{column}"'), words)


def test_an_envelope_may_move_with_its_village(envelope, elsewhere):
    sql("UPDATE loans_envelope SET village_id = %s", elsewhere.pk)
    assert Envelope.objects.get().village == elsewhere


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("member_id", "Anggota kiriman bukan dari kelompok yang sama"),
        ("loan_id", "Pinjaman kiriman bukan dari kelompok yang sama"),
        ("receipt_id", "Bukti setoran kiriman bukan dari kelompok yang sama"),
    ],
)
def test_an_envelope_names_what_is_of_its_own_group(envelope, other, column, words):
    theirs = {"receipt_id": build.payment(other.loan, 5_000, other.on).pk}
    facts = {"uuid": uuid4(), "receipt_id": None, column: theirs.get(column, getattr(other, column))}
    refused(lambda: copied(envelope, **facts), words)


def test_an_envelope_names_the_receipt_of_its_own_key(envelope, elsewhere):
    receipt = build.payment(envelope.loan, 5_000, envelope.on)
    refused(lambda: copied(envelope, uuid=uuid4(), receipt_id=receipt.pk), OTHER_RECEIPT)
    refused(
        lambda: copied(envelope, uuid=receipt.uuid, receipt_id=receipt.pk, village_id=elsewhere.pk),
        "Desa kiriman bukan desa kelompoknya",
    )


def test_an_envelope_is_not_changed_by_the_application(envelope):
    with pytest.raises(TypeError, match="Kiriman tidak dapat diubah: kirim yang baru"):
        envelope.save()
