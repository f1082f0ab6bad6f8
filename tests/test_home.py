"""The operator's home page: the tasks of the month, each with its state in words, and one button for the next."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from loans.closing_services import close_month, month_checks, record_cash_count
from loans.field.absence_services import mark_absent
from loans.ledger_services import account_balance
from loans.models.months import DENOMINATIONS
from loans.services import reverse_payment
from loans.task_services import group_months
from reports import report_services
from tests import build
from tests.loans import build_entrusted
from tests.reports import build_reports
from up2k_portal import home_tasks
from up2k_portal.lib import dates
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import period_of

NOW, WAIT, DONE = "now", "wait", "done"


@pytest.fixture
def home(as_user, operator):
    """The page of Pandulangan's operator."""

    def _home():
        return as_user(operator).get("/")

    return _home


def tasks(page) -> dict[str, tuple[str, str]]:
    return {task.name: (task.state, task.words) for task in page.context["tasks"]}


def count_cash(group, on: date, operator) -> None:
    """Counts exactly what the book has."""
    left, pieces = account_balance(group, "1.1", on), {}
    for one in DENOMINATIONS:
        pieces[str(one)], left = divmod(left, one)
    assert left == 0
    record_cash_count(group=group, counted_on=on, pieces=pieces, explanation="", uuid=uuid4(), by=operator)


def close_through(group, last: date, operator) -> None:
    count_cash(group, last, operator)
    close_month(group=group, period=period_of(last), by=operator)


@pytest.fixture
def in_september(group, member, operator):
    """A group since August with that month closed, and one loan of 1.000.000 that falls due on 15 September."""
    build.capital(group, 10_000_000, date(2026, 8, 1))
    product = build.product(group)
    loan = build.loan(member, product=product, on=date(2026, 8, 15), by=operator)
    close_through(group, date(2026, 8, 31), operator)
    return loan


