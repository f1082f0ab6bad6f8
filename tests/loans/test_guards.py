"""What the database refuses, whoever writes: each rule broken by raw SQL, on the database in use."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import timezone

from loans import guards
from loans.models import (
    Entry,
    MonthClosing,
    MonthException,
    Penalty,
    Receipt,
    ReceiptPart,
    Settlement,
    SharePayment,
    Voucher,
)
from tests import build

MODELS = (Receipt, ReceiptPart, Voucher, Entry, Penalty, SharePayment, Settlement)
TABLES = [model._meta.db_table for model in MODELS]
DAY = date(2026, 9, 10)
# Seventeen tables with three each, of which PostgreSQL needs seven against INSERT; two on the sharing of a surplus, two
# on loans, three on closed months, of which PostgreSQL needs two; three, or two, on each of eight tables of reports.
GUARDS = 58 + 3 * 8 if connection.vendor == "sqlite" else 47 + 2 * 8


def entry(group, **fields) -> Entry:
    """An unsaved entry of a voucher of its own, dated 10 September 2026."""
    voucher = fields.pop("voucher", None)
    if voucher is None and "part" not in fields:
        voucher = build_voucher(group)
    facts = {"on": DAY, "period": 202609, "amount": 50_000, "debit": "5.2", "credit": "1.1", "kind": "expense"}
    return Entry(group=group, village=group.village, voucher=voucher, **facts | fields)


def build_voucher(group, **fields) -> Voucher:
    serial = Voucher.objects.filter(group=group, series="J").count() + 1
    return Voucher.objects.create(
        group=group, village=group.village, number=f"AS-J-2026-{serial:04}", series="J", year=2026, serial=serial,
        kind="expense", on=DAY, period=202609, amount=50_000, description="Transport", **fields,
    )  # fmt: skip


def build_part(member, **fields) -> ReceiptPart:
    receipt = Receipt.objects.create(
        group=member.group, village=member.village, member=member, number="AS-2026-0900", year=2026, serial=900,
        received_on=DAY, period=202609, amount=50_000, **fields,
    )  # fmt: skip
    return ReceiptPart.objects.create(
        receipt=receipt, village=member.village, member=member, kind="mandatory", amount=50_000, received_on=DAY
    )


def close_month(group, **fields) -> MonthClosing:
    return MonthClosing.objects.create(group=group, village=group.village, period=202609, **fields)


def leave(group, user, expires_at, **fields) -> MonthException:
    facts = {"period": 202609, "user": user, "reason": "kuitansi tertinggal", "expires_at": expires_at}
    return MonthException.objects.create(group=group, village=group.village, **facts | fields)


def refused(act, words: str = "") -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert words in str(error.value)


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def make_rows():
    """A row in each guarded table."""
    group = build.group(build.village())
    member = build.member(group)
    loan = build.loan(member)
    part = build_part(member)
    entry(group, part=part, member=member, debit="1.1", credit="3.2", kind="mandatory").save()
    build_voucher(group)
    of_village = {"village": member.village}
    Penalty.objects.create(**of_village, loan=loan, instalment_number=1, kind="charge", on=DAY, amount=5_000)
    SharePayment.objects.create(**of_village, receipt=part.receipt, member=member, payer=member, amount=50_000)
    sums = {"saved": 0, "paid_on_loans": 0, "paid_out": 0, "still_owed": 0}
    Settlement.objects.create(**of_village, member=member, on=DAY, **sums)


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(make_rows)


@pytest.fixture
def rows(kept, db):
    """Made once for the file, and taken up by each test as they were."""


@pytest.fixture
def other(pandulangan):
    return build.group(pandulangan)


@pytest.mark.parametrize("table", TABLES)
def test_a_money_row_cannot_be_deleted(rows, table):
    refused(lambda: sql(f"DELETE FROM {table}"), "tidak dapat dihapus: catat koreksi")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (model._meta.db_table, field.column)
        for model in MODELS
        for field in model._meta.concrete_fields
        if field.column != "village_id"
    ],
)
def test_no_column_of_a_money_row_can_be_changed(rows, table, column):
    refused(lambda: sql(f'UPDATE {table} SET "{column}" = "{column}"'), "tidak dapat diubah: catat koreksi")


@pytest.mark.parametrize("model", MODELS)
def test_a_money_row_may_move_with_its_village(rows, elsewhere, model):
    sql(f"UPDATE {model._meta.db_table} SET village_id = %s", elsewhere.pk)
    assert set(model.objects.values_list("village", flat=True)) == {elsewhere.pk}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": 0}, ""),
        ({"amount": -50_000}, ""),
        ({"credit": "5.2"}, ""),
        ({"period": 202608}, "tidak sama dengan bulan tanggalnya"),
        ({"on": date(2026, 10, 1)}, "tidak sama dengan bulan tanggalnya"),
    ],
)
def test_an_impossible_entry_is_refused(group, wrong, words):
    refused(entry(group, **wrong).save, words)


def test_an_entry_has_one_source(group, member):
    refused(entry(group, part=build_part(member), voucher=build_voucher(group)).save)
    refused(entry(group, part=None).save)


def test_an_entry_of_the_group_s_own_rows_is_taken(group, member):
    entry(group, member=member, loan=build.proposal(member)).save()
    entry(group, part=build_part(member), member=member, kind="mandatory", debit="1.1", credit="3.2").save()


def test_a_part_of_another_group_is_refused(other, member):
    refused(entry(other, part=build_part(member)).save, "Bagian setoran baris ini bukan dari kelompok yang sama")


def test_a_voucher_of_another_group_is_refused(other, group):
    refused(entry(other, voucher=build_voucher(group)).save, "Bukti kas baris ini bukan dari kelompok yang sama")


def test_a_loan_of_another_group_is_refused(other, member):
    refused(entry(other, loan=build.proposal(member)).save, "Pinjaman baris ini bukan dari kelompok yang sama")


def test_a_member_of_another_group_is_refused(other, member):
    refused(entry(other, member=member).save, "Anggota baris ini bukan dari kelompok yang sama")


@pytest.mark.parametrize("column", ["part_id", "voucher_id", "loan_id", "member_id", "reverses_id"])
def test_a_source_that_does_not_exist_is_refused(group, column):
    fields = {"part_id": None} if column == "part_id" else {}
    refused(entry(group, **fields | {column: 999_999}).save, "kelompok")


@pytest.mark.parametrize("wrong", [{"amount": 49_999}, {"credit": "1.2"}, {"debit": "5.2", "credit": "1.1"}])
def test_a_reversal_that_does_not_mirror_its_original_is_refused(group, wrong):
    original = entry(group)
    original.save()
    mirrored = {"reverses": original, "debit": "1.1", "credit": "5.2"}
    refused(entry(group, **mirrored | wrong).save, "Koreksi tidak mencerminkan baris aslinya")
    entry(group, **mirrored).save()
    refused(entry(group, **mirrored).save)  # an entry is reversed once


def test_a_reversal_of_another_group_s_entry_is_refused(group, other):
    original = entry(group)
    original.save()
    refused(entry(other, reverses=original, debit="1.1", credit="5.2").save, "Koreksi tidak mencerminkan")


def test_nothing_is_booked_into_a_closed_month(group, other):
    late = [
        entry(group),
        entry(group, on=date(2026, 8, 31), period=202608),
        entry(group, on=date(2026, 10, 1), period=202610),
    ]
    close_month(group)
    refused(late[0].save, "Bulan ini sudah ditutup")
    refused(late[1].save, "Bulan ini sudah ditutup")
    late[2].save()
    entry(other).save()


def test_a_reopened_month_takes_entries(group):
    close_month(group, reopened_at=timezone.now())
    entry(group).save()


def test_an_exception_opens_its_month_until_it_expires(group, other, operator):
    late = {"voucher": build_voucher(group, recorded_by=operator)}
    close_month(group)
    now = timezone.now()
    leave(group, operator, now - timedelta(seconds=1))
    leave(group, operator, now + timedelta(hours=1), period=202608)
    leave(other, operator, now + timedelta(hours=1))
    refused(entry(group, **late).save, "Bulan ini sudah ditutup")
    leave(group, operator, now + timedelta(minutes=1))
    entry(group, **late).save()


def test_an_exception_is_of_the_person_who_records(group, member, operator, staff):
    saved = {"member": member, "kind": "mandatory", "debit": "1.1", "credit": "3.2"}
    part, hers = build_part(member, recorded_by=operator), {"voucher": build_voucher(group, recorded_by=operator)}
    nobodys = {"voucher": build_voucher(group)}
    close_month(group)
    leave(group, staff, timezone.now() + timedelta(hours=1))
    for late in (hers, {"part": part, **saved}, nobodys):
        refused(entry(group, **late).save, "Bulan ini sudah ditutup")
    leave(group, operator, timezone.now() + timedelta(hours=1))
    entry(group, **hers).save()
    entry(group, part=part, **saved).save()


def test_an_exception_ends_with_the_closing_that_it_is_from(group, operator):
    now = timezone.now()
    late = {"voucher": build_voucher(group, recorded_by=operator)}
    leave(group, operator, now + timedelta(hours=1), granted_at=now - timedelta(minutes=2))
    close_month(group, closed_at=now - timedelta(minutes=3), reopened_at=now - timedelta(minutes=1))
    close_month(group, closed_at=now)
    refused(entry(group, **late).save, "Bulan ini sudah ditutup")
    leave(group, operator, now + timedelta(hours=1))
    entry(group, **late).save()


def test_an_exception_on_a_whole_second_is_compared_in_utc(group, operator):
    late = {"voucher": build_voucher(group, recorded_by=operator)}
    close_month(group, closed_at=timezone.now() - timedelta(minutes=5))
    leave(group, operator, (timezone.now() - timedelta(minutes=1)).replace(microsecond=0))
    refused(entry(group, **late).save, "Bulan ini sudah ditutup")
    leave(group, operator, (timezone.now() + timedelta(minutes=1)).replace(microsecond=0))
    entry(group, **late).save()


def test_the_guards_are_made_again_as_often_as_one_likes(rows):
    guards.drop_guards()
    assert len(guards.missing_guards()) == GUARDS
    guards.make_guards()
    guards.make_guards()
    assert guards.missing_guards() == []
    refused(lambda: sql("DELETE FROM loans_entry"))


def test_the_check_names_a_missing_guard(db):
    assert run_checks(databases=["default"], tags=["database"]) == []
    sql("DROP TRIGGER loans_entry_delete_guard" + (" ON loans_entry" if connection.vendor == "postgresql" else ""))
    (error,) = run_checks(databases=["default"], tags=["database"])
    assert (error.id, error.is_serious()) == ("loans.E001", True)
    assert error.msg == "Penjaga uang 'loans_entry_delete_guard' tidak ada atau berbeda di basis data 'default'."
    assert error.hint == "Jalankan 'manage.py migrate': semua penjaga dibuat lagi. Lalu 'manage.py audit_ledger'."


def test_a_guard_that_says_less_is_missing(db, monkeypatch):
    with monkeypatch.context() as weaker:
        weaker.setitem(guards.INSERT_RULES, "loans_entry", guards.INSERT_RULES["loans_entry"][:-1])
        guards.make_guards()
    assert guards.missing_guards() == ["loans_entry_insert_guard"]


def test_migrate_takes_the_guards_off_and_makes_them_again(db):
    """A migration on SQLite may rebuild a table, which a trigger that speaks of it would not allow."""
    config = apps.get_app_config("loans")
    emit = {"app_config": config, "verbosity": 0, "interactive": False, "using": "default"}
    pre_migrate.send(sender=config, **emit)
    assert len(guards.missing_guards()) == GUARDS
    post_migrate.send(sender=config, **emit)
    assert guards.missing_guards() == []
