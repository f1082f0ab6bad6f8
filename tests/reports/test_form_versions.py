"""A new version of a form: uploaded, looked at with real figures, put in force; old periods keep theirs."""

import io
import json
from copy import deepcopy
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from loans import guards
from reports import workbook
from reports.form_services import edition_of, layouts_on
from reports.forms import layout
from reports.indicators import definitions_hash
from reports.models import DefinitionSet, FormVersion
from reports.periods import parse_period
from reports.services import report_for
from reports.version_services import add_version, put_in_force, use_variant
from tests import build
from tests.reports import build_reports
from tests.reports.build import district_report, group, report
from up2k_portal.lib.access import Role
from villages.models import Regency

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def admin():
    build.village()
    return build.user(Role.ADMIN, "63.08", username="admin-form", name="Hj. Norhayati")


def hsu():
    return Regency.objects.get(code="63.08")


def renamed(title="PERKEMBANGAN PINJAMAN", version="2"):
    content = deepcopy(layout("r-3"))
    content["title_rows"][0]["text"], content["version"] = title, version
    return content


def in_force(by, *, form="r-3", content=None, valid_from=NEW_YEAR):
    row = add_version(regency=hsu(), form=form, content=content or renamed(), valid_from=valid_from, by=by)
    FormVersion.objects.filter(pk=row.pk).update(previewed_at=timezone.now())
    return put_in_force(version=row, by=by)


def sheet_of(facts, name="R-3"):
    target = io.BytesIO()
    workbook.save(facts, target)
    return openpyxl.load_workbook(target)[name]


def test_old_periods_print_in_the_form_of_their_time(admin):
    in_force(admin)
    old, new = (sheet_of(report(period=parse_period(code))) for code in ("2026-TW4", "2027-TW1"))
    assert (old["A1"].value, new["A1"].value) == (
        "PERKEMBANGAN SIMPAN PINJAM KELOMPOK UP2K-PKK", "PERKEMBANGAN PINJAMAN",
    )  # fmt: skip
    cover = sheet_of(report(period=parse_period("2027-TW1")), "Sampul")
    assert "R-3 versi 2," in cover["D15"].value


def test_a_version_that_is_only_uploaded_prints_nothing(admin):
    add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=date(2026, 1, 1), by=admin)
    assert layouts_on(date(2027, 5, 5), "63.08")("r-3") == layout("r-3")


def test_it_is_put_in_force_only_after_someone_has_seen_it_with_figures(admin):
    row = add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=NEW_YEAR, by=admin)
    with pytest.raises(ValidationError, match="Lihat dulu versi ini dengan angka periode lalu"):
        put_in_force(version=row, by=admin)
    FormVersion.objects.filter(pk=row.pk).update(previewed_at=timezone.now())
    first = put_in_force(version=row, by=admin)
    assert put_in_force(version=row, by=admin).in_force_at == first.in_force_at


def test_another_kabupaten_and_the_province_keep_theirs(admin):
    in_force(admin)
    assert [layouts_on(NEW_YEAR, code)("r-3")["version"] for code in ("63.08", "63.09", "63")] == ["2", "1", "1"]


def test_the_later_of_two_versions_of_a_day_prints(admin):
    in_force(admin)
    in_force(admin, content=renamed("JUDUL LAIN", "3"))
    assert layouts_on(NEW_YEAR, "63.08")("r-3")["version"] == "3"


def test_what_was_sent_keeps_its_form(admin, group):
    build_reports.sent_file(group.village.district.regency)  # triwulan II 2026
    with pytest.raises(ValidationError) as refused:
        add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=date(2026, 6, 30), by=admin)
    assert refused.value.message_dict == {
        "valid_from": ["Laporan sampai 30 Juni 2026 sudah dikirim ke provinsi. Pilih hari sesudahnya."]
    }
    assert (
        add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=date(2026, 7, 1), by=admin).version == "2"
    )


def test_the_same_version_sent_twice_is_one_row_and_another_under_its_name_is_refused(admin):
    one = add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=NEW_YEAR, by=admin)
    assert add_version(regency=hsu(), form="r-3", content=renamed(), valid_from=NEW_YEAR, by=admin) == one
    with pytest.raises(ValidationError, match="Versi dengan nama ini sudah ada"):
        add_version(regency=hsu(), form="r-3", content=renamed("LAIN"), valid_from=NEW_YEAR, by=admin)


