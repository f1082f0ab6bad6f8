"""What stands in the rows of the sheets. Pure: rows of a Report in, {key of the column: value} out."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from reports.completeness import Standing, completeness
from reports.edition import Edition
from reports.missing import missing_names
from reports.periods import Period
from reports.rows import Child, GroupRow, Report, is_within
from reports.sheet import Block, Row
from reports.wording import regency_label
from reports.workbook.columns import NO_LEGAL_BODY, OF_AREAS, OF_GROUPS, figures
from villages.growth import Growth

BY_HAND = 8  # empty rows of a sheet that is filled by hand


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
        "usaha": group.main_enterprise,
        "legal": group.legal_status,
        **figures(OF_GROUPS["r-1"], (group,)),
    }


def named_row(form: str) -> Callable[[GroupRow, Report], Row]:
    """The group's name and its figures, for a sheet without more."""
    columns = OF_GROUPS[form]
    return lambda group, report: _names(group, report) | figures(columns, (group,))


def r4_row(group: GroupRow, report: Report) -> Row:
    incomes = Growth(group.members_asked, group.income_before, group.income_after)
    return {
        **_names(group, report),
        "produk": group.main_product,
        "volume": group.volume,
        "satuan": group.unit if group.volume is not None else "",
        "sebelum": incomes.average_before,
        "sesudah": incomes.average_after,
        **figures(OF_GROUPS["r-4"], (group,)),
    }


def r5_row(group: GroupRow, report: Report) -> Row:
    """A group that has shared nothing has blank cells: 0 would say that there was no surplus."""
    if group.surplus is None:
        return _names(group, report)
    return _names(group, report) | figures(OF_GROUPS["r-5"], (group,))


def _names(group: GroupRow, report: Report) -> dict[str, str]:
    """Sheets without a column for the kecamatan: under a kabupaten's heading the village names its own."""
    village = group.village_label
    label = f"{village}\nKec. {group.district_name}" if report.area_level == "provinsi" else village
    gone = f" (bubar {group.dissolved_on:%d-%m-%Y})" if group.dissolved_on else ""
    return {"desa": label, "kelompok": f"{group.group_name}{gone}"}


def rekap_row(area: Child, report: Report) -> Row:
    groups, standings = _in(area, report), _standings(area, report)
    return {
        "kecamatan": short_name(area, report),
        "desa": area.villages_count,
        "desa_up2k": len({group.village_code for group in groups if group.group_count}),
        "desa_lapor": sum(one.is_agreed for one in standings) if report.standings else None,
        **figures(OF_AREAS["rekap-kec"], groups),
    }


def lampiran_row(area: Child, report: Report) -> Row:
    """For both appendices. A group that is no koperasi yet stands among "pra koperasi" and keeps its level."""
    groups = _in(area, report)
    others = tuple(group for group in groups if not group.is_cooperative)
    return {
        "wilayah": short_name(area, report),
        **figures(OF_AREAS["4.22"] | OF_AREAS["4.22-v"], groups),
        **figures(NO_LEGAL_BODY, others),
    }


def completeness_row(area: Child, report: Report, places: Mapping[str, str]) -> Row:
    standings = _standings(area, report)
    counts = completeness(standings)
    return {
        "kecamatan": short_name(area, report),
        "wajib": counts.expected,
        "masuk": counts.on_time,
        "terlambat": counts.late,
        "nihil": counts.nil,
        "setuju": counts.agreed,
        "nama_belum": missing_names(standings, report.area_level, places),
    }


def short_name(area: Child, report: Report) -> str:
    """Bare names, as the forms have them; a province's rows say whether Kab. or Kota."""
    if report.area_level != "provinsi":
        return area.name
    return regency_label(area.code, area.name).replace("Kabupaten ", "Kab. ")


def definition_row(definition: Mapping[str, Any]) -> Row:
    return {
        "kode": definition["key"],
        "indikator": definition["label"],
        "satuan": definition["unit"],
        "definisi": definition["definition"],
        "jumlah": definition["roll_up"],
        "formulir": ", ".join(definition["forms"]),
    }


# blocks

Blocks = Callable[[Report, Edition], list[Block]]


def by_group(row: Callable[[GroupRow, Report], Row], *, of_flows: bool = True) -> Blocks:
    """Group rows under their kecamatan (in a province: kabupaten), so that a subtotal equals a row of Rekap;
    from the kecamatan down there is nothing to group by. A sheet without flows leaves out who was dissolved."""

    def blocks(report: Report, edition: Edition) -> list[Block]:
        groups = [group for group in report.groups if of_flows or group.group_count]
        groups.sort(key=lambda group: (group.village_code, group.group_name))
        if report.area_level in ("kecamatan", "desa"):
            return [Block([row(group, report) for group in groups])]
        return [
            Block([row(group, report) for group in some], heading, total)
            for (_, heading, total), some in groupby(groups, key=lambda group: _heading(group, report))
        ]

    return blocks


def by_area(row: Callable[[Child, Report], Row]) -> Blocks:
    """One row per area of the next level down, also where there is no group."""
    return lambda report, edition: [Block([row(area, report) for area in report.rows_of()])]


def by_hand(report: Report, edition: Edition) -> list[Block]:
    """Numbered empty rows: the portal does not record this yet, and NIHIL would be a claim."""
    return [Block([{} for _ in range(BY_HAND)])]


def by_reports(report: Report, edition: Edition) -> list[Block]:
    """One row per area; none where the period is not one that villages report."""
    areas = report.rows_of() if report.standings else ()
    return [Block([completeness_row(area, report, edition.places) for area in areas])]


def by_definition(report: Report, edition: Edition) -> list[Block]:
    """Those that a form prints: the others stand on the page of indicators."""
    return [Block([definition_row(one) for one in edition.definitions if one["forms"]])]


def _heading(group: GroupRow, report: Report) -> tuple[str, str, str]:
    """Code of the area, heading of its rows, label of their subtotal."""
    if report.area_level == "provinsi":
        name = regency_label(group.regency_code, group.regency_name).upper()
        return group.regency_code, name, f"JUMLAH {name.replace('KABUPATEN ', 'KAB. ')}"
    name = group.district_name.upper()
    return group.district_code, f"KECAMATAN {name}", f"JUMLAH KEC. {name}"


def _in(area: Child, report: Report) -> tuple[GroupRow, ...]:
    return tuple(group for group in report.groups if is_within(group.village_code, area.code))


def _standings(area: Child, report: Report) -> list[Standing]:
    return [one for one in report.standings if is_within(one.village_code, area.code)]


def shares_out(period: Period) -> bool:
    """Whether the workbook of a period has R-5: the members' meetings share out once a year, so that only what closes
    the year (triwulan IV, semester II, the year) has it; `--form r-5` prints it for any period."""
    return period.last.month == 12 and period.months_count > 1
