"""Turnover of enterprises, running loans of an old book, operators, and members of many villages."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Assignment, User
from enterprises.models import Category, Enterprise, MonthlyResult
from imports import services
from loans.models import OpeningLine
from tests import build
from tests.imports.build import AMINAH, BARSIAH, MEMBER_HEADINGS, checked, counts, faults, saved, workbook
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today
from villages.models import Member

REASON = "salah unggah berkas bulan lalu"


def undone(imported, by):
    return services.undo(imported=imported, reason=REASON, by=by, access=by.access_on(today()))


def results(path, *rows):
    headings = ("Pemilik", "Nama usaha", "Jenis usaha", "Bulan", "Omzet", "Biaya")
    return workbook(path, rows, headings, sheet="Usaha dan omzet")


def test_a_month_of_a_known_and_of_a_new_enterprise(member, operator, book_path):
    build.enterprise(member, name="Bordir Melati")
    rows = [
        ("Norhasanah", "Bordir Melati", "", "September 2026", 1_500_000, "900.000"),
        ("Norhasanah", "Warung", "Bordir", "2026-09", 300_000, 0),
        ("Norhasanah", "Warung", "Bordir", date(2026, 8, 1), 200_000, 0),
        ("Norhasanah", "Bordir Melati", "", "Agustus 2026", None, None),
    ]
    imported = saved(results(book_path, *rows), operator)
    assert counts(imported) == {"read": 4, "new": 3, "changed": 0, "skipped": 1, "refused": 0}
    found = MonthlyResult.objects.order_by("enterprise__name", "period").values_list("period", "turnover", "cost")
    assert list(found) == [(202609, 1_500_000, 900_000), (202608, 200_000, 0), (202609, 300_000, 0)]
    assert Enterprise.objects.filter(name="Warung").count() == 1
    assert counts(checked(book_path, operator))["skipped"] == 4


def test_another_figure_is_a_change_and_goes_back(member, operator, book_path):
    build.enterprise(member, name="Bordir Melati")
    saved(results(book_path, ("Norhasanah", "Bordir Melati", "", "September 2026", 1_500_000, 900_000)), operator)
    row = ("Norhasanah", "Bordir Melati", "", "September 2026", 1_600_000, None)
    imported = saved(results(book_path, row), operator)
    assert (imported.changed, MonthlyResult.objects.get().turnover, MonthlyResult.objects.get().cost) == (
        1,
        1_600_000,
        900_000,
    )
    assert undone(imported, operator) == (1, 0)
    assert MonthlyResult.objects.get().turnover == 1_500_000


def test_undone_a_new_month_is_not_asked_and_a_new_enterprise_has_ended(member, operator, book_path):
    build.enterprise(member, name="Bordir Melati")
    row = ("Norhasanah", "Warung", "Bordir", "September 2026", 300_000, 0)
    imported = saved(results(book_path, row), operator)
    assert undone(imported, operator) == (2, 0)
    assert not MonthlyResult.objects.exists()
    assert Enterprise.objects.get(name="Warung").closed_on is not None


def test_a_month_to_come_and_an_unknown_kind_are_refused(member, operator, book_path):
    build.enterprise(member, name="Bordir Melati")
    rows = [
        ("Norhasanah", "Bordir Melati", "", "Oktober 2026", 1, 0),
        ("Norhasanah", "Pabrik", "Pabrik mobil", "September 2026", 1, 0),
    ]
    first, second = faults(checked(results(book_path, *rows), operator))
    assert first == (2, "Bulan", "Oktober 2026", "Oktober 2026 belum datang. Pilih bulan sampai bulan ini.")
    kinds = ", ".join(Category.objects.order_by("name").values_list("name", flat=True))
    assert second[:3] == (3, "Jenis usaha", "Pabrik mobil")
    assert second[3].startswith(f"Usaha ini belum tercatat. Isi jenisnya, salah satu dari: {kinds[:20]}")


def running(path, *rows):
    headings = ("Nama anggota", "Tanggal cair", "Pokok semula", "Sisa pokok", "Keperluan")
    return workbook(path, rows, headings, sheet="Pinjaman berjalan")


@pytest.fixture
def draft(group):
    build.opening_line(group, on=date(2025, 12, 31))
    build.LoanProduct.objects.create(
        group=group, village=group.village, name="Bulanan", method="flat", rate="1.5", instalment_count=10
    )
    return group.opening


def test_running_loans_become_figures_of_the_draft_once(draft, member, operator, book_path):
    row = ("Norhasanah", date(2025, 9, 15), 1_000_000, "600.000", "modal warung")
    imported = saved(running(book_path, row), operator)
    line = OpeningLine.objects.get(kind="loan")
    assert (line.member, line.principal, line.amount, line.disbursed_on) == (
        member, 1_000_000, 600_000, date(2025, 9, 15),
    )  # fmt: skip
    assert counts(checked(book_path, operator))["skipped"] == 1
    assert undone(imported, operator) == (1, 0)
    assert not OpeningLine.objects.filter(kind="loan").exists()


def test_running_loans_that_cannot_be_are_refused(draft, member, operator, book_path):
    rows = [
        ("Norhasanah", date(2026, 1, 15), 1_000_000, 600_000, ""),
        ("Norhasanah", date(2025, 9, 15), 1_000_000, 1_600_000, ""),
    ]
    imported = checked(running(book_path, *rows), operator)
    assert [(row, column) for row, column, _, _ in faults(imported)] == [(2, "Tanggal cair"), (3, "Sisa pokok")]


def test_without_a_draft_running_loans_have_no_place(member, operator, book_path):
    row = ("Norhasanah", date(2025, 9, 15), 1_000_000, 600_000, "")
    assert faults(checked(running(book_path, row), operator))[0][3] == (
        "Saldo awal UP2K As Syifa belum dimulai. Buka halaman kelompok, Saldo awal, isi tanggal awal bukunya,"
        " lalu unggah lagi."
    )


def operators(path, *rows):
    return workbook(path, rows, ("Kode desa", "Nama operator", "Nomor HP"), sheet="Operator desa")


def test_operators_get_an_account_and_their_village(pandulangan, regency_admin, book_path):
    imported = saved(operators(book_path, (pandulangan.code, "Rahmah", "081200001111")), regency_admin)
    user = User.objects.get(username=pandulangan.code)
    assert (user.name, user.has_usable_password(), imported.area_code) == ("Rahmah", False, "63.08")
    assignment = Assignment.objects.get(user=user)
    assert (assignment.role, assignment.area_code) == (Role.OPERATOR, pandulangan.code)
    assert counts(checked(book_path, regency_admin))["skipped"] == 1
    assert undone(imported, regency_admin) == (1, 0)
    assert User.objects.get(pk=user.pk).access_on(today()).areas == frozenset()


def test_first_passwords_are_made_once_shown_and_work(pandulangan, regency_admin, as_user, book_path, client):
    imported = saved(operators(book_path, (pandulangan.code, "Rahmah", "")), regency_admin)
    page = as_user(regency_admin).post(reverse("import-slips", args=[imported.pk]))
    (slip,) = page.context["slips"]
    user = User.objects.get(username=pandulangan.code)
    assert user.check_password(slip["password"])
    assert slip["password"] in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_a_foreign_village_and_a_taken_name_are_refused(pandulangan, operator, regency_admin, book_path):
    build.village("63.09.01.2001")
    rows = [("63.09.01.2001", "Siti", ""), (pandulangan.code, "Orang Lain", "")]
    found = faults(checked(operators(book_path, *rows), regency_admin))
    assert [(row, column) for row, column, _, _ in found] == [(2, "Kode desa"), (3, "Nama operator")]


def test_operators_are_the_admins_alone(pandulangan, staff, book_path):
    with pytest.raises(ValidationError) as caught:
        checked(operators(book_path, (pandulangan.code, "Rahmah", "")), staff)
    assert caught.value.messages == [
        "Anda tidak berwenang mengimpor operator desa di sini. Minta bantuan TP PKK Kabupaten."
    ]


def test_members_of_many_villages_go_to_their_groups(group, elsewhere, staff, book_path):
    other = build.group(elsewhere)
    rows = [(group.village.code, *AMINAH), (elsewhere.code, *BARSIAH), ("63.09.01.2001", *BARSIAH)]
    imported = saved(workbook(book_path, rows, ("Kode desa", *MEMBER_HEADINGS)), staff, is_partial=True)
    assert (imported.kind, imported.area_code, counts(imported)["refused"]) == ("anggota-desa", "63.08", 1)
    assert list(Member.objects.order_by("name").values_list("name", "group")) == [
        ("Aminah", group.pk),
        ("Barsiah", other.pk),
    ]
    assert counts(checked(book_path, staff))["skipped"] == 2


def test_the_list_of_enterprises_opens_on_those_of_which_a_month_came_in(member, operator, as_user, book_path):
    for name in ("Bordir Melati", "Warung"):
        build.enterprise(member, name=name)
    imported = saved(results(book_path, ("Norhasanah", "Warung", "", "September 2026", 300_000, 0)), operator)
    client = as_user(operator)
    url = client.get(imported.get_absolute_url()).context["list_url"]
    assert [row["name"] for row in client.get(f"{url}&format=json").json()["results"]] == ["Warung"]
