"""What happened to loans and where books began, to read: it is written by the verbs of their services alone."""

from django.contrib import admin

from accounts.admin_cells import NOTHING, yes_no
from accounts.scoped_admin import ScopedAdmin, ScopedInline
from loans.models import (
    LoanShare,
    Opening,
    OpeningLine,
    Penalty,
    Reschedule,
    Settlement,
    SharePayment,
    ShiftDecision,
)
from villages.admin import InGroupAdmin, RegionFilter


class RecordedAdmin(ScopedAdmin):
    """Rows that tell by whom they were recorded and, where they can be, undone."""

    @admin.display(description="dicatat oleh")
    def recorder(self, row):
        return str(row.recorded_by or NOTHING)

    @admin.display(description="diurungkan oleh")
    def undoer(self, row):
        return str(row.undone_by or NOTHING)


LOAN_SEARCH = ("loan__number", "loan__member__name", "loan__poklak__name")


@admin.register(Penalty)
class PenaltyAdmin(RecordedAdmin):
    related = ("loan", "receipt", "recorded_by", "village__district")
    list_display = ("loan", "instalment_number", "kind", "on", "amount", "village", "reason")
    list_filter = (RegionFilter, "kind")
    search_fields = LOAN_SEARCH
    search_help_text = "Nomor pinjaman atau peminjam"
    date_hierarchy = "on"
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("loan", "instalment_number", "kind", "on", "amount", "village", "reason")}),
        ("Pencatatan", {"fields": ("receipt", "of", "recorder", "recorded_at")}),
    )


@admin.register(Reschedule)
class RescheduleAdmin(RecordedAdmin):
    related = ("loan", "decision", "recorded_by", "undone_by", "village__district")
    list_display = ("loan", "on", "kind", "from_instalment", "decision", "village", "undone_on")
    list_filter = (RegionFilter, "kind", ("undone_on", admin.EmptyFieldListFilter))
    search_fields = (*LOAN_SEARCH, "decision__letter_number")
    search_help_text = "Nomor pinjaman, peminjam atau nomor surat"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    fieldsets = (
        (None, {"fields": ("loan", "on", "kind", "from_instalment", "village", "decision", "reason")}),
        ("Nilai", {"fields": ("instalments", "rate", "new_due_on")}),
        ("Pencatatan", {"fields": ("recorder", "recorded_at", "undone_on", "undoer", "undo_reason")}),
    )


@admin.register(ShiftDecision)
class ShiftDecisionAdmin(RecordedAdmin):
    related = ("recorded_by", "undone_by", "village__district")
    list_display = ("letter_number", "on", "village", "from_day", "months", "reason", "undone_on")
    list_filter = (RegionFilter, ("undone_on", admin.EmptyFieldListFilter))
    search_fields = ("letter_number", "reason", "village__name")
    search_help_text = "Nomor surat, alasan atau desa"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    fieldsets = (
        (None, {"fields": ("letter_number", "letter_on", "on", "village", "from_day", "months", "reason")}),
        ("Pencatatan", {"fields": ("recorder", "recorded_at", "undone_on", "undoer", "undo_reason")}),
    )


@admin.register(LoanShare)
class LoanShareAdmin(ScopedAdmin):
    related = ("loan", "member", "village__district")
    list_display = ("loan", "member", "proposed", "verified", "approved", "village")
    list_filter = (RegionFilter,)
    search_fields = ("loan__number", "member__name", "loan__poklak__name")
    search_help_text = "Nomor pinjaman, anggota atau poklak"
    ordering = ("-pk",)
    totals = ("proposed",)
    fields = ("loan", "member", "village", "proposed", "verified", "approved")


@admin.register(SharePayment)
class SharePaymentAdmin(ScopedAdmin):
    related = ("receipt", "member", "payer", "village__district")
    list_display = ("receipt", "member", "payer", "amount", "is_for_another", "village")
    list_filter = (RegionFilter,)
    search_fields = ("receipt__number", "member__name", "payer__name")
    search_help_text = "Nomor bukti, anggota atau pembayar"
    ordering = ("-pk",)
    totals = ("amount",)
    fields = ("receipt", "member", "payer", "is_for_another", "village", "amount")

    @admin.display(description="tanggung renteng")
    def is_for_another(self, row):
        return yes_no(row.is_cover)


@admin.register(Settlement)
class SettlementAdmin(RecordedAdmin):
    related = ("member", "recorded_by", "village__district")
    list_display = ("member", "on", "saved", "credit", "paid_on_loans", "paid_out", "still_owed", "village")
    list_filter = (RegionFilter,)
    search_fields = ("member__name", "village__name")
    search_help_text = "Anggota atau desa"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    totals = ("saved", "paid_out")
    fieldsets = (
        (None, {"fields": ("member", "on", "village", "saved", "credit", "paid_on_loans", "paid_out", "still_owed")}),
        ("Pencatatan", {"fields": ("recorder", "recorded_at")}),
    )


@admin.register(Opening)
class OpeningAdmin(InGroupAdmin):
    related = ("group", "started_by", "opened_by", "village__district")
    list_display = ("group", "on", "village", "is_opened", "opened_at")
    list_filter = (RegionFilter, ("opened_at", admin.EmptyFieldListFilter))
    search_fields = ("group__name", "village__name")
    search_help_text = "Kelompok atau desa"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    fields = ("group", "on", "village", "starter", "opener", "opened_at")

    def get_inlines(self, request, obj):
        return [OpeningLineInline]

    @admin.display(description="sudah dibuka")
    def is_opened(self, row):
        return yes_no(bool(row.opened_at))

    @admin.display(description="dimulai oleh")
    def starter(self, row):
        return str(row.started_by or NOTHING)

    @admin.display(description="dibuka oleh")
    def opener(self, row):
        return str(row.opened_by or NOTHING)


class OpeningLineInline(ScopedInline):
    model = OpeningLine
    related = ("member", "poklak")
    fields = ("kind", "amount", "member", "poklak", "source", "note")
    ordering = ("pk",)


@admin.register(OpeningLine)
class OpeningLineAdmin(ScopedAdmin):
    related = ("opening__group", "member", "poklak", "product", "voucher", "loan", "village__district")
    list_display = ("opening", "kind", "member", "poklak", "amount", "village")
    list_filter = (RegionFilter, "kind", "source")
    search_fields = ("opening__group__name", "member__name", "poklak__name", "note")
    search_help_text = "Kelompok, anggota, poklak atau halaman buku"
    ordering = ("-pk",)
    totals = ("amount",)
    fieldsets = (
        (None, {"fields": ("opening", "kind", "amount", "member", "poklak", "village", "note")}),
        ("Modal", {"fields": ("source", "nature")}),
        ("Pinjaman", {"fields": ("product", "principal", "service_fee_left", "disbursed_on", "purpose")}),
        ("Bukti", {"fields": ("voucher", "loan")}),
    )
