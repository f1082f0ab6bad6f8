"""Paths of what keeps a group's figures believed: balances that members confirm, an office that is handed over."""

from django.urls import path

from loans.views import confirmations, handovers

urlpatterns = [
    path("kelompok/<int:pk>/konfirmasi/", confirmations.Confirmations.as_view(), name="confirmations"),
    path("kelompok/<int:pk>/konfirmasi/cetak/", confirmations.ConfirmationSlips.as_view(), name="confirmation-slips"),
    path("kelompok/<int:pk>/konfirmasi/isi/", confirmations.ConfirmationAnswers.as_view(), name="confirmation-answers"),
    path("kelompok/<int:pk>/serah-terima/", handovers.Handovers.as_view(), name="handovers"),
    path("kelompok/<int:pk>/serah-terima/catat/", handovers.HandoverNew.as_view(), name="handover-new"),
    path("kelompok/<int:pk>/serah-terima/rancangan/", handovers.HandoverDraft.as_view(), name="handover-draft"),
    path("serah-terima/<int:pk>/berita-acara/", handovers.HandoverPaper.as_view(), name="handover-paper"),
]
