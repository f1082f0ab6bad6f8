"""Officers, legal status and household incomes in the admin."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.scoped_admin import RowForm, ScopedAdmin
from up2k_portal.lib.access import Action
from villages.admin import PLACE, InGroupAdmin, RegionFilter
from villages.areas import find_area
from villages.models import HouseholdIncome, LegalStatus, Officer, TeamOfficer


@admin.register(Officer)
class OfficerAdmin(InGroupAdmin):
    edit_action = Action.EDIT_GROUPS
    related = ("group", "member", *PLACE)
    list_display = ("name", "office", "group", "village", "since", "until")
    list_filter = (RegionFilter, "office", ("until", admin.EmptyFieldListFilter))
    search_fields = ("name", "group__name", "village__name")
    search_help_text = "Nama pengurus, kelompok atau desa"
    date_hierarchy = "since"
    fields = ("group", "village", "office", "member", "name", "since", "until")


@admin.register(LegalStatus)
class LegalStatusAdmin(InGroupAdmin):
    edit_action = Action.EDIT_GROUPS
    list_display = ("group", "village", "status", "since", "number")
    list_filter = (RegionFilter, "status")
    search_fields = ("group__name", "number", "village__name")
    search_help_text = "Nama kelompok, nomor badan hukum atau desa"
    date_hierarchy = "since"
    fields = ("group", "village", "status", "since", "number", "note")


@admin.register(HouseholdIncome)
class HouseholdIncomeAdmin(ScopedAdmin):
    edit_action = Action.EDIT_REGISTRY
    related = ("member__group", *PLACE)
    fixed_fields = ("member",)
    readonly_fields = ("recorded_by",)
    shown_later = ("village", "recorded_by")
    list_display = ("member", "group", "village", "amount", "asked_on", "source")
    list_filter = (RegionFilter,)
    search_fields = ("member__name", "member__group__name", "village__name")
    search_help_text = "Nama anggota, kelompok atau desa"
    date_hierarchy = "asked_on"
    fields = ("member", "village", "amount", "asked_on", "source", "asked_by", "recorded_by")

    @admin.display(description="kelompok", ordering="member__group__name")
    def group(self, row):
        return row.member.group

    def _save(self, request, row):
        row.village_id, row.recorded_by = row.member.village_id, row.recorded_by or request.user
        super()._save(request, row)


class TeamOfficerForm(RowForm):
    def clean_area_code(self):
        code = self.cleaned_data["area_code"].strip()
        if not self.access.covers(code) or find_area(code) is None:
            own = ", ".join(sorted(self.access.areas))
            raise ValidationError(f"Kode wilayah {code} tidak ada di wilayah Anda. Pakai kode di dalam {own}.")
        return code


@admin.register(TeamOfficer)
class TeamOfficerAdmin(ScopedAdmin):
    """Printed under official reports of their area."""

    form = TeamOfficerForm
    edit_action = Action.EDIT_GROUPS
    list_display = ("name", "office", "area_code", "since", "until")
    list_filter = ("office", ("until", admin.EmptyFieldListFilter))
    search_fields = ("name", "area_code__startswith")
    search_help_text = "Nama atau kode wilayah"
    date_hierarchy = "since"
    fields = ("area_code", "office", "name", "since", "until")
