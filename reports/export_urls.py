from django.urls import path

from reports.exports import views as exports

urlpatterns = [
    path("unduhan/", exports.ExportList.as_view(), name="exports"),
    path("unduhan/<int:pk>/berkas/", exports.ExportFile.as_view(), name="export-file"),
    path("unduhan/<int:pk>/ulang/", exports.ExportRetry.as_view(), name="export-retry"),
    path("unduhan/<int:pk>/hapus/", exports.ExportDelete.as_view(), name="export-delete"),
]
