"""The workbook in which a village writes its members before pasting them: NIK and telephone as text, days as days."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from up2k_portal.lib.xlsx_shell import DAY, TEXT
from villages.bulk import COLUMNS, MOST_LINES

WIDTHS = {"name": 28, "nik": 20, "sex": 14, "birth_date": 14, "address": 32, "phone": 16, "poklak": 18, "joined_on": 15}
DAYS = {"birth_date", "joined_on"}


def write_template() -> bytes:
    """An empty sheet with its heading and as many prepared rows as may be pasted at once."""
    book = Workbook()
    page = book.active
    page.title = "Anggota"
    for place, (name, heading) in enumerate(COLUMNS.items(), 1):
        head = page.cell(1, place, heading)
        head.font, head.fill = Font(name="Arial", size=10, bold=True), PatternFill("solid", fgColor="DCE6F1")
        page.column_dimensions[get_column_letter(place)].width = WIDTHS[name]
        for row in range(2, MOST_LINES + 2):
            page.cell(row, place).number_format = DAY if name in DAYS else TEXT
    page.freeze_panes = "A2"
    sexes = DataValidation(type="list", formula1='"P,L"', allow_blank=True)
    sexes.add(f"C2:C{MOST_LINES + 1}")
    page.add_data_validation(sexes)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
