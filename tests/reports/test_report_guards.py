"""What the database refuses of reports, whoever writes: each table broken by raw SQL, on the database in use."""

import pytest
from django.db import IntegrityError, connection, transaction

from reports.guards import INSTEAD, KEYS, TABLES
from reports.models import Sending
from tests import build
from tests.reports import build_reports


@pytest.fixture
def rows(pandulangan, staff):
    """A row in every guarded table."""
    group = build.group(pandulangan)
    report = build_reports.kept(pandulangan)
    step = report.steps.get()
    step.remarks.create(village=pandulangan, group=group, key="members", words="Periksa lagi anggotanya")
    build_reports.sent_file(pandulangan.district.regency)
    build_reports.calendar_rows(pandulangan, staff)


def refused(statement: str) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_or_deleted(rows, table):
    assert f"{TABLES[table]} tidak dapat diubah: {INSTEAD[table]}." in refused(f"UPDATE {table} SET id = id")
    assert f"{TABLES[table]} tidak dapat dihapus: {INSTEAD[table]}." in refused(f"DELETE FROM {table}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces a row by inserting it")
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(rows, table):
    assert "sudah ada dan tidak dapat diganti" in refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_every_guarded_table_says_its_keys_and_what_to_do_instead():
    assert set(TABLES) == set(INSTEAD) == set(KEYS)


def test_what_the_portal_itself_writes_passes(rows):
    assert Sending.objects.count() == 1
