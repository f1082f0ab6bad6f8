"""The provincial workbook: its sheets and what stands in their rows. Pure: a Report in, a workbook out."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from os import PathLike
from typing import IO

from openpyxl import Workbook

from reports.cells import new_workbook
from reports.cover import write_cover
from reports.forms import layout
from reports.rows import LEVELS, AreaRow, GroupRow, Report, area_rows
from reports.sheet import Block, Row, write_form
from reports.wording import area_label, regency_label, words_of
from up2k_portal.lib.days import format_day
from villages.growth import Growth


@dataclass(frozen=True)
class FormSheet:
    """One sheet: its form, its line in the cover's list, its rows, its notes, and the columns that the portal
    has no figures for yet (they stay empty, totals included)."""

    form: str
    contents: str
    blocks: Callable[[Report], list[Block]]
    notes: Callable[[Report], list[str]]
    blank: frozenset[str] = frozenset()


def build_workbook(report: Report) -> Workbook:
    """The workbook of a report: Sampul, R-1, R-3, R-4, Rekap Kecamatan, Lampiran 4.22."""
    book = new_workbook()
    words = words_of(report, [sheet.form for sheet in SHEETS])
    book.properties.creator = report.made_by
    book.properties.title = f"Laporan UP2K-PKK {area_label(report)} {report.period.name}"
    cover = layout("sampul")
    index = [(layout(sheet.form)["sheet"], sheet.contents) for sheet in SHEETS]
    write_cover(book.create_sheet(cover["sheet"]), cover, words, index)
    for sheet in SHEETS:
        form = layout(sheet.form)
        blocks, notes = sheet.blocks(report), sheet.notes(report)
        write_form(book.create_sheet(form["sheet"]), form, blocks, words, notes, sheet.blank)
    return book


def save(report: Report, target: str | PathLike[str] | IO[bytes]) -> None:
    """Write the workbook of a report to a path or a binary stream."""
    build_workbook(report).save(target)


# rows


def r1_row(group: GroupRow, report: Report) -> Row:
    return {
        "kecamatan": group.district_name,
        "desa": group.village_label,
        "kelompok": group.group_name,
        "sk_nomor": group.decree_number,
        "sk_tanggal": group.decree_on,
        "tahun_berdiri": group.founded_on and group.founded_on.year,
        "ketua": group.leader,
        "klasifikasi": group.level or f"{group.counted_level} *)",
        "poklak": group.poklak_count,
        "anggota_l": group.members_male,
        "anggota_p": group.members_female,
        "anggota_miskin": group.members_poor,
        "usaha": group.main_enterprise,
        "legal": group.legal_status,
    }


def r3_row(group: GroupRow, report: Report) -> Row:
    return {
        "desa": _village_label(group, report),
        "kelompok": group.group_name,
        "peminjam": group.borrowers,
        "salur_tw": group.disbursed_period,
        "salur_sd": group.disbursed_to_date,
        "target": group.principal_due,
        "realisasi": group.principal_due_paid,
        "jasa": group.service_fee_paid_period,
        "saldo": group.balance,
        "kol1": group.balance_1,
        "kol2": group.balance_2,
        "kol3": group.balance_3,
        "kol4": group.balance_4,
        "kol5": group.balance_5,
    }


def r4_row(group: GroupRow, report: Report) -> Row:
    incomes = Growth(group.members_asked, group.income_before, group.income_after)
    return {
        "desa": _village_label(group, report),
        "kelompok": group.group_name,
        "produk": group.main_product,
        "volume": group.volume,
        "satuan": group.unit if group.volume is not None else "",
        "omzet": group.turnover_period,
        "laba": group.net_income_period,
        "terdata": incomes.people,
        "sebelum": incomes.average_before,
        "sesudah": incomes.average_after,
        "pasar_lokal": group.sells_locally,
        "pasar_luar": group.sells_outside,
        "pasar_daring": group.sells_online,
        "izin_nib": group.with_nib,
        "izin_pirt": group.with_pirt,
        "izin_halal": group.with_halal,
    }


def _village_label(group: GroupRow, report: Report) -> str:
    """Sheets without a column for the kecamatan: under a kabupaten's heading the village names its own."""
    village = group.village_label
    return f"{village}\nKec. {group.district_name}" if report.area_level == "provinsi" else village


def rekap_row(area: AreaRow, report: Report) -> Row:
    return {
        "kecamatan": _short_name(area, report),
        "desa": area.villages_count,
        "desa_up2k": area.villages_with_group,
        **{level.lower(): count for level, count in zip(LEVELS, area.groups, strict=True)},
        "anggota": sum(area.members),
        "target": area.principal_due,
        "realisasi": area.principal_due_paid,
        "saldo": area.balance,
        "bermasalah": area.balance_bad,
        "omzet": area.turnover,
    }


def lampiran_row(area: AreaRow, report: Report) -> Row:
    return {
        "wilayah": _short_name(area, report),
        **{f"{level.lower()}_klp": count for level, count in zip(LEVELS, area.groups, strict=True)},
        **{f"{level.lower()}_peserta": count for level, count in zip(LEVELS, area.members, strict=True)},
        "koperasi_klp": area.cooperatives,
        "koperasi_anggota": area.cooperative_members,
    }


