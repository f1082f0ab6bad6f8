"""A group's registry: levels, poklak, members and what they live from. All unsaved, all invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from enterprises.models import Enterprise
from loans.builders import payer_fields
from seeds.demo import names
from seeds.demo.incomes import build_incomes
from seeds.demo.livelihoods import Livelihood
from seeds.demo.plan import GroupPlan
from seeds.demo.results import build_details
from seeds.demo.scene import Scene
from villages.models import Group, GroupAssessment, Level, Member, Poklak, Village, Welfare

AGES = (21, 65)
FIRST_SERIAL = 9001  # so high on no real card of a kecamatan: the mark of the invented
BIRTH_DAY_CLASSES = 64  # more than the villages of any kecamatan
# Rupiah a month when she joined; None where nobody has asked yet.
INCOMES = {
    Welfare.POOR: (500_000, 1_200_000),
    Welfare.NEAR_POOR: (1_200_000, 2_000_000),
    Welfare.SUFFICIENT: (2_000_000, 3_500_000),
    Welfare.UNKNOWN: None,
}
WELFARE_SHARES = (24, 31, 36, 9)
NO_NIK = ("KTP sedang diurus di Disdukcapil", "KTP hilang, menunggu cetak", "Fotokopi KTP belum diserahkan")
LEAVING = ("Pindah ke Banjarmasin", "Pindah ikut suami", "Mengundurkan diri", "Usahanya berhenti")
PLACES = ("", ", dekat langgar", ", tepi sungai", ", samping sekolah", ", ujung jembatan", ", jalan desa")
# Years after the founding at which a level is usually reached, and what the assessors write.
LEVEL_STEPS = (
    (Level.PEMULA, 0.4, "Ada SK desa, buku kas dan buku pinjaman mulai diisi"),
    (Level.MADYA, 3, "Buku wajib terisi, pinjaman bergulir lancar"),
    (Level.UTAMA, 7, "Laporan tepat waktu, modal berkembang, poklak aktif"),
    (Level.MANDIRI, 12, "Usaha anggota maju, ada mitra pemasaran, modal sendiri kuat"),
)


@dataclass
class Registry:
    """Fills one plan. `first_serial` keeps the NIKs of two groups in one village apart."""

    plan: GroupPlan
    scene: Scene
    rng: Random
    first_serial: int = FIRST_SERIAL

    def __post_init__(self):
        self.village = self.plan.group.village
        self.until = self.scene.until
        self._incomes_rng = self.scene.rng_of(self.village, f"{self.plan.group.name} pendapatan")
        self._birth_dates = self._draw_birth_dates()

    def add_poklak(self, name: str, livelihood: Livelihood, formed_on: date) -> Poklak:
        poklak = Poklak(
            village=self.village,
            group=self.plan.group,
            name=name,
            business=livelihood.business,
            formed_on=formed_on,
        )
        self.plan.poklaks.append(poklak)
        return poklak

    def add_member(
        self, name: str, poklak: Poklak | None, joined_on: date, sex: str = "P", leaves: bool = False
    ) -> Member:
        rng, birth_date = self.rng, next(self._birth_dates)
        welfare = rng.choices(list(INCOMES), WELFARE_SHARES)[0]
        joined_on = max(joined_on, birth_date + timedelta(days=18 * 366))
        address = f"RT {rng.randint(1, 6):02}{rng.choice(PLACES)}"
        phone = f"0812-0000-{rng.randint(1000, 9999)}" if rng.random() < 0.7 else ""
        income = self._income(welfare)
        member = Member(
            village=self.village,
            group=self.plan.group,
            poklak=poklak,
            name=name,
            sex=sex,
            birth_date=birth_date,
            address=address,
            phone=phone,
            welfare=welfare,
            joined_on=joined_on,
            consent_on=max(joined_on, self.before_end(20, 700)) if rng.random() < 0.86 else None,
            **self._numbers(birth_date, sex),
            **(self._leaving(joined_on) if leaves else {}),
        )
        self.plan.members.append(member)
        if income:
            self.plan.incomes += build_incomes(member, income, self._incomes_rng, self.scene.starts_on, self.until)
        return member

    def add_enterprise(self, owner: Member | Poklak, livelihood: Livelihood, started_on: date) -> None:
        made = self.rng.sample(livelihood.products, min(2, len(livelihood.products)))
        enterprise = Enterprise(
            village=self.village,
            group=self.plan.group,
            name=_business_name(owner, livelihood),
            category=self.scene.categories[livelihood.category],
            started_on=started_on,
            **payer_fields(owner),
        )
        # Its own chance, so that what it earns changes nothing in who borrows and pays.
        rng = self.scene.rng_of(self.village, f"{self.plan.group.name} usaha {len(self.plan.enterprises)}")
        self.plan.enterprises.append(enterprise)
        self.plan.details += build_details(enterprise, livelihood, made, rng, self.until)

    def add_assessment(self, level: str, assessed_on: date, reason: str) -> None:
        self.plan.assessments.append(
            GroupAssessment(
                village=self.village,
                group=self.plan.group,
                level=level,
                assessed_on=assessed_on,
                assessor="Pokja II TP PKK Kabupaten Hulu Sungai Utara",
                reason=reason,
            )
        )

    def add_usual_assessments(self) -> None:
        """Levels in rising order as the group grew older; one group in nine was never assessed."""
        founded_on = self.plan.group.founded_on
        if self.rng.random() < 0.11:
            return
        for level, years, reason in LEVEL_STEPS:
            assessed_on = founded_on + timedelta(days=int(years * 365) + self.rng.randint(0, 500))
            if assessed_on > self.until or self.rng.random() < 0.12:
                return
            self.add_assessment(level, assessed_on, reason)

    def before_end(self, least: int, most: int) -> date:
        """A day that many days before the end of the story."""
        return self.until - timedelta(days=self.rng.randint(least, most))

    def between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randint(0, max(0, (last - first).days)))

    def _draw_birth_dates(self):
        """Different days, and for each village of a kecamatan other days: no NIK can occur twice."""
        oldest, youngest = (date(self.until.year - age, 1, 1).toordinal() for age in reversed(AGES))
        days = range(oldest + int(self.village.code[-2:]), youngest, BIRTH_DAY_CLASSES)
        return map(date.fromordinal, self.rng.sample(days, len(days)))

    def _numbers(self, born: date, sex: str) -> dict[str, str | None]:
        """A well-formed NIK and KK of the kecamatan; the serial marks them as invented."""
        kecamatan, serial = self.village.code[:8].replace(".", ""), self.first_serial + len(self.plan.members)
        recorded_on = self.before_end(300, 3_000)
        numbers = {"family_card_number": f"{kecamatan}{recorded_on:%d%m%y}{serial}"}
        if self.rng.random() < 0.06:
            return numbers | {"nik": None, "nik_missing_reason": self.rng.choice(NO_NIK)}
        return numbers | {"nik": f"{kecamatan}{born.day + (40 if sex == 'P' else 0):02}{born:%m%y}{serial}"}

    def _income(self, welfare: str) -> int | None:
        bounds = INCOMES[welfare]
        return bounds and self.rng.randint(bounds[0] // 50_000, bounds[1] // 50_000) * 50_000

    def _leaving(self, joined_on: date) -> dict[str, date | str]:
        left_on = max(joined_on + timedelta(days=1), self.before_end(30, 500))
        return {"left_on": left_on, "left_reason": self.rng.choice(LEAVING)} if left_on <= self.until else {}


def _business_name(owner: Member | Poklak, livelihood: Livelihood) -> str:
    """Bordir Norhasanah; a poklak that is itself called after its craft needs no more."""
    craft = livelihood.business[0].upper() + livelihood.business[1:]
    return craft if owner.name.casefold() == craft.casefold() else f"{craft} {owner.name}"


def build_group(village: Village, name: str, founded_on: date, rng: Random, **fields) -> Group:
    decree_on = founded_on + timedelta(days=rng.randint(5, 60))
    return Group(
        **{
            "village": village,
            "name": name,
            "initials": names.initials(name),
            "founded_on": founded_on,
            "decree_on": decree_on,
            "decree_number": f"188.45/{rng.randint(1, 40):02}/KUM/{decree_on.year}",
            "contact_phone": f"0812-0000-{rng.randint(1000, 9999)}",
            **fields,
        }
    )
