"""The yearly book of 6 + 36 columns: loans, and month by month what came in as instalment, contribution and saving.

Instalment is all that was paid for the loan (principal, fee, fine, credit), so that the three columns of a month add
up to what members paid in by the cash book; or, by the group's rules, the principal alone. A saver without a loan has
a line of her own; one with several loans has her contribution and savings in the line of the first.
"""

from collections import Counter, defaultdict

from django.db.models import Sum
from django.db.models.functions import ExtractMonth

from loans.models import Loan, ReceiptPart
from loans.models.receipts import LOAN_KINDS
from loans.models.rules import BookInstalments
from loans.rules_services import rules_of
from reports.books.page import Book, Page
from reports.books.spans import Span
from reports.books.wording import signing_day, words_of
from reports.periods import YEAR
from reports.sheet import Block, Row
from villages.models import Group, Member

MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
COLUMN = dict.fromkeys(LOAN_KINDS, "angsuran") | {"contribution": "iuran"}  # every other kind is a saving
NOT_PRINCIPAL = tuple(kind for kind in LOAN_KINDS if kind != "principal")


def yearly_pages(group: Group, span: Span) -> list[Page]:
    """Loans of the year or still running when it began, in the order of their day; six queries."""
    of_loans, of_members = _paid(group, span)
    loans = Loan.objects.filter(group=group).disbursed(min(span.last, signing_day(span))).with_balance(span.first)
    rows: list[Row] = []
    for loan in loans.select_related("member", "poklak").order_by("disbursed_on", "pk"):
        if loan.disbursed_on >= span.first or loan.balance > 0 or loan.pk in of_loans:
            saved = of_members.pop(loan.member_id, Counter()) if loan.member_id else Counter()
            about = {
                "tanggal": loan.disbursed_on,
                "nama": str(loan.borrower),
                "usaha": loan.purpose,
                "pinjaman": loan.principal,
            }
            rows.append(about | _together(of_loans.get(loan.pk), saved))
    savers = Member.objects.filter(pk__in=of_members).order_by("name", "pk")
    rows += [{"nama": str(member), **_together(of_members[member.pk])} for member in savers]
    return [Page("buku-pais", words_of(group, span, signing_day(span)), [Block(rows)])]


def _together(*columns: Counter[str] | None) -> Row:
    """The columns side by side; a month that came to nothing stays blank."""
    return {key: amount for one in columns if one for key, amount in one.items() if amount}


def _paid(group: Group, span: Span) -> tuple[dict[int, Counter[str]], dict[int, Counter[str]]]:
    """Rupiah by column of the year, of each loan and of each member."""
    parts = ReceiptPart.objects.filter(receipt__group=group, received_on__range=(span.first, span.last)).order_by()
    if rules_of(group).book_instalments == BookInstalments.PRINCIPAL:
        parts = parts.exclude(kind__in=NOT_PRINCIPAL)
    sums = parts.annotate(month=ExtractMonth("received_on")).values_list("loan", "member", "kind", "month")
    of_loans: dict[int, Counter[str]] = defaultdict(Counter)
    of_members: dict[int, Counter[str]] = defaultdict(Counter)
    for loan, member, kind, month, amount in sums.annotate(sum=Sum("amount")):
        column = f"{MONTHS[month - 1]}_{COLUMN.get(kind, 'simpanan')}"
        (of_loans[loan] if loan else of_members[member])[column] += amount
    return of_loans, of_members


BOOKS = (
    Book(
        "buku-pais",
        "Buku Daftar Pinjaman, Angsuran, Iuran dan Simpanan",
        "Buku setahun, 6 + 36 kolom, dua halaman",
        (YEAR,),
        yearly_pages,
    ),
)
