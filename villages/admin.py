"""Regions, groups, poklak and members in the admin."""

import re

from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.scoped_admin import RowForm, ScopedAdmin, ScopedInline
from up2k_portal.lib.access import EVERYWHERE, Action
from up2k_portal.lib.admin import PortalAdminSite
from up2k_portal.lib.dates import today
from up2k_portal.lib.privacy import mask_number
from villages import services
from villages.models import (
    District,
    Group,
    GroupAssessment,
    LegalStatus,
    Member,
    Officer,
    Poklak,
    Province,
    Regency,
    Village,
)

LEVELS = {2: Province, 5: Regency, 8: District, 13: Village}  # by the length of the code
CODE = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")
PLACE = ("village__district",)


def region_names(codes, access) -> dict[str, str]:
    """{code: name} of the regions with these codes that the access reaches; one query for each level."""
    found = {}
    for length, level in LEVELS.items():
        if wanted := [code for code in codes if len(code) == length]:
            found |= _named(level.objects.visible_to(access).filter(code__in=wanted))
    return dict(sorted(found.items()))


def regions_in(code: str, access) -> dict[str, str]:
    """{code: name} of the regions one level below; of the whole country those at the top."""
    below = dict(zip(("*", 2, 5, 8), LEVELS.values(), strict=True))
    level = below.get(code if code == EVERYWHERE else len(code))
    return _named(level.objects.visible_to(access).in_area(code)) if level else {}


def _named(rows) -> dict[str, str]:
    rows = rows.select_related("district") if rows.model is Village else rows
    return {row.code: row.label for row in rows.order_by("code")}


PortalAdminSite.region_names = staticmethod(region_names)


class RegionFilter(admin.SimpleListFilter):
    """Goes down from a person's area level by level: no list is longer than a kecamatan has villages."""

    title = "wilayah"
    parameter_name = "wilayah"

    def lookups(self, request, model_admin):
        access, chosen = request.access, self.value()
        if chosen is None:
            self.trail = {}
            return list(self._top(access).items())
        known = CODE.fullmatch(chosen) and access.covers(chosen)
        self.trail = region_names([chosen[:length] for length in LEVELS if length <= len(chosen)], access)
        return list(regions_in(chosen, access).items()) if known else []

    def _top(self, access) -> dict[str, str]:
        """The first level at which there is something to choose."""
        names = regions_in(*access.areas, access) if len(access.areas) == 1 else None
        names = region_names(access.areas, access) if names is None else names
        while len(names) == 1 and (below := regions_in(*names, access)):
            names = below
        return names

    def has_output(self):
        return len(self.lookup_choices) > 1 or self.value() is not None

    def choices(self, changelist):
        yield self._choice(changelist, None, "Semua")
        for code, name in (self.trail | dict(self.lookup_choices)).items():
            yield self._choice(changelist, code, name)

    def _choice(self, changelist, code, name):
        link = {"new_params": {self.parameter_name: code}} if code else {"remove": [self.parameter_name]}
        return {
            "selected": self.value() == code,
            "query_string": changelist.get_query_string(**link),
            "display": name,
        }

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.in_area(self.value()) if CODE.fullmatch(self.value()) else queryset.none()


class RegionForm(RowForm):
    """A code lies below its parent's and inside the person's own areas."""

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not self.access.covers(code):
            raise ValidationError(f"Kode {code} di luar wilayah Anda.")
        return code

    def clean(self):
        cleaned = super().clean()
        parents = (cleaned.get(name) for name in ("province", "regency", "district"))
        for parent in filter(None, parents):
            if not cleaned.get("code", f"{parent.code}.").startswith(f"{parent.code}."):
                self.add_error("code", f"Kode harus mulai dengan {parent.code}, kode {parent.label}.")
        return cleaned


class RegionAdmin(ScopedAdmin):
    edit_action = Action.MANAGE_SETTINGS
    form = RegionForm
    list_display_links = ("code", "name")
    search_fields = ("name", "code__startswith")
    search_help_text = "Nama atau kode wilayah"
    ordering = ("code",)


@admin.register(Province)
class ProvinceAdmin(RegionAdmin):
    list_display = ("code", "name")
    fields = ("code", "name", "active_from", "active_until", "successor")


@admin.register(Regency)
class RegencyAdmin(RegionAdmin):
    related = ("province",)
    fixed_fields = ("province",)
    list_display = ("code", "name", "province", "operator_limit")
    list_filter = (RegionFilter,)
    fields = ("province", "code", "name", "operator_limit", "active_from", "active_until", "successor")


@admin.register(District)
class DistrictAdmin(RegionAdmin):
    related = ("regency",)
    fixed_fields = ("regency",)
    list_display = ("code", "name", "regency")
    list_filter = (RegionFilter,)
    fields = ("regency", "code", "name", "active_from", "active_until", "successor")


