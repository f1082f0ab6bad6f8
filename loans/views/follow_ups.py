"""Tindak lanjut: late loans with what was done about each, a follow-up written down, and the loan page's section."""

from urllib.parse import quote, urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse

from loans.follow_services import PROMISES, record_follow_up, reminder, with_last_follow_up, with_promises
from loans.incentive_services import incentive_years
from loans.models import Loan
from loans.quality_forms import FollowUpForm
from loans.quality_tables import FollowTable, FollowUpFilter
from loans.views.loans import PLACES
from loans.views.proposals import LoanVerb
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.ui import wa_url
from up2k_portal.lib.views import ListingView

LOOKS = {"kept": "ok", "waiting": "warn", "broken": "bad"}


class FollowUpListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Loan
    table_class = FollowTable
    filter_class = FollowUpFilter
    title = "Tindak lanjut"
    empty_title = "Tidak ada yang menunggak."
    empty_text = "Semua angsuran yang jatuh tempo sudah dibayar."

    def rows(self):
        late = self.visible().disbursed(today()).with_standing(today()).filter(late__gt=0)
        rows = with_last_follow_up(late, today()).order_by("oldest_unpaid_on", "pk")
        return rows.select_related("village__district", "member", "poklak")


class FollowUpAdd(LoanVerb):
    action = Action.RECORD_MONEY
    form_class = FollowUpForm
    submit_label = "Simpan"
    done_message = "{} tersimpan."
    title = "Catat tindak lanjut"
    verb = staticmethod(record_follow_up)

    def load(self, pk):
        rows = self.open().disbursed(today()).select_related(*PLACES)
        self.object = get_object_or_404(rows, pk=pk)

    def initial(self):
        return {"on": today()}


def loan_follow_ups(page, loan: Loan):
    """The section of a loan's page: what was done about it while it was late, and what may be done now."""
    template = "loans/follow_up_section.html"
    if not loan.is_disbursed:
        return template, {}
    rows = with_promises(loan.follow_ups.all(), today()).select_related("recorded_by")
    found = [(row, dict(PROMISES).get(row.promise, ""), LOOKS.get(row.promise, "")) for row in rows]
    if not found and not loan.late:
        return template, {}
    may_record = page.access.may_in(Action.RECORD_MONEY, loan.village)
    poklak = loan.poklak or (loan.member and loan.member.poklak)
    return template, {
        "loan": loan,
        "rows": found,
        "add_url": reverse("follow-up-add", args=[loan.pk]) if may_record and loan.late else "",
        "reminder": reminder(loan) if may_record else "",
        "wa_url": _wa_url(loan) if may_record and loan.late else "",
        "poklak": poklak,
        "joint_url": reverse("poklak-arrears", args=[poklak.pk]) if poklak and loan.late else "",
    }


def loan_incentive(page, loan: Loan):
    """The section of a loan's page that tells what paying on time earns, where the group's rule gives anything."""
    rules = page.money_rules
    lines = incentive_years(loan, rules, today()) if rules and loan.is_disbursed else []
    return "loans/incentive_section.html", {"rules": rules, "lines": lines}


def _wa_url(loan: Loan) -> str:
    """The address that opens WhatsApp with the message written to her; without her number, one to choose whom."""
    phone = loan.member.phone if loan.member else ""
    start = wa_url(phone) if phone else "https://wa.me/"
    return f"{start}?{urlencode({'text': reminder(loan)}, quote_via=quote)}"
