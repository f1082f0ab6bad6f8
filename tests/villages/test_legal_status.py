"""What a group was before the law since when: as of a day, on its page, in the reports; and levels, written once."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Change
from reports.figures import live_report
from reports.periods import parse_period
from tests import build
from villages.models import Group, GroupAssessment, LegalStatus

FACTS = {"status": "cooperative", "since": "1-7-2026", "number": "0107/BH/2026", "note": "Pengesahan"}


def status_on(day: date) -> str:
    return Group.objects.with_legal_status(day).get().legal_status


def test_the_status_is_the_one_in_force_on_that_day(group):
    build.legal_status(group, "none", date(2010, 1, 2))
    coop = build.legal_status(group, "cooperative", date(2015, 5, 1))
    build.legal_status(group, "none", date(2024, 1, 1))
    days = (date(2009, 1, 1), date(2015, 4, 30), date(2015, 5, 1), date(2023, 12, 31), date(2024, 1, 1))
    assert [status_on(day) for day in days] == ["none", "none", "cooperative", "cooperative", "none"]
    assert (group.legal_status_on(date(2009, 1, 1)), group.legal_status_on(date(2016, 1, 1))) == (None, coop)


def test_staff_record_a_cooperative_and_its_number_stands_on_the_page(group, staff, as_user):
    client = as_user(staff)
    client.post(reverse("legal-status-add", args=[group.pk]), FACTS)
    row = LegalStatus.objects.get()
    assert (row.village, row.since, row.number) == (group.village, date(2026, 7, 1), "0107/BH/2026")
    page = client.get(group.get_absolute_url()).content.decode()
    for words in (
        "Koperasi berbadan hukum, sejak 1 Juli 2026",
        "sejak 1 Juli 2026, nomor 0107/BH/2026. Pengesahan",
        reverse("legal-status-edit", args=[row.pk]),
    ):
        assert words in page


def test_a_mistake_is_corrected_with_its_history(group, staff, as_user):
    row = build.legal_status(group, "cooperative", date(2026, 7, 1), number="1")
    as_user(staff).post(reverse("legal-status-edit", args=[row.pk]), FACTS | {"since": "1-6-2026"})
    change = Change.objects.get()
    assert (change.before["sejak"], change.after["sejak"]) == ("2026-07-01", "2026-06-01")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"since": "1-10-2026"}, {"since": ["Tanggal tidak boleh sesudah hari ini, 30 September 2026."]}),
        ({"since": "1-5-2015"}, {"__all__": ["Badan hukum pada tanggal itu sudah tercatat. Ubah catatan itu."]}),
    ],
)
def test_a_day_to_come_and_a_day_twice_are_refused(typed, errors, group, staff, as_user):
    build.legal_status(group, "none", date(2015, 5, 1))
    page = as_user(staff).post(reverse("legal-status-add", args=[group.pk]), FACTS | typed)
    assert page.context["form"].errors == errors


def test_the_province_reads_the_history_and_records_none(group, province_reader, as_user):
    build.legal_status(group, number="0107/BH/2026")
    page = as_user(province_reader).get(group.get_absolute_url()).content.decode()
    assert "nomor 0107/BH/2026" in page
    assert "Catat badan hukum" not in page


def test_a_group_without_a_record_counts_as_no_legal_body(group, operator, as_user):
    page = as_user(operator).get(group.get_absolute_url()).content.decode()
    assert "<dd>Belum berbadan hukum</dd>" in page
    assert "Belum ada catatan. Selama itu kelompok dihitung belum berbadan hukum." in page


def test_reports_count_cooperatives_as_of_their_last_day(group):
    build.legal_status(group, "cooperative", date(2026, 7, 1))
    facts = []
    for code in ("2026-TW2", "2026-TW3"):
        (row,) = live_report(area_code="63.08", period=parse_period(code), made_by="x", made_at="y").groups
        facts.append((row.legal_status, row.is_cooperative))
    assert facts == [("Belum berbadan hukum", False), ("Koperasi", True)]


def test_an_assessment_is_written_once(group):
    one = build.assessment(group, "MADYA", date(2020, 5, 1))
    rows = GroupAssessment.objects.all()
    for act in (one.save, one.delete, lambda: rows.update(level="UTAMA"), rows.delete):
        with pytest.raises(TypeError, match=r"Penilaian tidak dapat (diubah|dihapus): catat penilaian baru\."):
            act()
