"""How a figure is written for people. Pure."""

from fractions import Fraction

from reports.indicators import Indicator, Ratio, Unit
from up2k_portal.lib.money import format_number, format_rupiah
from up2k_portal.lib.ui import percent

NOTHING = "–"


def words_of(indicator: Indicator | Ratio, value: int | Fraction | None) -> str:
    """Rp1.250.000, 12, 96,4%; a dash for what nobody recorded."""
    if value is None:
        return NOTHING
    if isinstance(value, Fraction):
        return percent(value)
    return format_rupiah(value) if indicator.unit is Unit.RUPIAH else format_number(value)
