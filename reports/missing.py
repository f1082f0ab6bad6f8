"""The villages that a workbook lacks, by name. Pure."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from reports.completeness import Standing

MOST = 1300  # characters of a cell: Excel ends a row at 409 points, and the column has 25 lines of it then
STATES = {  # the worst first
    "": "belum masuk",
    "draft": "belum masuk",
    "returned": "dikembalikan",
    "submitted": "menunggu kecamatan",
    "verified": "menunggu kabupaten",
}
OF_PARTS = "periode sebelumnya belum disetujui"  # of a longer period, whose last report is approved


def missing_names(standings: Iterable[Standing], area_level: str, districts: Mapping[str, str]) -> str:
    """Every village without an approved report and where it stands, as one cell; in a province how many by kecamatan.

    Where even that is too long for a row of Excel, the cell ends with how many more there are.
    """
    rows = sorted((one for one in standings if not one.is_agreed), key=lambda one: one.village_code)
    if area_level == "provinsi":
        some = groupby(rows, key=lambda one: one.village_code[:8])
        return _cut(
            ", ".join(f"Kec. {districts.get(code, code)}: {len(list(group))}" for code, group in some), "kecamatan"
        )
    by_state: dict[str, list[str]] = {state: [] for state in (*STATES.values(), OF_PARTS)}
    for one in rows:
        by_state[STATES.get(one.state, OF_PARTS)].append(one.village_name.removeprefix("Desa "))
    parts = [f"{state}: {', '.join(names)}" for state, names in by_state.items() if names]
    text = "; ".join(parts)
    return _cut(text[:1].upper() + text[1:], "desa/kelurahan")


def missing_line(standings: Iterable[Standing], most: int = 8) -> str:
    """For the cover: how many, the first of them by name, and where the rest stands."""
    names = [one.village_name for one in sorted(standings, key=lambda one: one.village_code) if not one.is_agreed]
    if not names:
        return "tidak ada"
    shown = ", ".join(names[:most])
    more = f", dan {len(names) - most} lagi" if len(names) > most else ""
    return f"{len(names)} desa/kelurahan: {shown}{more} (lihat lembar Kelengkapan)"


def _cut(text: str, noun: str) -> str:
    """The text, or as much of it as a cell shows and how many names more there are."""
    if len(text) <= MOST:
        return text
    shown = text[: text.rindex(", ", 0, MOST)]
    left = text[len(shown) :]
    return f"{shown}, dan {left.count(', ') + left.count('; ')} {noun} lagi"
