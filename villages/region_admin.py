"""Changes of villages, where groups lay before, and pasted blocks in the admin: to read, each is written by a verb."""

from django.contrib import admin

from accounts.scoped_admin import ScopedAdmin
from villages.admin import PLACE, InGroupAdmin, RegionFilter
from villages.models import BulkEntry, GroupPlacement, RegionChange


@admin.register(RegionChange)
class RegionChangeAdmin(ScopedAdmin):
    related = ("region__district", "into__district", "recorded_by")
    list_display = ("old_name", "kind", "on", "old_code", "new_name", "new_code", "legal_basis")
    list_filter = (RegionFilter, "kind")
    search_fields = ("old_name", "new_name", "old_code__startswith", "new_code__startswith")
    search_help_text = "Nama atau kode, lama atau baru"
    date_hierarchy = "on"
    fields = (
        "kind", "on", "region", "into", "old_name", "new_name", "old_code", "new_code", "legal_basis", "recorded_by",
    )  # fmt: skip


@admin.register(GroupPlacement)
class GroupPlacementAdmin(InGroupAdmin):
    related = ("group", "former__district", "change", *PLACE)
    list_display = ("group", "former", "until", "village", "change")
    list_filter = (RegionFilter,)
    search_fields = ("group__name", "former__name", "former__code__startswith")
    search_help_text = "Nama kelompok, nama atau kode desa dulu"
    date_hierarchy = "until"
    fields = ("group", "village", "former", "until", "change")


@admin.register(BulkEntry)
class BulkEntryAdmin(InGroupAdmin):
    related = ("group", "recorded_by", *PLACE)
    list_display = ("group", "village", "recorded_on", "read", "stored", "skipped", "refused", "undone_at")
    list_filter = (RegionFilter,)
    search_fields = ("group__name", "village__name")
    search_help_text = "Nama kelompok atau desa"
    date_hierarchy = "recorded_on"
    fields = (
        "group", "village", "recorded_on", "read", "stored", "skipped", "refused", "recorded_by", "undone_at",
    )  # fmt: skip
