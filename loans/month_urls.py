"""Paths of closed months and cash counts."""

from django.urls import path

from loans.views import months

urlpatterns = [
    path("kelompok/<int:pk>/bulan/", months.Months.as_view(), name="months"),
    path("kelompok/<int:pk>/bulan/tutup/", months.MonthClose.as_view(), name="month-close"),
    path("kelompok/<int:pk>/bulan/buka/", months.MonthReopen.as_view(), name="month-reopen"),
    path("kelompok/<int:pk>/bulan/izin/", months.MonthExceptionGrant.as_view(), name="month-exception"),
    path("kelompok/<int:pk>/hitung-kas/", months.CashCountNew.as_view(), name="cash-count-new"),
    path("hitungan-kas/<int:pk>/", months.CashCountView.as_view(), name="cash-count"),
    path("hitungan-kas/<int:pk>/cetak/", months.CashCountPaper.as_view(), name="cash-count-paper"),
]
