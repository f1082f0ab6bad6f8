"""The words of a group's books: its name and place, the span, and who held office on the day it is signed."""

from datetime import date

from reports.books.spans import Span
from reports.cells import NAME_BLANK, Words
from up2k_portal.lib.dates import today
from up2k_portal.lib.days import format_day
from villages.models import Group

LEADER, TREASURER = "ketua", "bendahara"


def words_of(group: Group, span: Span, signed_on: date) -> Words:
    """What stands for the braces of the group's layouts. Select `village__district__regency` with the group."""
    village = group.village
    district = village.district
    kind = "DESA" if village.code.split(".")[-1].startswith("2") else "KELURAHAN"
    return {
        "{KELOMPOK}": bare_name(group).upper(),
        "{kelompok}": bare_name(group),
        "{DESA_KELURAHAN}": kind,
        "{DESA}": village.name.upper(),
        "{KECAMATAN}": district.name.upper(),
        "{KABUPATEN}": district.regency.name.upper().removeprefix("KABUPATEN "),
        "{PERIODE}": span.label,
        "BULAN {BULAN}": span.label,  # other spans than a month say what they are
        "{BULAN}": span.name.upper(),
        "{TAHUN}": str(span.last.year),
        "{TAHUN_BUKU}": str(span.last.year),
        "{TANGGAL_BATAS}": format_day(signing_day(span)).upper(),
        "{TANGGAL_RAPAT}": format_day(span.last).upper(),
        "{wilayah}": f"{group.name}, {village.label}",
        "{periode}": span.name,
        "{tempat}": village.name,
        "{tanggal}": format_day(signed_on),
        "{tanggal_tutup}": format_day(signing_day(span)),
        "{nama_ketua_poksus}": officer_name(group, LEADER, signed_on),
        "{nama_bendahara}": officer_name(group, TREASURER, signed_on),
    }


def signing_day(span: Span) -> date:
    """The last day of the span, or today while it runs."""
    return min(span.last, today())


def bare_name(group: Group) -> str:
    """The name without the words that the forms print before it."""
    return group.name.removeprefix("UP2K PKK ").removeprefix("UP2K ")


def officer_name(group: Group, office: str, day: date) -> str:
    """Who holds the office on the day; dots to sign on where nobody does."""
    officer = group.officer_on(office, day)
    return officer.name if officer else NAME_BLANK
