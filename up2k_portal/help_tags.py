"""Template tags about help that also work where no request and no context is: on the pages of errors."""

import re
from urllib.parse import quote

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts import history
from up2k_portal import VERSION
from up2k_portal.lib.ui import wa_url

register = template.Library()
KEYS = re.compile(r"[0-9a-f-]{8,}|\d+")  # of rows and receipts, which name somebody to who knows


@register.simple_tag
def help_phone() -> str:
    return settings.HELP_PHONE


@register.simple_tag
def request_number() -> str:
    """By which the fault is found in the log; the same as in the history of changes."""
    return str(history.request_id.get() or "")[:8]


@register.simple_tag
def problem_link(path: str = "") -> str:
    """The address that opens WhatsApp with a message about a problem; "" where no number is set."""
    return f"{wa_url(settings.HELP_PHONE)}?text={quote(problem_text(path))}" if settings.HELP_PHONE else ""


def problem_text(path: str) -> str:
    """What is told of a problem: page without keys, number of the request, version. Nothing about a person."""
    page = KEYS.sub("…", path) or "tidak disebut"
    number = request_number() or "tidak ada"
    return f"Laporan masalah Portal UP2K.\nHalaman: {page}\nNomor: {number}\nVersi: {VERSION}\nYang terjadi: "


@register.filter
def bolded(text: str) -> SafeString:
    """A sentence of a guide with its **words of the screen** in bold; everything else stays text."""
    return mark_safe(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text)))
