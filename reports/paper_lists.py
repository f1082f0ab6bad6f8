"""Choosing the papers of one loan or one receipt of a group: each to print and as Excel."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse

from loans.kuitansi import METERAI_ABOVE
from loans.models import Loan, Receipt
from reports.book_views import OF_ONE, GroupPage
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day_short, today
from up2k_portal.lib.money import format_rupiah
from villages.models import Group

MOST = 60  # rows that a page shows; who wants an older one searches


@dataclass(frozen=True)
class Offer:
    """Whose paper it is, about what, and its papers: (name, page, Excel or "")."""

    name: str
    about: str
    papers: list[tuple[str, str, str]]


class PaperList(GroupPage):
    """The latest first; `?q=` finds a borrower or a number. Two queries besides the group's."""

    url_name = ""

    def get(self, request, pk):
        group = self.group(pk)
        q = request.GET.get("q", "").strip()[:60]
        found = list(self.offers(group, q))
        title, hint = next((title, hint) for name, title, hint in OF_ONE if name == self.url_name)
        context = {
            "title": title,
            "hint": hint,
            "object": group,
            "q": q,
            "offers": found[:MOST],
            "most": MOST,
            "has_more": len(found) > MOST,
            "back_url": reverse("books", args=[group.pk]),
        }
        return render(request, "reports/papers.html", context)

    def offers(self, group: Group, q: str) -> Iterator[Offer]:
        raise NotImplementedError

    def latest(self, rows, q: str, day: str):
        """The rows of the borrower or number that was asked for, one more than is shown."""
        asked = Q(member__name__icontains=q) | Q(poklak__name__icontains=q) | Q(number__icontains=q)
        rows = rows.filter(asked) if q else rows
        return rows.select_related("member", "poklak").order_by(f"-{day}", "-pk")[: MOST + 1]


class LoanPapers(PaperList):
    """Card and agreement; the agreement, which has the NIK, only for who records the village's money."""

    url_name = "book-loans"

    def offers(self, group, q):
        may_sign = self.access.may_in(Action.RECORD_MONEY, group.village)
        for loan in self.latest(Loan.objects.filter(group=group).disbursed(today()), q, "disbursed_on"):
            card, letter = reverse("loan-card", args=[loan.pk]), reverse("loan-agreement", args=[loan.pk])
            papers = [("Kartu angsuran", card, f"{card}?format=xlsx")]
            if may_sign:
                papers.append(("Surat perjanjian", letter, reverse("loan-agreement-sheet", args=[loan.pk])))
            about = f"{loan.number}, {format_rupiah(loan.principal)}, cair {format_day_short(loan.disbursed_on)}"
            yield Offer(str(loan.borrower), about, papers)


class ReceiptPapers(PaperList):
    url_name = "book-receipts"

    def offers(self, group, q):
        for one in self.latest(Receipt.objects.filter(group=group), q, "received_on"):
            papers = [("Kuitansi A5", reverse("receipt-paper", args=[one.pk]), reverse("receipt-sheet", args=[one.pk]))]
            if abs(one.amount) <= METERAI_ABOVE:
                papers.append(("Struk 58 mm", reverse("receipt-paper-58", args=[one.pk]), ""))
            yield Offer(
                str(one.payer),
                f"{one.number}, {format_rupiah(one.amount)}, {format_day_short(one.received_on)}",
                papers,
            )
