"""What one may ask of loans and receipts."""

import django_filters

from loans.models import Loan, Receipt
from loans.standing import STANDINGS
from up2k_portal.lib.forms import DayFormField
from villages.filters import InGroupFilter

BORROWER_OR_NUMBER = ("member__name", "poklak__name", "number")


class DayFilter(django_filters.Filter):
    field_class = DayFormField


class LoanFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor pinjaman")
    searched = BORROWER_OR_NUMBER
    standing = django_filters.ChoiceFilter(choices=STANDINGS, label="Keadaan")
    is_late = django_filters.ChoiceFilter(
        choices=[("yes", "Menunggak"), ("no", "Tidak menunggak")], method="late", label="Tunggakan"
    )

    class Meta:
        model = Loan
        fields = ("q", "standing", "is_late", "district", "group", "scope")

    def late(self, rows, name, answer):
        return rows.filter(late__gt=0) if answer == "yes" else rows.filter(late=0)


class ReceiptFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor bukti")
    searched = BORROWER_OR_NUMBER
    since = DayFilter(field_name="received_on", lookup_expr="gte", label="Sejak tanggal")
    until = DayFilter(field_name="received_on", lookup_expr="lte", label="Sampai tanggal")

    class Meta:
        model = Receipt
        fields = ("q", "since", "until", "district", "group", "scope")


class LoanPickFilter(LoanFilter):
    """For choosing a loan to pay: the money of a practice group is recorded too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.counts_only = False
        self.filters.pop("scope", None)
