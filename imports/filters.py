"""What one may ask of imports, and of other lists: what came in with an import (?impor=17)."""

import django_filters
from django import forms
from django.db.models import Q

from enterprises.filters import EnterpriseFilter
from enterprises.models import MonthlyResult
from imports.kinds import KINDS
from imports.models import Import, ImportPart
from loans.filters import ReceiptFilter
from loans.voucher_filters import VoucherFilter
from up2k_portal.lib.forms import PortalFilterSet
from villages.filters import MemberFilter
from villages.models import District


class ImportFilter(PortalFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari berkas, wilayah, atau pengirim")
    kind = django_filters.ChoiceFilter(choices=[(kind.key, kind.title) for kind in KINDS.values()], label="Jenis")
    state = django_filters.ChoiceFilter(choices=Import.State.choices, label="Keadaan")
    district = django_filters.ModelChoiceFilter(
        queryset=District.objects.all(), method="in_district", label="Kecamatan"
    )

    class Meta:
        model = Import
        fields = ("q", "kind", "state", "district")

    def search(self, rows, name, words):
        return rows.filter(
            Q(file_name__icontains=words) | Q(area_name__icontains=words) | Q(sent_by__name__icontains=words)
        )

    def in_district(self, rows, name, district):
        return rows.in_area(district.code) if district else rows


class CameInFilter(django_filters.NumberFilter):
    """The rows that an import made or changed; none of another village's import."""

    def __init__(self, **kwargs):
        widget = forms.HiddenInput
        super().__init__(
            method="came_in", label="Impor no.", widget=widget, min_value=1, max_value=2**31, decimal_places=0, **kwargs
        )


class CameIn:
    """For the filter set of a list whose rows come in by workbooks."""

    came_in_path = "pk__in"

    def came_in(self, rows, name, number):
        return rows.filter(**{self.came_in_path: self.keys_of(self._meta.model, number)})

    def keys_of(self, model, number) -> set[int]:
        """Keys of the rows of a model that the import made or changed."""
        parts = ImportPart.objects.visible_to(self.access).filter(imported=int(number))
        label = model._meta.label_lower
        return {
            key
            for made, changed in parts.values_list("made", "changed")
            for name, key, _ in [*made, *changed]
            if name == label
        }


class MemberCameInFilter(CameIn, MemberFilter):
    impor = CameInFilter()


class ReceiptCameInFilter(CameIn, ReceiptFilter):
    impor = CameInFilter()


class VoucherCameInFilter(CameIn, VoucherFilter):
    impor = CameInFilter()


class EnterpriseCameInFilter(CameIn, EnterpriseFilter):
    """An enterprise came in too when a month of it did."""

    impor = CameInFilter()

    def came_in(self, rows, name, number):
        months = MonthlyResult.objects.visible_to(self.access).filter(pk__in=self.keys_of(MonthlyResult, number))
        return rows.filter(Q(pk__in=self.keys_of(self._meta.model, number)) | Q(pk__in=months.values("enterprise")))
