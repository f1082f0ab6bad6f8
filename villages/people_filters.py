"""What one may ask of the queue of doubles and of its decisions."""

import django_filters
from django.db.models import Q

from up2k_portal.lib.forms import PortalFilterSet
from villages.models import District, Member, PersonDecision
from villages.people_queue import KINDS, Case


class Cases(list[Case]):
    """The queue in the place of a queryset: its cases are computed, no table holds them."""

    model = Member

    def all(self) -> "Cases":
        return self

    def none(self) -> "Cases":
        return Cases()


class CaseFilter(PortalFilterSet):
    q = django_filters.CharFilter(label="Cari nama")
    kind = django_filters.ChoiceFilter(choices=KINDS, label="Perkara")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), label="Kecamatan")

    class Meta:
        model = Member
        fields = ("q", "kind", "district")

    def filter_queryset(self, cases):
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        return Cases(case for case in cases if all(_fits(case, *one) for one in asked.items()))


def _fits(case: Case, name: str, value) -> bool:
    if name == "q":
        return value.casefold() in case.names.casefold()
    if name == "kind":
        return case.kind == value
    return any(row.village.district_id == value.pk for row in case.rows)


class DecisionFilter(PortalFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nama atau alasan")
    kind = django_filters.ChoiceFilter(choices=PersonDecision.Kind.choices, label="Keputusan")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method="near", label="Kecamatan")

    class Meta:
        model = PersonDecision
        fields = ("q", "kind", "district")

    def search(self, rows, name, words):
        return rows.filter(
            Q(first__name__icontains=words) | Q(second__name__icontains=words) | Q(reason__icontains=words)
        )

    def near(self, rows, name, district):
        return rows.filter(Q(first__village__district=district) | Q(second__village__district=district))
