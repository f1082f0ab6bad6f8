from django.urls import path

from loans.views import checks, loans, papers, payments, payoffs, receipts, simulation
from loans.views.follow_ups import loan_follow_ups, loan_incentive
from loans.views.life_section import loan_life
from loans.views.proposal_section import loan_shares

loan_sections = (loan_shares, loan_life, loan_follow_ups, loan_incentive)

urlpatterns = [
    path("pinjaman/", loans.LoanListing.as_view(), name="loan-list"),
    path("pinjaman/baru/", loans.BorrowerPick.as_view(), name="loan-new"),
    path("pinjaman/<int:pk>/", loans.LoanView.as_view(sections=loan_sections), name="loan"),
    path("angsuran/", receipts.ReceiptListing.as_view(), name="receipt-list"),
    path("pinjaman/<int:pk>/pelunasan/", payoffs.LoanPayoff.as_view(), name="loan-payoff"),
    path("pinjaman/<int:pk>/pelunasan/cetak/", payoffs.LoanPayoffPaper.as_view(), name="loan-payoff-paper"),
    path("angsuran/catat/", payments.PaymentPick.as_view(), name="payment-pick"),
    path("angsuran/catat/<int:pk>/", payments.PaymentAdd.as_view(), name="payment-add"),
    path("angsuran/<int:pk>/", receipts.ReceiptPage.as_view(), name="receipt"),
    path("angsuran/<int:pk>/kuitansi/", receipts.ReceiptPaper.as_view(), name="receipt-paper"),
    path("angsuran/<int:pk>/struk/", papers.ReceiptPaper58.as_view(), name="receipt-paper-58"),
    path("pinjaman/<int:pk>/perjanjian/", papers.LoanAgreement.as_view(), name="loan-agreement"),
    path("angsuran/<int:pk>/koreksi/", receipts.ReceiptReverse.as_view(), name="receipt-reverse"),
    path("cek/", checks.ReceiptCheck.as_view(), name="check"),
    path("cek/<str:code>/", checks.ReceiptCheck.as_view(), name="receipt-check"),
    path("simulasi/", simulation.Simulation.as_view(), name="simulation"),
]
