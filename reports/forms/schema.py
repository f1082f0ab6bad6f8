"""What a layout must be before the writer can print it: checked when an admin uploads a new version. Pure.

Every problem is a sentence that says what is wrong and what would be right. A layout comes from outside, so formulas
may only name cells of their own sheet and a few functions of sums.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

KINDS = ("no", "text", "int", "rp", "pct", "date", "year")
ALIGNS = ("left", "center", "right")
FUNCTIONS = ("SUM", "IF", "COUNT", "N", "SUMPRODUCT", "MIN", "MAX", "ROUND", "ABS")
PAPERS, ORIENTATIONS = ("F4", "A4"), ("landscape", "portrait")
MOST_COLUMNS, MOST_TEXT = 60, 200
NEEDED: dict[str, type | tuple[type, ...]] = {
    "name": str, "sheet": str, "version": str, "title_rows": list, "title_merges": list, "spacer_row": int,
    "paper": str, "orientation": str, "page": dict, "header_rows": list, "header_heights": list, "header_cells": dict,
    "merges": list, "number_row": dict, "first_data_row": int, "columns": list, "freeze": str, "repeat_rows": str,
    "signature_columns": list,
}  # fmt: skip
_FORMULA = re.compile(r"=(?:[A-Z]{1,2}(?:\{(?:r|f|l|t)\}|[0-9]{1,4})|[A-Z]+\(|\"-?\"|[0-9.]+|[-+*/(),:=<>])+")
# "(I{s1}*N({col}{s1})+I{s2}*N({col}{s2})+…)/I{t}": the mean of means, weighted.
_MEAN = re.compile(
    r'=IF\(([A-Z]{1,2})\{t\}=0,"-",\(\1\{s1\}\*N\(\{col\}\{s1\}\)\+\1\{s2\}\*N\(\{col\}\{s2\}\)\+…\)/\1\{t\}\)'
)
_CELL, _AREA, _ROWS = r"[A-Z]{1,2}[1-9][0-9]{0,3}", r"[A-Z]{1,2}[1-9][0-9]{0,3}:[A-Z]{1,2}[1-9][0-9]{0,3}", r"\d+:\d+"


def problems(layout: Any, filled: Iterable[str]) -> list[str]:
    """What keeps a layout from being printed, nothing when all is well.

    `filled` are the keys of the columns that the portal fills for this form; a column with another key is allowed
    where people write by hand (source "manual") or where a formula computes it.
    """
    if not isinstance(layout, dict):
        return ["Isi berkas harus satu objek JSON: { … }."]
    missing = [name for name, kind in NEEDED.items() if not isinstance(layout.get(name), kind)]
    if missing:
        return [f"Bagian {name} tidak ada atau salah bentuk." for name in missing]
    if layout.get("kind") != "table":
        return ['Bagian kind harus "table": hanya lembar bertabel yang dapat diganti.']
    broken = list(_of_columns(layout["columns"]))
    if broken:  # the rest measures itself by the columns
        return broken
    checks: tuple[Callable[[dict[str, Any]], Iterator[str]], ...] = (
        _of_page,
        _of_header,
        _of_titles,
        _of_totals,
        _of_foot,
    )
    try:
        found = [problem for check in checks for problem in check(layout)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return [f"Susunannya salah bentuk di {str(error)[:60]}. Mulai dari berkas versi yang berlaku."]
    return found + list(_unfilled(layout["columns"], set(filled)))


def _of_columns(columns: list[Any]) -> Iterator[str]:
    if not 1 <= len(columns) <= MOST_COLUMNS:
        yield f"Kolom ada {len(columns)}; boleh 1 sampai {MOST_COLUMNS}."
        return
    keys = [column.get("key") if isinstance(column, dict) else None for column in columns]
    for number, column in enumerate(columns, 1):
        if not isinstance(column, dict) or not isinstance(column.get("key"), str):
            yield f"Kolom {number} tidak mempunyai key."
            continue
        name = f"Kolom {number} ({column['key'][:30]})"
        if column.get("n") != number or column.get("letter") != get_column_letter(number):
            yield f"{name}: n dan letter harus {number} dan {get_column_letter(number)}, berurutan."
        if keys.count(column["key"]) > 1:
            yield f"{name}: key dipakai dua kali."
        if column.get("kind") not in KINDS:
            yield f"{name}: kind harus salah satu dari {', '.join(KINDS)}."
        if column.get("align") not in ALIGNS:
            yield f"{name}: align harus salah satu dari {', '.join(ALIGNS)}."
        width = column.get("width")
        if isinstance(width, bool) or not isinstance(width, int | float) or not 2 < width <= 120:
            yield f"{name}: width harus angka di atas 2 dan paling besar 120."
        if not isinstance(column.get("format"), str):
            yield f'{name}: format tidak ada; contoh "#,##0" atau "@".'
        yield from _of_formulas(name, [column.get("formula")], "rf")
        yield from _of_formulas(name, [column.get("total")], "tfl")


def _of_formulas(name: str, formulas: Iterable[Any], rows: str) -> Iterator[str]:
    """`rows` are the letters that stand for rows there: {r} the row itself, {t} the total, {f} and {l} the data."""
    for formula in formulas:
        if formula in (None, "sum", "sum_or_blank"):
            continue
        if not isinstance(formula, str) or not _FORMULA.fullmatch(formula) or not _is_known(formula, rows):
            yield (
                f"{name}: rumus {str(formula)[:40]} tidak boleh. Yang boleh: sel di lembar ini dan "
                f"{', '.join(FUNCTIONS)}."
            )


def _is_known(formula: str, rows: str) -> bool:
    functions, letters = re.findall(r"([A-Z]+)\(", formula), re.findall(r"\{(\w+)\}", formula)
    return set(functions) <= set(FUNCTIONS) and set(letters) <= set(rows)


def _of_page(layout: dict[str, Any]) -> Iterator[str]:
    if not re.fullmatch(r"[^\[\]:*?/\\']{1,31}", layout["sheet"]):
        yield "Nama lembar (sheet) harus 1 sampai 31 huruf tanpa [ ] : * ? / \\ '."
    if layout["paper"] not in PAPERS or layout["orientation"] not in ORIENTATIONS:
        yield f"Kertas harus {' atau '.join(PAPERS)}, arahnya {' atau '.join(ORIENTATIONS)}."
    if layout["page"] != {"fit_to_width": 1, "fit_to_height": 0}:
        yield 'Bagian page harus {"fit_to_width": 1, "fit_to_height": 0}: satu halaman lebarnya.'
    if not re.fullmatch(_ROWS, layout["repeat_rows"]) or not re.fullmatch(_CELL, layout["freeze"]):
        yield "repeat_rows harus seperti 5:7 dan freeze seperti D8."
    elif not 1 <= int(layout["repeat_rows"].split(":")[0]) <= int(layout["repeat_rows"].split(":")[1]) <= 40:
        yield "repeat_rows harus baris-baris di atas data."
    height = layout.get("row_height")
    if height is not None and not 8 <= height <= 200:
        yield "row_height harus 8 sampai 200."


def _of_header(layout: dict[str, Any]) -> Iterator[str]:
    first, last = layout["header_rows"]
    if not layout["spacer_row"] < first <= last < layout["first_data_row"] <= 40:
        yield "Urutan baris harus: judul, spacer_row, header_rows, number_row, first_data_row (paling besar 40)."
    if len(layout["header_heights"]) != last - first + 1:
        yield f"header_heights harus {last - first + 1} angka, satu per baris kepala."
    if layout["number_row"] and not last < layout["number_row"]["row"] < layout["first_data_row"]:
        yield "number_row harus di antara kepala dan baris data pertama."
    covered: set[tuple[int, int]] = set()
    for area in layout["merges"]:
        cells = _cells_of(area) if re.fullmatch(_AREA, str(area)) else []
        if not cells or any(not _is_inside(layout, row, column, first, last) for row, column in cells):
            yield f"Gabungan sel {str(area)[:12]} keluar dari kepala tabel."
        if covered & set(cells):
            yield f"Gabungan sel {str(area)[:12]} menimpa gabungan lain."
        covered |= set(cells)
    for ref, text in layout["header_cells"].items():
        row, column = coordinate_to_tuple(ref) if re.fullmatch(_CELL, ref) else (0, 0)
        if not _is_inside(layout, row, column, first, last):
            yield f"Sel kepala {ref[:12]} keluar dari kepala tabel."
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            yield f"Tulisan di sel kepala {ref[:12]} harus teks, paling panjang {MOST_TEXT} huruf."


def _of_titles(layout: dict[str, Any]) -> Iterator[str]:
    if not any(title.get("style") == "title" for title in layout["title_rows"]):
        yield 'title_rows harus memuat satu baris dengan style "title".'
    for title in layout["title_rows"]:
        row = range_boundaries(title["cell"])[1]
        if row >= layout["spacer_row"] or title["align"] not in ALIGNS or not isinstance(title["text"], str):
            yield f"Baris judul {title['cell']} harus di atas spacer_row, dengan align dan text."
    for area in layout["title_merges"]:
        if not re.fullmatch(_AREA, str(area)) or range_boundaries(area)[3] >= layout["spacer_row"]:
            yield f"Gabungan sel judul {str(area)[:12]} harus di atas spacer_row."


def _of_totals(layout: dict[str, Any]) -> Iterator[str]:
    total = layout.get("total_row")
    if total is None:
        return
    if not re.fullmatch(r"A\{t\}:[A-Z]{1,2}\{t\}", total["merge"]) or not isinstance(total["label"], str):
        yield "total_row harus mempunyai label dan merge seperti A{t}:C{t}."
    yield from _of_formulas("Baris JUMLAH", total.get("formulas", {}).values(), "tfl")
    mean = layout.get("subtotal_row", {}).get("mean", "")
    if mean and not _MEAN.fullmatch(mean):
        yield "subtotal_row: rumus mean tidak boleh; pakai rumus versi yang berlaku."
    if not mean and any("{f}" in str(column.get("total", "")) for column in layout["columns"]):
        yield "subtotal_row harus mempunyai mean: rata-rata baris jumlah ditimbang, tidak dirata-ratakan."


def _of_foot(layout: dict[str, Any]) -> Iterator[str]:
    signatures = layout.get("signatures")
    if signatures is None:
        return
    if {side: len(lines) for side, lines in signatures.items()} != {"left": 3, "right": 3}:
        yield "signatures harus mempunyai left dan right, masing-masing tiga baris."
    letters = {column["letter"] for column in layout["columns"]}
    if len(layout["signature_columns"]) != 2:
        yield "signature_columns harus dua: kiri dan kanan."
    for side in layout["signature_columns"]:
        if not set(str(side).split(":")) <= letters or ":" not in str(side):
            yield f"signature_columns {str(side)[:12]} harus kolom tabel, seperti B:D."


def _unfilled(columns: list[dict[str, Any]], filled: set[str]) -> Iterator[str]:
    for column in columns:
        if column["key"] not in filled and "formula" not in column and column.get("source") != "manual":
            yield (
                f"Kolom {column['n']} ({column['key'][:30]}): portal tidak mempunyai angka dengan key ini. "
                'Tulis source "manual" bila diisi tangan, atau pakai salah satu key ini: '
                + ", ".join(sorted(filled))
                + "."
            )


def _is_inside(layout: dict[str, Any], row: int, column: int, first: int, last: int) -> bool:
    return first <= row <= last and column <= len(layout["columns"])


def _cells_of(area: str) -> list[tuple[int, int]]:
    left, top, right, bottom = range_boundaries(area)
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
