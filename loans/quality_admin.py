"""Collectability schemes in the admin: which one is in use, their classes to read, and percents that are added."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.scoped_admin import RowForm, ScopedAdmin, ScopedInline
from loans.models import AllowanceRate, CollectabilityLevel, CollectabilityScheme, FollowUp
from loans.scheme_services import use_scheme
from up2k_portal.lib.access import Action
from villages.admin import RegionFilter


class SchemeForm(RowForm):
    """The scheme ticked as in use takes the place of the one before, so the constraint on one alone is not asked."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"is_in_use"}

    def clean_is_in_use(self):
        is_in_use = self.cleaned_data["is_in_use"]
        if self.instance.is_in_use and not is_in_use:
            raise ValidationError("Satu skema harus dipakai. Buka skema lain, lalu centang “dipakai” di sana.")
        return is_in_use


class LevelInline(ScopedInline):
    model = CollectabilityLevel
    fields = ("every", "level", "name", "most", "unit")


class RateInline(ScopedInline):
    edit_action = Action.MANAGE_SETTINGS
    model = AllowanceRate
    fields = ("level", "since", "percent")


@admin.register(CollectabilityScheme)
class CollectabilitySchemeAdmin(ScopedAdmin):
    """One list for everyone; all groups are classed by the scheme in use."""

    edit_action = Action.MANAGE_SETTINGS
    form = SchemeForm
    list_display = ("code", "name", "is_in_use")
    search_fields = ("code", "name")
    search_help_text = "Kode atau nama"
    fields = ("code", "name", "source", "is_in_use")
    readonly_fields = ("code",)

    def has_add_permission(self, request, obj=None):
        return False

    def get_inlines(self, request, obj):
        return [LevelInline, RateInline]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "source":
            field.widget = forms.Textarea(attrs={"rows": 3})
        return field

    def _save(self, request, row):
        if isinstance(row, CollectabilityScheme):
            use_scheme(row, by=request.user)
        else:
            super()._save(request, row)


@admin.register(FollowUp)
class FollowUpAdmin(ScopedAdmin):
    related = ("loan", "recorded_by", "village__district")
    list_display = ("loan", "on", "way", "words", "promised_on", "promised", "village")
    list_filter = (RegionFilter, "way")
    search_fields = ("loan__number", "loan__member__name", "loan__poklak__name")
    search_help_text = "Nomor pinjaman atau peminjam"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    fields = ("loan", "on", "village", "way", "words", "promised_on", "promised", "recorded_at")