class TestTasks:
    def test_a_month_begins_with_the_sheet(self, in_september, home):
        page = home()
        assert page.context["title"] == "Tugas September 2026"
        assert tasks(page) == {
            "Lembar setoran": (NOW, "0 dari 1 anggota sudah diisi"),
            "Hitung kas": (WAIT, "Belum ada uang kas yang masuk atau keluar bulan ini"),
            "Pinjaman baru": (DONE, "Tidak ada pengajuan yang menunggu"),
            "Tutup bulan September 2026": (WAIT, "Sesudah 30 September 2026"),
            "Periksa & ajukan": (NOW, "Triwulan II 2026 siap diperiksa"),
            "Cetak arsip": (NOW, "Buku Agustus 2026 siap dicetak"),
        }
        text = page.content.decode()
        assert "Mulai: Lembar setoran" in text
        assert text.count("btn-primary") == 1

    def test_who_paid_and_who_was_absent_are_done_the_others_are_not(self, in_september, group, operator, home):
        absent, _ = build.member(group), build.member(group)
        build.payment(in_september, 115_000, date(2026, 9, 15))
        mark_absent(member=absent, on=date(2026, 9, 15), absent=True, by=operator)
        assert tasks(home())["Lembar setoran"] == (NOW, "2 dari 3 anggota sudah diisi")

    def test_a_payment_taken_back_is_no_payment(self, in_september, operator, home):
        receipt = build.payment(in_september, 115_000, date(2026, 9, 15))
        reverse_payment(
            receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 9, 16), by=operator, uuid=uuid4()
        )
        assert tasks(home())["Lembar setoran"] == (NOW, "0 dari 1 anggota sudah diisi")

    def test_the_cash_is_counted_next_and_then_stays_done(self, in_september, group, operator, home):
        build.payment(in_september, 115_000, date(2026, 9, 15))
        page = home()
        assert tasks(page)["Lembar setoran"] == (DONE, "Selesai, 1 dari 1 anggota sudah diisi")
        assert tasks(page)["Hitung kas"] == (NOW, "Belum dihitung. Menurut buku Rp9.115.000")
        assert "Lanjutkan: Hitung kas" in page.content.decode()
        count_cash(group, date(2026, 9, 15), operator)
        assert tasks(home())["Hitung kas"] == (DONE, "Selesai 15 September 2026: uang cocok dengan buku")

    def test_a_count_that_the_book_left_behind_is_to_be_done_again(self, in_september, group, operator, home):
        build.payment(in_september, 115_000, date(2026, 9, 15))
        count_cash(group, date(2026, 9, 15), operator)
        build.capital(group, 50_000, date(2026, 9, 14))
        assert tasks(home())["Hitung kas"] == (NOW, "Ada catatan sesudah dihitung. Hitung sekali lagi.")

    def test_money_of_the_sheet_is_handed_in_before_the_box_is_counted(self, in_september, home):
        build.payment(in_september, 115_000, date(2026, 9, 15), till="field")
        page = home()
        assert tasks(page)["Hitung kas"] == (NOW, "Rp115.000 masih di petugas. Hitung uangnya di lembar setoran.")
        assert page.context["next"].act == "Lanjutkan: Hitung uang"
        assert page.context["figures"][0].value == "Rp9.115.000"

    @pytest.mark.parametrize("till", ["cash", "field"])
    @pytest.mark.parametrize("counted_on", [None, date(2026, 9, 10), date(2026, 9, 20)])
    def test_the_cash_is_checked_as_closing_the_month_checks_it(self, till, counted_on, in_september, group, operator):
        build.payment(in_september, 115_000, date(2026, 9, 15), till=till)
        if counted_on:
            count_cash(group, counted_on, operator)
        build.capital(group, 50_000, date(2026, 9, 14))
        (found,), one = group_months([group]), month_checks(group, 202609)
        assert (found.period, found.checks.cash_count, found.checks.difference) == (
            202609,
            one.cash_count,
            one.difference,
        )
        assert (found.checks.problem, found.checks.in_field) == (one.problem, one.in_field)

    def test_a_month_that_is_over_is_closed_from_here(self, in_september, group, operator, home, monkeypatch):
        build.payment(in_september, 115_000, date(2026, 9, 15))
        count_cash(group, date(2026, 9, 30), operator)
        monkeypatch.setattr(dates.timezone, "localdate", lambda *args: date(2026, 10, 2))
        page = home()
        assert page.context["title"] == "Tugas September 2026"
        assert tasks(page)["Tutup bulan September 2026"] == (NOW, "Semua siap, tinggal ditutup")
        assert page.context["next"].act == "Lanjutkan: Tutup bulan"
        assert page.context["days_left"] == "3 hari lagi"
        assert tasks(page)["Periksa & ajukan"] == (
            WAIT,
            "Triwulan III 2026: menunggu September 2026 ditutup",
        )

    def test_a_proposal_under_the_limit_waits_for_her_one_above_for_another(self, in_september, group, home):
        product = in_september.product
        build.proposal(build.member(group), 9_000_000, product=product, proposed_on=date(2026, 9, 2))
        assert tasks(home())["Pinjaman baru"] == (WAIT, "1 pengajuan menunggu pemeriksaan orang lain")
        build.proposal(build.member(group), 500_000, product=product, proposed_on=date(2026, 9, 2))
        assert tasks(home())["Pinjaman baru"] == (NOW, "1 pengajuan siap dicairkan")

    def test_each_group_has_its_tasks_under_its_name(self, in_september, group, home):
        other = build.group(group.village, name="UP2K Melati")
        build.member(other)
        found = [(task.of, task.name) for task in home().context["tasks"] if task.name == "Lembar setoran"]
        assert found == [("UP2K As Syifa", "Lembar setoran"), ("UP2K Melati", "Lembar setoran")]

    def test_the_page_costs_the_same_for_any_number_of_rows(self, in_september, group, home, client):
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get("/").status_code == 200
            return len(found)

        home()
        before = queries()
        for number in range(6):
            more = build.member(build.group(group.village)) if number % 2 else build.member(group)
            build.payment(build.loan(more, on=date(2026, 9, 1)), 115_000, date(2026, 9, 20))
            build.proposal(build.member(more.group), 9_000_000)
        assert queries() == before


