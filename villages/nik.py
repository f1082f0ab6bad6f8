"""NIK and KK numbers: sixteen digits as text, never a number (spreadsheets destroy the sixteenth).

PP KK CC DDMMYY SSSS: region of first issue, birth day (women + 40), serial. Structure alone is judged; a NIK that does
not fit the birth date or sex is only a warning, because real cards have errors (docs/glossary.md).
"""

import re
from datetime import date

_SEPARATORS = re.compile(r"[\s.\-\u00a0\u200b]")
_SIXTEEN = re.compile(r"[0-9]{16}")


def clean_nik(text: str) -> str:
    """The sixteen digits of a NIK as typed, with spaces, dots and hyphens dropped.

    Raises ValueError with an Indonesian sentence when it cannot be a NIK.
    """
    nik = _sixteen_digits(text, "NIK")
    day, month, serial = int(nik[6:8]), int(nik[8:10]), nik[12:]
    if not (1 <= day <= 31 or 41 <= day <= 71) or not 1 <= month <= 12:
        raise ValueError(
            "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir (perempuan: hari + 40). Periksa lagi dengan KTP."
        )
    if serial == "0000":
        raise ValueError("Empat angka terakhir NIK tidak boleh 0000. Periksa lagi dengan KTP.")
    return nik


def clean_family_card(text: str) -> str:
    """The sixteen digits of a family card (KK) number. Raises ValueError as `clean_nik`."""
    return _sixteen_digits(text, "Nomor KK")


def nik_warnings(nik: str, *, sex: str, birth_date: date | None, regency_code: str) -> list[str]:
    """What on this NIK does not fit the person; sentences for a person to look at, never a refusal."""
    found = []
    if not nik.startswith(regency_code.replace(".", "")):
        found.append("NIK terbit di kabupaten lain. Benar bila anggota pindahan.")
    if (int(nik[6:8]) > 40) != (sex == "P"):
        found.append("Jenis kelamin tidak cocok dengan NIK.")
    if birth_date and birth_date.strftime("%d%m%y") != f"{int(nik[6:8]) % 40:02}{nik[8:12]}":
        found.append("Tanggal lahir tidak cocok dengan NIK.")
    return found


def _sixteen_digits(text: str, name: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if not _SIXTEEN.fullmatch(digits):
        raise ValueError(f"{name} harus 16 angka; yang ditulis {len(digits)} huruf/angka. Salin dari KTP atau KK.")
    if set(digits) == {"0"}:
        raise ValueError(f"{name} tidak boleh nol semua. Kosongkan bila belum ada.")
    return digits
