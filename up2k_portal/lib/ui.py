"""Template tags and filters of the portal's look; settings make them builtins of every template."""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from up2k_portal.lib import money
from up2k_portal.lib.dates import format_day, format_day_short, format_moment
from up2k_portal.lib.privacy import mask_number

register = template.Library()

NOTHING = "–"
NOTHING_SHOWN = (None, "", NOTHING, "—")

# Drawn for the portal: 24-unit grid, one path each, no fill.
ICONS = {
    "alert": "M12 4.5 21 19.5H3zM12 10v4.5M12 17v.1",
    "back": "M9 6.5 4.5 11 9 15.5M4.5 11H14a5 5 0 0 1 0 10h-2",
    "calc": "M6 4.5h12v15H6zM9 8h6M9 12h.1M12 12h.1M15 12h.1M9 15.5h.1M12 15.5h.1M15 15.5h.1",
    "calendar": "M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4",
    "card": "M3.5 6.5h17v11h-17zM3.5 10.5h17M7 14.5h4",
    "cash": "M3.5 7h17v10h-17zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6.5 12h.1M17.5 12h.1",
    "chart": "M4.5 19.5h15M7 16v-5M12 16V6M17 16v-7.5",
    "chat": "M4.5 19.5l1.2-3.6a7.7 7.7 0 1 1 2.7 2.5zM9 12h.1M12 12h.1M15 12h.1",
    "check": "M5 12.5 10 17.5 19.5 7",
    "check2": "M2.5 12.5 7 17 15 8M11.5 15.8 12.8 17 21.5 8",
    "clock": "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 1.8",
    "dash": "M5 12h14",
    "down": "M12 4.5v10M7.5 10.5 12 15l4.5-4.5M5 19.5h14",
    "exit": "M13.5 5h-8v14h8M10 12h10M16.5 8.5 20 12l-3.5 3.5",
    "eye": "M2.8 12S6 6 12 6s9.2 6 9.2 6-3.2 6-9.2 6-9.2-6-9.2-6zM12 14.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2z",
    "fall": "M12 5v14M6.5 13.5 12 19l5.5-5.5",
    "filter": "M4.5 7h15M7.5 12h9M10.5 17h3",
    "group": "M12 10.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM7 19.5c0-3.4 2-5.5 5-5.5s5 2.1 5 5.5"
    "M5.2 11.2a2.2 2.2 0 1 1 1.3-4M2.5 17.5c.1-2 .9-3.4 2.3-4.1"
    "M18.8 11.2a2.2 2.2 0 1 0-1.3-4M21.5 17.5c-.1-2-.9-3.4-2.3-4.1",
    "home": "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
    "left": "M14.5 5.5 8 12l6.5 6.5",
    "lock": "M6 11h12v8.5H6zM8.5 11V8.2a3.5 3.5 0 0 1 7 0V11",
    "more": "M5 7h14M5 12h14M5 17h14",
    "note": "M4.5 5h15v11h-8l-4 3.5V16h-3z",
    "off": "M4 4l16 16M5 10.5a10 10 0 0 1 3.5-2.2M12 7.5c2.7 0 5.1 1.1 7 3M8.5 14a5 5 0 0 1 3.5-1.5M12 18.5v.1",
    "pen": "M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.2zM13.5 7.5l3 3",
    "people": "M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.5 19c.4-3.3 2.6-5 5.5-5s5.1 1.7 5.5 5"
    "M15.5 5.6a3 3 0 0 1 0 5.6M17 14.3c2 .5 3.2 2.2 3.5 4.7",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4.5h10V9M7 16.5H4.5V9h15v7.5H17M7 14h10v5.5H7z",
    "right": "M9.5 5.5 16 12l-6.5 6.5",
    "rise": "M12 19V5M6.5 10.5 12 5l5.5 5.5",
    "search": "M10.8 17a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.5 15.5 20 20",
    "send": "M4 12 20 4.5 15.5 20l-3.8-6.2zM11.7 13.8 20 4.5",
    "settings": "M5 7.5h8M17 7.5h2M15 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
    "M5 16.5h2M11 16.5h8M9 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "sheet": "M4.5 5h15v14h-15zM4.5 10h15M4.5 14.5h15M10.5 10v9",
    "shield": "M12 3.8 19 6.5v5c0 4.3-2.9 7.3-7 8.8-4.1-1.5-7-4.5-7-8.8v-5zM8.8 12l2.3 2.3 4.2-4.5",
    "stop": "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v5M12 15.8v.1",
    "up": "M12 19.5v-14M7.5 9.5 12 5l4.5 4.5",
    "wallet": "M4 7.5h14.5v11H4zM4 7.5 14.5 4.5v3M15 13h.1",
    "x": "M6 6l12 12M18 6 6 18",
}

