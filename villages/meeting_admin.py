"""Meetings, inventory and letters in the admin. A meeting is written with its attendance on the portal's own page."""

from django.contrib import admin

from accounts.scoped_admin import ScopedInline
from up2k_portal.lib.access import Action
from villages.admin import InGroupAdmin, RegionFilter
from villages.models import Attendance, Guest, InventoryItem, Letter, Meeting


class AttendanceInline(ScopedInline):
    model = Attendance
    related = ("member",)
    fields = ("member",)
    ordering = ("member__name", "pk")


class GuestInline(ScopedInline):
    model = Guest
    fields = ("name", "institution", "purpose")
    ordering = ("pk",)


@admin.register(Meeting)
class MeetingAdmin(InGroupAdmin):
    list_display = ("title", "held_on", "kind", "group", "village", "attendance")
    list_filter = (RegionFilter, "kind")
    search_fields = ("title", "group__name", "village__name")
    search_help_text = "Judul, kelompok atau desa"
    date_hierarchy = "held_on"
    fields = (
        "title", "held_on", "starts_at", "ends_at", "kind", "group", "village", "place", "chair", "chair_office",
        "writer", "agenda", "attendance", "minutes", "decisions",
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_attendance()

    def get_inlines(self, request, obj):
        return [AttendanceInline, GuestInline]

    @admin.display(description="hadir", ordering="present_count")
    def attendance(self, row):
        return row.attendance_words


@admin.register(InventoryItem)
class InventoryItemAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    list_display = ("name", "group", "village", "quantity", "place", "condition", "acquired_on", "disposed_on")
    list_filter = (RegionFilter, "condition", ("disposed_on", admin.EmptyFieldListFilter))
    search_fields = ("name", "origin", "group__name", "village__name")
    search_help_text = "Nama barang, asal, kelompok atau desa"
    date_hierarchy = "acquired_on"
    fields = (
        "group", "village", "name", "origin", "acquired_on", "quantity", "place", "condition", "note", "disposed_on",
    )  # fmt: skip


@admin.register(Letter)
class LetterAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    list_display = ("subject", "direction", "number", "dated_on", "received_on", "correspondent", "group", "village")
    list_filter = (RegionFilter, "direction")
    search_fields = ("subject", "number", "correspondent", "group__name")
    search_help_text = "Perihal, nomor, asal/tujuan atau kelompok"
    date_hierarchy = "dated_on"
    fields = (
        "group", "village", "direction", "number", "dated_on", "received_on", "correspondent", "subject", "enclosure",
        "copies",
    )  # fmt: skip
