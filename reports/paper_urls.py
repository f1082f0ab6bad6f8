from django.urls import path

from reports import changes_views, check_file_views, form_views, narrative_views

urlpatterns = [
    path("naratif/", narrative_views.NarrativeView.as_view(), name="narrative"),
    path("naratif/ubah/", narrative_views.NarrativeEdit.as_view(), name="narrative-edit"),
    path("naratif/final/", narrative_views.NarrativeFinal.as_view(), name="narrative-final"),
    path("naratif/buka/", narrative_views.NarrativeReopen.as_view(), name="narrative-reopen"),
    path("naratif/cetak/", narrative_views.NarrativePrint.as_view(), name="narrative-print"),
    path("naratif/unduh/", narrative_views.NarrativeFile.as_view(), name="narrative-file"),
    path("periksa-berkas/", check_file_views.CheckFile.as_view(), name="check-file"),
    path("berubah/", changes_views.ChangedReports.as_view(), name="report-changed"),
    path("desa/<int:village>/<str:period>/perubahan/", changes_views.ReportChanges.as_view(), name="report-changes"),
    path("formulir/", form_views.FormVersions.as_view(), name="form-versions"),
    path("formulir/tambah/", form_views.FormVersionAdd.as_view(), name="form-version-add"),
    path("formulir/varian/", form_views.FormVariant.as_view(), name="form-variant"),
    path("formulir/susunan/", form_views.FormLayout.as_view(), name="form-layout"),
    path("formulir/<int:pk>/", form_views.FormVersionRecord.as_view(), name="form-version"),
    path("formulir/<int:pk>/pratinjau/", form_views.FormVersionPreview.as_view(), name="form-version-preview"),
    path("formulir/<int:pk>/berlakukan/", form_views.FormVersionForce.as_view(), name="form-version-force"),
]
