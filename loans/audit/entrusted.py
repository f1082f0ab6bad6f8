"""What was typed from photos: every row of a recorded sheet beside the envelope that it became."""

from collections.abc import Iterator

from loans.audit.frame import CHUNK, Finding, Scope, where
from loans.field.items import ItemError, read
from loans.models import EntrustedSheet, Envelope
from up2k_portal.lib.dates import format_day

ENTRUSTED = Envelope.SentAs.ENTRUSTED


def entrusted_sheets(scope: Scope) -> Iterator[Finding]:
    """A recorded sheet shows what was recorded and nothing else, checked by another than who typed it."""
    found = EntrustedSheet.objects.filter(status=EntrustedSheet.Status.RECORDED).select_related("group__village")
    if scope.area:
        found = found.in_area(scope.area)
    for sheet in found.order_by("pk").iterator(CHUNK):
        words = f"lembar titipan {sheet.pk} tanggal {format_day(sheet.on)}"
        place = (str(sheet.group), sheet.group.village.code, words)
        typed = _prints(sheet)
        became = Envelope.objects.filter(group=sheet.group_id, uuid__in=typed, sent_as=ENTRUSTED)
        if not typed or typed != {str(key): sign for key, sign in became.values_list("uuid", "sha256")}:
            yield "lembar titipan", where(*place, "baris yang diketik lain dari yang tercatat")
        if sheet.checked_by_id is None or sheet.checked_by_id in {row.get("typed_by") for row in _rows(sheet)}:
            yield "lembar titipan", where(*place, "tidak diperiksa orang kedua")


def _prints(sheet: EntrustedSheet) -> dict[str, str]:
    """By key, the fingerprint of each row; of one that is no item any more, none."""
    found = {}
    for row in _rows(sheet):
        try:
            item = read(row)
        except ItemError:
            return {}
        found[str(item.uuid)] = item.sha256
    return found


def _rows(sheet: EntrustedSheet) -> list[dict]:
    """Its rows, where they are any: whoever changed them may have written anything."""
    return [row for row in sheet.rows if isinstance(row, dict)] if isinstance(sheet.rows, list) else []
