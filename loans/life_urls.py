"""Paths of what is decided about running loans, and of a village's moved due days."""

from django.urls import path

from loans.views import life, shifts

urlpatterns = [
    path("pinjaman/<int:pk>/jadwal-ulang/", life.LoanReschedule.as_view(), name="loan-reschedule"),
    path("jadwal-ulang/<int:pk>/urungkan/", life.RescheduleUndo.as_view(), name="reschedule-undo"),
    path("pinjaman/<int:pk>/bebaskan-denda/", life.LoanWaive.as_view(), name="loan-waive"),
    path("pinjaman/<int:pk>/hapus-buku/", life.LoanWriteOff.as_view(), name="loan-write-off"),
    path("pinjaman/<int:pk>/tagihan-hapus-buku/", life.LoanRecovery.as_view(), name="loan-recovery"),
    path("pinjaman/<int:pk>/titipan/", life.LoanCreditBack.as_view(), name="loan-credit-back"),
    path("penundaan/", shifts.ShiftListing.as_view(), name="shift-list"),
    path("penundaan/baru/", shifts.ShiftNew.as_view(), name="shift-new"),
    path("penundaan/<int:pk>/", shifts.ShiftView.as_view(), name="shift"),
    path("penundaan/<int:pk>/surat/", shifts.ShiftLetter.as_view(), name="shift-letter"),
    path("penundaan/<int:pk>/urungkan/", shifts.ShiftUndo.as_view(), name="shift-undo"),
]
