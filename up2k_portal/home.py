"""The first page: what is to be done, how it stands, and in the demo the way from receipt to province."""

from django.conf import settings
from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import FIRST_STEPS
from enterprises.months import month_name
from loans.entrusted.services import waiting_words
from loans.models import Loan, Receipt
from loans.standing import BADGES
from loans.task_services import GroupMonth, group_months
from reports.figures import Figure, headline
from reports.models.village_reports import State
from reports.report_home import owed_by, waiting_for
from up2k_portal import home_tasks
from up2k_portal.first_steps import step_of
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, period_of, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import Page
from villages.models import Group, Village
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
            "guide": guide() if settings.DEMO and not self.access.is_practice else (),
            "doubles_words": doubles_words(self.access),
            "waiting": waiting_for(self.access),
            "entrusted": waiting_words(self.access),
            "may_see_only_groups": not self.access.may(Action.SEE_PEOPLE),
        }
        if self.access.may(Action.SEE_PEOPLE):
            context |= self.people()
        if self.records_money():
            context |= self.month(context["figures"])
            return render(request, "home/operator.html", context)
        return render(request, "home.html", context)

    def records_money(self) -> bool:
        """Whether she keeps a village's books herself: then the page is the list of her month."""
        return self.access.may(Action.RECORD_MONEY) and not self.access.only_where_assisted(Action.RECORD_MONEY)

    def month(self, figures: list[Figure]) -> dict:
        rows = self.visible(Group).filter(closed_on=None).select_related("village__district__regency")
        months = group_months(list(rows.order_by("pk")))
        running = home_tasks.month_of(months, period_of(today()))
        owed = [owed_by(village, running, self.access) for village in self.villages()]
        several = len(months) > 1
        by_group = [(one, home_tasks.tasks_of(one, str(one.group) if several else "")) for one in months]
        last = [home_tasks.report_task(one, months) for one in owed]
        last += [home_tasks.print_task(one, str(one.group) if several else "") for one in months]
        tasks = [task for _, found in by_group for task in found] + last
        first = min(owed, key=lambda one: one.due_on, default=None)
        due = first.due_on if first else None
        return {
            "title": f"Tugas {month_name(running)}",
            "months": months,
            "tasks": tasks if months else [],
            "next": home_tasks.next_task(tasks) if months else None,
            "is_empty": not any(one.has_books for one in months),
            "owed": owed,
            "due_on": due if first and first.state in (State.DRAFT, State.RETURNED) else None,
            "due_period": first.period if first else None,
            "days_left": home_tasks.days_left(due) if due else "",
            "is_soon": bool(due and home_tasks.is_soon(due)),
            "figures": [cash_figure(months), *figures[1:]] if months else figures,
            "step": step_of(self.request.user, self.access, months),
            "step_count": FIRST_STEPS,
        }

    def villages(self):
        return self.visible(Village).filter(code__in=self.access.areas).select_related("district").order_by("code")

    def quick(self) -> list[tuple[str, str, str]]:
        """The acts that this person does most: (words, address, icon)."""
        acts = [
            (Action.RECORD_MONEY, "Catat angsuran", "payment-pick", "cash"),
            (Action.RECORD_MONEY, "Ajukan pinjaman", "loan-new", "card"),
            (Action.RECORD_MONEY, "Catat kas", "voucher-new", "wallet"),
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


def cash_figure(months: list[GroupMonth]) -> Figure:
    """What the groups' boxes hold by the book, with what sheets brought in and nobody counted yet."""
    cash = sum(one.cash + one.in_the_field for one in months)
    bank = sum(one.bank for one in months)
    url = reverse("cash-book", args=[months[0].group.pk]) if len(months) == 1 else reverse("voucher-list")
    return Figure("Saldo kas", format_rupiah(cash), f"di bank {format_rupiah(bank)}", url)


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
