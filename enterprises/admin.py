"""Enterprises, what belongs to them, and their categories in the admin."""

from django.contrib import admin

from accounts.scoped_admin import ScopedAdmin
from enterprises.models import Category, Enterprise, MonthlyResult, Permit, Product
from enterprises.months import short_month_name
from up2k_portal.lib.access import Action
from villages.admin import InGroupAdmin, RegionFilter


@admin.register(Enterprise)
class EnterpriseAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    related = ("group", "member", "poklak", "category", "village__district")
    list_display = ("name", "category", "owner", "group", "village", "is_flagship", "started_on", "closed_on")
    list_filter = (RegionFilter, "category", "is_flagship")
    search_fields = ("name", "member__name", "poklak__name", "products__name")
    search_help_text = "Nama usaha, pemilik atau produk"
    date_hierarchy = "started_on"
    fieldsets = (
        (None, {"fields": ("group", "village", "member", "poklak", "name", "category", "workers", "is_flagship")}),
        ("Pemasaran", {"fields": ("sells_locally", "sells_outside", "sells_online")}),
        ("Masa usaha", {"fields": ("started_on", "closed_on")}),
    )

    @admin.display(description="pemilik")
    def owner(self, row):
        return str(row.owner)


class OfEnterpriseAdmin(ScopedAdmin):
    """Rows of one enterprise, from which village and group follow."""

    edit_action = Action.EDIT_REGISTRY
    related = ("enterprise__group", "village__district")
    fixed_fields = ("enterprise",)
    shown_later = ("village",)

    def _save(self, request, row):
        row.village_id = row.enterprise.village_id
        super()._save(request, row)


@admin.register(Product)
class ProductAdmin(OfEnterpriseAdmin):
    list_display = ("name", "unit", "price", "enterprise", "village")
    list_filter = (RegionFilter,)
    search_fields = ("name", "enterprise__name")
    search_help_text = "Nama produk atau usaha"
    fields = ("enterprise", "village", "name", "unit", "price")


@admin.register(Permit)
class PermitAdmin(OfEnterpriseAdmin):
    list_display = ("enterprise", "village", "kind", "number", "issued_on", "expires_on")
    list_filter = (RegionFilter, "kind")
    search_fields = ("number", "enterprise__name")
    search_help_text = "Nomor izin atau nama usaha"
    date_hierarchy = "expires_on"
    fields = ("enterprise", "village", "kind", "number", "issued_on", "expires_on")


@admin.register(MonthlyResult)
class MonthlyResultAdmin(OfEnterpriseAdmin):
    related = ("enterprise", "group", "product", "village__district")
    shown_later = ("group", "village")
    list_display = ("enterprise", "group", "village", "month", "turnover", "cost")
    list_filter = (RegionFilter,)
    search_fields = ("enterprise__name", "enterprise__member__name")
    search_help_text = "Nama usaha atau anggota"
    totals = ("turnover", "cost")
    fields = ("enterprise", "group", "village", "period", "turnover", "cost", "product", "volume")

    @admin.display(description="bulan", ordering="period")
    def month(self, row):
        return short_month_name(row.period)

    def _save(self, request, row):
        row.group_id = row.group_id or row.enterprise.group_id  # a month stays with the group that earned it
        super()._save(request, row)


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """One list for everyone."""

    edit_action = Action.MANAGE_SETTINGS
    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)
