"""An admin list as Excel: its columns, its order, its filters, all its rows or the chosen ones."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify

from up2k_portal.lib import xlsx
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.fields import DayField, RupiahField


class Download:
    """For a ScopedAdmin: an action for the chosen rows and a link for the whole list."""

    actions = ["download"]
    actions_on_bottom = False
    totals: tuple[str, ...] = ()  # amounts whose sum means something

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_download"
        return [path("unduh/", self.admin_site.admin_view(self.download_all), name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_download")
        query = request.GET.urlencode()
        title = capfirst(self.opts.verbose_name_plural)
        context = {"download_url": f"{url}?{query}" if query else url, "title": title}
        return super().changelist_view(request, context | (extra_context or {}))

    def download_all(self, request):
        """The list as it is filtered and sorted, all its pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise Http404 from error
        return self.download(request, rows)

    @admin.action(description="Unduh Excel")
    def download(self, request, queryset):
        getters = [self._getter(name) for name in self.list_display]
        title = capfirst(self.opts.verbose_name_plural)
        sheet = xlsx.Sheet(
            title,
            f"Dibuat {format_moment(timezone.now())} oleh {request.user.name}",
            [self._excel_column(name) for name in self.list_display],
            ([getter(row) for getter in getters] for row in queryset.iterator(chunk_size=2000)),
        )
        return xlsx.download(sheet, f"{slugify(title)}-{today():%Y%m%d}.xlsx")

    def _excel_column(self, name: str) -> xlsx.Column:
        field = self.field_of(name)
        formats = {RupiahField: xlsx.NUMBER, DayField: xlsx.DAY}
        header = str(capfirst(label_for_field(name, self.model, self)))
        return xlsx.Column(header, formats.get(type(field), xlsx.TEXT), name in self.totals)

    def _getter(self, name: str):
        """The value of a column for machines; what its field says, or what the list shows."""
        field = self.field_of(name)
        if field is None:
            method = getattr(self, name, None)
            return method or (lambda row: getattr(row, name))
        if field.is_relation:
            return lambda row: None if getattr(row, name) is None else str(getattr(row, name))
        if field.choices:
            return lambda row: getattr(row, f"get_{name}_display")()
        return lambda row: getattr(row, name)