def test_the_variant_of_the_appendix_is_a_version_like_any_other_and_can_be_left_again(admin):
    for variant, day in (("4.22-v", NEW_YEAR), ("4.22", date(2028, 1, 1))):
        row = use_variant(regency=hsu(), form="4.22", variant=variant, valid_from=day, by=admin)
        FormVersion.objects.filter(pk=row.pk).update(previewed_at=timezone.now())
        put_in_force(version=row, by=admin)
    names = {year: layouts_on(date(year, 6, 30), "63.08")("4.22")["sheet"] for year in (2026, 2027, 2028)}
    assert names == {2026: "Lampiran 4.22", 2027: "Pokja II varian", 2028: "Lampiran 4.22"}
    facts = district_report(groups=(group_row(),), period=parse_period("2027-TW2"))
    sheet = sheet_of(facts, "Pokja II varian")
    assert [sheet.cell(11, number).value for number in (14, 15, 24, 25, 26, 27)] == [1, 9, 1, 9, 0, 0]
    told = [str(cell.value) for cell in sheet["A"]]
    assert any("kolom 14–21, 24–27 dihitung" in one for one in told)


def group_row():
    return group(members_female=9)


def test_approved_figures_are_printed_with_the_definitions_they_were_frozen_with(admin, group):
    village = group.village
    build_reports.kept(village, state="approved")
    old = DefinitionSet(sha256="a" * 64, rows=[{
        "key": "groups", "label": "Kelompok lama", "unit": "kelompok", "definition": "dulu", "roll_up": "jumlah",
        "forms": ["Rekap kolom 10"],
    }])  # fmt: skip
    old.save()
    approved = report_for(basis="approved", area_code="63.08", period=build_reports.TW2, made_by="x", made_at="y")
    assert edition_of(approved).definitions_hash == definitions_hash()
    guards.drop_guards()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_reportversion SET definitions_id = %s", [old.pk])
    guards.make_guards()
    assert sheet_of(approved, "Definisi")["C5"].value == "Kelompok lama"


# pages


def upload(client, content, **facts):
    file = SimpleUploadedFile("r-3.json", content if isinstance(content, bytes) else json.dumps(content).encode())
    data = {"form": "r-3", "file": file, "valid_from": "01-01-2027", "note": ""} | facts
    return client.post(reverse("form-version-add"), data)


def test_an_admin_uploads_previews_and_puts_in_force(admin, group, as_user):
    client = as_user(admin)
    answer = upload(client, renamed())
    row = FormVersion.objects.get()
    assert answer.url == reverse("form-version", args=[row.pk])
    page = client.get(answer.url).content.decode()
    assert "Judul: PERKEMBANGAN PINJAMAN / KABUPATEN {KABUPATEN} / {PERIODE}" in page
    assert reverse("form-version-force", args=[row.pk]) not in page
    preview = client.post(reverse("form-version-preview", args=[row.pk]))
    assert preview["Content-Disposition"] == 'attachment; filename="UP2K_63.08_2026-TW2_r-3_pratinjau_DRAF.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(preview.content)).worksheets[0]
    assert sheet["A1"].value == "PERKEMBANGAN PINJAMAN"
    assert str(group.name) in [cell.value for cell in sheet["C"]]
    assert reverse("form-version-force", args=[row.pk]) in client.get(answer.url).content.decode()
    client.post(reverse("form-version-force", args=[row.pk]))
    assert FormVersion.objects.get().in_force_by == admin
    assert "versi 2" in client.get(reverse("form-versions")).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"bukan json", "Berkas ini bukan JSON."),
        (b"[1]", "Isi berkas harus satu objek JSON"),
        (b"[" * 100_000, "Berkas ini bukan JSON."),
        (b" " * 300_001, "Berkas terlalu besar: paling banyak 300 KB."),
    ],
)
def test_a_file_that_is_no_layout_is_refused_at_its_field(content, words, admin, as_user):
    answer = upload(as_user(admin), content)
    assert words in answer.content.decode()
    assert FormVersion.objects.count() == 0


def test_the_layout_of_today_is_there_to_begin_with(admin, as_user):
    answer = as_user(admin).get(reverse("form-layout"), {"formulir": "r-3"})
    assert json.loads(answer.content) == layout("r-3")
    assert as_user(admin).get(reverse("form-layout"), {"formulir": "_common"}).status_code == 404


def test_a_variant_is_chosen_on_its_page(admin, as_user):
    answer = as_user(admin).post(reverse("form-variant"), {"variant": "4.22-v", "valid_from": "01-01-2027"})
    row = FormVersion.objects.get()
    assert (row.form, row.version, answer.url) == ("4.22", "4.22/varian-2025", row.get_absolute_url())


def test_a_layout_that_no_rule_refuses_but_that_cannot_be_printed_is_refused_too(admin):
    content = renamed()
    content["signature_columns"] = ["D:B", "Q:M"]  # backwards
    with pytest.raises(ValidationError) as refused:
        add_version(regency=hsu(), form="r-3", content=content, valid_from=NEW_YEAR, by=admin)
    assert refused.value.message_dict["file"][0].startswith("Susunan ini tidak dapat dicetak (")
