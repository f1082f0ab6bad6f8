"""An entrusted sheet as its row, without what the service does besides."""

from datetime import date

from loans.models import EntrustedSheet
from tests import build


def sheet(group, **fields) -> EntrustedSheet:
    """Photos of a meeting that wait to be typed."""
    facts = {"on": date(2026, 9, 25), "note": "dikirim lewat WA", "sent_by": fields.pop("by", None) or build.user()}
    return EntrustedSheet.objects.create(group=group, village=group.village, **facts | fields)
