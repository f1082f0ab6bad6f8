from django.urls import path

from reports import board_calendar_views as calendar
from reports import board_views as views

urlpatterns = [
    path("", views.BoardView.as_view(), name="report-board"),
    path("desa/", views.VillageListing.as_view(), name="report-villages"),
    path("ingatkan/", views.Reminders.as_view(), name="report-reminders"),
    path("kalender/", calendar.CalendarView.as_view(), name="report-calendar"),
    path("kalender/<int:pk>/atur/", calendar.CalendarEdit.as_view(), name="report-calendar-edit"),
    path("kalender/<int:pk>/hari-batas/", calendar.DueDayMove.as_view(), name="report-due-day"),
    path("kalender/perpanjangan/", calendar.LeaveListing.as_view(), name="due-exception-list"),
    path("kalender/perpanjangan/baru/", calendar.LeaveAdd.as_view(), name="due-exception-add"),
]
