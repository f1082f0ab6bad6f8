"""Live figures out of the database: one row per group for the workbook, and the five of the home page and the admin."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.urls import reverse

from enterprises.models import Enterprise
from loans.models import Loan
from reports.capital_figures import capital_figures
from reports.drill import groups_url
from reports.lending_figures import lending_figures
from reports.livelihoods import livelihood_figures
from reports.periods import Period, parse_period
from reports.rows import Child, GroupRow, Report
from reports.surplus_figures import surplus_figures
from up2k_portal.lib.access import Access, Action, in_areas
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_number, format_rupiah
from villages.areas import find_area
from villages.models import District, Group, LegalStatus, Member, Province, Regency, TeamOfficer, Village, Welfare
from villages.models.placements import named, names_on, placed_on

FIGURES = (lending_figures, capital_figures, surplus_figures, livelihood_figures)
SEAT = {"63.08": "Amuntai"}  # where a kabupaten signs; elsewhere the area's own name


@dataclass(frozen=True)
class Figure:
    """One figure with its denominator and the list behind it ("" where the reader may not open it)."""

    label: str
    value: str
    of: str
    url: str


def headline(access: Access, as_of: date) -> list[Figure]:
    """The five figures of a person's areas on a day: groups, members, balance, arrears, repayment rate.

    Who sees no people is led to the groups behind the figure; not for arrears and repayment, for there the recap of the
    running month counts what falls due until its end.
    """
    groups = Group.objects.filter(in_areas("village__code", access.areas)).counted(as_of)
    villages = Village.objects.filter(in_areas("code", access.areas)).active_on(as_of)
    members = Member.objects.filter(group__in=groups).active_on(as_of)
    sums = Loan.objects.filter(group__in=groups).sums(as_of)
    with_group = groups.aggregate(n=Count("village", distinct=True))["n"]
    poor = members.aggregate(n=Count("pk"), poor=Count("pk", filter=Q(welfare=Welfare.POOR)))
    people = access.may(Action.SEE_PEOPLE)
    loans_url = reverse("loan-list") if people else ""
    return [
        Figure(
            "Kelompok UP2K",
            format_number(groups.count()),
            f"di {format_number(with_group)} dari {format_number(villages.count())} desa/kelurahan",
            reverse("group-list"),
        ),
        Figure(
            "Anggota aktif",
            format_number(poor["n"]),
            f"{format_number(poor['poor'])} dari keluarga miskin",
            reverse("member-list") if people else _groups_url("members", access, as_of),
        ),
        Figure(
            "Saldo pinjaman",
            format_rupiah(sums["balance"]),
            f"{format_number(sums['running_count'])} pinjaman berjalan",
            loans_url or _groups_url("balance", access, as_of),
        ),
        Figure(
            "Tunggakan",
            format_rupiah(sums["late"]),
            f"{format_number(sums['late_count'])} pinjaman menunggak",
            f"{loans_url}?is_late=yes" if loans_url else "",
        ),
        Figure(
            "RR (pokok kembali)",
            percent(sums["principal_due_paid"], sums["principal_due"]),
            f"NPL {percent(sums['balance_npl'], sums['balance'])}",
            loans_url,
        ),
    ]


def _groups_url(key: str, access: Access, as_of: date) -> str:
    """The recap of the running month; "" for who serves several areas, each of which has its own."""
    if len(access.areas) != 1:
        return ""
    (area,) = access.areas
    return groups_url(key, area, parse_period(f"{as_of:%Y-%m}"), "live")


def percent(numerator: int, denominator: int) -> str:
    """96,4%; a dash when there is nothing to divide by. Rounded half up, in integers."""
    if not denominator:
        return "–"
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    return f"{tenths // 10},{tenths % 10}%"


def live_report(*, area_code: str, period: Period, made_by: str, made_at: str) -> Report:
    """The figures of an area as of the period's last day. Raises ValidationError when no region has this code."""
    groups = tuple(group_rows(area_code, period))
    return report_of(groups, area_code=area_code, period=period, made_by=made_by, made_at=made_at)


def report_of(
    groups: tuple[GroupRow, ...], *, area_code: str, period: Period, made_by: str, made_at: str, **more
) -> Report:
    """These rows with the head of an area's report: its names, its parts and the signers' place.

    Raises ValidationError when no region has this code.
    """
    area = find_area(area_code)
    if area is None:
        raise ValidationError(f"Kode wilayah {area_code[:20]} tidak ada. Contoh: 63.08, 63.08.03, 63.08.03.2014.")
    if isinstance(area, Village):
        area = named(area, names_on(period.last))
    return Report(
        area_code=area_code,
        area_name=area.name,
        area_level={2: "provinsi", 5: "kabupaten", 8: "kecamatan", 13: "desa"}[len(area_code)],
        **_names_above(area),
        period=period,
        groups=groups,
        children=tuple(_children(area, period.last, {group.village_code for group in groups})),
        made_at=made_at,
        made_by=made_by,
        place=SEAT.get(area_code) or area.name.removeprefix("Kabupaten ").removeprefix("Kota "),
        signed_on=today(),
        **_signers(area_code, today()),
        **more,
    )


