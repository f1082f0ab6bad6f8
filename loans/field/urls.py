"""Paths of the sheet, of a telephone's queue and of what it asks without a page."""

from datetime import date

from django.urls import path, register_converter

from loans.field import file_views, json_views, print_views, views, worker_views
from loans.field.items import iso_day


class DayConverter:
    """2026-09-25"""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        if (day := iso_day(value)) is None:
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

urlpatterns = [
    path("lembar/", views.SheetStart.as_view(), name="sheet-start"),
    path("kelompok/<int:pk>/lembar/<day:on>/", views.SheetPage.as_view(), name="sheet"),
    path("kelompok/<int:pk>/lembar/<day:on>/cetak/", print_views.SheetPrint.as_view(), name="sheet-print"),
    path("antrean/", views.Queue.as_view(), name="queue"),
    path("antrean/berkas/", file_views.QueueFile.as_view(), name="queue-file"),
    path("luring/", views.OfflineShell.as_view(), name="offline-shell"),
    path("luring/saya.json", json_views.OfflineMe.as_view(), name="offline-me"),
    path("luring/data.json", json_views.OfflineData.as_view(), name="offline-data"),
    path("luring/kirim/", json_views.OfflineSend.as_view(), name="offline-send"),
    path("sw.js", worker_views.ServiceWorker.as_view(), name="service-worker"),
    path("manifest.webmanifest", worker_views.Manifest.as_view(), name="manifest"),
]
