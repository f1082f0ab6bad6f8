"""Papan laporan: kecamatan by period, down to the villages of a period; the same as Excel, JSON and on paper."""

from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, partial
from urllib.parse import quote, urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reports.board_forms import AGREED, ON_TIME, OVERDUE, StandingFilter, Standings
from reports.board_services import Board, Cell, Line, area_above, board_of, columns_of, district_names, reminders
from reports.board_tables import StandingTable, board_sheet, cell_json, remark_of
from reports.board_words import STANDINGS
from reports.calendar_services import Calendar, calendars_of, is_reported
from reports.completeness import Completeness, Standing
from reports.models.calendar import Tier
from reports.periods import Period, parse_period
from reports.standings import standings_of
from up2k_portal.lib import xlsx
from up2k_portal.lib.access import EVERYWHERE, Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.money import format_number
from up2k_portal.lib.ui import STATUSES
from up2k_portal.lib.views import ListingView, Page
from villages.areas import area_names, find_area
from villages.models import Province

WA = "https://wa.me/"


class AreaPage(Page):
    """A page about one area of the person's own, named in the address or the first of hers; another's is 404."""

    action = Action.SEE_REPORTS

    @cached_property
    def area_code(self) -> str:
        code = self.request.GET.get("wilayah") or self.own_areas[0]
        if not self.access.covers(code) or len(code) not in (2, 5, 8, 13):
            raise Http404("Wilayah itu bukan wilayah Anda.")
        return code

    @cached_property
    def own_areas(self) -> list[str]:
        if EVERYWHERE in self.access.areas:
            codes = list(self.visible(Province).order_by("code").values_list("code", flat=True))
            if not codes:
                raise Http404("Belum ada wilayah.")
            return codes
        return sorted(self.access.areas)

    @cached_property
    def area(self):
        found = find_area(self.area_code)
        if found is None:
            raise Http404("Wilayah itu tidak ada.")
        return found

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        return calendars_of(self.area_code)

    @property
    def calendar(self) -> Calendar | None:
        """The calendar of the one kabupaten; None for a province."""
        return next(iter(self.calendars.values()), None) if len(self.area_code) > 2 else None

    @cached_property
    def period(self) -> Period:
        """Of the address; the latest that ended where none is asked for."""
        if not (code := self.request.GET.get("periode")):
            return columns_of(self.calendar)[0]
        try:
            period = parse_period(code)
        except ValueError as error:
            raise Http404(str(error)) from error
        if period.first > today():
            raise Http404("Periode itu belum mulai.")
        return period

    def place_links(self) -> list[tuple[str, str, bool]]:
        """The person's areas, where she has several: (name, address, whether it is this one)."""
        if len(self.own_areas) < 2:
            return []
        named = zip(self.own_areas, area_names(self.own_areas), strict=True)
        return [(name, self.url_of(code), code == self.area_code) for code, (name, _) in named]

    def url_of(self, code: str, **more) -> str:
        return f"{self.request.path}?{urlencode({'wilayah': code} | more)}"

    def made_note(self) -> str:
        return f"Dibuat {format_moment(timezone.now())} oleh {self.request.user.name}"


@dataclass(frozen=True)
class CellWords:
    """A cell as the page shows it: the badge of what needs a hand first, and the counts in words."""

    period: Period
    css: str
    icon: str
    word: str
    letter: str
    counts: str
    more: str
    url: str