def _short_name(area: AreaRow, report: Report) -> str:
    """Bare names, as the forms have them; a province's rows say whether Kab. or Kota."""
    if report.area_level != "provinsi":
        return area.name
    return regency_label(area.code, area.name).replace("Kabupaten ", "Kab. ")


# blocks and notes


def by_group(row: Callable[[GroupRow, Report], Row]) -> Callable[[Report], list[Block]]:
    """Group rows under their kecamatan (in a province: kabupaten), so that a subtotal equals a row of Rekap;
    from the kecamatan down there is nothing to group by."""

    def blocks(report: Report) -> list[Block]:
        groups = sorted(report.groups, key=lambda group: (group.village_code, group.group_name))
        if report.area_level in ("kecamatan", "desa"):
            return [Block([row(group, report) for group in groups])]
        return [
            Block([row(group, report) for group in some], heading, total)
            for (_, heading, total), some in groupby(groups, key=lambda group: _heading(group, report))
        ]

    return blocks


def _heading(group: GroupRow, report: Report) -> tuple[str, str, str]:
    """Code of the area, heading of its rows, label of their subtotal."""
    if report.area_level == "provinsi":
        name = regency_label(group.regency_code, group.regency_name).upper()
        return group.regency_code, name, f"JUMLAH {name.replace('KABUPATEN ', 'KAB. ')}"
    name = group.district_name.upper()
    return group.district_code, f"KECAMATAN {name}", f"JUMLAH KEC. {name}"


def by_area(row: Callable[[AreaRow, Report], Row]) -> Callable[[Report], list[Block]]:
    """One row per area of the next level down, also where there is no group."""
    return lambda report: [Block([row(area, report) for area in area_rows(report)])]


def r1_notes(report: Report) -> list[str]:
    return _if(report.unassessed_count, f"*) {_unassessed(report)}; sebelum dinilai dihitung sebagai PEMULA.")


def r3_notes(report: Report) -> list[str]:
    rule = (
        "Catatan: RR = realisasi / target pokok s.d. tanggal batas; NPL = (kol. 3 + 4 + 5) / saldo pinjaman; "
        "pada baris jumlah dihitung dari jumlah pembilang dan penyebut, bukan rata-rata persen."
    )
    return [rule, *_running_note(report)]


def r4_notes(report: Report) -> list[str]:
    rule = (
        "Catatan: omzet dan laba bersih dari hasil usaha bulanan yang tercatat pada periode ini (kosong = belum "
        "dicatat). Produk utama menurut omzet; volume tidak dijumlahkan karena satuannya berbeda."
    )
    means = (
        "Rata-rata pendapatan keluarga sebulan dari anggota aktif yang sudah ditanya paling sedikit dua kali "
        "(jawaban pertama dan terakhir); baris jumlah menimbang dengan ANGGOTA TERDATA, tidak merata-ratakan rata-rata."
    )
    day = format_day(report.period.last)
    running = f"Usaha yang berjalan dan izin yang berlaku pada {day}; satu usaha dapat dihitung di beberapa pasar."
    return [rule, means, running]


def rekap_notes(report: Report) -> list[str]:
    rule = (
        "Catatan: RR dan NPL pada baris jumlah dihitung dari jumlah pembilang dan penyebut, bukan rata-rata "
        "persen. OMZET USAHA dari hasil bulanan yang tercatat pada periode ini (kosong = belum dicatat). LAPOR, "
        "MODAL dan INSENTIF PAUD belum dicatat di portal (kosong = belum diisi)."
    )
    below = {"provinsi": "kabupaten/kota", "kecamatan": "desa/kelurahan", "desa": "desa/kelurahan"}
    column = f"Kolom 2 memuat nama {below.get(report.area_level)}."
    return [rule, *_if(report.area_level in below, column), *_pemula_note(report), *_running_note(report)]


def lampiran_notes(report: Report) -> list[str]:
    rule = (
        f"Catatan: kolom 26–35 dihitung dari data portal keadaan {format_day(report.period.last)}; "
        "kolom lain diisi Pokja II (kosong = belum diisi)."
    )
    return [rule, *_pemula_note(report)]


def _pemula_note(report: Report) -> list[str]:
    return _if(report.unassessed_count, f"{_unassessed(report)} dan dihitung sebagai PEMULA.")


def _unassessed(report: Report) -> str:
    return f"{report.unassessed_count} kelompok belum dinilai tingkatnya"


def _running_note(report: Report) -> list[str]:
    last = format_day(report.period.last)
    note = f"Periode masih berjalan: target memuat angsuran s.d. {last}; RR, NPL dan kolektibilitas belum akhir."
    return _if(report.is_running, note)


def _if(condition: object, note: str) -> list[str]:
    return [note] if condition else []


SHEETS = (
    FormSheet("r-1", "Rekapitulasi kelompok", by_group(r1_row), r1_notes),
    FormSheet("r-3", "Perkembangan simpan pinjam", by_group(r3_row), r3_notes),
    FormSheet("r-4", "Usaha dan pendapatan anggota", by_group(r4_row), r4_notes),
    FormSheet(
        "rekap-kec",
        "Rekapitulasi per kecamatan",
        by_area(rekap_row),
        rekap_notes,
        blank=frozenset({"desa_lapor", "modal_awal", "modal_kini", "paud"}),
    ),
    FormSheet("4.22", "Data kegiatan PKK Pokja II", by_area(lampiran_row), lampiran_notes),
)
