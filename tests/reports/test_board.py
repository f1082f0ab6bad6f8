"""Papan laporan: kecamatan by period, down to the villages of a period, for each who may see it."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from reports.board_services import MOST_NAMED, _message, board_of
from reports.completeness import Standing
from reports.periods import parse_period
from tests import build
from tests.reports import build_reports as reports
from tests.reports.test_calendar_services import monthly
from up2k_portal.lib.access import Role
from villages.models import Village

TW1, TW2 = parse_period("2026-TW1"), reports.TW2
BOARD, VILLAGES, REMIND = (reverse(f"report-{name}") for name in ("board", "villages", "reminders"))


@pytest.fixture
def three(pandulangan, elsewhere):
    """Two villages of Sungai Pandan, of which one handed in late, and one of Banjang that handed in nothing."""
    teluk = build.village("63.08.03.2015", name="Teluk Betung")
    reports.kept(pandulangan, parse_period("2025-TW3"), state="sent", submitted_on=date(2025, 10, 4))
    reports.kept(pandulangan, TW2, state="approved", submitted_on=date(2026, 7, 4))
    reports.kept(teluk, TW2, state="submitted", submitted_on=date(2026, 7, 9))
    return pandulangan, teluk, elsewhere


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestBoard:
    def test_a_line_counts_the_same_villages_above_and_below(self, three):
        board = board_of("63.08")
        told = [(line.name, [(cell.sums.received, cell.sums.expected) for cell in line.cells]) for line in board.lines]
        assert told == [
            ("Sungai Pandan", [(2, 2), (0, 2), (0, 2), (1, 2)]),
            ("Banjang", [(0, 1), (0, 1), (0, 1), (0, 1)]),
        ]
        assert [period.code for period in board.periods] == ["2026-TW2", "2026-TW1", "2025-TW4", "2025-TW3"]

    def test_it_begins_with_the_first_report_of_the_kabupaten(self, pandulangan, elsewhere):
        assert [period.code for period in board_of("63.08").periods] == ["2026-TW2"]
        reports.kept(pandulangan, TW1)
        assert [period.code for period in board_of("63.08.07").periods] == ["2026-TW2", "2026-TW1"]

    def test_what_waits_for_whom_has_its_due_day(self, three, staff, as_user):
        assert [one[:3] for one in as_user(staff).get(BOARD).context["waiting"]] == [
            ("kecamatan", 1, date(2026, 7, 10)),
            ("kabupaten", 0, date(2026, 7, 15)),
        ]

    def test_the_total_is_the_sum_of_its_lines(self, three):
        sums = board_of("63.08").total.cells[0].sums
        assert (sums.expected, sums.on_time, sums.late, sums.overdue, sums.agreed) == (3, 1, 1, 1, 1)
        assert sums.kinds == (("late", 1), ("submitted", 1), ("approved", 1))

    def test_staff_see_word_count_and_due_day(self, three, staff, as_user):
        page = as_user(staff).get(BOARD)
        said = text_of(page)
        assert (page.status_code, page.context["subtitle"]) == (200, "Kabupaten Hulu Sungai Utara")
        assert [words in said for words in ("2 dari 2 masuk", "1 disetujui", "batas 5 Jul 2026")] == [True] * 3
        assert "2 dari 3 masuk" in said

    def test_a_kecamatan_shows_its_villages_each_with_its_report(self, three, district_officer, as_user):
        page = as_user(district_officer).get(BOARD)
        told = [(line.name, cells[0].word, cells[0].counts) for line, _, cells in page.context["lines"]]
        assert told == [("Desa Pandulangan", "Disetujui", ""), ("Desa Teluk Betung", "Diajukan", "masuk terlambat")]
        urls = [url for _, url, _ in page.context["lines"]]
        assert urls == [reverse("village-report", args=[one.pk, "2026-TW2"]) for one in three[:2]]

    def test_an_operator_finds_each_period_of_her_own_village(self, three, operator, as_user):
        page = as_user(operator).get(BOARD)
        ((line, _, cells),) = page.context["lines"]
        assert (line.name, cells[0].word) == ("Desa Pandulangan", "Disetujui")
        assert cells[0].url == reverse("village-report", args=[three[0].pk, "2026-TW2"])
        assert "Ingatkan" not in text_of(page)
        assert as_user(operator).get(BOARD, {"format": "json"}).json()["count"] == 1
        assert as_user(operator).get(BOARD, {"format": "cetak"}).status_code == 200

    def test_a_kecamatan_opens_the_board_of_one_village_and_reaches_leave_by_clicks(
        self, three, district_officer, as_user
    ):
        client = as_user(district_officer)
        assert client.get(BOARD, {"wilayah": three[0].code}).status_code == 200
        calendar = client.get(client.get(BOARD).context["calendar_url"])
        assert calendar.status_code == 200
        assert reverse("due-exception-add") in calendar.content.decode()

    def test_the_admin_finds_sending_and_the_rules(self, three, regency_admin, staff, as_user):
        addresses = (reverse("report-sendings"), reverse("report-rules"))
        for person, offered in ((regency_admin, True), (staff, False)):
            text = as_user(person).get(BOARD).content.decode()
            assert [f'href="{one}"' in text for one in addresses] == [offered] * 2

    def test_a_province_reads_its_kabupaten_and_no_person(self, three, province_reader, staff, as_user):
        build.group(build.village("63.09.01.2001", name="Muara Uya"))
        page = as_user(province_reader).get(BOARD)
        told = [(line.name, cells[0].counts) for line, _, cells in page.context["lines"]]
        assert told == [("Kabupaten Hulu Sungai Utara", "2 dari 3 masuk"), ("Wilayah 63.09", "0 dari 1 masuk")]
        assert staff.name not in text_of(page)

    def test_a_kabupaten_that_has_not_begun_counts_neither_above_nor_below_the_line(
        self, three, province_reader, as_user
    ):
        build.village("63.09.01.2001", name="Muara Uya")
        client = as_user(province_reader)
        page = client.get(BOARD)
        assert page.context["total"][0].counts == "2 dari 3 masuk"
        text = text_of(page)
        assert "Belum memakai portal, tidak ikut dihitung" in text
        (other,) = [one for one in client.get(BOARD, {"format": "json"}).json()["results"] if one["code"] == "63.09"]
        assert other["uses_portal"] is False
        assert {one["expected"] for one in other["periods"].values()} == {0}
        assert "Muara Uya" not in text_of(client.get(REMIND, {"wilayah": "63"}))
        assert "Kabupaten ini belum memakai portal" in text_of(client.get(BOARD, {"wilayah": "63.09"}))
        assert "Kabupaten ini belum memakai portal" not in text_of(client.get(BOARD, {"wilayah": "63.08"}))
        build.group(Village.objects.get(code="63.09.01.2001"))
        assert client.get(BOARD).context["total"][0].counts == "2 dari 4 masuk"

    def test_every_count_of_the_latest_period_opens_its_villages(self, three, staff, as_user):
        client = as_user(staff)
        page = client.get(BOARD)
        sums, stood = page.context["latest"].sums, page.context["stood"]
        told = {"on_time": sums.on_time, "agreed": sums.agreed, "overdue": sums.overdue}
        assert {name: client.get(f"{stood[name]}&format=json").json()["count"] for name in told} == told
        assert sum(told.values()) > 0
        for _, count, _, url in page.context["waiting"]:
            assert client.get(f"{url}&format=json").json()["count"] == count
        assert all(url.replace("&", "&amp;") in page.content.decode() for url in stood.values())

    def test_older_periods_are_a_link_away(self, pandulangan, operator, as_user):
        for code in ("2025-TW1", "2026-TW2"):
            reports.kept(pandulangan, parse_period(code))
        client = as_user(operator)
        page = client.get(BOARD)
        assert [one.code for one, _ in page.context["heads"]] == ["2026-TW2", "2026-TW1", "2025-TW4", "2025-TW3"]
        older = page.context["older_url"]
        assert older == f"{BOARD}?wilayah={pandulangan.code}&sebelum=2025-TW3"
        page = client.get(older)
        assert [one.code for one, _ in page.context["heads"]] == ["2025-TW2", "2025-TW1"]
        assert (page.context["older_url"], page.context["recent_url"]) == ("", f"{BOARD}?wilayah={pandulangan.code}")
        assert reverse("village-report", args=[pandulangan.pk, "2025-TW1"]) in page.content.decode()
        assert [client.get(BOARD, {"sebelum": one}).status_code for one in ("kapan", "2027-TW1")] == [404, 404]

    def test_who_serves_two_kecamatan_chooses_between_them(self, three, as_user):
        client = as_user(build.user(Role.DISTRICT, "63.08.03", "63.08.07"))
        links = client.get(BOARD).context["place_links"]
        assert links == [
            ("Kecamatan Sungai Pandan", f"{BOARD}?wilayah=63.08.03", True),
            ("Kecamatan Banjang", f"{BOARD}?wilayah=63.08.07", False),
        ]
        lines = client.get(links[1][1]).context["lines"]
        assert [line.code for line, _, _ in lines] == [build.OTHER_PANDULANGAN]

    @pytest.mark.parametrize("code", ["63.09", "63", "63.08.04.2001.1", "x"])
    def test_an_area_of_somebody_else_is_404(self, three, staff, as_user, code):
        assert as_user(staff).get(BOARD, {"wilayah": code}).status_code == 404

    def test_a_board_without_villages_says_so(self, staff, as_user):
        build.village()
        build.Village.objects.all().delete()
        assert "Belum ada desa yang wajib lapor." in text_of(as_user(staff).get(BOARD))

    def test_a_monthly_kabupaten_has_months(self, three, regency_admin, staff, as_user):
        monthly(three[0].district.regency)
        codes = [period.code for period in board_of("63.08").periods]
        assert codes == ["2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03"]


class TestOtherForms:
    def test_json_and_excel_have_the_counts_of_the_page(self, three, staff, as_user):
        client = as_user(staff)
        told = client.get(BOARD, {"format": "json"}).json()
        pandan = told["results"][0]["periods"]["2026-TW2"]
        assert pandan == {
            "expected": 2, "received": 2, "on_time": 1, "late": 1, "overdue": 0, "nil": 0, "approved": 1,
            "kinds": {"submitted": 1, "approved": 1},
        }  # fmt: skip
        assert (told["count"], told["total"]["periods"]["2026-TW2"]["expected"]) == (2, 3)
        sheet = load_workbook(BytesIO(b"".join(client.get(BOARD, {"format": "xlsx"})))).worksheets[0]
        rows = [[cell.value for cell in row][:8] for row in sheet.iter_rows()]
        assert ["63.08.03", "Sungai Pandan", 2, 2, 1, 1, 0, 1] in rows
        assert ["63.08", "Jumlah", 3, 2, 1, 1, 1, 1] in rows

    def test_on_paper_each_cell_has_its_letter(self, three, staff, as_user):
        said = text_of(as_user(staff).get(BOARD, {"format": "cetak"}))
        assert "A 1 diajukan<br>2 dari 2 masuk; 1 disetujui" in said
        assert "! Terlambat<br>0 dari 1 masuk" in said

    def test_another_form_is_404(self, three, staff, as_user):
        assert as_user(staff).get(BOARD, {"format": "pdf"}).status_code == 404

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_board_costs_the_same_queries_for_any_number_of_villages(self, staff, as_user, rows):
        for number in range(rows):
            for regency in ("63.08", "63.09")[: 1 + rows // 8]:
                reports.kept(build.village(f"{regency}.{number % 5 + 1:02}.{2001 + number}"), TW2)
        reader, client = build.user(Role.PROVINCE, "63"), as_user(staff)
        found = []
        pages = ((staff, BOARD, "63.08"), (reader, BOARD, "63"), (staff, BOARD, "63.08.01"), (reader, VILLAGES, "63"))
        for user, url, asked in (*pages, (reader, REMIND, "63")):
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url, {"wilayah": asked}).status_code == 200
            found.append(len(queries))
        assert found == [15, 15, 14, 14, 14]


class TestVillages:
    def get(self, client, **asked):
        return client.get(VILLAGES, {"wilayah": "63.08", "periode": "2026-TW2"} | asked)

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("", ["Desa Pandulangan", "Desa Teluk Betung", "Desa Pandulangan"]),
            ("missing", ["Desa Pandulangan"]),
            ("late", ["Desa Pandulangan"]),
            ("came-late", ["Desa Teluk Betung"]),
            ("approved", ["Desa Pandulangan"]),
            ("sent", []),
        ],
    )
    def test_the_filter_is_in_the_address(self, three, staff, as_user, asked, names):
        rows = self.get(as_user(staff), keadaan=asked, format="json").json()["results"]
        assert [row["village_name"] for row in rows] == names

    def test_each_row_says_where_it_stands(self, three, staff, as_user):
        rows = self.get(as_user(staff), format="json").json()["results"]
        assert [(row["district"], row["kind"], row["submitted_on"], row["remark"]) for row in rows] == [
            ("Sungai Pandan", "Disetujui", "2026-07-04", ""),
            ("Sungai Pandan", "Diajukan", "2026-07-09", "masuk terlambat"),
            ("Banjang", "Terlambat", None, ""),
        ]
        page = text_of(self.get(as_user(staff)))
        assert reverse("village-report", args=[three[2].pk, "2026-TW2"]) in page

    def test_a_search_finds_names_and_codes(self, three, staff, as_user):
        assert [len(self.get(as_user(staff), q=q, format="json").json()["results"]) for q in ("teluk", "63.08.07")] == [
            1,
            1,
        ]

    def test_of_a_year_it_says_which_parts_are_missing(self, three, staff, as_user):
        rows = self.get(as_user(staff), periode="2026-S1", format="json").json()["results"]
        assert [row["remark"] for row in rows][:2] == ["belum masuk: Triwulan I 2026"] * 2
        assert reverse("village-report", args=[three[0].pk, "2026-TW2"]) not in text_of(
            self.get(as_user(staff), periode="2026-S1")
        )

    @pytest.mark.parametrize("code", ["2026-05", "2031-TW1", "abc"])
    def test_a_period_that_nobody_reports_is_404(self, three, staff, as_user, code):
        assert self.get(as_user(staff), periode=code).status_code == 404

    def test_an_unknown_state_is_told_and_shows_nothing(self, three, staff, as_user):
        page = self.get(as_user(staff), keadaan="apa")
        assert (page.status_code, len(page.context["table"].rows)) == (200, 0)
        assert self.get(as_user(staff), keadaan="apa", format="json").status_code == 400


class TestReminders:
    def test_the_message_names_villages_and_the_day_and_no_person(self, three, staff, operator, as_user):
        page = as_user(staff).get(REMIND, {"periode": "2026-TW2"})
        ((one, wa_url, _),) = page.context["rows"]
        assert one.words == (
            "Assalamu'alaikum Ibu-ibu pengurus PKK Kecamatan Banjang. Laporan UP2K Triwulan II 2026 batasnya sudah"
            " lewat, 5 Juli 2026. Sudah masuk 0 dari 1 desa/kelurahan. Yang kami tunggu: Desa Pandulangan. Mohon"
            " dibantu supaya segera diajukan di Portal UP2K; bila ada kesulitan, mari kita bicarakan. Terima kasih."
        )
        assert unquote(wa_url) == f"https://wa.me/?text={one.words}"
        assert operator.name not in one.words

    def test_where_all_are_in_there_is_nothing_to_send(self, three, district_officer, as_user):
        said = text_of(as_user(district_officer).get(REMIND, {"periode": "2026-TW2"}))
        assert "Semua laporan sudah masuk." in said

    def test_an_operator_reads_of_her_own_village_alone(self, three, operator, as_user):
        ((one, _, _),) = as_user(operator).get(REMIND, {"periode": "2026-TW1"}).context["rows"]
        assert [village.village_name for village in one.missing] == ["Desa Pandulangan"]


def test_thousands_have_dots_in_the_words_of_a_reminder():
    """No kabupaten has a kecamatan of a thousand villages; a report of a province may one day."""
    missing = [Standing(f"63.08.03.{number}", f"Desa {number}", "none", False) for number in range(2001, 3513)]
    words = _message("Sungai Pandan", TW2, date(2026, 7, 5), missing, 2_600)
    assert "Sudah masuk 1.088 dari 2.600 desa/kelurahan." in words
    assert f"dan {1_512 - MOST_NAMED:,} desa lain".replace(",", ".") in words
