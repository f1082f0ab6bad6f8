"""A workbook that went out, made anew: every cell as it was, whatever was corrected, renamed or decided since."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from reports.models import Sending
from reports.report_services import return_report
from reports.sending_services import send_period
from reports.sent import sent_report, versions_of, write_sent
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib.access import Role
from villages.models import Village
from villages.region_services import rename_village

TW2 = reports.TW2
NEXT_DOOR = "63.08.03.2013"


@pytest.fixture
def admin(db):
    return reports.person(Role.ADMIN, "63.08", "mastura")


def send(village: Village, admin, reason="kantor desa terendam banjir") -> Sending:
    from reports.approved import approved_report
    from reports.sending_services import missing_from

    regency = village.district.regency
    report = approved_report(area_code=regency.code, period=TW2, made_by="", made_at="")
    reasons = {one.village_code: reason for one in missing_from(report)}
    return send_period(regency=regency, period=TW2, reasons=reasons, by=admin)


def cells_of(content: bytes) -> dict:
    book = openpyxl.load_workbook(BytesIO(content))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def rebuilt(sending: Sending) -> dict:
    target = BytesIO()
    write_sent(sending, target)
    return cells_of(target.getvalue())


def kept(sending: Sending) -> dict:
    return cells_of(bytes(sending.file.content))


def test_a_sent_workbook_made_anew_has_every_cell_of_the_kept_file(lent, pandulangan, admin):
    build.village(NEXT_DOOR)  # owes a report and has none: it is named as missing
    reports.approved(pandulangan)
    sending = send(pandulangan, admin)
    assert len(kept(sending)) > 500
    assert rebuilt(sending) == kept(sending)


def test_a_report_returned_and_approved_anew_leaves_the_first_sending_as_it_was(lent, pandulangan, admin):
    neighbour = build.village(NEXT_DOOR)
    other = build.group(neighbour, name="UP2K Melati")
    build.member(other)
    reports.approved(neighbour)
    report = reports.approved(pandulangan)
    first = send(pandulangan, admin)
    report.refresh_from_db()
    reason = "pembayaran bulan Mei belum dicatat"
    return_report(report=report, seen=report.version.sha256, reason=reason, by=admin)
    build.payment(lent, 115_000, date(2026, 5, 20))
    reports.approved(pandulangan)
    second = send(pandulangan, admin)
    assert [one.number for one in (first, second)] == [1, 2]
    assert sorted(version.number for version in versions_of(first)) == [1, 1]
    assert sorted(version.number for version in versions_of(second)) == [1, 2]
    assert rebuilt(first) == kept(first)
    assert rebuilt(second) == kept(second)
    paid = [sum(row.principal_paid_period for row in sent_report(one).groups) for one in (first, second)]
    assert paid == [100_000, 200_000]


def test_what_is_renamed_or_postponed_afterwards_changes_no_sent_cell(lent, pandulangan, staff, admin):
    reports.approved(pandulangan)
    sending = send(pandulangan, admin)
    rename_village(
        village=pandulangan, name="Pandulangan Baru", on=date(2026, 1, 1), legal_basis="Perda 3/2026", by=staff
    )
    reports.leave(pandulangan)
    admin.name = "Mastura Hayati"
    admin.save()
    sending.refresh_from_db()
    assert rebuilt(sending) == kept(sending)
    assert sent_report(sending).made_by == "mastura"


def test_a_sending_that_kept_no_head_says_so(pandulangan):
    sending = reports.sent_file(pandulangan.district.regency).sending
    with pytest.raises(ValidationError, match="tidak menyimpan susunannya"):
        sent_report(sending)
