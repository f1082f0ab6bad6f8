"""The surplus (SHU) in the admin, to read: its services alone write rules, sharings and payments."""

from django.contrib import admin

from accounts.admin_cells import NOTHING, yes_no
from accounts.scoped_admin import ScopedAdmin, ScopedInline
from loans.models import (
    PaudTeacher,
    SurplusAllotment,
    SurplusDistribution,
    SurplusLine,
    SurplusPayment,
    SurplusPost,
    SurplusScheme,
)
from villages.admin import InGroupAdmin, RegionFilter


class PostInline(ScopedInline):
    model = SurplusPost
    fields = ("position", "name", "kind", "percent", "takes_rest")
    ordering = ("position",)


@admin.register(SurplusScheme)
class SurplusSchemeAdmin(InGroupAdmin):
    list_display = ("group", "since_year", "savings_basis", "leavers_take_part", "village")
    list_filter = (RegionFilter, "savings_basis")
    search_fields = ("group__name", "village__name")
    search_help_text = "Kelompok atau desa"
    ordering = ("-since_year", "-pk")
    fields = ("group", "village", "since_year", "savings_basis", "leavers_take_part")

    def get_inlines(self, request, obj):
        return [PostInline]


@admin.register(PaudTeacher)
class PaudTeacherAdmin(InGroupAdmin):
    list_display = ("name", "institution", "group", "village", "is_active")
    list_filter = (RegionFilter, "is_active")
    search_fields = ("name", "institution", "group__name", "village__name")
    search_help_text = "Nama guru, lembaga, kelompok atau desa"
    ordering = ("institution", "name", "pk")
    fields = ("group", "village", "institution", "name", "address", "is_active")


class AllotmentInline(ScopedInline):
    model = SurplusAllotment
    fields = ("position", "name", "kind", "percent", "amount", "note")
    ordering = ("position",)


@admin.register(SurplusDistribution)
class SurplusDistributionAdmin(InGroupAdmin):
    related = ("group", "voucher", "meeting", "drafted_by", "approved_by", "cancelled_by", "village__district")
    list_display = ("group", "year", "status", "minutes_number", "met_on", "village")
    list_filter = (RegionFilter, "status", "year")
    search_fields = ("group__name", "village__name", "minutes_number")
    search_help_text = "Kelompok, desa atau nomor berita acara"
    ordering = ("-year", "-pk")
    fieldsets = (
        (None, {"fields": ("group", "village", "year", "status")}),
        ("Angka", {"fields": ("income", "expenses", "brought", "withheld")}),
        (
            "Rapat anggota",
            {"fields": ("minutes_number", "met_on", "meeting", "place", "chair", "writer", "attendance", "pays_from")},
        ),
        (
            "Pencatatan",
            {"fields": ("drafter", "drafted_at", "approver", "approved_at", "voucher")},
        ),
        ("Pembatalan", {"fields": ("canceller", "cancelled_at", "cancel_reason")}),
    )

    def get_inlines(self, request, obj):
        return [AllotmentInline]

    @admin.display(description="yang hadir")
    def attendance(self, row):
        return f"{row.present_count} dari {row.member_count} anggota" if row.present_count else NOTHING

    @admin.display(description="disusun oleh")
    def drafter(self, row):
        return str(row.drafted_by or NOTHING)

    @admin.display(description="disahkan oleh")
    def approver(self, row):
        return str(row.approved_by or NOTHING)

    @admin.display(description="dibatalkan oleh")
    def canceller(self, row):
        return str(row.cancelled_by or NOTHING)


@admin.register(SurplusLine)
class SurplusLineAdmin(ScopedAdmin):
    related = ("allotment__distribution__group", "member", "village__district")
    list_display = ("name", "about", "allotment", "year", "amount", "group", "village")
    list_filter = (RegionFilter, "allotment__kind")
    search_fields = ("name", "about", "allotment__name", "allotment__distribution__group__name")
    search_help_text = "Nama penerima, lembaga, pos atau kelompok"
    ordering = ("-pk",)
    totals = ("amount",)
    fields = ("name", "about", "address", "allotment", "year", "group", "village", "basis", "amount", "words")

    @admin.display(description="tahun buku")
    def year(self, row):
        return row.allotment.distribution.year

    @admin.display(description="kelompok")
    def group(self, row):
        return str(row.allotment.distribution.group)


@admin.register(SurplusPayment)
class SurplusPaymentAdmin(ScopedAdmin):
    related = ("line__allotment", "voucher", "village__district")
    list_display = ("line", "voucher", "on", "is_taken_back", "village")
    list_filter = (RegionFilter, "line__allotment__kind")
    search_fields = ("line__name", "voucher__number", "line__allotment__distribution__group__name")
    search_help_text = "Nama penerima, nomor bukti atau kelompok"
    ordering = ("-pk",)
    fields = ("line", "voucher", "on", "is_taken_back", "village")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("voucher__reversal")

    @admin.display(description="tanggal bayar", ordering="voucher__on")
    def on(self, row):
        return f"{row.voucher.on:%d-%m-%Y}"

    @admin.display(description="dikoreksi")
    def is_taken_back(self, row):
        return yes_no(hasattr(row.voucher, "reversal"))