@admin.register(Village)
class VillageAdmin(RegionAdmin):
    related = ("district",)
    fixed_fields = ("district",)
    list_display = ("code", "name", "kind", "district", "postcode", "is_assisted")
    list_filter = (RegionFilter, "kind", "is_assisted")
    search_fields = ("name", "code__startswith", "district__name")
    search_help_text = "Nama desa, nama kecamatan atau kode"
    fields = (
        "district", "code", "name", "kind", "postcode", "is_assisted",
        "active_from", "active_until", "successor",
    )  # fmt: skip


class AssessmentInline(ScopedInline):
    model = GroupAssessment
    edit_action = Action.ASSESS_GROUPS
    fields = ("level", "assessed_on", "assessor", "reason")
    ordering = ("-assessed_on", "-pk")
    verbose_name_plural = "penilaian klasifikasi"


class LegalStatusInline(ScopedInline):
    model = LegalStatus
    edit_action = Action.EDIT_GROUPS
    fields = ("status", "since", "number", "note")
    ordering = ("-since",)


class OfficerInline(ScopedInline):
    """Read here; a new officer is added on her own page or on the group's in the portal, which ends the old term."""

    model = Officer
    fields = ("office", "name", "since", "until")
    ordering = ("-since",)


@admin.register(Group)
class GroupAdmin(ScopedAdmin):
    edit_action = Action.EDIT_GROUPS
    related = PLACE
    fixed_fields = ("village",)
    shown_later = ()
    inlines = [OfficerInline, AssessmentInline, LegalStatusInline]
    list_display = (
        "name", "village", "level", "decree_number", "founded_on", "closed_on", "programme", "is_practice",
    )  # fmt: skip
    list_filter = (RegionFilter, "programme", "is_practice")
    search_fields = ("name", "village__name", "village__code__startswith")
    search_help_text = "Nama kelompok, nama desa atau kode desa"
    date_hierarchy = "founded_on"
    fieldsets = (
        (None, {"fields": ("village", "name", "programme", "initials", "is_practice")}),
        ("SK", {"fields": ("decree_number", "decree_on", "founded_on", "closed_on", "contact_phone")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_level(today())

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description="klasifikasi", ordering="level", empty_value="belum dinilai")
    def level(self, row):
        return row.level


class InGroupAdmin(ScopedAdmin):
    """Rows of one group, whose village follows from it."""

    related = ("group", *PLACE)
    fixed_fields = ("group",)


@admin.register(GroupAssessment)
class GroupAssessmentAdmin(InGroupAdmin):
    """Written once: a better judgement is a new row of another day."""

    edit_action = Action.ASSESS_GROUPS
    list_display = ("group", "village", "level", "assessed_on", "assessor")
    list_filter = (RegionFilter, "level")
    search_fields = ("group__name", "assessor", "village__name")
    search_help_text = "Nama kelompok, desa atau penilai"
    date_hierarchy = "assessed_on"
    fields = ("group", "village", "level", "assessed_on", "assessor", "reason")

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Poklak)
class PoklakAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    list_display = ("name", "group", "village", "business", "formed_on", "dissolved_on")
    list_filter = (RegionFilter,)
    search_fields = ("name", "group__name", "village__name")
    search_help_text = "Nama poklak, kelompok atau desa"
    date_hierarchy = "formed_on"
    fields = ("group", "village", "name", "business", "formed_on", "dissolved_on")


@admin.register(Member)
class MemberAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    related = ("group", "poklak", *PLACE)
    list_display = ("name", "group", "poklak", "village", "masked_nik", "sex", "joined_on", "left_on")
    list_filter = (RegionFilter, "sex", "welfare", ("left_on", admin.EmptyFieldListFilter))
    search_fields = ("name", "nik__exact", "group__name")
    search_help_text = "Nama, NIK lengkap atau kelompok"
    date_hierarchy = "joined_on"
    fieldsets = (
        (None, {"fields": ("group", "village", "poklak", "name", "joined_on", "consent_on")}),
        (
            "Data diri",
            {
                "fields": (
                    "nik",
                    "nik_missing_reason",
                    "family_card_number",
                    "sex",
                    "birth_date",
                    "address",
                    "phone",
                )  # fmt: skip
            },
        ),
        ("Keadaan saat masuk", {"fields": ("welfare",)}),
        ("Keluar", {"fields": ("left_on", "left_reason")}),
    )

    @admin.display(description="NIK")
    def masked_nik(self, row):
        return mask_number(row.nik)

    def _save(self, request, row):
        row.village_id = row.group.village_id
        services.save_member(member=row, by=request.user)


import villages.meeting_admin  # noqa: E402  its classes stand on the ones above
import villages.office_admin  # noqa: E402
import villages.people_admin  # noqa: E402
import villages.region_admin  # noqa: E402, F401
