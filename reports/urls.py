from django.urls import path

from reports import views

urlpatterns = [
    path("ekspor/", views.ExportPage.as_view(), name="export"),
    path("ekspor/unduh/", views.ExportDownload.as_view(), name="export-download"),
]
