"""The first page: what is to be done, how it stands, and in the demo the way from receipt to province."""

from django.conf import settings
from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from loans.models import Loan, Receipt
from loans.standing import BADGES
from reports.figures import headline
from reports.report_home import waiting_for
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, period_of, today
from up2k_portal.lib.views import Page
from villages.people_views import doubles_words

WORST = 5
WAITING = ("proposed", "verified", "approved")


class Home(Page):
    action = Action.SEE_REPORTS

    def get(self, request):
        context = {
            "title": "Beranda",
            "figures": headline(self.access, today()),
            "as_of": format_moment(timezone.now()),
            "quick": self.quick(),
            "guide": guide() if settings.DEMO else (),
            "doubles_words": doubles_words(self.access),
            "waiting": waiting_for(self.access),
        }
        if self.access.may(Action.SEE_PEOPLE):
            context |= self.people()
        return render(request, "home.html", context)

    def quick(self) -> list[tuple[str, str, str]]:
        """The acts that this person does most: (words, address, icon)."""
        acts = [
            (Action.RECORD_MONEY, "Catat angsuran", "payment-pick", "cash"),
            (Action.RECORD_MONEY, "Ajukan pinjaman", "loan-new", "card"),
            (Action.APPROVE_LOANS, "Setujui pinjaman", "loan-list", "shield"),
            (Action.USE_ADMIN, "Admin", "admin:index", "settings"),
            (Action.SEE_REPORTS, "Buku kerja", "export", "down"),
            (Action.EDIT_REGISTRY, "Tambah anggota", "member-new", "people"),
            (Action.SIMULATE, "Simulasi", "simulation", "calc"),
        ]
        waiting = {"loan-list": "?standing=proposed"}
        return [
            (words, f"{reverse(name)}{waiting.get(name, '')}", icon)
            for action, words, name, icon in acts
            if self.access.may(action) and not self.access.only_where_assisted(action)
        ][:3]

    def people(self) -> dict:
        loans = self.visible(Loan).select_related("village__district", "member", "poklak")
        late = loans.disbursed(today()).with_standing(today()).filter(late__gt=0)
        this_month = self.visible(Receipt).filter(period=period_of(today()))
        return {
            "proposals": loans.filter(status__in=WAITING).order_by("proposed_on", "pk")[:WORST],
            "late_loans": late.order_by(F("late").desc(), "pk")[:WORST],
            "badges": BADGES,
            "one_village": self.access.serves_one_village,
            "latest": this_month.select_related("member", "poklak", "village__district")[:WORST],
        }


def guide() -> list[tuple[str, str, str, str]]:
    """ "10 menit: dari kuitansi ke provinsi": (user name that does it, what to do, words of the link, address)."""
    return [
        ("63.08.03.2014", "Catat satu angsuran anggota UP2K As Syifa.", "Catat angsuran", reverse("payment-pick")),
        ("63.08.03.2014", "Cetak kuitansinya, lengkap dengan terbilang.", "Daftar angsuran", reverse("receipt-list")),
        ("63.08.03.2014", "Cairkan sebuah pinjaman; jadwalnya dibuat sendiri.", "Ajukan pinjaman", reverse("loan-new")),
        (
            "63.08.03",
            "Setujui pinjaman di atas batas operator.",
            "Pinjaman diajukan",
            f"{reverse('loan-list')}?standing=proposed",
        ),
        ("63.08", "Lihat lima angka kabupaten dan desa yang perlu dibantu.", "Admin", reverse("admin:index")),
        ("63", "Unduh buku kerja Excel untuk provinsi, cocok sampai rupiah.", "Buku kerja", reverse("export")),
    ]
