"""Charts below the signatures of Rekap: bars in grey with their figures, readable on a photocopy. Pure."""

from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties

from reports.forms import Layout

CHART_ROWS = 17  # of 15 points
HEIGHT_CM, GREYS = 8.6, ("595959", "BFBFBF")
CM_PER_WIDTH = 5.25 / 72 * 2.54


def add_charts(ws: Any, form: Layout, first: int, last: int, below: int) -> None:
    """RR and NPL on the left, villages and those that reported on the right, over the data rows `first` to `last`."""
    letters = {column["key"]: column for column in form["columns"]}
    half = sum(column["width"] for column in form["columns"]) / 2
    sides = (("RR dan NPL", ("rr", "npl"), "0%"), ("Desa/kelurahan dan yang lapor", ("desa", "desa_lapor"), "0"))
    at, width = 0.0, half * CM_PER_WIDTH * 0.96
    starts = [form["columns"][0]["letter"]]
    for column in form["columns"]:
        at += column["width"]
        if at >= half:
            starts.append(column["letter"])
            break
    for start, (title, keys, form_of_number) in zip(starts, sides, strict=True):
        if not all(key in letters for key in (*keys, "kecamatan")):
            continue  # another version of the form may lack the column
        chart = _bars(title, width, form_of_number)
        for key, grey in zip(keys, GREYS, strict=True):
            number = letters[key]["n"]
            chart.add_data(Reference(ws, min_col=number, min_row=first, max_row=last), titles_from_data=False)
            series = chart.series[-1]
            series.tx = SeriesLabel(v=letters[key]["label_path"][-1] if key != "desa" else "JML. DESA/KEL.")
            series.graphicalProperties = GraphicalProperties(solidFill=grey)
            series.graphicalProperties.line.solidFill = "000000"
        chart.set_categories(Reference(ws, min_col=letters["kecamatan"]["n"], min_row=first, max_row=last))
        ws.add_chart(chart, f"{start}{below + 1}")


def _bars(title: str, width: float, form_of_number: str) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.style = "col", "clustered", 1
    chart.title, chart.width, chart.height = title, width, HEIGHT_CM
    chart.legend.position = "b"
    chart.y_axis.number_format, chart.y_axis.majorGridlines = form_of_number, None
    chart.y_axis.scaling.min = 0
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, other, False)
    chart.dataLabels.numFmt = form_of_number
    return chart
