"""Neraca, Hasil Usaha and Arus Kas out of the ledger, this span beside the one a year before.

Cash basis (SAK EMKM simplified): income when received, expenses when paid. What closes a year moves no result: its
entries are left out of income and expenses, and the surplus of the running year stands in account 3.5.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q, Sum

from loans.chart import BANK, CASH, CHART, FIELD_CASH, OPENING, SURPLUS, Side, accounts_of
from loans.ledger_services import balances
from loans.models import Entry, Voucher
from reports.books.page import Book, Line, Page
from reports.books.spans import Span
from reports.books.wording import signing_day, words_of
from reports.periods import MONTH, QUARTER, YEAR
from villages.models import Group

TILLS = (CASH, FIELD_CASH, BANK)
RESULT = (Side.INCOME, Side.EXPENSE)
YEAR_CLOSE = str(Voucher.Kind.YEAR_CLOSE)

# The line of Arus Kas by the account on the other side of the till.
PAID_IN = {"1.3": "a1", "4.1": "a2", "4.3": "a3", "3.1": "a4", "3.2": "a4", "2.1": "a4", "3.3": "a5", "2.2": "a5"}
PAID_OUT = {"1.3": "b1", "3.1": "b2", "3.2": "b2", "2.1": "b2", "2.3": "b3", "2.4": "b4"}
IN_WORDS = {
    "a1": "Angsuran pokok", "a2": "Jasa pinjaman", "a3": "Iuran", "a4": "Simpanan", "a5": "Modal dan bantuan",
    "a6": "Pendapatan usaha dan lain-lain",
}  # fmt: skip
OUT_WORDS = {
    "b1": "Pencairan pinjaman", "b2": "Penarikan simpanan", "b3": "Pembayaran SHU",
    "b4": "Insentif guru PAUD dan sosial", "b5": "Biaya",
    "b6": "Pembelian inventaris, pengembalian modal dan lain-lain",
}  # fmt: skip
RECEIPT_KINDS = frozenset(
    ("penalty", "service_fee", "principal", "credit", "recovery", "initial", "mandatory", "voluntary", "contribution")
)


def balance_pages(group: Group, span: Span) -> list[Page]:
    """Neraca at the end of the span beside the last 31 December before it."""
    ends = (min(span.last, signing_day(span)), date(span.last.year - 1, 12, 31))
    found = [_with_surplus(balances(group, day)) for day in ends]

    def lines(sides: Iterable[tuple[str, Side]], total: str, key: str) -> list[Line]:
        told: list[Line] = []
        for head, side in sides:
            if head:
                told.append(Line(f"h{side}", head, "head"))
            for account in accounts_of(side):
                amounts = (found[0][account.code], found[1][account.code])
                if any(amounts) or account.code not in (FIELD_CASH, OPENING, "2.5"):
                    told.append(Line(account.code, account.name, code=account.code, amounts=amounts))
        items = tuple(line.key for line in told if line.kind == "item")
        return [*told, Line(key, total, "total", adds=items)]

    left = lines([("", Side.ASSET)], "JUMLAH AKTIVA", "total_a")
    right = lines([("Kewajiban", Side.LIABILITY), ("Modal", Side.EQUITY)], "JUMLAH KEWAJIBAN DAN MODAL", "total_p")
    return [Page("neraca", words_of(group, span, signing_day(span)), lines=(left, right))]


def _with_surplus(found: dict[str, int]) -> dict[str, int]:
    """The balances with the result of the running year in 3.5."""
    running = sum(found[account.code] for account in accounts_of(Side.INCOME))
    running -= sum(found[account.code] for account in accounts_of(Side.EXPENSE))
    return found | {SURPLUS: found[SURPLUS] + running}


def result_pages(group: Group, span: Span) -> list[Page]:
    """Income and expenses of the span beside those of the same span a year before."""
    this, last = (results(group, *days) for days in _this_and_last(span))

    def items(side: Side) -> list[Line]:
        return [
            Line(one.code, one.name, code=one.code, amounts=(this[one.code], last[one.code]))
            for one in accounts_of(side)
        ]

    income, expense = items(Side.INCOME), items(Side.EXPENSE)
    lines = [
        Line("h1", "PENDAPATAN", "head"),
        *income,
        Line("t1", "Jumlah pendapatan", "subtotal", adds=tuple(line.key for line in income)),
        Line("h2", "BIAYA", "head"),
        *expense,
        Line("t2", "Jumlah biaya", "subtotal", adds=tuple(line.key for line in expense)),
        Line("shu", "SISA HASIL USAHA (SHU)", "total", adds=("t1", "-t2")),
    ]
    return [Page("hasil-usaha", words_of(group, span, signing_day(span)), lines=(lines,))]


def results(group: Group, first: date, last: date) -> Counter[str]:
    """Rupiah of each income and expense account that moved in these days, what closes a year left out; two queries."""
    codes = [account.code for side in RESULT for account in accounts_of(side)]
    rows = Entry.objects.filter(group=group, on__range=(first, last)).exclude(kind=YEAR_CLOSE).order_by()
    found: Counter[str] = Counter()
    for side, sign in (("debit", 1), ("credit", -1)):
        for code, amount in rows.filter(**{f"{side}__in": codes}).values_list(side).annotate(sum=Sum("amount")):
            found[code] += amount * sign * (1 if CHART[code].side.grows_by_debit else -1)
    return found


def cash_flow_pages(group: Group, span: Span) -> list[Page]:
    """Where cash and bank came from and went, direct method; moves between the two are no flow."""
    both = _this_and_last(span)
    flows = [cash_flows(group, *days) for days in both]
    opened = [sum(balances(group, first - timedelta(days=1), codes=TILLS).values()) for first, _ in both]

    def items(words: dict[str, str]) -> list[Line]:
        return [Line(key, label, amounts=(flows[0][key], flows[1][key])) for key, label in words.items()]

    came, went = items(IN_WORDS), items(OUT_WORDS)
    start = (flows[0]["start"], flows[1]["start"])
    at_opening = [Line("start", "Kas dan bank saat buku dibuka", amounts=start)] if any(start) else []
    lines = [
        Line("a0", "Saldo kas dan bank awal", amounts=(opened[0], opened[1])),
        *at_opening,
        Line("h1", "KAS MASUK", "head"),
        *came,
        Line("t1", "Jumlah kas masuk", "subtotal", adds=tuple(line.key for line in came)),
        Line("h2", "KAS KELUAR", "head"),
        *went,
        Line("t2", "Jumlah kas keluar", "subtotal", adds=tuple(line.key for line in went)),
        Line("akhir", "SALDO KAS DAN BANK AKHIR", "total", adds=("a0", *(one.key for one in at_opening), "t1", "-t2")),
    ]
    return [Page("arus-kas", words_of(group, span, signing_day(span)), lines=(lines,))]


def cash_flows(group: Group, first: date, last: date) -> Counter[str]:
    """Rupiah of each line of Arus Kas in these days, corrections taken off where they belong; one query."""
    moved = Q(debit__in=TILLS) ^ Q(credit__in=TILLS)
    rows = Entry.objects.filter(moved, group=group, on__range=(first, last)).order_by()
    told = rows.annotate(is_back=Q(reverses__isnull=False)).values_list("debit", "credit", "kind", "is_back")
    flows: Counter[str] = Counter()
    for debit, credit, kind, is_back, amount in told.annotate(sum=Sum(F("amount"))):
        is_in, other = debit in TILLS, credit if debit in TILLS else debit
        if kind == Voucher.Kind.OPENING:
            flows["start"] += amount if is_in else -amount
            continue
        # A correction takes off what came in or went out; parts of a receipt are always money that came in.
        counts_as_in = kind in RECEIPT_KINDS or is_in != is_back
        line = _line_in(other, kind) if counts_as_in else _line_out(other)
        flows[line] += amount if counts_as_in == is_in else -amount
    return flows


def _line_in(other: str, kind: str) -> str:
    return "a3" if kind == "contribution" else PAID_IN.get(other, "a6")


def _line_out(other: str) -> str:
    return "b5" if other in CHART and CHART[other].side == Side.EXPENSE else PAID_OUT.get(other, "b6")


def _this_and_last(span: Span) -> tuple[tuple[date, date], tuple[date, date]]:
    return (span.first, span.last), (_year_before(span.first), _year_before(span.last))


def _year_before(day: date) -> date:
    """The same day a year before; the last of a month stays the last."""
    ends_month = (day + timedelta(days=1)).day == 1
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=last if ends_month else min(day.day, last))


BOOKS = (
    Book("neraca", "Neraca", "Harta, kewajiban dan modal pada akhir periode", (MONTH, QUARTER, YEAR), balance_pages),
    Book("hasil-usaha", "Hasil Usaha", "Pendapatan, biaya dan SHU", (YEAR, QUARTER, MONTH), result_pages),
    Book("arus-kas", "Arus Kas", "Dari mana uang datang dan ke mana pergi", (YEAR, QUARTER, MONTH), cash_flow_pages),
)
