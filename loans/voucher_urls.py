"""Paths of vouchers and of the cash book."""

from django.urls import path

from loans.views import vouchers

urlpatterns = [
    path("bukti-kas/", vouchers.VoucherListing.as_view(), name="voucher-list"),
    path("bukti-kas/baru/", vouchers.VoucherNew.as_view(), name="voucher-new"),
    path("bukti-kas/<int:pk>/", vouchers.VoucherView.as_view(), name="voucher"),
    path("bukti-kas/<int:pk>/cetak/", vouchers.VoucherPaper.as_view(), name="voucher-paper"),
    path("bukti-kas/<int:pk>/koreksi/", vouchers.VoucherReverse.as_view(), name="voucher-reverse"),
    path("kelompok/<int:pk>/kas/catat/", vouchers.VoucherStart.as_view(), name="voucher-start"),
    path("kelompok/<int:pk>/kas/penerimaan/", vouchers.IncomeAdd.as_view(), name="voucher-income"),
    path("kelompok/<int:pk>/kas/pengeluaran/", vouchers.ExpenseAdd.as_view(), name="voucher-expense"),
    path("kelompok/<int:pk>/kas/modal/", vouchers.CapitalAdd.as_view(), name="voucher-capital"),
    path("kelompok/<int:pk>/kas/modal-kembali/", vouchers.CapitalBackAdd.as_view(), name="voucher-capital-back"),
    path("kelompok/<int:pk>/kas/pindah/", vouchers.TransferAdd.as_view(), name="voucher-transfer"),
]
