"""Pages of a loan's way to its money."""

from django.urls import path

from loans.views import proposals, waiting
from villages.models import Poklak

urlpatterns = [
    path("kelompok/<int:pk>/antrean/", waiting.WaitingList.as_view(), name="waiting-list"),
    path("pinjaman/<int:pk>/cairkan/", proposals.LoanDisburse.as_view(), name="loan-disburse"),
    path("pinjaman/<int:pk>/verifikasi/", proposals.LoanVerify.as_view(), name="loan-verify"),
    path("pinjaman/<int:pk>/setujui/", proposals.LoanApprove.as_view(), name="loan-approve"),
    path("pinjaman/<int:pk>/tolak/", proposals.LoanReject.as_view(), name="loan-reject"),
    path("pinjaman/<int:pk>/batalkan/", proposals.LoanWithdraw.as_view(), name="loan-withdraw"),
    path("anggota/<int:pk>/pinjaman/baru/", proposals.LoanPropose.as_view(), name="loan-propose"),
    path(
        "poklak/<int:pk>/pinjaman/baru/",
        proposals.LoanPropose.as_view(borrower_model=Poklak),
        name="loan-propose-poklak",
    ),
]
