"""What a group's row is made of, part by part. Pure: no database, no clock.

Whole rupiah and whole counts, all at the end of the period's last day but the fields that end in `_period`, which tell
what happened in it. None: nobody recorded it, and an empty cell does not claim 0.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Where the group lies and what it is called."""

    village_code: str
    village_label: str  # bare: "Pandulangan"
    village_kind: str
    district_code: str
    district_name: str
    regency_code: str
    regency_name: str
    group_name: str
    group_id: int = 0  # the row behind it; 0 outside the portal
    decree_number: str = ""
    decree_on: date | None = None
    founded_on: date | None = None
    leader: str = ""
    level: str = ""  # one of LEVELS, "" = not assessed yet
    legal_status: str = ""
    is_cooperative: bool = False  # koperasi berbadan hukum
    main_enterprise: str = ""
    dissolved_on: date | None = None  # within the period: what happened in it counts, nothing stands any more


@dataclass(frozen=True, kw_only=True)
class Membership:
    poklak_count: int = 0
    members_male: int = 0
    members_female: int = 0
    members_poor: int = 0
    members_near_poor: int = 0
    members_sufficient: int = 0
    members_unknown: int = 0  # whose welfare nobody recorded


@dataclass(frozen=True, kw_only=True)
class Lending:
    borrowers: int = 0
    loans_made_period: int = 0
    loans_running: int = 0
    loans_late: int = 0
    disbursed_period: int = 0
    disbursed_to_date: int = 0
    principal_due: int = 0
    principal_due_paid: int = 0  # of what was due; instalments paid in advance are not in it
    service_fee_due: int = 0
    service_fee_due_paid: int = 0
    principal_paid_period: int = 0
    service_fee_paid_period: int = 0
    balance: int = 0
    balance_1: int | None = 0  # None: a class that the scheme in use lacks
    balance_2: int | None = 0
    balance_3: int | None = 0
    balance_4: int | None = 0
    balance_5: int | None = 0
    principal_late: int = 0  # due before the day and unpaid
    service_fee_late: int = 0
    risk_1: int = 0  # balance of loans late beyond so many days: the numerators of PAR
    risk_30: int = 0
    risk_60: int = 0
    risk_90: int = 0
    balance_not_far: int = 0  # of loans less than three instalments late: the numerator of RR by balance
    written_off_period: int = 0


@dataclass(frozen=True, kw_only=True)
class Capital:
    """Own capital, accounts 3.1–3.4: what members put in, grants and reserves; debts are none of it.

    By source as the books began, then how it moved in the period.
    """

    capital_swadaya: int = 0
    capital_apbn: int = 0
    capital_apbd_prov: int = 0
    capital_apbd_kab: int = 0
    capital_apbdes: int = 0
    capital_csr: int = 0
    capital_other: int = 0
    capital_start: int = 0
    capital_in_period: int = 0
    capital_out_period: int = 0

    @property
    def capital_initial(self) -> int:
        public = self.capital_apbn + self.capital_apbd_prov + self.capital_apbd_kab + self.capital_apbdes
        return self.capital_swadaya + public + self.capital_csr + self.capital_other

    @property
    def capital_end(self) -> int:
        return self.capital_start + self.capital_in_period - self.capital_out_period

    @property
    def capital_growth(self) -> int:
        """Rupiah more than at the beginning; below zero when it shrank."""
        return self.capital_end - self.capital_initial


@dataclass(frozen=True, kw_only=True)
class Savings:
    savings_initial: int = 0
    savings_mandatory: int = 0
    savings_voluntary: int = 0
    contribution_period: int = 0


@dataclass(frozen=True, kw_only=True)
class Surplus:
    """The SHU that the members' meeting shared out in the year of the period, of the book year before it."""

    surplus: int | None = None  # None: nothing was shared by the day
    surplus_members: int = 0
    surplus_officers: int = 0
    surplus_reserve: int = 0
    surplus_paud: int = 0
    surplus_social: int = 0
    surplus_education: int = 0
    surplus_other: int = 0
    surplus_recipients: int = 0
    surplus_paid: int = 0
    paud_institutions: int = 0
    paud_teachers: int = 0
    paud_paid: int = 0


@dataclass(frozen=True, kw_only=True)
class Livelihood:
    enterprises: int = 0  # that run on the day
    enterprises_by_category: tuple[tuple[str, int], ...] = ()
    turnover_period: int | None = None  # None: no month of the period is recorded
    net_income_period: int | None = None  # below zero where the enterprises lost
    main_product: str = ""  # that with the highest turnover, with its pieces where they were counted
    volume: int | None = None
    unit: str = ""
    members_asked: int = 0  # those whose household income was asked at least twice
    income_before: int = 0  # rupiah a month, summed over them: the first answers
    income_after: int = 0  # and the latest
    sells_locally: int = 0  # enterprises by market; one may stand in several
    sells_outside: int = 0
    sells_online: int = 0
    with_nib: int = 0  # enterprises with a permit that holds
    with_pirt: int = 0
    with_halal: int = 0


@dataclass(frozen=True, kw_only=True)
class Aid:
    """Support and coaching received in the period; None until the portal records them."""

    support_money_period: int | None = None
    support_goods_period: int | None = None  # valued in rupiah
    coachings_period: int | None = None
    coached_people_period: int | None = None
