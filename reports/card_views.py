"""Kartu angsuran of a loan by its official form: screen, paper, Excel."""

from io import BytesIO

from django.shortcuts import get_object_or_404, render

from loans.models import Loan
from reports.book_views import PAPERS, refused_paper, workbook
from reports.books import excel, grid
from reports.books.cards import card_page
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Page

RELATED = ("village", "group__village__district__regency", "member__poklak", "poklak")


class LoanCard(Page):
    """`?kertas=A4` for another paper, `?format=xlsx` for the workbook."""

    action = Action.SEE_PEOPLE
    model = Loan

    def get(self, request, pk):
        loan = get_object_or_404(self.visible().disbursed(today()).select_related(*RELATED), pk=pk)
        paper = request.GET.get("kertas", PAPERS[0])
        if paper not in PAPERS:
            return refused_paper(request, "Kartu angsuran", paper)
        page = card_page(loan, today())
        if request.GET.get("format") == "xlsx":
            return self.workbook(loan, page, paper)
        context = {
            "title": f"Kartu angsuran {loan.number}",
            "sheets": [grid.sheet_of(page)],
            "paper": paper,
            "page_class": f"buku {paper.lower()}-lebar",
            "papers": [(one, f"?kertas={one}") for one in PAPERS if one != paper],
            "xlsx_url": f"?kertas={paper}&format=xlsx",
            "back_url": loan.get_absolute_url(),
        }
        return render(request, "reports/loan_card.html", context)

    def workbook(self, loan: Loan, page, paper: str):
        content = BytesIO()
        excel.save([page], content, paper=paper, made_by=self.request.user.name)
        return workbook(content.getvalue(), f"kartu-angsuran_{loan.group.village.code}_{loan.number}")
