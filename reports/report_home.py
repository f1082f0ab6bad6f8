"""What the home page tells of reports: one that came back to a village, or how many wait for the reader."""

from dataclasses import dataclass

from django.urls import reverse

from reports.models import VillageReport
from reports.models.village_reports import State
from reports.periods import parse_period
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.money import format_number


@dataclass(frozen=True)
class Waiting:
    title: str
    text: str
    url: str
    link: str


def waiting_for(access: Access) -> Waiting | None:
    """One query, or none for who carries no report on."""
    reports = VillageReport.objects.visible_to(access)
    if access.may(Action.SUBMIT_REPORTS) and access.serves_one_village:
        back = reports.filter(state=State.RETURNED).order_by("last_month").first()
        if back is None:
            return None
        title = f"Laporan {parse_period(back.period).name} dikembalikan"
        return Waiting(title, "Perbaiki angka yang diberi catatan, lalu ajukan lagi.", back.get_absolute_url(), "Buka")
    states = [State.SUBMITTED] if access.may(Action.VERIFY_REPORTS) else []
    states += [State.VERIFIED] if access.may(Action.APPROVE_REPORTS) else []
    if not states or not (count := reports.filter(state__in=states).count()):
        return None
    title = f"{format_number(count)} laporan desa menunggu Anda"
    return Waiting(title, "Yang terlama lebih dulu.", reverse("report-queue"), "Buka antrean")
