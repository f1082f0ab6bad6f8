"""Charts below the signatures of Rekap: bars in grey with their figures, readable on a photocopy. Pure."""

from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout as Place
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from reports.forms import Layout

CHART_ROWS = 13  # of 15 points
HEIGHT_CM = 6.2
GREYS = ("7F7F7F", "D9D9D9")
CM_PER_WIDTH = 5.25 / 72 * 2.54
SPARE = 0.93  # LibreOffice measures columns a little wider than Excel


@dataclass(frozen=True)
class Chart:
    """Bars of some columns over the column that names the areas."""

    title: str
    columns: tuple[str, ...]
    number_format: str
    names: tuple[str, ...] = ()  # of the columns, where there are several


CHARTS = (
    Chart("Pokok kembali (RR)", ("rr",), "0%"),
    Chart("Saldo bermasalah (NPL)", ("npl",), "0.0%"),
    Chart("Desa/kelurahan dan yang laporannya disetujui", ("desa", "desa_lapor"), "0", ("Jumlah", "Lapor")),
)


def add_charts(ws: Any, form: Layout, first: int, last: int, below: int) -> None:
    """The charts side by side from the row `below` on, over the data rows `first` to `last`."""
    numbers = {column["key"]: column["n"] for column in form["columns"]}
    charts = [chart for chart in CHARTS if {*chart.columns, "kecamatan"} <= numbers.keys()]  # another version may lack
    share = sum(column["width"] for column in form["columns"]) / max(1, len(charts))
    for at, chart in enumerate(charts):
        bars = _bars(chart, share * CM_PER_WIDTH * SPARE)
        for place, key in enumerate(chart.columns):
            bars.add_data(Reference(ws, min_col=numbers[key], min_row=first, max_row=last))
            _dress(bars.series[-1], GREYS[place], chart.names[place] if chart.names else chart.title)
        bars.set_categories(Reference(ws, min_col=numbers["kecamatan"], min_row=first, max_row=last))
        ws.add_chart(bars, f"{_letter_at(form, at * share)}{below + 1}")


def _bars(chart: Chart, width: float) -> BarChart:
    bars = BarChart()
    bars.type, bars.grouping, bars.gapWidth = "col", "clustered", 60
    bars.width, bars.height = width, HEIGHT_CM
    bars.title = _title(chart.title)
    if chart.names:
        bars.legend.position, bars.legend.txPr = "b", _text(800)
    else:
        bars.legend = None
    bars.x_axis.delete, bars.y_axis.delete = False, True  # every bar has its figure
    bars.x_axis.txPr, bars.y_axis.majorGridlines, bars.y_axis.scaling.min = _text(800), None, 0
    return bars


def _dress(series: Any, grey: str, name: str) -> None:
    series.tx = SeriesLabel(v=name)
    series.graphicalProperties = GraphicalProperties(solidFill=grey)
    series.graphicalProperties.line.solidFill = "000000"
    labels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    labels.txPr, labels.position = _text(700), "outEnd"
    series.dLbls = labels


def _title(text: str) -> Title:
    title = Title(overlay=False, layout=Place())
    looks = CharacterProperties(sz=1000, b=True)
    title.tx = _rich(text, looks)
    return title


def _rich(text: str, looks: CharacterProperties) -> Text:
    run = RegularTextRun(rPr=looks, t=text)
    return Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[run])]))


def _text(size: int) -> RichText:
    looks = ParagraphProperties(defRPr=CharacterProperties(sz=size))
    return RichText(p=[Paragraph(pPr=looks, endParaRPr=CharacterProperties(sz=size))])


def _letter_at(form: Layout, width: float) -> str:
    """The column in which so many units of width have passed."""
    passed = 0.0
    for column in form["columns"]:
        if passed >= width - 1e-6:
            return column["letter"]
        passed += column["width"]
    return form["columns"][-1]["letter"]
