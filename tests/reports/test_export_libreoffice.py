"""The province's workbook out of a seeded database, recalculated by LibreOffice: its totals are the rows' own sums."""

import csv
import subprocess

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.system
CUT_OFF = "2026-06-30"
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

# Plain SQL on the tables, apart from the application's query layer.
COUNTED = """
  SELECT loan.id, loan.principal, loan.opening_principal_paid
  FROM loans_loan loan JOIN villages_group grp ON grp.id = loan.group_id
  WHERE loan.disbursed_on <= %(day)s AND grp.programme = 'up2k' AND NOT grp.is_practice
    AND (grp.founded_on IS NULL OR grp.founded_on <= %(day)s) AND (grp.closed_on IS NULL OR grp.closed_on > %(day)s)
"""
DISBURSED = f"SELECT SUM(principal) FROM ({COUNTED}) counted"
BALANCE = f"""
  SELECT SUM(counted.principal - counted.opening_principal_paid) - (
    SELECT SUM(part.amount) FROM loans_receiptpart part
    WHERE part.kind = 'principal' AND part.received_on <= %(day)s
      AND part.loan_id IN (SELECT id FROM ({COUNTED}) inner_counted))
  FROM ({COUNTED}) counted
"""
DUE = f"""
  SELECT SUM(row.principal) FROM loans_instalment row
  WHERE row.due_on <= %(day)s AND row.valid_from <= %(day)s
    AND (row.valid_until IS NULL OR row.valid_until > %(day)s) AND row.loan_id IN (SELECT id FROM ({COUNTED}) counted)
"""
FEES = f"""
  SELECT SUM(part.amount) FROM loans_receiptpart part
  WHERE part.kind = 'service_fee' AND part.received_on BETWEEN '2026-04-01' AND %(day)s
    AND part.loan_id IN (SELECT id FROM ({COUNTED}) counted)
"""


# Own capital: savings of members, grants and reserves (accounts 3.1 to 3.4), without what one moved to another.
OWN = "('3.1', '3.2', '3.3', '3.4')"
CAPITAL = f"""
  SELECT SUM(CASE WHEN entry.credit IN {OWN} THEN entry.amount ELSE 0 END)
    - SUM(CASE WHEN entry.debit IN {OWN} THEN entry.amount ELSE 0 END)
  FROM loans_entry entry JOIN villages_group grp ON grp.id = entry.group_id
  WHERE entry."on" <= %(day)s AND grp.programme = 'up2k' AND NOT grp.is_practice
    AND (grp.founded_on IS NULL OR grp.founded_on <= %(day)s) AND (grp.closed_on IS NULL OR grp.closed_on > %(day)s)
"""


def sql(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("%(day)s", f"'{CUT_OFF}'"))
        return int(cursor.fetchone()[0])


@pytest.fixture
def recalculated(db, settings, tmp_path):
    """Rows of each sheet as LibreOffice computes them."""
    settings.DEMO = True
    call_command("seed_demo", villages=15, until="2026-08", password="itik-alabio", verbosity=0)
    book = tmp_path / "buku.xlsx"
    asked = {"form": "provinsi", "period": "2026-TW2", "area": "63.08", "output": str(book), "basis": "live"}
    call_command("export_report", **asked, verbosity=0)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", CSV, str(book)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)

    def rows(sheet: str) -> list[list[str]]:
        with (tmp_path / f"buku-{sheet}.csv").open(encoding="utf-8") as file:
            return list(csv.reader(file))

    return rows


def total_of(rows: list[list[str]], column: int) -> int:
    (total,) = [row for row in rows if row[0] == "JUMLAH"]
    return int(total[column].replace(",", "").replace(".", ""))


def test_the_totals_of_the_workbook_are_those_of_the_tables_to_the_rupiah(recalculated):
    r3, rekap = recalculated("R-3"), recalculated("Rekap Kecamatan")
    expected = {"disbursed": sql(DISBURSED), "due": sql(DUE), "fees": sql(FEES), "balance": sql(BALANCE)}
    assert expected["balance"] > 50_000_000  # a real village's money, not an empty table
    assert {
        "disbursed": total_of(r3, 5),
        "due": total_of(r3, 6),
        "fees": total_of(r3, 8),
        "balance": total_of(r3, 9),
    } == expected
    assert sum(total_of(r3, column) for column in range(11, 16)) == expected["balance"]
    assert (total_of(rekap, 14), total_of(rekap, 16)) == (expected["due"], expected["balance"])
    capital = sql(CAPITAL)
    assert capital > 10_000_000
    assert (total_of(recalculated("R-2"), 14), total_of(rekap, 12)) == (capital, capital)


def test_no_cell_of_the_workbook_is_an_error(recalculated):
    cells = [
        cell
        for sheet in ("Kelengkapan", "Rekap Kecamatan", "R-1", "R-2", "R-3", "R-4", "Lampiran 4.22", "Definisi")
        for row in recalculated(sheet)
        for cell in row
    ]
    assert [cell for cell in cells if cell.startswith("#") or cell == "Err:502"] == []