# Word, icon and colour: always all three. Normal is quiet, what needs a hand has a filled ground.
STATUSES = {
    "lancar": ("Lancar", "check", "ok quiet"),
    "dalam_perhatian": ("Dalam perhatian", "clock", "warn"),
    "kurang_lancar": ("Kurang lancar", "alert", "warn"),
    "diragukan": ("Diragukan", "alert", "bad"),
    "macet": ("Macet", "stop", "bad"),
    "diajukan": ("Diajukan", "send", "info"),
    "diverifikasi": ("Diverifikasi", "check", "info"),
    "disetujui": ("Disetujui", "shield", "ok"),
    "ditolak": ("Ditolak", "back", "bad"),
    "berjalan": ("Berjalan", "clock", "info quiet"),
    "lunas": ("Lunas", "check2", "ok quiet"),
    "hapus_buku": ("Hapus buku", "stop", "mute"),
    "dibatalkan": ("Dibatalkan", "back", "bad"),
    "dicabut": ("Dicabut", "back", "mute"),
    "aktif": ("Aktif", "check", "ok quiet"),
    "keluar": ("Keluar", "dash", "mute"),
    "unggulan": ("Produk unggulan", "check2", "info"),
    "rancangan": ("Rancangan", "pen", "info"),
    "draf": ("Draf", "pen", "mute"),
    "terkirim": ("Terkirim", "check2", "ok quiet"),
    "dikembalikan": ("Dikembalikan", "back", "bad"),
    "terlambat": ("Terlambat", "alert", "bad"),
    "belum": ("Belum", "dash", "mute"),
    "disahkan": ("Disahkan", "shield", "ok"),
    "dibayar_semua": ("Dibayar semua", "check2", "ok quiet"),
    "berlaku": ("Berlaku", "check", "ok quiet"),
    "dititipkan": ("Menunggu diketik", "clock", "warn"),
    "diketik": ("Menunggu diperiksa", "pen", "info"),
    "tercatat": ("Tercatat", "check2", "ok quiet"),
    "hampir_habis": ("Hampir habis", "clock", "warn"),
    "kedaluwarsa": ("Kedaluwarsa", "stop", "bad"),
}

# A message's level, as the class and the icon of a note.
NOTES = {"success": ("ok", "check"), "warning": ("warn", "alert"), "error": ("bad", "stop")}
_PLAIN_NOTE = ("info", "note")

