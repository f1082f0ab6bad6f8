"""Files in the admin, to read: also those that were removed, with who and why."""

from django.apps import apps
from django.contrib import admin
from django.utils.text import capfirst

from accounts.admin_cells import NOTHING
from accounts.attachments.carriers import carriers
from accounts.attachments.contents import size_words
from accounts.attachments.models import Attachment
from accounts.scoped_admin import ScopedAdmin


class CarrierFilter(admin.SimpleListFilter):
    title = "catatan"
    parameter_name = "catatan"

    def lookups(self, request, model_admin):
        return [(label, capfirst(model._meta.verbose_name)) for label, model in carriers().items()]

    def queryset(self, request, queryset):
        return queryset.filter(model=self.value()) if self.value() in carriers() else queryset


@admin.register(Attachment)
class AttachmentAdmin(ScopedAdmin):
    related = ("uploaded_by", "removed_by")
    list_display = ("uploaded_at", "name", "kind", "kind_of_record", "area_code", "weight", "uploader", "removed_at")
    list_filter = (CarrierFilter, "kind", ("removed_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "original_name", "area_code__startswith")
    search_help_text = "Keterangan, nama berkas atau kode wilayah"
    date_hierarchy = "uploaded_at"
    fields = (
        "name", "original_name", "kind", "kind_of_record", "object_id", "area_code", "weight", "width", "height",
        "sha256", "uploaded_at", "uploader", "removed_at", "remover", "removed_reason",
    )  # fmt: skip

    @admin.display(description="keterangan", ordering="title")
    def name(self, row):
        return str(row)

    @admin.display(description="catatan", ordering="model")
    def kind_of_record(self, row):
        return capfirst(apps.get_model(row.model)._meta.verbose_name)

    @admin.display(description="ukuran", ordering="size")
    def weight(self, row):
        return size_words(row.size)

    @admin.display(description="ditambah oleh", ordering="uploaded_by__name")
    def uploader(self, row):
        return row.uploaded_by or NOTHING

    @admin.display(description="dihapus oleh", ordering="removed_by__name")
    def remover(self, row):
        return row.removed_by or NOTHING

    def view_on_site(self, obj):
        return obj.record.get_absolute_url()  # the page on which it hangs, or hung