def _signers(area_code: str, day: date) -> dict[str, str]:
    """Who is in office in the area's TP PKK on the day of signing."""
    rows = TeamOfficer.objects.in_office(day).filter(area_code=area_code).order_by("since")
    return dict(rows.values_list("office", "name"))


def _names_above(area) -> dict[str, str]:
    district = area.district if isinstance(area, Village) else area if isinstance(area, District) else None
    regency = district.regency if district else area if isinstance(area, Regency) else None
    province = regency.province if regency else area
    return {
        "district_name": district.name if district else "",
        "regency_name": regency.name if regency else "",
        "province_name": province.name,
    }


def _children(area, as_of: date, with_group: set[str]) -> list[Child]:
    """The regions of the next level down with their number of villages in force on the day.

    A region no longer in force still has its row while a group lives there: no rupiah falls out of the sums.
    """
    if isinstance(area, Village):
        return []
    length = {Province: 5, Regency: 8, District: 13}[type(area)]
    model = {Province: Regency, Regency: District, District: Village}[type(area)]
    codes = Village.objects.in_area(area.code).active_on(as_of).values_list("code", flat=True)
    villages = Counter(code[:length] for code in codes)
    in_force = Q(pk__in=model.objects.active_on(as_of)) | Q(code__in={code[:length] for code in with_group})
    rows = model.objects.in_area(area.code).filter(in_force).order_by("code")
    names = names_on(as_of) if model is Village else {}
    return [Child(row.code, names.get(row.pk, row.name), villages[row.code]) for row in rows]


def group_rows(area_code: str, period: Period) -> Iterator[GroupRow]:
    """The row of every group that counted in the area on the period's last day, by the code of its village then; of
    one that was dissolved in the period, what happened in it before.
    """
    as_of = period.last
    groups = Group.objects.counted(as_of, since=period.first).with_level(as_of).with_sizes(as_of)
    groups = groups.with_leader(as_of).with_legal_status(as_of)
    placed = placed_on(groups.order_by("name"), area_code, as_of)  # in the villages of that day
    groups = [group for group, _ in placed]
    parts = [_members(groups, as_of), _businesses(groups, as_of)]
    parts += [figures(groups, period) for figures in FIGURES]
    for group, village in placed:
        found = {name: value for part in parts for name, value in part.get(group.pk, {}).items()}
        row = GroupRow(**_identity(group, village), **found)
        if group.closed_on and group.closed_on <= as_of:
            row = row.dissolved(group.closed_on)
            if not row.has_flows:
                continue
        yield row


def _identity(group: Group, village: Village) -> dict:
    is_cooperative = group.legal_status == LegalStatus.Status.COOPERATIVE
    return {
        "village_code": village.code,
        "village_label": village.name,
        "village_kind": village.get_kind_display(),
        "district_code": village.district.code,
        "district_name": village.district.name,
        "regency_code": village.district.regency.code,
        "regency_name": village.district.regency.name,
        "group_name": group.name,
        "group_id": group.pk,
        "decree_number": group.decree_number,
        "decree_on": group.decree_on,
        "founded_on": group.founded_on,
        "leader": group.leader or "",
        "level": group.level or "",
        "poklak_count": group.poklak_count,
        "legal_status": "Koperasi" if is_cooperative else "Belum berbadan hukum",
        "is_cooperative": is_cooperative,
    }


def _members(groups: list[Group], as_of: date) -> dict[int, dict]:
    active = Member.objects.filter(group__in=groups).active_on(as_of).order_by()
    rows = active.values("group").annotate(
        members_male=Count("pk", filter=Q(sex=Member.Sex.MALE)),
        members_female=Count("pk", filter=Q(sex=Member.Sex.FEMALE)),
        **{f"members_{one}": Count("pk", filter=Q(welfare=one)) for one in Welfare.values},
    )
    return {row.pop("group"): row for row in rows}


def _businesses(groups: list[Group], as_of: date) -> dict[int, dict]:
    """How many enterprises of each kind run, and the commonest; the first in the alphabet where two are equal."""
    running = Enterprise.objects.running_on(as_of).filter(group__in=groups)
    rows = running.order_by("category__name").values("group", "category__name").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["group"], {})[row["category__name"]] = row["n"]
    return {
        pk: {
            "enterprises": sum(counts.values()),
            "enterprises_by_category": tuple(sorted(counts.items())),
            "main_enterprise": min(counts, key=lambda name: (-counts[name], name)),
        }
        for pk, counts in found.items()
    }