class BoardView(AreaPage):
    template_name = "reports/board.html"

    def get(self, request):
        wanted = request.GET.get("format")
        if wanted not in (None, "xlsx", "json", "cetak"):
            raise Http404("Bentuk yang ada: xlsx, json dan cetak.")
        _ = self.area  # an area that is not there is 404, whatever the form
        board = board_of(self.area_code, self.before and self.before.first)
        if wanted == "xlsx":
            name = f"papan-laporan-{self.area_code}-{today():%Y%m%d}.xlsx"
            return xlsx.download(board_sheet(board, f"{self.area.full_name}. {self.made_note()}"), name)
        if wanted == "json":
            return self.as_json(board)
        context = self.context(board)
        if wanted == "cetak":
            return render(request, "reports/board_print.html", context | {"back_url": self.url_of(self.area_code)})
        return render(request, self.template_name, context)

    @cached_property
    def before(self) -> Period | None:
        """Of the address: the board shows the periods before it; None for the recent ones."""
        if not (code := self.request.GET.get("sebelum")):
            return None
        try:
            period = parse_period(code)
        except ValueError as error:
            raise Http404(str(error)) from error
        if period.first > today():
            raise Http404("Periode itu belum mulai.")
        return period

    def url_of(self, code: str, **more) -> str:
        return super().url_of(code, **({"sebelum": self.before.code} if self.before else {}) | more)

    def as_json(self, board: Board) -> JsonResponse:
        def told(line: Line) -> dict:
            cells = {cell.period.code: cell_json(cell) for cell in line.cells}
            return {"code": line.code, "name": line.name, "uses_portal": line.is_in_use, "periods": cells}

        answer = {
            "area": board.area_code,
            "as_of": timezone.now().isoformat(),
            "periods": [asdict(period) | {"name": period.name} for period in board.periods],
            "count": len(board.lines),
            "results": [told(line) for line in board.lines],
            "total": told(board.total),
        }
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})

    def context(self, board: Board) -> dict:
        above = area_above(self.area_code)
        above_url = self.url_of(above) if above and self.access.covers(above) else ""
        return {
            "title": "Papan laporan",
            "subtitle": self.area.label,
            "place_links": self.place_links(),
            "back_url": above_url,
            "board": board,
            "heads": [(one, board.calendar and board.calendar.due_day(one)) for one in board.periods],
            "lines": [(line, self.line_url(board, line), self.cells(board, line)) for line in board.lines],
            "total": self.cells(board, board.total),
            "latest": board.total.cells[0],
            "waiting": self.waiting(board),
            "stood": self.stood(board),
            "legend": STANDINGS.values(),
            "older_url": self.url_of(self.area_code, sebelum=board.periods[-1].code) if board.has_older else "",
            "recent_url": f"{self.request.path}?{urlencode({'wilayah': self.area_code})}" if self.before else "",
            "remind_url": f"{reverse('report-reminders')}?{self.query(board.periods[0])}",
            "calendar_url": f"{reverse('report-calendar')}?{urlencode({'wilayah': self.calendar_area})}",
            "is_village": len(self.area_code) == 13,
            "is_in_use": board.calendar is None or board.calendar.is_in_use,
            "may_send": self.access.may(Action.SEND_REPORTS),
            "may_set": self.access.may(Action.MANAGE_SETTINGS),
            "queue_url": reverse("report-queue") if self.may_review() else "",
            "xlsx_url": self.url_of(self.area_code, format="xlsx"),
            "json_url": self.url_of(self.area_code, format="json"),
            "print_url": self.url_of(self.area_code, format="cetak"),
            "as_of": format_moment(timezone.now()),
        }

    def stood(self, board: Board) -> dict[str, str]:
        """The addresses of the villages behind the counts of the latest period, by what is asked of them."""
        listed = f"{reverse('report-villages')}?{self.query(board.periods[0])}"
        return {name.replace("-", "_"): f"{listed}&keadaan={name}" for name in (ON_TIME, AGREED, OVERDUE)}

    def waiting(self, board: Board) -> list[tuple[str, int, date | None, str]]:
        """What waits for the kecamatan and for the kabupaten in the latest period: (for whom, how many, until when, the
        address of the villages).
        """
        kinds, period = dict(board.total.cells[0].sums.kinds), board.periods[0]
        waits = (("kecamatan", "submitted", Tier.DISTRICT), ("kabupaten", "verified", Tier.REGENCY))
        return [
            (
                whom,
                kinds.get(kind, 0),
                board.calendar and board.calendar.due_day(period, tier),
                f"{reverse('report-villages')}?{self.query(period)}&keadaan={kind}",
            )
            for whom, kind, tier in waits
        ]

    @property
    def calendar_area(self) -> str:
        """The kabupaten where the reader covers it, else her own area: its calendar is the same."""
        regency = self.area_code[:5]
        return regency if self.access.covers(regency) else self.area_code

    def may_review(self) -> bool:
        return any(self.access.may(one) for one in (Action.VERIFY_REPORTS, Action.APPROVE_REPORTS))

    def query(self, period: Period, code: str = "") -> str:
        return urlencode({"wilayah": code or self.area_code, "periode": period.code})

    def line_url(self, board: Board, line: Line) -> str:
        if not line.village:
            return self.url_of(line.code)
        latest = next((cell.period for cell in line.cells if cell.rows), board.periods[0])
        return reverse("village-report", args=[line.village, latest.code])

    def cells(self, board: Board, line: Line) -> list[CellWords | None]:
        return [self.cell(line, cell) if cell.rows else None for cell in line.cells]

    def cell(self, line: Line, cell: Cell) -> CellWords:
        sums = cell.sums
        words = STANDINGS[sums.worst]
        if line.village:
            url = reverse("village-report", args=[line.village, cell.period.code])
            return cell_words(cell.period, sums, words.word, remark_of(cell.rows[0]), "", url)
        first = sums.kinds[0][1]
        word = words.word if len(sums.kinds) == 1 else f"{format_number(first)} {words.of_many}"
        rest = ", ".join(f"{format_number(count)} {STANDINGS[kind].of_many}" for kind, count in sums.kinds[1:])
        url = f"{reverse('report-villages')}?{self.query(cell.period, line.code)}"
        counts = f"{format_number(sums.received)} dari {format_number(sums.expected)} masuk"
        return cell_words(cell.period, sums, word, counts, rest, url)


