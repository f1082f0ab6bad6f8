"""What stands for the braces of the official layouts: names of areas, days, the facts of the cover. Pure."""

from collections.abc import Sequence

from reports.cells import COMMON, NAME_BLANK, Words
from reports.completeness import completeness
from reports.forms import Layout
from reports.missing import missing_line
from reports.rows import Report, fingerprint
from up2k_portal.lib.days import format_day


def words_of(report: Report, forms: Sequence[Layout], definitions: str) -> Words:
    """What stands for the braces of the layouts; `forms` are those in the workbook, `definitions` is the SHA-256 of
    the table of indicators that it was made with.

    Phrases that the layouts spell for a kabupaten with approved reports ("KABUPATEN {KABUPATEN}",
    "… disetujui") are replaced whole by what is true of this report.
    """
    period, area = report.period, area_label(report)
    cut_off = format_day(period.last) + (" (periode masih berjalan)" if report.is_running else "")
    return {
        "KABUPATEN {KABUPATEN}": full_area_label(report).upper(),
        "{TP_PKK}": full_area_label(report).upper(),
        "{PERIODE}": period.title,
        "{TAHUN}": str(period.last.year),
        "{TAHUN_BUKU}": str(period.last.year - 1),  # whose SHU is shared out in the year of the period
        "{TINGKAT}": area_label(report).split(" ")[0].upper(),
        "{wilayah}": area,
        "{area}": full_area_label(report),
        "{kode}": report.area_code,
        "{periode}": period.name,
        "{tanggal_batas}": cut_off,
        "Provinsi {provinsi}": _recipient(report),
        "{n_setuju} dari {n_wajib} desa/kelurahan disetujui ({persen})": _coverage(report),
        "{waktu} WITA": report.made_at,
        "{pengguna}": report.made_by,
        "{belum}": missing_line(report.standings) if report.standings else "desa tidak melapor untuk periode ini",
        "{versi}": _versions(forms, definitions),
        "{hash}": _in_fours(fingerprint(report)),
        "{tempat}": report.place,
        "{tanggal}": format_day(report.signed_on),
        "{nama_ketua_tp_pkk}": report.chair or NAME_BLANK,
        "{nama_ketua_pokja_2}": report.pokja_2 or NAME_BLANK,
    }


def area_label(report: Report) -> str:
    """Kabupaten Hulu Sungai Utara, Kelurahan Paliwara (codes of kelurahan end in 1xxx, of desa in 2xxx)."""
    last = report.area_code.split(".")[-1]
    if report.area_level == "kabupaten":
        return regency_label(report.area_code, report.area_name)
    if report.area_level == "desa" and last.startswith("1"):
        return f"Kelurahan {report.area_name}"
    return f"{report.area_level.capitalize()} {report.area_name}"


def full_area_label(report: Report) -> str:
    """The area with the one above it where names repeat: Desa Pandulangan Kecamatan Sungai Pandan."""
    if report.area_level in ("desa", "kecamatan"):
        return f"{area_label(report)} {_recipient(report)}"
    return area_label(report)


def regency_label(code: str, name: str) -> str:
    """Kabupaten Banjar, Kota Banjarbaru (codes from 71); a name that has the word already keeps it."""
    if name.startswith(("Kabupaten ", "Kota ")):
        return name
    return f"{'Kota' if code.split('.')[1] >= '71' else 'Kabupaten'} {name}"


def _regency_of(report: Report) -> str:
    return regency_label(".".join(report.area_code.split(".")[:2]), report.regency_name)


def _recipient(report: Report) -> str:
    """The area one level up, whose TP PKK the report goes to."""
    if report.area_level == "provinsi":
        return "Pusat"
    if report.area_level == "kabupaten":
        return f"Provinsi {report.province_name}"
    return _regency_of(report) if report.area_level == "kecamatan" else f"Kecamatan {report.district_name}"


def _coverage(report: Report) -> str:
    """Approved reports of those owed; where nobody owes one for the period, villages with a group."""
    if report.standings:
        counts = completeness(report.standings)
        share = _percent(counts.agreed, counts.expected)
        return f"{counts.agreed} dari {counts.expected} desa/kelurahan disetujui ({share})"
    some, all_ = report.villages_with_group, report.villages_count
    return f"{some} dari {all_} desa/kelurahan mempunyai kelompok ({_percent(some, all_)})"


def _percent(part: int, whole: int) -> str:
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10},{tenths % 10}%"


def _versions(forms: Sequence[Layout], definitions: str) -> str:
    versions = [f"{form['sheet']} versi {form['version']}" for form in forms]
    return f"{', '.join(versions)}; susunan {COMMON['version']}; definisi {definitions[:8]}"


def _in_fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
