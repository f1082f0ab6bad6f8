"""The sheet as it is carried to the meeting: F4 across, the lines of the screen in its order, to be filled by hand.

Its QR leads back to the same sheet, where the paper is typed.
"""

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from loans.field.views import SheetPage
from villages.models import Office
from villages.models.placements import village_on

BLANK_LINES = 5  # for who comes without standing on the sheet


class SheetPrint(SheetPage):
    template_name = "loans/field/print.html"

    def context(self):
        sheet = self.sheet
        url = self.request.build_absolute_uri(reverse("sheet", args=[sheet.group.pk, sheet.on]))
        return {
            "title": f"Lembar Setoran {sheet.group}",
            "sheet": sheet,
            "group": sheet.group,
            "village": village_on(sheet.group, sheet.on),
            "totals": {
                name: sum(getattr(line, name) for line in sheet.lines)
                for name in ("principal", "service_fee", "penalty", "mandatory", "contribution", "due")
            },
            "blank_lines": range(len(sheet.lines) + 1, len(sheet.lines) + BLANK_LINES + 1),
            "treasurer": sheet.group.officer_on(Office.BENDAHARA, sheet.on),
            "qr": drawn(url),
            "url": url,
            "back_url": reverse("sheet", args=[sheet.group.pk, sheet.on]),
            "printed_at": timezone.now(),
        }


def drawn(url: str) -> SafeString:
    code = segno.make(url, error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title="Buka lembar ini"))