def cell_words(period: Period, sums: Completeness, word: str, counts: str, more: str, url: str) -> CellWords:
    words = STANDINGS[sums.worst]
    _, icon, css = STATUSES[words.badge]
    return CellWords(period, css, icon, word, words.letter, counts, more, url)


@dataclass(frozen=True)
class VillageLine(Standing):
    """A standing with what its row shows besides."""

    district: str = ""
    remark: str = ""


class VillageListing(AreaPage, ListingView):
    """The villages of one period: where each report stands, filtered in the address."""

    title = "Laporan desa"
    template_name = "reports/board_villages.html"
    empty_title = "Tidak ada desa yang wajib lapor."
    empty_text = "Pada hari terakhir periode itu tidak ada desa di wilayah ini."

    @property
    def filter_class(self):
        periods = columns_of(self.calendar)
        offered = periods if self.period in periods else [self.period, *periods]
        return partial(StandingFilter, periods=offered)

    def table_class(self, rows):
        reported = all(is_reported(one, self.period) for one in self.calendars.values())
        return StandingTable(rows, period_code=self.period.code, is_linked=reported)

    def rows(self):
        _ = self.area
        try:
            found = standings_of(self.area_code, [self.period], self.calendars)[self.period.code]
        except ValidationError as error:
            raise Http404(error.messages[0]) from error
        names = district_names(self.area_code)
        return Standings(
            VillageLine(**asdict(one), district=names.get(one.village_code[:8], ""), remark=remark_of(one))
            for one in found
        )

    def subtitle(self):
        return f"{self.area.label}, {self.period.name}"

    def context(self, table, filtered):
        kept = {"wilayah": self.area_code, "periode": self.period.code}
        return super().context(table, filtered) | {
            "clear_url": f"{self.request.path}?{urlencode(kept)}",
            "back_url": f"{reverse('report-board')}?{urlencode({'wilayah': self.area_code})}",
            "remind_url": f"{reverse('report-reminders')}?{urlencode(kept)}",
        }

    def _keys(self, row) -> dict:
        return {"id": row.village_id, "period": self.period.code}


class Reminders(AreaPage):
    """For each kecamatan a message ready to send: which reports are missing, and until when."""

    def get(self, request):
        try:
            found = reminders(self.area_code, self.period)
        except ValidationError as error:
            raise Http404(error.messages[0]) from error
        board = {"wilayah": self.area_code}
        context = {
            "title": f"Ingatkan {self.period.name}",
            "subtitle": self.area.label,
            "back_url": f"{reverse('report-board')}?{urlencode(board)}",
            "rows": [(one, wa_text_url(one.words), self.villages_url(one.code)) for one in found],
            "as_of": format_moment(timezone.now()),
        }
        return render(request, "reports/board_reminders.html", context)

    def villages_url(self, code: str) -> str:
        code = code if self.access.covers(code) else self.area_code
        asked = {"wilayah": code, "periode": self.period.code, "keadaan": "missing"}
        return f"{reverse('report-villages')}?{urlencode(asked)}"


def wa_text_url(words: str) -> str:
    """The address that opens WhatsApp with a message and asks to whom."""
    return f"{WA}?{urlencode({'text': words}, quote_via=quote)}"
