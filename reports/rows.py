"""The figures a report is made of: one row per group, summed to areas. Pure: no database, no clock.

Money is whole rupiah, counts are whole numbers; all as of the last day of the report's period.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256

from reports.completeness import Standing
from reports.periods import Period
from reports.row_parts import Aid, Capital, Identity, Lending, Livelihood, Membership, Savings, Surplus

LEVELS = ("PEMULA", "MADYA", "UTAMA", "MANDIRI")
AREA_LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa")


@dataclass(frozen=True, kw_only=True)
class GroupRow(Identity, Membership, Lending, Capital, Savings, Surplus, Livelihood, Aid):
    """One poksus on the last day of the period. Raises ValueError when its figures contradict each other."""

    def __post_init__(self) -> None:
        balances = (self.balance_1 or 0) + (self.balance_2 or 0) + self.balance_bad
        if self.level and self.level not in LEVELS:
            self._refuse(f"tingkat {self.level} tidak dikenal, yang ada {', '.join(LEVELS)}")
        if self.balance < 0:
            self._refuse(f"saldo {self.balance} di bawah nol")
        if balances != self.balance:
            self._refuse(f"saldo {self.balance} tidak sama dengan jumlah kolektibilitas {balances}")
        if self.principal_due_paid > self.principal_due:
            self._refuse(f"realisasi {self.principal_due_paid} melebihi target {self.principal_due}")

    def _refuse(self, why: str) -> None:
        raise ValueError(f"{self.group_name} ({self.village_code}): {why}.")

    @property
    def group_count(self) -> int:
        """What a group adds to a count of groups; one that was dissolved in the period adds nothing."""
        return int(self.dissolved_on is None)

    @property
    def has_flows(self) -> bool:
        """Whether anything happened in the period, or capital was there at its start."""
        return bool(self.capital_start) or any(
            getattr(self, field.name) for field in fields(self) if field.name.endswith("_period")
        )

    def dissolved(self, on: date) -> "GroupRow":
        """Its row in the period in which it was dissolved: what flowed stays, of what stands nothing; the capital that
        was left went with it.
        """
        kept = {field.name for field in fields(Identity)} - {"is_cooperative"} | {"main_product", "volume", "unit"}
        kept |= {field.name for field in fields(self) if field.name.endswith("_period")} | {"capital_start"}
        facts = {name: getattr(self, name) for name in kept}
        out = self.capital_start + self.capital_in_period
        return GroupRow(**facts | {"dissolved_on": on, "capital_out_period": out})

    @property
    def cooperatives(self) -> int:
        return int(self.is_cooperative)

    @property
    def cooperative_members(self) -> int:
        return self.members if self.is_cooperative else 0

    @property
    def members(self) -> int:
        return self.members_male + self.members_female

    @property
    def counted_level(self) -> str:
        """The level under which the group is counted.

        The official forms have four levels and no fifth column; a group left out would make JUMLAH KELOMPOK
        smaller than the number of groups. A group that nobody has assessed is a beginner, so it counts as
        PEMULA, and every sheet where that happens says so below its table.
        """
        return self.level or "PEMULA"

    @property
    def balance_bad(self) -> int:
        """Kurang lancar, diragukan and macet: the numerator of NPL."""
        return (self.balance_3 or 0) + (self.balance_4 or 0) + (self.balance_5 or 0)


@dataclass(frozen=True)
class Child:
    """An area one level below the report's; it has its row even when it has no group."""

    code: str
    name: str
    villages_count: int


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    """The sums of one area; the two tuples are in the order of LEVELS."""

    code: str
    name: str
    villages_count: int
    villages_with_group: int
    groups: tuple[int, ...]
    members: tuple[int, ...]
    cooperatives: int
    cooperative_members: int
    principal_due: int
    principal_due_paid: int
    balance: int
    balance_bad: int
    turnover: int | None  # None where no group has a month of the period recorded


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that the workbook prints. Raises ValueError when a group lies in none of the children.

    `children` is empty at the level desa: the village is its own and only row. Names may be bare
    ("Hulu Sungai Utara"). `made_at` is words with the time zone: "12 Oktober 2026, 09.41 WITA".
    """

    area_code: str
    area_name: str
    area_level: str  # one of AREA_LEVELS
    province_name: str
    regency_name: str = ""
    district_name: str = ""
    period: Period
    groups: tuple[GroupRow, ...]
    children: tuple[Child, ...]
    made_at: str
    made_by: str
    place: str
    signed_on: date
    chair: str = ""  # who leads the TP PKK of the area on that day, and its Pokja II; "" where nobody said
    pokja_2: str = ""
    basis: str = "live"  # or "approved": out of approved village reports alone
    standings: tuple[Standing, ...] = ()  # of an approved report: every village that owes one

    def __post_init__(self) -> None:
        if self.area_level not in AREA_LEVELS:
            raise ValueError(f"Tingkat wilayah {self.area_level} tidak dikenal: {', '.join(AREA_LEVELS)}.")
        for group in self.groups:
            if sum(is_within(group.village_code, child.code) for child in self.rows_of()) != 1:
                raise ValueError(f"{group.group_name} ({group.village_code}) di luar wilayah laporan.")

    def rows_of(self) -> tuple[Child, ...]:
        """The areas that Rekap and 4.22 print, one row each."""
        return self.children or (Child(self.area_code, self.area_name, villages_count=1),)

    @property
    def villages_count(self) -> int:
        return sum(child.villages_count for child in self.rows_of())

    @property
    def villages_with_group(self) -> int:
        return len({group.village_code for group in self.groups if group.group_count})

    @property
    def unassessed_count(self) -> int:
        return sum(not group.level for group in self.groups if group.group_count)

    @property
    def is_running(self) -> bool:
        """Signed before the period has ended: instalments that fall due until then count as due."""
        return self.signed_on <= self.period.last


def is_within(code: str, area: str) -> bool:
    """Whether a dotted region code lies in an area or is that area."""
    return f"{code}.".startswith(f"{area}.")


def area_rows(report: Report) -> tuple[AreaRow, ...]:
    """One row of sums per area below the report's, in the order of the children."""
    return tuple(
        _area_row(child, [group for group in report.groups if is_within(group.village_code, child.code)])
        for child in report.rows_of()
    )


