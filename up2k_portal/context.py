"""What every page knows: where one is, where one may go, and whether this is the demo."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import resolve, reverse

from up2k_portal.lib.access import NOBODY, Access, Action
from villages.areas import area_names

# (words, name of the URL, icon); whether one sees an entry, its view's own action says. The menu of a phone stays
# short: letters and inventory are reached from the page of their group.
ENTRIES = (
    ("Beranda", "home", "home"),
    ("Lembar", "sheet-start", "sheet"),
    ("Pinjaman", "loan-list", "card"),
    ("Anggota", "member-list", "people"),
    ("Angsuran", "receipt-list", "cash"),
    ("Kelompok", "group-list", "group"),
    ("Laporan", "report-board", "check2"),
    ("Buku kerja", "export", "down"),
    ("Admin", "admin:index", "settings"),
    ("Usaha", "enterprise-list", "wallet"),
    ("Simpanan", "saving-list", "wallet"),
    ("Bukti kas", "voucher-list", "cash"),
    ("Kualitas pinjaman", "quality", "chart"),
    ("Tindak lanjut", "follow-up-list", "chat"),
    ("Penundaan", "shift-list", "calendar"),
    ("Titip isi", "entrusted-list", "send"),
    ("Pertemuan", "meeting-list", "calendar"),
    ("Administrasi", "administration", "check2"),
    ("Indikator", "indicators", "chart"),
    ("Unduhan Saya", "exports", "down"),
    ("Impor Excel", "imports", "down"),
    ("Pendapatan", "income-list", "chart"),
    ("Cari", "search", "search"),
    ("Bantuan", "help", "note"),
    ("Simulasi", "simulation", "calc"),
    ("Orang ganda", "people-doubles", "people"),
    ("Wilayah", "region-list", "settings"),
    ("Versi formulir", "form-versions", "settings"),
)


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Place:
    name: str
    sub: str


def portal(request) -> dict:
    access = getattr(request, "access", NOBODY)
    return {
        "demo": settings.DEMO,
        "practice": access.is_practice,
        "help_phone": settings.HELP_PHONE,
        "nav": list(_entries(request, access)),
        "place": place_of(request, access),
    }


def _entries(request, access: Access):
    for label, icon, url, action in _menu():
        if access.may(action):
            current = request.path == url if url == "/" else request.path.startswith(url)
            yield Entry(label, url, icon, current)


@cache
def _menu() -> tuple[tuple[str, str, str, Action], ...]:
    return tuple((label, icon, reverse(name), _action(reverse(name))) for label, name, icon in ENTRIES)


def _action(url: str) -> Action:
    """The action of the page itself. The admin's pages are Django's own: one action opens them all."""
    view = resolve(url).func
    return getattr(getattr(view, "view_class", None), "action", Action.USE_ADMIN)


def place_of(request, access: Access) -> Place:
    """The person's area in two lines; the name is read once a request."""
    if not access.areas:
        return Place("Portal UP2K", "")
    if not hasattr(request, "place"):
        request.place = _place(access)
    return request.place


def _place(access: Access) -> Place:
    names = area_names(access.areas)
    if len(names) == 1:
        return Place(*names[0])
    return Place("Portal UP2K", ", ".join(name for name, _ in names[:3]))
