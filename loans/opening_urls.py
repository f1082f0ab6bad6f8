"""Paths of a group's opening: its old book's figures on the day its books begin."""

from django.urls import path

from loans.views import opening, opening_entry

urlpatterns = [
    path("kelompok/<int:pk>/saldo-awal/", opening.OpeningView.as_view(), name="opening"),
    path("kelompok/<int:pk>/saldo-awal/tanggal/", opening_entry.OpeningStart.as_view(), name="opening-start"),
    path("kelompok/<int:pk>/saldo-awal/angka/", opening_entry.OpeningFigures.as_view(), name="opening-figures"),
    path("kelompok/<int:pk>/saldo-awal/simpanan/", opening_entry.OpeningSavings.as_view(), name="opening-savings"),
    path("kelompok/<int:pk>/saldo-awal/pinjaman/", opening_entry.OpeningLoanAdd.as_view(), name="opening-loan-add"),
    path("kelompok/<int:pk>/saldo-awal/modal/", opening_entry.OpeningCapitalAdd.as_view(), name="opening-capital-add"),
    path("kelompok/<int:pk>/saldo-awal/buka/", opening_entry.OpeningOpen.as_view(), name="opening-open"),
    path("kelompok/<int:pk>/saldo-awal/batalkan/", opening_entry.OpeningTakeBack.as_view(), name="opening-take-back"),
    path("saldo-awal/<int:pk>/ubah/", opening_entry.OpeningLineEdit.as_view(), name="opening-line-edit"),
    path("saldo-awal/<int:pk>/keluarkan/", opening_entry.OpeningLineRemove.as_view(), name="opening-line-remove"),
]
