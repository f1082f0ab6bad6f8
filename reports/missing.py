"""The villages that a workbook lacks, by name. Pure."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from reports.completeness import Standing

MOST = 1300  # characters of a cell: Excel ends a row at 409 points, and the column has 25 lines of it then
STATES = {
    "": "belum masuk",
    "draft": "belum masuk",
    "returned": "dikembalikan",
    "submitted": "menunggu kecamatan",
    "verified": "menunggu kabupaten",
}
OF_PARTS = "belum lengkap"  # of a longer period: its last report is approved, an earlier one is not


def missing_names(standings: Iterable[Standing], area_level: str, districts: Mapping[str, str]) -> str:
    """Every village without an approved report and where it stands, as one cell; in a province how many by kecamatan.

    Where even that is too long for a row of Excel, the cell ends with how many more there are.
    """
    rows = sorted((one for one in standings if not one.is_agreed), key=lambda one: one.village_code)
    if area_level == "provinsi":
        some = groupby(rows, key=lambda one: one.village_code[:8])
        return _joined([f"Kec. {districts.get(code, code)}: {len(list(group))}" for code, group in some], "kecamatan")
    by_state: dict[str, list[str]] = {}
    for one in rows:
        by_state.setdefault(STATES.get(one.state, OF_PARTS), []).append(one.village_name)
    parts = [f"{name} ({state})" for state, names in by_state.items() for name in names]
    return _joined(parts, "desa/kelurahan")


def missing_line(standings: Iterable[Standing], most: int = 8) -> str:
    """For the cover: how many, the first of them by name, and where the rest stands."""
    names = [one.village_name for one in sorted(standings, key=lambda one: one.village_code) if not one.is_agreed]
    if not names:
        return "tidak ada"
    shown = ", ".join(names[:most])
    more = f", dan {len(names) - most} lagi" if len(names) > most else ""
    return f"{len(names)} desa/kelurahan: {shown}{more} (lihat lembar Kelengkapan)"


def _joined(parts: list[str], noun: str) -> str:
    length = 0
    for number, part in enumerate(parts):
        length += len(part) + 2
        if length > MOST:
            return f"{', '.join(parts[:number])}, dan {len(parts) - number} {noun} lagi"
    return ", ".join(parts)
