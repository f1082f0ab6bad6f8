"""The papers of a year's surplus (SHU): the table of posts, the payout lists of members and of PAUD teachers.

A draft is printed as the books stand today and says so; what the members' meeting approved as it was approved.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from loans.models import SurplusAllotment, SurplusDistribution
from loans.models.surplus import INCENTIVE
from loans.surplus import PostKind
from loans.surplus_plans import Figures, Payee, Plan, payees_of, shown_plan
from loans.views.receipts import METERAI_ABOVE
from reports.books.page import Book, Page
from reports.books.spans import Span
from reports.books.wording import signing_day, words_of
from reports.cells import Value, Words
from reports.periods import YEAR
from reports.sheet import Block, Row
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Group

COLUMN = {PostKind.BY_FEE.value: "shu_jasa", PostKind.BY_SAVINGS.value: "shu_modal", PostKind.EQUAL.value: "shu_rata"}
BASIS = {PostKind.BY_FEE.value: "jasa", PostKind.BY_SAVINGS.value: "simpanan"}
INDENT = "\N{EM SPACE}" * 8
DRAFT = "RANCANGAN: belum disahkan rapat anggota."


def post_pages(group: Group, span: Span) -> list[Page]:
    """The posts with percent and rupiah; they sum to the surplus that was shared."""
    _, plan, words, notes = _year(group, span)
    rows: list[Row] = [
        {
            "pos": part.allotment.name,
            "persen": part.allotment.percent / 100 if part.allotment.percent is not None else None,
            "jumlah": part.allotment.amount,
            "ket": _remark(part.allotment),
        }
        for part in plan.parts
    ]
    percent = sum((part.allotment.percent or Decimal(0) for part in plan.parts), Decimal(0)) / 100
    return [Page("ba-shu-pos", words, [Block(rows)], notes=notes, totals={"persen": percent})]


def member_pages(group: Group, span: Span) -> list[Page]:
    """A line a member: what counted, her parts, and a place to sign. Incentives for paying on time are no part of the
    form: a note tells them."""
    payees, plan, words, notes = _year(group, span)
    lists = [row for one in payees if one.section == "members" and (row := _member_row(one))]
    rows: list[Row] = [{**row, "ttd": _place_to_sign(at)} for at, row in enumerate(lists, 1)]
    if incentives := [part for part in plan.parts if part.allotment.kind == INCENTIVE]:
        amount, count = sum(part.allotment.amount for part in incentives), sum(len(part.lines) for part in incentives)
        notes = [*notes, f"Belum termasuk insentif tepat waktu (IPTW) {format_rupiah(amount)} untuk {count} anggota."]
    return [Page("shu-anggota", words, [Block(rows)], notes=[*notes, *_stamped(payees, "members")])]


def teacher_pages(group: Group, span: Span) -> list[Page]:
    """A line a PAUD teacher with her institution, and a place to sign."""
    payees, _, words, notes = _year(group, span)
    teachers = [one for one in payees if one.section == "teachers"]
    rows: list[Row] = [
        {
            "lembaga": one.about,
            "nama": one.name,
            "alamat": one.address or "-",
            "jumlah": one.amount,
            "ttd": _place_to_sign(at),
        }
        for at, one in enumerate(teachers, 1)
    ]
    return [Page("shu-paud", words, [Block(rows)], notes=[*notes, *_stamped(payees, "teachers")])]


def _remark(allotment: SurplusAllotment) -> str:
    """The form prints one decimal of a percent: where there are two, all of it stands here."""
    percent = allotment.percent
    has_more = percent is not None and percent * 10 % 1
    return "; ".join(filter(None, [f"tepatnya {allotment.percent_words}" if has_more else "", allotment.note]))


def _year(group: Group, span: Span) -> tuple[list[Payee], Plan, Words, list[str]]:
    """The payees and plan of the year, the words, and what the paper must say of its standing."""
    rows = SurplusDistribution.objects.filter(group=group, year=span.last.year)
    related = ("group__village__district__regency", "village")
    one = rows.exclude(status=SurplusDistribution.Status.CANCELLED).select_related(*related).first()
    if one is None:
        return [], Plan(Figures(0, 0, 0, 0)), words_of(group, span, signing_day(span)), []
    plan = shown_plan(one)
    words = words_of(group, span, one.met_on or signing_day(span))
    if one.is_draft:
        return payees_of(one, plan), plan, words, [" ".join(filter(None, [DRAFT, plan.problem]))]
    return payees_of(one, plan), plan, words, [f"Berita acara {one.minutes_number}, {format_day(one.met_on)}."]


def _member_row(payee: Payee) -> Row:
    """Empty for one who gets an incentive alone. The parts that she has none of are 0, so that Excel adds them."""
    lines = [line for line in payee.lines if line.allotment.kind in COLUMN]
    if not lines:
        return {}
    row: dict[str, Value] = {"nama": payee.name, "poklak": payee.about or "-", "simpanan": None, "jasa": None}
    parts: Counter[str] = Counter(dict.fromkeys(COLUMN.values(), 0))
    for line in lines:
        parts[COLUMN[line.allotment.kind]] += line.amount
        if basis := BASIS.get(line.allotment.kind):
            row[basis] = line.basis
    return row | parts | {"jumlah": sum(parts.values())}


def _place_to_sign(number: int) -> str:
    """Odd numbers left, even ones further in, so that signatures do not run into each other."""
    return f"{'' if number % 2 else INDENT}{number}."


def _stamped(payees: Iterable[Payee], section: str) -> list[str]:
    names = [one.name for one in payees if one.section == section and one.amount > METERAI_ABOVE]
    if not names:
        return []
    return [f"Menandatangani juga kuitansi bermeterai (lebih dari {format_rupiah(METERAI_ABOVE)}): {', '.join(names)}."]


BOOKS = (
    Book("ba-shu-pos", "Pembagian SHU", "Tabel pos, lampiran berita acara rapat anggota", (YEAR,), post_pages),
    Book("shu-anggota", "Daftar SHU anggota", "Siapa menerima berapa, dengan tanda tangan", (YEAR,), member_pages),
    Book("shu-paud", "Daftar insentif guru PAUD", "Siapa menerima berapa, dengan tanda tangan", (YEAR,), teacher_pages),
)
