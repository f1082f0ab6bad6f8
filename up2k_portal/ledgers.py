"""The books of a group that its administration is judged by: those of all apps, in the order of the checklist."""

from django.db.models import CharField, DateField, QuerySet, Value
from django.db.models.functions import Cast, Concat, Substr

from enterprises.models import MonthlyResult
from loans.models import Receipt
from villages.checklist import LEDGERS as REGISTRY_LEDGERS
from villages.checklist import Ledger


def _results() -> QuerySet:
    """Monthly results with the first day of their month as `month`."""
    digits = Cast("period", CharField())
    written = Concat(Substr(digits, 1, 4), Value("-"), Substr(digits, 5, 2), Value("-01"))
    return MonthlyResult.objects.annotate(month=Cast(written, DateField()))


LEDGERS = (
    *REGISTRY_LEDGERS,
    Ledger("money", "Buku pinjaman & angsuran", Receipt.objects.all, "received_on"),
    # A month is told of when it is over: reckoned from its first day, one month more.
    Ledger("production", "Buku produksi & penjualan", _results, "month", fresh_months=3, paper="production-book"),
)
