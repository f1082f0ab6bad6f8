"""Kuitansi and surat perjanjian as Excel: the papers of `loans`, from the same words."""

from io import BytesIO

from django.shortcuts import get_object_or_404

from loans.views.papers import LoanAgreement
from loans.views.receipts import ReceiptPaper
from reports.book_views import PAPERS, refused_paper, workbook
from reports.books.agreements import save_agreement
from reports.books.receipts import save_receipt, words_of_receipt


class ReceiptSheet(ReceiptPaper):
    """The kuitansi as a workbook of one A5 page."""

    def get(self, request, pk):
        self.object = get_object_or_404(self.rows(), pk=pk)
        receipt, told, content = self.object, self.context(), BytesIO()
        words = words_of_receipt(receipt, told["village"])
        foot = [f"Cek keaslian: ketik kode {told['code']} di {told['check_start']}."] if "code" in told else []
        save_receipt(told["paper"], words, content, made_by=request.user.name, foot=foot)
        return workbook(content.getvalue(), f"kuitansi_{receipt.village.code}_{receipt.number}")


class AgreementSheet(LoanAgreement):
    """The agreement as a workbook of the letter and its annexes; `?kertas=A4` for another paper."""

    def get(self, request, pk):
        self.object = get_object_or_404(self.rows(), pk=pk)
        loan, paper = self.object, request.GET.get("kertas", PAPERS[0])
        if paper not in PAPERS:
            return refused_paper(request, "Surat perjanjian", paper)
        told, content = self.context(), BytesIO()
        words = {
            "{NO_PINJAMAN}": loan.number,
            "{NAMA}": str(loan.borrower),
            "{POKLAK}": str(loan.poklak or "").upper(),
            "{wilayah}": f"{loan.group.name}, {loan.village.label}",
            "{periode}": loan.number,
        }
        shares = [(member.name, amount) for member, amount in told["shares"]]
        save_agreement(told["letter"], shares, words, content, paper=paper, made_by=request.user.name)
        return workbook(content.getvalue(), f"surat-perjanjian_{loan.village.code}_{loan.number}")
