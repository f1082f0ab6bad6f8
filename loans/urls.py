from django.urls import path

from loans.views import loans, receipts, simulation
from villages.models import Poklak

urlpatterns = [
    path("pinjaman/", loans.LoanListing.as_view(), name="loan-list"),
    path("pinjaman/baru/", loans.BorrowerPick.as_view(), name="loan-new"),
    path("pinjaman/<int:pk>/", loans.LoanView.as_view(), name="loan"),
    path("pinjaman/<int:pk>/kartu/", loans.LoanCard.as_view(), name="loan-card"),
    path("pinjaman/<int:pk>/cairkan/", loans.LoanDisburse.as_view(), name="loan-disburse"),
    path("pinjaman/<int:pk>/setujui/", loans.LoanApprove.as_view(), name="loan-approve"),
    path("pinjaman/<int:pk>/tolak/", loans.LoanReject.as_view(), name="loan-reject"),
    path("pinjaman/<int:pk>/batalkan/", loans.LoanWithdraw.as_view(), name="loan-withdraw"),
    path("anggota/<int:pk>/pinjaman/baru/", loans.LoanPropose.as_view(), name="loan-propose"),
    path(
        "poklak/<int:pk>/pinjaman/baru/",
        loans.LoanPropose.as_view(borrower_model=Poklak),
        name="loan-propose-poklak",
    ),
    path("angsuran/", receipts.ReceiptListing.as_view(), name="receipt-list"),
    path("angsuran/catat/", receipts.PaymentPick.as_view(), name="payment-pick"),
    path("angsuran/catat/<int:pk>/", receipts.PaymentAdd.as_view(), name="payment-add"),
    path("angsuran/<int:pk>/", receipts.ReceiptView.as_view(), name="receipt"),
    path("angsuran/<int:pk>/kuitansi/", receipts.ReceiptPaper.as_view(), name="receipt-paper"),
    path("angsuran/<int:pk>/koreksi/", receipts.ReceiptReverse.as_view(), name="receipt-reverse"),
    path("simulasi/", simulation.Simulation.as_view(), name="simulation"),
]
