"""Paths of the import. The lists that show what came in stand before those of the rooms below."""

from django.urls import path

from imports import views

urlpatterns = [
    path("anggota/", views.CameInMembers.as_view(), name="member-list"),
    path("angsuran/", views.CameInReceipts.as_view(), name="receipt-list"),
    path("bukti-kas/", views.CameInVouchers.as_view(), name="voucher-list"),
    path("usaha/", views.CameInEnterprises.as_view(), name="enterprise-list"),
    path("impor/", views.ImportListing.as_view(), name="imports"),
    path("impor/baru/", views.ImportStart.as_view(), name="import-new"),
    path("impor/templat/", views.ImportTemplate.as_view(), name="import-template"),
    path("impor/<int:pk>/", views.ImportView.as_view(), name="import"),
    path("impor/<int:pk>/berkas/", views.ImportFile.as_view(), name="import-file"),
    path("impor/<int:pk>/simpan/", views.ImportSave.as_view(), name="import-save"),
    path("impor/<int:pk>/lanjutkan/", views.ImportResume.as_view(), name="import-resume"),
    path("impor/<int:pk>/slip/", views.ImportSlips.as_view(), name="import-slips"),
    path("impor/<int:pk>/batalkan/", views.ImportUndo.as_view(), name="import-undo"),
    path("impor/<int:pk>/hapus/", views.ImportDiscard.as_view(), name="import-discard"),
]
