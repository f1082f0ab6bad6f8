"""What pasted lines of members lack, and what they give. Pure.

What a spreadsheet destroys (the sixteenth digit of a NIK, the order of day and month) is named with the way to mend
it, never repaired by guessing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from up2k_portal.lib.days import format_day, parse_day
from villages import nik
from villages.bulk import COLUMNS, Line, key_of

SEXES = {
    "P": "p pr perempuan wanita",
    "L": "l lk laki lakilaki pria",
}
NO_POKLAK = {"", "-", "–", "perorangan", "tidak ada", "belum ada"}
YOUNGEST = 15  # years at joining; below it the year of birth is more likely wrong than right
AS_TEXT = "Di Excel: ubah kolom NIK menjadi Teks, ketik ulang 16 angkanya dari KTP, lalu salin lagi."

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_DASHED_MONTH = re.compile(r"(?<=\d)-(?=[a-zA-Z])|(?<=[a-zA-Z])-(?=\d)")  # 12-Mar-85, as Excel shows a day
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")


@dataclass(frozen=True)
class Known:
    """What the check needs to know of the group: its standing poklak (by `key_of` their names), and its members in
    force: names by NIK, and (name's key, birth day) of each."""

    today: date
    regency_code: str
    poklaks: dict[str, str] = field(default_factory=dict)
    names_by_nik: dict[str, str] = field(default_factory=dict)
    people: frozenset[tuple[str, date | None]] = frozenset()


def check_lines(lines: Iterable[Line], known: Known, *, nik_reason: str = "", new_poklaks: bool = False) -> None:
    """Fills in what each line lacks, warns of, or gives. `nik_reason` holds for lines without a NIK; with
    `new_poklaks` a poklak that the group has not is no fault."""
    lines = list(lines)
    days = ("birth_date", "joined_on")
    month_first = {name: any(_month_first(line.typed[name]) for line in lines) for name in days}
    for line in lines:
        _check_name(line)
        _check_nik(line, nik_reason)
        _check_sex(line)
        _check_days(line, known.today, month_first)
        _check_poklak(line, known, new_poklaks)
        line.facts |= {"address": line.typed["address"], "phone": line.typed["phone"]}
    for line in lines:
        _warn(line, known)
    _check_doubles(lines, known)
    _warn_of_lost_digits(lines)


def _check_name(line: Line) -> None:
    name = line.typed["name"]
    if not name:
        line.refuse("name", "Nama belum diisi.")
    elif not any(letter.isalpha() for letter in name):
        line.refuse("name", f"“{name[:40]}” bukan nama. Periksa letak kolomnya.")
    line.facts["name"] = name


def _check_nik(line: Line, reason: str) -> None:
    typed = line.typed["nik"]
    line.facts |= {"nik": None, "nik_missing_reason": ""}
    if not typed and reason:
        line.facts["nik_missing_reason"] = reason
    elif not typed:
        line.refuse("nik", "NIK kosong. Isi, atau tulis di atas alasan belum ada NIK.")
    elif _SCIENTIFIC.fullmatch(typed):
        line.refuse("nik", f"NIK dirusak Excel menjadi {typed}. {AS_TEXT}")
    else:
        _try(line, "nik", nik.clean_nik, typed)


def _check_sex(line: Line) -> None:
    letters = re.sub(r"[^a-z]", "", line.typed["sex"].casefold())
    sex = next((sex for sex, words in SEXES.items() if letters in words.split()), "")
    if not sex:
        line.refuse("sex", "Jenis kelamin: tulis P (perempuan) atau L (laki-laki).")
    line.facts["sex"] = sex


def _check_days(line: Line, today: date, month_first: dict[str, bool]) -> None:
    for name, is_suspect in month_first.items():
        typed = line.typed[name]
        line.facts[name] = None
        if not typed and name == "joined_on":
            line.refuse(name, "Masuk tanggal belum diisi. Isi di sini, atau sekali untuk semua di atas.")
        elif found := _month_first(typed):
            month, day, year = found
            line.refuse(name, f"Tanggal {typed} ditulis bulan dulu. Tulis hari, bulan, tahun: {day}-{month}-{year}.")
        elif typed:
            _try(line, name, lambda text: _past_day(text, today), typed)
            if is_suspect and _could_be_month_first(typed):
                line.warnings.append(f"{COLUMNS[name]} {typed}: baris lain ditulis bulan dulu. Periksa harinya.")


def _past_day(text: str, today: date) -> date:
    day = parse_day(_DASHED_MONTH.sub(" ", text), today)
    if day > today:
        raise ValueError(f"Tanggal {format_day(day)} tidak boleh sesudah hari ini, {format_day(today)}.")
    return day


def _month_first(text: str) -> tuple[str, ...] | None:
    """Month, day, year of 3/25/1985: no day before month makes sense of it, the American order does."""
    match = _SLASHED.fullmatch(text)
    return match.groups() if match and int(match[1]) <= 12 < int(match[2]) <= 31 else None


def _could_be_month_first(text: str) -> bool:
    match = _SLASHED.fullmatch(text)
    return bool(match and "/" in text and int(match[1]) <= 12)


def _check_poklak(line: Line, known: Known, new_poklaks: bool) -> None:
    typed = line.typed["poklak"]
    line.facts["poklak"] = ""
    if typed.casefold() in NO_POKLAK:
        return
    line.facts["poklak"] = known.poklaks.get(key_of(typed), typed)
    line.new_poklak = "" if key_of(typed) in known.poklaks else typed
    if line.new_poklak and not new_poklaks:
        line.refuse(
            "poklak", f"Poklak {typed[:40]} belum ada di kelompok ini. Perbaiki, atau centang “Buat poklak baru”."
        )


def _try(line: Line, name: str, read: Callable, typed: str) -> None:
    try:
        line.facts[name] = read(typed)
    except ValueError as error:
        line.refuse(name, str(error))


def _warn(line: Line, known: Known) -> None:
    facts = line.facts
    born, joined = facts["birth_date"], facts["joined_on"]
    if facts["nik"] and facts["sex"]:
        found = nik.nik_warnings(facts["nik"], sex=facts["sex"], birth_date=born, regency_code=known.regency_code)
        line.warnings += [f"{sentence} Periksa dengan KTP." for sentence in found]
    if born and joined and joined.year - born.year < YOUNGEST:
        line.warnings.append(f"Umur saat masuk {max(joined.year - born.year, 0)} tahun. Periksa tahun lahirnya.")


def _check_doubles(lines: list[Line], known: Known) -> None:
    """Skips who is a member already, refuses one NIK for two people, warns of one name twice."""
    seen_niks: dict[str, int] = {}
    seen_people: dict[tuple, int] = {}
    names = {name for name, _ in known.people}
    for line in lines:
        number, person = line.facts["nik"], (key_of(line.facts["name"]), line.facts["birth_date"])
        member = known.names_by_nik.get(number)
        if member and key_of(member) == person[0] or not number and all(person) and person in known.people:
            line.skipped = "sudah tercatat sebagai anggota kelompok ini"
        elif member:
            line.refuse("nik", f"NIK ini milik {member}, anggota kelompok ini. Periksa dengan KTP.")
        elif number in seen_niks:
            line.refuse("nik", f"NIK ini sama dengan baris {seen_niks[number]}.")
        elif person in seen_people:
            line.warnings.append(f"Nama dan tanggal lahirnya sama dengan baris {seen_people[person]}.")
        elif person[0] in names:
            line.warnings.append("Nama ini sudah ada di kelompok. Pastikan orangnya berbeda.")
        if number:
            seen_niks.setdefault(number, line.number)
        seen_people.setdefault(person, line.number)


def _warn_of_lost_digits(lines: list[Line]) -> None:
    """Excel keeps fifteen digits of a number: the sixteenth becomes 0."""
    for line in lines:
        if (line.facts["nik"] or "").endswith("0") and not line.skipped:
            line.warnings.append(
                f"NIK berakhir 0: mungkin angka terakhirnya hilang di Excel. Cocokkan dengan KTP. {AS_TEXT}"
            )
