"""When reports are due, to read: it is written by the verbs of `calendar_services` alone."""

from django.contrib import admin

from accounts.admin_cells import NOTHING
from accounts.scoped_admin import ScopedAdmin
from reports.models import DueDay, DueException, ReportCalendar
from villages.admin import RegionFilter


@admin.register(ReportCalendar)
class ReportCalendarAdmin(ScopedAdmin):
    related = ("regency", "set_by")
    list_display = ("regency", "from_day", "every", "village_day", "district_day", "regency_day", "reason")
    list_filter = (RegionFilter, "every")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("regency", "from_day", "every", "village_day", "district_day", "regency_day", "reason")}),
        ("Pencatatan", {"fields": ("setter", "set_at")}),
    )

    @admin.display(description="diatur oleh")
    def setter(self, row):
        return str(row.set_by or NOTHING)


@admin.register(DueDay)
class DueDayAdmin(ScopedAdmin):
    related = ("regency", "set_by")
    list_display = ("regency", "period", "tier", "on", "reason")
    list_filter = (RegionFilter, "tier")
    ordering = ("-period", "pk")
    fieldsets = (
        (None, {"fields": ("regency", "period", "tier", "on", "reason")}),
        ("Pencatatan", {"fields": ("setter", "set_at")}),
    )

    @admin.display(description="diatur oleh")
    def setter(self, row):
        return str(row.set_by or NOTHING)


@admin.register(DueException)
class DueExceptionAdmin(ScopedAdmin):
    related = ("village__district", "granted_by")
    list_display = ("village", "period", "until", "reason")
    list_filter = (RegionFilter,)
    search_fields = ("village__name", "reason")
    search_help_text = "Desa atau alasan"
    date_hierarchy = "until"
    ordering = ("-granted_at", "-pk")
    fieldsets = (
        (None, {"fields": ("village", "period", "until", "reason")}),
        ("Pencatatan", {"fields": ("granter", "granted_at")}),
    )

    @admin.display(description="diberi oleh")
    def granter(self, row):
        return str(row.granted_by or NOTHING)