def _area_row(child: Child, groups: list[GroupRow]) -> AreaRow:
    by_level = [[group for group in groups if group.counted_level == level] for level in LEVELS]
    cooperatives = [group for group in groups if group.is_cooperative]
    return AreaRow(
        code=child.code,
        name=child.name,
        villages_count=child.villages_count,
        villages_with_group=len({group.village_code for group in groups if group.group_count}),
        groups=tuple(sum(group.group_count for group in some) for some in by_level),
        members=tuple(sum(group.members for group in some) for some in by_level),
        cooperatives=len(cooperatives),
        cooperative_members=sum(group.members for group in cooperatives),
        principal_due=sum(group.principal_due for group in groups),
        principal_due_paid=sum(group.principal_due_paid for group in groups),
        balance=sum(group.balance for group in groups),
        balance_bad=sum(group.balance_bad for group in groups),
        turnover=_sum_known([group.turnover_period for group in groups]),
    )


def _sum_known(amounts: list[int | None]) -> int | None:
    """The sum of what is known; None when nothing is, for an empty cell does not claim 0."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def fingerprint(report: Report) -> str:
    """SHA-256 of the figures in hexadecimal: the same figures give the same code, whoever prints them."""
    figures = {
        "area": report.area_code,
        "period": report.period.code,
        "groups": sorted((vars(group) for group in report.groups), key=canonical),
        "children": [asdict(child) for child in report.children],
    }
    return sha256(canonical(figures).encode()).hexdigest()


def canonical(figures: object) -> str:
    """JSON with sorted keys and no blanks, days as 2026-09-30: one text for one set of figures."""
    return json.dumps(figures, sort_keys=True, separators=(",", ":"), default=date.isoformat)
