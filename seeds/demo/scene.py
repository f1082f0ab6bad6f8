"""What all groups of one demo share: its chance, its three years, and the kinds of business."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from random import Random

from enterprises.models import Category
from enterprises.months import months_before
from up2k_portal.lib.days import period_of
from villages.models import Village
from villages.models.regions import Region

MONTHS = 36
LEFT_OPEN = 2  # months at the end that the villages of the guide have still to close
DILIGENT = 0.7  # of the others, which closed one month more


@dataclass(frozen=True)
class Scene:
    """`until` is the last day of the last closed month; `categories` are stored, by name."""

    seed: int
    until: date
    categories: dict[str, Category]

    @property
    def closed_through(self) -> int:
        """The last month (202606) that the groups of the guide closed: the two after it are left to do."""
        return months_before(period_of(self.until), LEFT_OPEN)

    @property
    def starts_on(self) -> date:
        """The first day of the three years."""
        return self.months_before_end(MONTHS - 1, day=1)

    def months_before_end(self, months: int, day: int) -> date:
        """That day of the month so many months before the last one, clipped to the month's end."""
        year, month = divmod(self.until.year * 12 + self.until.month - 1 - months, 12)
        return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))

    def closed_by(self, village: Village) -> int:
        """The last month that the groups of a village outside the guide closed; most are a month ahead."""
        is_diligent = self.rng_of(village, "tutup bulan").random() < DILIGENT
        return months_before(self.closed_through, -1) if is_diligent else self.closed_through

    def rng_of(self, area: Region, name: str) -> Random:
        """Each group, of a village or a TP PKK, has its own chance: more villages change nothing in the others."""
        return Random(f"{self.seed}:{area.code}:{name}")