class TestReport:
    def test_remarks_lead_to_the_rows_they_speak_of(
        self, group, member, pandulangan, operator, district_officer, as_user
    ):
        report = build_reports.submitted(pandulangan, by=operator)
        remarks = [report_services.Remark("ada yang sudah pindah", group.pk, "members")]
        report_services.return_report(
            report=report,
            seen=report.version.sha256,
            reason="anggota tidak cocok",
            by=district_officer,
            remarks=remarks,
        )
        page = as_user(operator).get("/")
        (owed,) = page.context["owed"]
        (remark,) = owed.remarks
        assert (remark.about, remark.words) == ("Anggota aktif", "ada yang sudah pindah")
        assert remark.url.startswith(reverse("member-list"))
        assert f"group={group.pk}" in remark.url
        assert remark.url.replace("&", "&amp;") in page.content.decode()
        task = tasks(page)["Periksa & ajukan"]
        assert task == (NOW, "Laporan Triwulan II 2026 dikembalikan. Perbaiki yang diberi catatan.")

    def test_what_was_handed_in_is_done(self, group, member, pandulangan, operator, home):
        build_reports.submitted(pandulangan, by=operator)
        assert tasks(home())["Periksa & ajukan"] == (WAIT, "Triwulan III 2026: mulai 1 Oktober 2026")

    @pytest.mark.parametrize(
        ("due_on", "words"),
        [
            (date(2026, 10, 11), "11 hari lagi"),
            (date(2026, 10, 1), "besok"),
            (date(2026, 9, 30), "hari ini"),
            (date(2026, 9, 27), "lewat 3 hari"),
        ],
    )
    def test_the_days_left_are_told_in_words(self, due_on, words):
        assert home_tasks.days_left(due_on) == words


class TestEmpty:
    def test_a_village_without_a_group_is_told_whom_to_ask(self, operator, home):
        page = home()
        assert page.context["title"] == "Tugas September 2026"
        assert "Kelompok UP2K desa ini belum tercatat" in page.content.decode()
        assert page.context["tasks"] == []

    def test_a_group_without_money_is_shown_where_to_begin(self, group, home):
        text = home().content.decode()
        assert "Belum ada uang yang tercatat." in text
        assert f'href="{reverse("opening", args=[group.pk])}"' in text
        assert f'href="{reverse("member-paste", args=[group.pk])}"' in text
        assert tasks(home())["Lembar setoran"] == (NOW, "Belum ada anggota. Tambah anggotanya dulu.")


class TestOthers:
    @pytest.mark.parametrize("role", [Role.DISTRICT, Role.STAFF, Role.ADMIN, Role.PROVINCE])
    def test_the_other_roles_have_their_figures_and_no_tasks(self, role, in_september, as_user):
        area = {Role.DISTRICT: "63.08.03", Role.PROVINCE: "63"}.get(role, "63.08")
        page = as_user(build.user(role, area)).get("/")
        assert "tasks" not in page.context
        assert page.context["figures"][0].value == "1"


class TestFirstSteps:
    def test_she_walks_them_once_with_her_own_data(self, in_september, operator, home, client):
        titles = []
        for _ in range(4):
            titles.append(home().context["step"].title)
            client.post(reverse("first-steps"), {"verb": "next"})
        assert titles == [
            "Ini kelompok Ibu",
            "Anggota",
            "Saldo awal dan pinjaman berjalan",
            "Lembar setoran pertama",
        ]
        assert home().context["step"] is None

    def test_they_hold_what_her_village_has(self, in_september, operator, home):
        assert home().context["step"].lines[0] == "UP2K As Syifa, Desa Pandulangan"
        User.objects.update(first_step=1)
        assert home().context["step"].lines[0] == "1 anggota sudah tercatat."
        User.objects.update(first_step=2)
        assert home().context["step"].lines[0] == "Buku sudah berjalan; kasnya Rp9.000.000."

    def test_she_may_leave_them_out_and_ask_for_them_again(self, group, operator, home, client):
        home()
        client.post(reverse("first-steps"), {"verb": "skip"})
        assert home().context["step"] is None
        assert "Ulangi langkah pertama" in client.get(reverse("help")).content.decode()
        client.post(reverse("first-steps"), {"verb": "again"})
        assert home().context["step"].number == 1

    def test_each_person_has_her_own(self, group, operator, district_officer, home, as_user):
        home()
        as_user(operator).post(reverse("first-steps"), {"verb": "skip"})
        assert list(User.objects.order_by("username").values_list("username", "first_step")) == [
            ("63.08.03", 0),
            ("63.08.03.2014", 4),
        ]


def test_the_kecamatan_reads_how_many_entrusted_sheets_wait(group, operator, district_officer, as_user):
    for _ in range(2):
        build_entrusted.sheet(group, by=operator)
    page = as_user(district_officer).get("/").content.decode()
    assert "2 lembar titipan menunggu diketik" in page
    assert f"{reverse('entrusted-list')}?status=sent" in page
    assert "lembar titipan" not in as_user(operator).get("/").content.decode()
