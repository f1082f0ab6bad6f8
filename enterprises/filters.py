import django_filters
from django.db.models import Q

from enterprises.models import Category, Channel, Enterprise, Permit
from enterprises.models.products import RENEW_WITHIN
from up2k_portal.lib.dates import today
from villages.filters import InGroupFilter

TO_RENEW = "renew"


class EnterpriseFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nama usaha, produk atau pemilik")
    category = django_filters.ModelChoiceFilter(queryset=Category.objects.all(), label="Jenis usaha")
    permit = django_filters.ChoiceFilter(
        choices=[*Permit.Kind.choices, (TO_RENEW, "Habis atau hampir habis")], method="permitted", label="Izin"
    )
    flagship = django_filters.ChoiceFilter(
        choices=[("yes", "Unggulan"), ("no", "Bukan")], method="is_flagship", label="Produk unggulan"
    )
    channel = django_filters.ChoiceFilter(choices=Channel.choices, method="sold", label="Pemasaran")

    class Meta:
        model = Enterprise
        fields = ("q", "category", "permit", "flagship", "channel", "district", "group", "scope")

    def search(self, rows, name, words):
        owners = Q(member__name__icontains=words) | Q(poklak__name__icontains=words)
        return rows.filter(Q(name__icontains=words) | owners | rows.making(words))

    def permitted(self, rows, name, kind):
        if kind == TO_RENEW:
            return rows.with_permit_ending_by(today() + RENEW_WITHIN)
        return rows.with_permit(kind, self.form.cleaned_data.get("as_of") or today())

    def is_flagship(self, rows, name, answer):
        return rows.filter(is_flagship=answer == "yes")

    def on_day(self, rows, name, day):
        return rows.running_on(day)

    def sold(self, rows, name, channel):
        return rows.filter(**{channel: True})
