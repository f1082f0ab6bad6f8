"""Loan products, and money to read: it is written by the verbs in services.py alone."""

from django.contrib import admin

from accounts.admin_cells import NOTHING, yes_no
from accounts.scoped_admin import ScopedAdmin, ScopedInline
from loans import life_admin, quality_admin, surplus_admin  # noqa: F401  register their own
from loans.models import Entry, Instalment, Loan, LoanProduct, Receipt, ReceiptPart, Voucher
from up2k_portal.lib.access import Action
from villages.admin import InGroupAdmin, RegionFilter

TERMS = ("method", "rate", "every", "instalment_count", "grace", "principal_every", "seasons")
ROUNDING = ("step", "rounding", "round_what", "difference")
PAYING = ("allocation_order", "ahead", "payoff_fees")
PENALTIES = ("penalty_kind", "penalty_amount", "penalty_percent", "penalty_free_days", "penalty_cap")


@admin.register(Loan)
class LoanAdmin(InGroupAdmin):
    related = ("group", "member", "poklak", "product", "village__district")
    list_display = (
        "number", "borrower", "principal", "status", "group", "village", "proposed_on", "disbursed_on",
    )  # fmt: skip
    list_filter = (RegionFilter, "status", "method", "every")
    search_fields = ("number", "member__name", "poklak__name", "group__name")
    search_help_text = "Nomor, peminjam atau kelompok"
    date_hierarchy = "proposed_on"
    ordering = ("-proposed_on", "-pk")
    totals = ("principal",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "status",
                    "borrower",
                    "group",
                    "village",
                    "product",
                    "purpose",
                    "principal",
                    "proposed_amount",
                    "verified_amount",
                    "approved_amount",
                )
            },
        ),
        ("Ketentuan", {"fields": TERMS + ROUNDING + PAYING + PENALTIES}),
        (
            "Perjalanan",
            {
                "fields": (
                    "proposed_on",
                    "proposer",
                    "warnings",
                    "verified_on",
                    "verifier",
                    "verification_note",
                    "decided_on",
                    "decider",
                    "decision_note",
                    "disbursed_on",
                    "disburser",
                    "written_off_on",
                    "written_off",
                )  # fmt: skip
            },
        ),
        ("Dari buku lama", {"fields": ("opened_on", "opening_principal_paid", "opening_service_fee_paid")}),
    )

    def get_inlines(self, request, obj):
        return [InstalmentInline]

    @admin.display(description="peminjam")
    def borrower(self, row):
        return str(row.borrower)

    @admin.display(description="diajukan oleh")
    def proposer(self, row):
        return str(row.proposed_by or NOTHING)

    @admin.display(description="diverifikasi oleh")
    def verifier(self, row):
        return str(row.verified_by or NOTHING)

    @admin.display(description="diputuskan oleh")
    def decider(self, row):
        return str(row.decided_by or NOTHING)

    @admin.display(description="dicairkan oleh")
    def disburser(self, row):
        return str(row.disbursed_by or NOTHING)


class InstalmentInline(ScopedInline):
    model = Instalment
    fields = ("number", "due_on", "principal", "service_fee")
    ordering = ("number",)


@admin.register(LoanProduct)
class LoanProductAdmin(InGroupAdmin):
    edit_action = Action.EDIT_GROUPS
    list_display = ("name", "group", "village", "method", "rate", "every", "instalment_count", "is_active")
    list_filter = (RegionFilter, "method", "every", "is_active")
    search_fields = ("name", "group__name", "village__name")
    search_help_text = "Nama produk, kelompok atau desa"
    fieldsets = (
        (None, {"fields": ("group", "village", "name", "is_active")}),
        ("Jasa dan angsuran", {"fields": TERMS}),
        ("Pembulatan", {"fields": ROUNDING}),
        (
            "Pembayaran",
            {
                "fields": PAYING,
                "description": "Bagaimana uang yang dibayar dibagi, ke mana bila lebih dari tagihan, dan jasa mana "
                "yang tetap dibayar bila dilunasi sebelum waktunya.",
            },
        ),
        (
            "Denda",
            {
                "fields": PENALTIES,
                "description": "Biasanya tanpa denda. Denda tetap: isi rupiahnya. Denda persen: isi persennya. "
                "Yang lain dibiarkan 0.",
            },
        ),
    )


