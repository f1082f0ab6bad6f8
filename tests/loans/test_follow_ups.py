"""What is done about late loans, the pages of quality, and tanggung renteng; today is 30 September 2026."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from loans.follow_services import record_follow_up, reminder, with_promises
from loans.joint_services import joint_state
from loans.models import CollectabilityScheme, FollowUp, Loan
from tests import build
from tests.loans.test_month_pages import text
from tests.loans.test_months import refusal
from tests.test_lists import queries_of

TODAY = date(2026, 9, 30)
TOLD = {"on": date(2026, 9, 10), "way": "visit", "words": "dagangan sepi, sanggup separuh"}


@pytest.fixture
def loan(member):
    """Rp115.000 due each month from 28 February on; never paid."""
    return build.loan(member)


def follow(loan, operator, **facts) -> FollowUp:
    return record_follow_up(loan=loan, by=operator, **TOLD | {"uuid": uuid4()} | facts)


def promise_of(row, on=TODAY) -> str:
    return with_promises(FollowUp.objects.filter(pk=row.pk), on).get().promise


class TestLog:
    def test_the_same_sending_is_the_same_follow_up(self, loan, operator):
        key = uuid4()
        assert follow(loan, operator, uuid=key) == follow(loan, operator, uuid=key)
        assert FollowUp.objects.count() == 1
        assert refusal(follow, loan, operator, uuid=key, words="lain sama sekali") == (
            "Kiriman ini bertabrakan dengan kiriman lain. Muat ulang halaman, lalu isi lagi."
        )

    def test_a_promise_is_kept_by_what_came_in_until_its_day(self, loan, operator):
        row = follow(loan, operator, promised_on=date(2026, 9, 20), promised=200_000)
        assert promise_of(row, date(2026, 9, 20)) == "waiting"
        assert promise_of(row, date(2026, 9, 21)) == "broken"
        build.payment(loan, 100_000, date(2026, 9, 9))  # before it was promised
        build.payment(loan, 199_999, date(2026, 9, 12))
        assert promise_of(row) == "broken"
        build.payment(loan, 1, date(2026, 9, 20))
        assert promise_of(row) == "kept"

    def test_without_a_promise_there_is_no_state(self, loan, operator):
        assert promise_of(follow(loan, operator)) == ""

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"promised": 50_000}, "Isi tanggal dan jumlah janjinya, atau kosongkan keduanya."),
            ({"promised_on": date(2026, 10, 1)}, "Isi tanggal dan jumlah janjinya, atau kosongkan keduanya."),
            (
                {"promised_on": date(2026, 9, 9), "promised": 50_000},
                "Janji bayar paling awal 10 September 2026, hari tindak lanjutnya.",
            ),
        ],
    )
    def test_half_a_promise_is_refused(self, loan, operator, facts, words):
        assert refusal(follow, loan, operator, **facts) == words

    def test_a_day_ahead_or_before_the_loan_is_refused(self, loan, operator):
        for on in (date(2026, 10, 1), date(2026, 1, 30)):
            assert refusal(follow, loan, operator, on=on)
        assert FollowUp.objects.count() == 0

    def test_it_is_never_changed_nor_deleted(self, loan, operator):
        row = follow(loan, operator)
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            FollowUp.objects.all().delete()


def test_the_reminder_is_polite_and_has_rupiah_and_day_but_no_nik(loan):
    words = reminder(Loan.objects.with_arrears(date(2026, 4, 1)).get())
    assert words == (
        "Assalamu'alaikum Ibu Norhasanah. Kami dari pengurus UP2K As Syifa mengingatkan dengan hormat: angsuran"
        " pinjaman nomor 2026-001 yang jatuh tempo 28 Februari 2026 belum kami terima, seluruhnya Rp230.000. Mohon"
        " dibayar pada pertemuan terdekat. Bila ada kesulitan, mari kita bicarakan bersama. Bila sudah dibayar,"
        " mohon abaikan pesan ini. Terima kasih."
    )
    assert loan.member.nik not in words
    assert reminder(Loan.objects.with_arrears(date(2026, 2, 28)).get()) == ""


class TestPages:
    def test_the_loan_page_tells_and_offers_it(self, loan, operator, as_user):
        type(loan.member).objects.update(phone="0812-0000-6308")
        follow(loan, operator, promised_on=date(2026, 9, 20), promised=200_000)
        page = as_user(operator).get(loan.get_absolute_url()).content.decode()
        assert "dagangan sepi, sanggup separuh" in page
        assert "Belum ditepati" in page
        assert "https://wa.me/6281200006308?text=Assalamu%27alaikum%20Ibu%20Norhasanah" in page
        assert loan.member.nik not in page
        assert reverse("follow-up-add", args=[loan.pk]) in page

    def test_who_only_reads_gets_no_message(self, loan, staff, as_user):
        page = as_user(staff).get(loan.get_absolute_url()).content.decode()
        assert "Belum ada yang dicatat tentang tunggakan ini." in page
        assert "wa.me" not in page

    def test_a_loan_in_order_has_no_such_section(self, loan, operator, as_user):
        build.payment(loan, 1_150_000, date(2026, 9, 1))
        page = as_user(operator).get(loan.get_absolute_url()).content.decode()
        assert '<h2 class="grow">Tindak lanjut</h2>' not in page
        assert reverse("follow-up-add", args=[loan.pk]) not in page

    def test_a_follow_up_is_written_down_on_its_form(self, loan, operator, as_user):
        told = {"on": "10-09-2026", "way": "call", "words": "janji bayar hari pasar", "uuid": uuid4()}
        asked = told | {"promised_on": "20-09-2026", "promised": "150.000"}
        answer = as_user(operator).post(reverse("follow-up-add", args=[loan.pk]), asked)
        assert answer.status_code == 302, answer.context["form"].errors
        row = FollowUp.objects.get()
        assert (row.way, row.promised, row.promised_on, row.recorded_by) == (
            "call", 150_000, date(2026, 9, 20), operator,
        )  # fmt: skip

    def test_the_list_has_late_loans_with_the_latest(self, group, loan, operator, as_user):
        build.payment(build.loan(build.member(group, name="Tepat")), 1_150_000, date(2026, 9, 1))
        build.loan(build.member(group, name="Baru"))
        follow(loan, operator, on=date(2026, 8, 1), promised_on=date(2026, 8, 2), promised=1)
        follow(loan, operator, promised_on=date(2026, 9, 20), promised=200_000)
        client = as_user(operator)
        rows = client.get(reverse("follow-up-list"), {"format": "json"}).json()["results"]
        assert [(row["borrower"], row["promised"], row["promise"]) for row in rows] == [
            ("Norhasanah", 200_000, "Belum ditepati"), ("Baru", None, ""),
        ]  # fmt: skip
        for asked, names in (("broken", ["Norhasanah"]), ("due", ["Norhasanah"]), ("none", ["Baru"]), ("kept", [])):
            rows = client.get(reverse("follow-up-list"), {"format": "json", "promise": asked}).json()["results"]
            assert [row["borrower"] for row in rows] == names, asked

    def test_the_quality_page_shows_each_figure_with_its_formula(self, loan, operator, as_user):
        page = text(as_user(operator).get(reverse("quality"), {"on": "15-06-2026"}))
        assert "Keadaan 15 Juni 2026. Skema E: Lima tingkat umum (bank)" in page
        assert (
            "sisa pokok pinjaman yang telat lebih dari 30 hari ÷ seluruh sisa pokok: Rp1.000.000 ÷ Rp1.000.000" in page
        )
        assert "1 pinjaman; cadangan 15,0% = Rp150.000" in page

    def test_a_scheme_whose_percents_or_bounds_are_not_known_says_so(self, loan, operator, as_user):
        client, warning = as_user(operator), "Skema ini belum punya persen cadangan."
        assert warning not in text(client.get(reverse("quality")))
        CollectabilityScheme.objects.filter(code="E").update(is_in_use=False)
        CollectabilityScheme.objects.filter(code="B").update(is_in_use=True)
        page = text(client.get(reverse("quality")))
        assert warning in page
        assert "Skema B: Tiga tingkat OJK untuk LKM (tanpa persen cadangan)" in page
        CollectabilityScheme.objects.filter(code="B").update(is_in_use=False)
        CollectabilityScheme.objects.filter(code="A").update(is_in_use=True)
        page = text(client.get(reverse("quality")))
        assert "(batas tingkat 3–5 perkiraan)" in page
        assert "perkiraan, sumbernya belum ditemukan" in page

    def test_its_links_open_the_loans_of_that_day(self, loan, operator, as_user):
        client = as_user(operator)
        page = client.get(reverse("quality"), {"on": "15-06-2026", "group": loan.group_id})
        (url,) = {url for ratio, url in page.context["ratios"] if ratio.formula.key == "par90"}
        (row,) = client.get(f"{url}&format=json").json()["results"]
        assert (row["number"], row["days_late"], row["collectability"], row["principal_late"]) == (
            "2026-001", 107, "Kurang lancar", 400_000,
        )  # fmt: skip
        assert "Telat lebih dari 90 hari. Keadaan 15 Juni 2026" in text(client.get(url))
        early = client.get(reverse("quality-loans"), {"on": "15-02-2026", "slice": "par1", "format": "json"})
        assert early.json()["count"] == 0

    def test_excel_has_the_same_figures(self, loan, operator, as_user):
        answer = as_user(operator).get(reverse("quality"), {"on": "15-06-2026", "format": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
        rows = {row[0]: row[1:5] for row in sheet.iter_rows(values_only=True)}
        assert rows["PAR > 30 hari"] == (1_000_000, 1_000_000, 100, None)
        assert rows["Tunggakan"] == (400_000, 1_000_000, 40, None)
        assert rows["Kolektibilitas 3. Kurang lancar"] == (1_000_000, 1_000_000, 100, 150_000)
        assert rows["Telat >90 hari"] == (100_000, 400_000, 25, None)

    def test_an_unknown_day_is_said_and_shows_nothing(self, loan, operator, as_user):
        page = as_user(operator).get(reverse("quality"), {"on": "31-02-2026"})
        assert page.context["filter"].form.errors["on"]
        assert page.context["quality"].sums["balance"] == 0

    @pytest.mark.parametrize("rows", [1, 5])
    def test_pages_cost_the_same_for_any_number_of_loans(self, rows, group, operator, as_user):
        for _ in range(rows):
            follow(build.loan(build.member(group)), operator)
        client = as_user(operator)
        found = [queries_of(client, reverse(name)) for name in ("quality", "quality-loans", "follow-up-list")]
        assert found == [10, 10, 9]


class TestJoint:
    def test_what_is_late_in_a_poklak_and_who_would_bear_it(self, group, operator, as_user):
        poklak = build.poklak(group)
        late, *_ = [build.member(group, name=name, poklak=poklak) for name in ("Aminah", "Barsiah", "Cahaya")]
        build.loan(late, 300_001)
        state = joint_state(poklak, date(2026, 3, 1))
        found = {line.member.name: (line.own_late, line.shared_late, line.would_bear) for line in state.lines}
        assert found == {"Aminah": (34_500, 0, 0), "Barsiah": (0, 0, 17_250), "Cahaya": (0, 0, 17_250)}
        assert state.late == 34_500
        page = text(as_user(operator).get(reverse("poklak-arrears", args=[poklak.pk])))
        assert "Tanggung renteng" in page
        assert "Rp241.500" in page  # seven times by September

    def test_a_poklaks_loan_is_late_by_its_members_parts(self, group):
        poklak = build.poklak(group)
        first, second = (build.member(group, name=name, poklak=poklak) for name in ("Aminah", "Barsiah"))
        build.loan(poklak)
        state = joint_state(poklak, date(2026, 3, 1))
        assert [(line.member, line.shared_late) for line in state.lines] == [(first, 57_500), (second, 57_500)]
        assert state.late == 115_000
