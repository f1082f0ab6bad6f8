from django.urls import path

from reports import figure_views as figures
from reports import indicator_views as indicators
from reports.exports import views as exports

urlpatterns = [
    path("indikator/", indicators.IndicatorPage.as_view(), name="indicators"),
    path("indikator/definisi/", indicators.Definitions.as_view(), name="definitions"),
    path("indikator/rekap/", figures.FigureGroups.as_view(), name="figure-groups"),
    path("indikator/kelompok/<int:pk>/", figures.FigureRows.as_view(), name="figure-rows"),
    path("data-terbuka/", indicators.OpenData.as_view(), name="open-data"),
    path("unduhan/", exports.ExportList.as_view(), name="exports"),
    path("unduhan/<int:pk>/berkas/", exports.ExportFile.as_view(), name="export-file"),
    path("unduhan/<int:pk>/ulang/", exports.ExportRetry.as_view(), name="export-retry"),
    path("unduhan/<int:pk>/hapus/", exports.ExportDelete.as_view(), name="export-delete"),
]