@admin.register(Receipt)
class ReceiptAdmin(InGroupAdmin):
    related = ("group", "member", "poklak", "reverses", "recorded_by", "village__district")
    list_display = ("number", "received_on", "payer", "amount", "group", "village", "is_reversal")
    list_filter = (RegionFilter, ("reverses", admin.EmptyFieldListFilter))
    search_fields = ("number", "member__name", "poklak__name", "group__name")
    search_help_text = "Nomor bukti, penyetor atau kelompok"
    date_hierarchy = "received_on"
    ordering = ("-received_on", "-pk")
    totals = ("amount",)
    fieldsets = (
        (None, {"fields": ("number", "received_on", "payer", "group", "village", "amount", "note")}),
        ("Koreksi", {"fields": ("reverses", "reason")}),
        ("Pencatatan", {"fields": ("recorder", "recorded_at")}),
    )

    def get_inlines(self, request, obj):
        return [ReceiptPartInline]

    @admin.display(description="penyetor")
    def payer(self, row):
        return str(row.payer)

    @admin.display(description="koreksi")
    def is_reversal(self, row):
        return yes_no(row.is_reversal)

    @admin.display(description="dicatat oleh")
    def recorder(self, row):
        return str(row.recorded_by or NOTHING)


class ReceiptPartInline(ScopedInline):
    model = ReceiptPart
    related = ("loan",)
    fields = ("kind", "loan", "amount")
    ordering = ("pk",)


@admin.register(Instalment)
class InstalmentAdmin(ScopedAdmin):
    related = ("loan", "village__district")
    list_display = ("loan", "number", "due_on", "principal", "service_fee", "village", "valid_from", "valid_until")
    list_filter = (RegionFilter,)
    search_fields = ("loan__number", "loan__member__name", "loan__poklak__name")
    search_help_text = "Nomor pinjaman atau peminjam"
    date_hierarchy = "due_on"
    ordering = ("-pk",)
    totals = ("principal", "service_fee")
    fields = (
        "loan", "number", "due_on", "village", "principal", "service_fee",
        "principal_to_date", "service_fee_to_date", "valid_from", "valid_until",
    )  # fmt: skip


@admin.register(ReceiptPart)
class ReceiptPartAdmin(ScopedAdmin):
    related = ("receipt", "loan", "village__district")
    list_display = ("receipt", "received_on", "kind", "amount", "loan", "village")
    list_filter = (RegionFilter, "kind")
    search_fields = ("receipt__number", "loan__number", "loan__member__name")
    search_help_text = "Nomor bukti, nomor pinjaman atau peminjam"
    date_hierarchy = "received_on"
    ordering = ("-pk",)
    totals = ("amount",)
    fields = ("receipt", "received_on", "kind", "role", "by_hand", "loan", "village", "amount")


@admin.register(Voucher)
class VoucherAdmin(InGroupAdmin):
    related = ("group", "reverses", "recorded_by", "village__district")
    list_display = ("number", "on", "kind", "description", "amount", "group", "village")
    list_filter = (RegionFilter, "kind", "source", ("reverses", admin.EmptyFieldListFilter))
    search_fields = ("number", "description", "party", "group__name")
    search_help_text = "Nomor bukti, uraian, dari/kepada atau kelompok"
    date_hierarchy = "on"
    ordering = ("-on", "-pk")
    totals = ("amount",)
    fieldsets = (
        (None, {"fields": ("number", "on", "kind", "description", "party", "group", "village", "amount", "till")}),
        ("Modal", {"fields": ("source", "nature", "form")}),
        ("Koreksi", {"fields": ("reverses", "reason")}),
        ("Pencatatan", {"fields": ("recorder", "recorded_at")}),
    )

    @admin.display(description="dicatat oleh")
    def recorder(self, row):
        return str(row.recorded_by or NOTHING)


@admin.register(Entry)
class EntryAdmin(ScopedAdmin):
    related = ("group", "voucher", "part__receipt", "village__district")
    list_display = ("on", "debit", "credit", "amount", "source", "group", "village")
    list_filter = (RegionFilter, "debit", "credit")
    search_fields = ("voucher__number", "part__receipt__number", "group__name")
    search_help_text = "Nomor bukti atau kelompok"
    date_hierarchy = "on"
    ordering = ("-pk",)
    totals = ("amount",)
    fields = ("on", "debit", "credit", "amount", "source", "group", "village", "recorded_at")

    @admin.display(description="bukti")
    def source(self, row):
        return str(row.voucher or row.part.receipt)
