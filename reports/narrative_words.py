"""The narrative report a–h: its texts with figures in braces, filled out of a Report. Pure.

A brace is the key of an indicator ("{balance}") or one of WORDS; a text may use any of them, and none else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from reports.cells import NAME_BLANK
from reports.completeness import completeness
from reports.forms import layout
from reports.indicators import ALL, RATIOS, Indicator, Ratio, values
from reports.missing import missing_line
from reports.report_words import words_of as figure_words
from reports.rows import Report, area_rows, is_within
from reports.wording import area_label, full_area_label
from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_number

FORM = "narasi"
TABLE = "{tabel_rekap}"  # alone in its paragraph
# Besides the indicators, for whoever writes: what stands for each brace.
WORDS = {
    "wilayah": "Nama wilayah",
    "periode": "Nama periode",
    "tanggal_batas": "Hari terakhir periode",
    "desa": "Banyaknya desa/kelurahan",
    "desa_up2k": "Desa/kelurahan yang punya kelompok",
    "belum": "Desa/kelurahan tanpa laporan yang disetujui",
    "nama_belum": "Nama desa/kelurahan itu",
    "belum_dinilai": "Kelompok yang belum dinilai tingkatnya",
    "tabel_rekap": "Tabel kelompok dan anggota menurut wilayah, di baris sendiri",
}
_BRACE = re.compile(r"\{([A-Za-z0-9_ ]*)\}")


@dataclass(frozen=True)
class Section:
    """One of a–h: its paragraphs; a paragraph that is TABLE stands for the table."""

    key: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def heading(self) -> str:
        return f"{self.key}. {self.title}"

    @property
    def has_table(self) -> bool:
        return TABLE in self.paragraphs


@dataclass(frozen=True)
class Document:
    """A narrative as it is printed. `left` and `right` sign: three lines each."""

    title: tuple[str, ...]
    sections: tuple[Section, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    basis: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_document(kept: Mapping[str, Any]) -> Document:
    """A document of kept JSON."""
    sections = tuple(Section(one["key"], one["title"], tuple(one["paragraphs"])) for one in kept["sections"])
    title, head, left, right = (tuple(kept[name]) for name in ("title", "head", "left", "right"))
    rows = tuple(tuple(row) for row in kept["rows"])
    return Document(title, sections, head, rows, left, right, kept["basis"])


def section_titles() -> dict[str, str]:
    """{"a": "Pendahuluan", …} in order."""
    return {one["key"]: one["title"] for one in layout(FORM)["sections"]}


def offered() -> list[tuple[str, str]]:
    """Every brace with what stands for it, for the page where the texts are written."""
    words = [(f"{{{key}}}", label) for key, label in WORDS.items()]
    return words + [(f"{{{key}}}", one.label) for key, one in ALL.items()]


def unknown_braces(text: str) -> list[str]:
    """The braces of a text that nothing fills, each once."""
    names = _BRACE.findall(text)
    return list(dict.fromkeys(f"{{{name}}}" for name in names if name not in ALL and name not in WORDS))


def starting_texts(report: Report) -> dict[str, str]:
    """The text of each section before anybody wrote it: what applies of the suggestions, braces still in it."""
    counts = _counts(report)
    return {one["key"]: "\n".join(_start(one, counts)) for one in layout(FORM)["sections"]}


def _start(section: Mapping[str, Any], counts: Mapping[str, int | None]) -> list[str]:
    suggested = [one["text"] for one in section.get("suggestions", ()) if counts.get(one["when"])]
    return suggested or section["text"]


def document_of(report: Report, texts: Mapping[str, str]) -> Document:
    """The texts with the figures of the report; a section without text has its starting one."""
    form, texts = layout(FORM), starting_texts(report) | dict(texts)
    words = _words(report)
    sections = tuple(Section(key, title, tuple(_filled(texts[key], words))) for key, title in section_titles().items())
    signs = {side: tuple(_fill(line, words) for line in form["signatures"][side]) for side in ("left", "right")}
    title = tuple(_fill(line, words) for line in form["title"])
    head, rows = tuple(form["table"]), tuple(_rows(report))
    return Document(
        title=title,
        sections=sections,
        head=head,
        rows=rows,
        left=signs["left"],
        right=signs["right"],
        basis=_basis(report),
    )


def _filled(text: str, words: Mapping[str, str]) -> Iterable[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line if line == TABLE else _fill(line, words) for line in lines]


def _fill(text: str, words: Mapping[str, str]) -> str:
    """One pass: braces in a name stay what they are."""
    return _BRACE.sub(lambda found: words.get(found[1], found[0]), text)


def _counts(report: Report) -> dict[str, int | None]:
    """What decides whether a suggestion applies."""
    missing = sum(not one.is_agreed for one in report.standings)
    return {**values(report.groups), "belum": missing, "belum_dinilai": report.unassessed_count}


def _words(report: Report) -> dict[str, str]:
    counts = _counts(report)
    figures = {key: _figure(ALL[key], value) for key, value in counts.items() if key in ALL}
    ratios = {one.key: _figure(one, one.of(report.groups)) for one in RATIOS}
    return {
        **figures,
        **ratios,
        "wilayah": area_label(report),
        "TP_PKK": full_area_label(report).upper(),
        "PERIODE": report.period.label,
        "periode": report.period.name,
        "tanggal_batas": format_day(report.period.last),
        "desa": format_number(report.villages_count),
        "desa_up2k": format_number(report.villages_with_group),
        "belum": format_number(counts["belum"] or 0),
        "nama_belum": _missing_names(report),
        "belum_dinilai": format_number(report.unassessed_count),
        "tempat": report.place,
        "tanggal": format_day(report.signed_on),
        "nama_ketua_tp_pkk": report.chair or NAME_BLANK,
        "nama_ketua_pokja_2": report.pokja_2 or NAME_BLANK,
    }


def _figure(indicator: Indicator | Ratio, value: int | Fraction | None) -> str:
    """As on the pages; a dash in a sentence would say nothing."""
    return "(belum dicatat)" if value is None else figure_words(indicator, value)


def _missing_names(report: Report) -> str:
    """The first of them by name and how many more, as on the cover of the workbook."""
    return missing_line(report.standings).partition(": ")[2].removesuffix(" (lihat lembar Kelengkapan)") or "–"


def _rows(report: Report) -> Iterable[tuple[str, ...]]:
    """Rekap columns 1–11, and their sums."""
    sums = [0] * 9
    for number, area in enumerate(area_rows(report), 1):
        agreed = sum(one.is_agreed for one in report.standings if is_within(one.village_code, area.code))
        counts = [
            area.villages_count, area.villages_with_group, agreed, *area.groups, sum(area.groups), sum(area.members)
        ]  # fmt: skip
        sums = [one + more for one, more in zip(sums, counts, strict=True)]
        yield (str(number), area.name, *map(format_number, counts))
    yield ("", "Jumlah", *map(format_number, sums))


def _basis(report: Report) -> str:
    """Which figures these are, for the foot of the document."""
    if report.basis != "approved":
        return f"Angka sementara menurut catatan desa per {format_day(report.signed_on)}; belum disetujui kabupaten."
    counts = completeness(report.standings)
    share = f"{format_number(counts.agreed)} dari {format_number(counts.expected)}"
    return f"Angka dari {share} laporan desa/kelurahan yang disetujui kabupaten."
