"""The forms: what each is, what fills it and stands below it, and which make the provincial workbook. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.periods import Period
from reports.workbook import notes, rows
from reports.workbook.rows import Blocks, by_area, by_group, by_hand, named_row, shares_out

NOT_RECORDED = frozenset({"usaha_mikro"})  # the size of an enterprise


def _always(period: Period) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class FormSheet:
    """One form: its code, its line in the cover's list, its rows, its notes, and the columns that the portal has no
    figures for yet (they stay empty, totals included)."""

    form: str
    contents: str
    blocks: Blocks
    notes: notes.Notes
    blank: frozenset[str] = frozenset()
    blank_without_reports: frozenset[str] = frozenset()  # of a period that villages do not report
    belongs: Callable[[Period], bool] = _always  # to the workbook of a period
    has_charts: bool = False


COMPLETENESS = FormSheet(
    form="kelengkapan",
    contents="Kelengkapan dan ketepatan waktu laporan desa/kelurahan",
    blocks=rows.by_reports,
    notes=notes.completeness_notes,
)
VARIANT = FormSheet(
    form="4.22-v",
    contents="Data kegiatan PKK Pokja II, varian daerah",
    blocks=by_area(rows.lampiran_row),
    notes=notes.lampiran_notes,
    blank=NOT_RECORDED,
)
# In the order of the workbook.
SHEETS = (
    COMPLETENESS,
    FormSheet(
        form="rekap-kec",
        contents="Rekapitulasi per kecamatan",
        blocks=by_area(rows.rekap_row),
        notes=notes.rekap_notes,
        blank_without_reports=frozenset({"desa_lapor"}),
        has_charts=True,
    ),
    FormSheet(
        form="r-1", contents="Rekapitulasi kelompok", blocks=by_group(rows.r1_row, of_flows=False), notes=notes.r1_notes
    ),
    FormSheet(form="r-2", contents="Perkembangan modal", blocks=by_group(named_row("r-2")), notes=notes.r2_notes),
    FormSheet(
        form="r-3", contents="Perkembangan simpan pinjam", blocks=by_group(named_row("r-3")), notes=notes.r3_notes
    ),
    FormSheet(form="r-4", contents="Usaha dan pendapatan anggota", blocks=by_group(rows.r4_row), notes=notes.r4_notes),
    FormSheet(
        form="r-5",
        contents="SHU dan insentif guru PAUD",
        blocks=by_group(rows.r5_row, of_flows=False),
        notes=notes.r5_notes,
        belongs=shares_out,
    ),
    FormSheet(
        form="r-6a",
        contents="Bantuan dan CSR",
        blocks=by_hand,
        notes=notes.by_hand_notes,
        blank=frozenset({"jumlah"}),
    ),
    FormSheet(
        form="r-6b",
        contents="Pembinaan",
        blocks=by_hand,
        notes=notes.by_hand_notes,
        blank=frozenset({"kelompok", "peserta_l", "peserta_p", "peserta"}),
    ),
    FormSheet(
        form="4.22",
        contents="Data kegiatan PKK Pokja II",
        blocks=by_area(rows.lampiran_row),
        notes=notes.lampiran_notes,
        blank=NOT_RECORDED,  # where the variant is in use
    ),
    FormSheet(
        form="definisi",
        contents="Definisi indikator dan rumus",
        blocks=rows.by_definition,
        notes=notes.definition_notes,
    ),
)
BOOKS = (
    FormSheet(
        form="buku-bantuan",
        contents="Buku bantuan",
        blocks=by_hand,
        notes=notes.by_hand_notes,
        blank=frozenset({"jumlah"}),
    ),
    FormSheet(form="buku-prestasi", contents="Buku prestasi", blocks=by_hand, notes=notes.by_hand_notes),
)
FORMS: dict[str, FormSheet] = {sheet.form: sheet for sheet in (*SHEETS, VARIANT, *BOOKS)}


def sheets_of(period: Period) -> list[FormSheet]:
    """The sheets of the provincial workbook, without the cover."""
    return [sheet for sheet in SHEETS if sheet.belongs(period)]
