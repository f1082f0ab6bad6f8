"""No row of money is replaced, and a schedule's rows only end: by raw SQL, on the database in use."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from loans import guards, services
from loans.models import Entry, Instalment, Receipt, ReceiptPart, SurplusDistribution, Voucher
from tests import build

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="ON CONFLICT is an UPDATE there")
REPLACED = "sudah ada dan tidak dapat diganti: "


def refused(words: str, statement: str, *values) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        sql(statement, *values)
    assert words in str(error.value)


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def replace(model, row, **changed) -> tuple:
    """INSERT OR REPLACE of the row with some columns changed."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(field.attname, getattr(row, field.attname)) for field in model._meta.concrete_fields]
    prepared = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(model._meta.concrete_fields, values, strict=True)
    ]
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
    return f"INSERT OR REPLACE INTO {model._meta.db_table} ({names}) VALUES ({places})", *prepared


@pytest.fixture
def loan(member):
    """With a payment that was taken back."""
    loan = build.loan(member)
    receipt = build.payment(loan, 200_000, date(2026, 3, 1))
    facts = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 3, 2), "by": loan.disbursed_by}
    services.reverse_payment(receipt=receipt, uuid=uuid4(), **facts)
    return loan


def test_every_unique_key_of_a_guarded_table_is_known():
    for table, keys in guards.KEYS.items():
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        of_fields = {(field.column,) for field in model._meta.concrete_fields if field.unique}
        constraints = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
        of_rows = {tuple(model._meta.get_field(name).column for name in one.fields) for one in constraints}
        assert {tuple(columns.split(", ")) for columns, _ in keys} == of_fields | of_rows
        with_condition = {tuple(columns.split(", ")) for columns, only in keys if only}
        conditions = [one for one in constraints if one.condition]
        assert with_condition == {
            tuple(model._meta.get_field(name).column for name in one.fields) for one in conditions
        }


@ON_SQLITE
@pytest.mark.parametrize("model", [Receipt, ReceiptPart, Voucher, Entry, Instalment])
def test_a_row_is_not_replaced_by_its_key(loan, model):
    row = model.objects.order_by("pk").first()
    name = (guards.IMMUTABLE | {guards.SCHEDULE: "Jadwal angsuran"})[model._meta.db_table]
    refused(f"{name} dengan kunci ini {REPLACED}", *replace(model, row))


@ON_SQLITE
@pytest.mark.parametrize(
    ("model", "other"),
    [
        (Receipt, {"serial": 91, "reverses_id": None}),  # the same uuid
        (Receipt, {"uuid": uuid4(), "reverses_id": None}),  # the same number
        (Receipt, {"uuid": uuid4(), "serial": 91}),  # takes back the same receipt
        (ReceiptPart, {"reverses_id": None}),  # the same kind in the same receipt
        (ReceiptPart, {"role": "resplit"}),  # takes back the same part
        (Voucher, {"serial": 91}),
        (Voucher, {"uuid": uuid4()}),
        (Entry, {"reverses_id": None}),  # of the same part
    ],
)
def test_a_row_is_not_replaced_by_another_key_of_it(loan, model, other):
    row = model.objects.order_by("pk").last()
    refused(REPLACED, *replace(model, row, pk=None, id=None, **other))


@ON_SQLITE
def test_another_part_of_a_kind_may_be_split_anew(loan):
    row = ReceiptPart.objects.filter(reverses=None).first()
    sql(*replace(ReceiptPart, row, id=None, role="resplit"))
    assert ReceiptPart.objects.filter(receipt=row.receipt, kind=row.kind).count() == 2


def not_one_of(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0] == 0


@ON_POSTGRESQL
@pytest.mark.parametrize("table", guards.KEYS)
def test_a_conflict_does_not_update(loan, table):
    name = (guards.IMMUTABLE | {guards.SCHEDULE: "Jadwal angsuran", guards.CLOSING: "Bulan tertutup"})[table]
    if not_one_of(table):
        pytest.skip("no such row here: its guard against UPDATE is the same for all")
    copied = f"INSERT INTO {table} SELECT * FROM {table} WHERE id = (SELECT MIN(id) FROM {table})"
    change = "principal = EXCLUDED.principal + 1" if table == guards.SCHEDULE else "id = EXCLUDED.id"
    refused(f"{name} tidak dapat diubah", f"{copied} ON CONFLICT (id) DO UPDATE SET {change}")


@pytest.mark.parametrize("column", ["id", "loan_id", "number", "principal", "service_fee", "principal_to_date"])
def test_what_an_instalment_says_cannot_be_changed(loan, column):
    words = "Jadwal angsuran tidak dapat diubah: buat jadwal baru."
    refused(words, f"UPDATE loans_instalment SET {column} = {column} + 1000 WHERE number = 1")


@pytest.mark.parametrize("column", ["due_on", "valid_from"])
def test_a_day_of_an_instalment_cannot_be_changed(loan, column):
    refused("Jadwal angsuran tidak dapat diubah", f"UPDATE loans_instalment SET {column} = %s", date(2026, 1, 1))


def test_an_instalment_ends_once(loan):
    sql("UPDATE loans_instalment SET valid_until = %s", date(2026, 5, 1))
    for day in (date(2026, 6, 1), None):
        refused("Jadwal angsuran tidak dapat diubah", "UPDATE loans_instalment SET valid_until = %s", day)
    refused("Jadwal angsuran tidak dapat dihapus", "DELETE FROM loans_instalment")


def test_an_instalment_moves_with_its_village(loan, elsewhere):
    sql("UPDATE loans_instalment SET valid_until = %s WHERE number = 1", date(2026, 5, 1))
    sql("UPDATE loans_instalment SET village_id = %s", elsewhere.pk)
    assert set(Instalment.objects.values_list("village", flat=True)) == {elsewhere.pk}


def test_what_a_members_meeting_approved_may_be_cancelled_and_nothing_else(group):
    voucher = build.capital(group)
    shared = SurplusDistribution.objects.create(
        group=group, village=group.village, year=2025, status="approved", voucher=voucher, met_on=date(2026, 1, 20),
        minutes_number="01/RA/2026", income=150_000, expenses=60_000, brought=0,
    )  # fmt: skip
    table, words = "loans_surplusdistribution", "Pembagian SHU yang sudah disahkan tidak dapat "
    refused(f"{words}diubah", f"UPDATE {table} SET income = 1 WHERE id = %s", shared.pk)
    refused(f"{words}diubah", f"UPDATE {table} SET place = 'Balai' WHERE id = %s", shared.pk)
    refused(f"{words}dihapus", f"DELETE FROM {table} WHERE id = %s", shared.pk)
    shared.status = "cancelled"
    shared.save()  # every column is written, none but the state changes
    assert SurplusDistribution.objects.get().status == "cancelled"
