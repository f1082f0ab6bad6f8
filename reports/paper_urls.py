from django.urls import path

from reports import changes_views, form_views

urlpatterns = [
    path("berubah/", changes_views.ChangedReports.as_view(), name="report-changed"),
    path("desa/<int:village>/<str:period>/perubahan/", changes_views.ReportChanges.as_view(), name="report-changes"),
    path("formulir/", form_views.FormVersions.as_view(), name="form-versions"),
    path("formulir/tambah/", form_views.FormVersionAdd.as_view(), name="form-version-add"),
    path("formulir/varian/", form_views.FormVariant.as_view(), name="form-variant"),
    path("formulir/susunan/<str:code>/", form_views.FormLayout.as_view(), name="form-layout"),
    path("formulir/<int:pk>/", form_views.FormVersionRecord.as_view(), name="form-version"),
    path("formulir/<int:pk>/pratinjau/", form_views.FormVersionPreview.as_view(), name="form-version-preview"),
    path("formulir/<int:pk>/berlakukan/", form_views.FormVersionForce.as_view(), name="form-version-force"),
]