_WIDGET_KINDS = (
    (forms.CheckboxInput, "check"),
    ((forms.RadioSelect, forms.CheckboxSelectMultiple), "choices"),
    (forms.PasswordInput, "password"),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the family, drawn in place. Without a label it stands beside a word and is silent."""
    silent = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="ic" viewBox="0 0 24 24" {}><path d="{}"/></svg>', silent, ICONS[name])


@register.simple_tag
def badge(status: str | None) -> SafeString:
    """A status as word, icon and colour; nothing for none. An unknown key is a bug and stays loud."""
    if not status:
        return mark_safe("")
    word, mark, css = STATUSES[status]
    return format_html('<span class="u-st {}">{}{}</span>', css, icon(mark), word)


@register.inclusion_tag("components/note.html")
def note(kind: str, title, text: str = "", url: str = "", link: str = "") -> dict:
    """A note: `kind` is success, info, warning or error, as Django's messages name them."""
    css, mark = NOTES.get(kind, _PLAIN_NOTE)
    return {"kind": css, "mark": mark, "title": title, "text": text, "url": url, "link": link}


@register.filter
def rupiah(amount: int | None) -> str:
    """Rp1.250.000"""
    return NOTHING if amount is None else money.format_rupiah(amount)


@register.filter
def number(amount: int | None) -> str:
    """1.250.000"""
    return NOTHING if amount is None else money.format_number(amount)


@register.filter
def terbilang(amount: int | None) -> str:
    """seratus ribu rupiah"""
    return "" if amount is None else money.terbilang(amount)


@register.filter
def day(value) -> str:
    """24 September 2026; of a moment the day where the portal stands"""
    return format_day(_local_day(value)) if value else NOTHING


@register.filter
def day_short(value) -> str:
    """24 Sep 2026"""
    return format_day_short(_local_day(value)) if value else NOTHING


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def moment(value) -> str:
    """24 September 2026, 10.42 WITA"""
    return format_moment(value) if value else NOTHING


@register.filter
def percent(value: Fraction | Decimal | float | int | None) -> str:
    """4,6%, half up; `value` is already in percent."""
    if value is None:
        return NOTHING
    tenths = money.round_rupiah(abs(Fraction(value)) * 10)
    sign = money.MINUS if value < 0 and tenths else ""
    return f"{sign}{money.format_number(tenths // 10)},{tenths % 10}%"


@register.filter
def nik_masked(nik: str | None) -> str:
    """••••2514"""
    return mask_number(nik) or "belum ada NIK"


@register.filter
def initials(name: str | None) -> str:
    """RA for Rahmah Aulia, R for Rahmah."""
    return "".join(word[0] for word in (name or "").split()[:2]).upper()


@register.filter
def wa_url(phone: str) -> str:
    """0812-0000-6308 as the address that opens WhatsApp with it."""
    return f"https://wa.me/{re.sub(r'^0', '62', re.sub(r'[^0-9]', '', phone))}"


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: money, date, check, choices, password, or "" for a plain box.

    A date whose `data-day` is "far" (a birth date) is "date far": today and yesterday are no help there.
    """
    widget = field.field.widget
    for attribute, kind in (("data-rupiah", "money"), ("data-day", "date")):
        if attribute in widget.attrs:
            return f"{kind} {widget.attrs[attribute]}".strip()
    return next((kind for classes, kind in _WIDGET_KINDS if isinstance(widget, classes)), "")


@register.filter
def typed_words(field: BoundField) -> str:
    """The amount in the field in words; nothing while it is empty or unclear."""
    try:
        return money.terbilang(money.parse_rupiah(str(field.value() or "")))
    except ValueError:
        return ""


@register.filter
def error_count(form: forms.BaseForm) -> int:
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def lead_column(table) -> str:
    """Which column stands beside the name in a phone's card: of class `lead`, else the first `num`."""
    classes = {bound.name: _classes(bound) for bound in table.columns}
    hits = (name for wanted in ("lead", "num") for name, found in classes.items() if wanted in found)
    return next(hits, "")


@register.filter
def cell_class(bound, cell) -> str:
    """The column's own classes, `rp` for rupiah, `nil` for nothing, `bare` for what needs no label."""
    shown = str(cell)
    marks = {
        "rp": "(Rp)" in str(bound.header),
        "nil": cell in NOTHING_SHOWN,
        "bare": "u-st" in shown or "<small" in shown,
    }
    return " ".join([*_classes(bound), *(mark for mark, applies in marks.items() if applies)])


@register.filter
def short_header(bound) -> str:
    """The heading as a card's label, where the amount carries its own Rp."""
    return str(bound.header).replace(" (Rp)", "")


def _classes(bound) -> list[str]:
    return str(bound.column.attrs.get("td", {}).get("class", "")).split()
