"""The list of enterprises, the page of one, and what other pages show of them."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.urls import reverse

from accounts.pages import RecordView
from enterprises.filters import EnterpriseFilter
from enterprises.forms import EnterpriseForm
from enterprises.growth import BASE, HEIGHT, WIDTH, columns_of, compare_years
from enterprises.models import Enterprise, MonthlyResult
from enterprises.months import month_name, months_before, months_until, short_month_name
from enterprises.services import history_of
from enterprises.tables import EnterpriseTable
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import period_of, today
from up2k_portal.lib.views import Link, ListingView
from villages.models import Member
from villages.views import InGroupEdit, MemberNew

RELATED = ("village__district", "group", "category", "member", "poklak")
SHOWN_CHANGES = 20


class EnterpriseListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Enterprise
    table_class = EnterpriseTable
    filter_class = EnterpriseFilter
    title = "Usaha"
    empty_title = "Belum ada usaha."
    empty_text = "Catat usaha anggota atau poklak: bordir, itik Alabio, kerupuk, warung …"

    def rows(self):
        rows = self.visible().select_related(*RELATED).prefetch_related("products", "permits")
        return rows.with_last_result()

    def add_link(self):
        return Link("Tambah usaha", reverse("enterprise-new")) if self.access.may(Action.EDIT_REGISTRY) else None


@dataclass(frozen=True)
class MonthLine:
    """A month of the table beside the chart; `result` is None where nothing is recorded."""

    name: str
    result: MonthlyResult | None


class EnterpriseView(RecordView):
    """What it makes, what it is permitted to, and twelve months beside the same months a year before."""

    action = Action.SEE_PEOPLE
    model = Enterprise
    template_name = "enterprises/enterprise.html"

    def rows(self):
        return self.visible().select_related(*RELATED)

    def context(self):
        one = self.object
        return super().context() | {
            "may_edit": self.access.may_in(Action.EDIT_REGISTRY, one.village),
            "products": one.products.all(),
            "permits": [(permit, permit.state_on(today())) for permit in one.permits.all()],
            "changes": history_of(one)[:SHOWN_CHANGES],
            **self.months(),
        }

    def months(self) -> dict:
        """Twelve months up to the last closed one, or to the running one where it is recorded already."""
        this_month = period_of(today())
        recorded = self.object.results.select_related("product").filter(period__gt=months_before(this_month, 25))
        results = {row.period: row for row in recorded}
        until = this_month if this_month in results else months_before(this_month, 1)
        periods = months_until(until, 12)
        turnover = {period: row.turnover for period, row in results.items()}
        return {
            "columns": columns_of(turnover, periods),
            "chart": {"width": WIDTH, "height": HEIGHT, "base": BASE},
            "first_month": short_month_name(periods[0]),
            "last_month": short_month_name(until),
            "highest": max([turnover[period] for period in periods if period in turnover], default=0),
            "growth": compare_years(turnover, periods),
            "lines": [MonthLine(short_month_name(one), results.get(one)) for one in periods[::-1]],
            "sums": sums_of([results[period] for period in periods if period in results]),
        }

    def actions(self):
        one = self.object
        if not self.access.may_in(Action.EDIT_REGISTRY, one.village):
            return []
        links = [
            ("Catat hasil sebulan", "result-add"),
            ("Tambah produk", "product-add"),
            ("Tambah izin", "permit-add"),
            ("Ubah usaha", "enterprise-edit"),
        ]
        return [Link(label, reverse(name, args=[one.pk])) for label, name in links]


class EnterpriseEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = Enterprise
    form_class = EnterpriseForm
    adds = "Tambah usaha"
    done_message = "Usaha {} tersimpan."


class EnterpriseNew(MemberNew):
    target = "enterprise-add"
    what = "Tambah usaha"


def sums_of(results) -> dict[str, int]:
    """Rupiah over rows of months; `count` is how many."""
    return {
        "count": len(results),
        "turnover": sum(row.turnover for row in results),
        "cost": sum(row.cost for row in results),
        "net_income": sum(row.net_income for row in results),
    }


def member_enterprises(page, member: Member):
    """The section "Usaha" of a member's page."""
    rows = member.enterprises.visible_to(page.access).select_related("category").prefetch_related("products")
    return "enterprises/member_enterprises.html", {"enterprises": rows}


def group_enterprises(page, group):
    """The section "Usaha" of a group's page: what it lives from, commonest first, and its last closed month."""
    if not page.access.may(Action.SEE_PEOPLE):
        return "enterprises/group_enterprises.html", {}
    month = months_before(period_of(today()), 1)
    running = page.visible(Enterprise).filter(group=group).running_on(today()).order_by()
    kinds = running.values("category__name").annotate(n=Count("pk")).order_by("-n", "category__name")
    results = page.visible(MonthlyResult).filter(group=group, period=month)
    return "enterprises/group_enterprises.html", {
        "group": group,
        "kinds": kinds,
        "month": month_name(month),
        "sums": results.aggregate(n=Count("pk"), turnover=Sum("turnover")),
        "may_add": page.access.may_in(Action.EDIT_REGISTRY, group.village),
    }
