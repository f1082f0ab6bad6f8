"""What the group lent: LPP (target against realisation), Kolektibilitas, Tunggakan, and the sheet for a meeting."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Sum

from loans import quality, savings
from loans.aging import Scheme, days_late
from loans.follow_services import with_last_follow_up
from loans.models import Entry, FollowUp, Instalment, Loan
from loans.quality_services import scheme_on
from reports.books.page import Book, Page
from reports.books.spans import DAY, Span
from reports.books.wording import signing_day, words_of
from reports.periods import MONTH, QUARTER, YEAR
from reports.sheet import Block, Row
from up2k_portal.lib.dates import format_day, format_day_short
from up2k_portal.lib.money import format_rupiah
from villages.models import Group


def progress_pages(group: Group, span: Span) -> list[Page]:
    """LPP: each loan paid out until the end of the span and still open when it began, or touched in it; three queries.

    SALDO and TUNGGAKAN are those of the ledger, of Kolektibilitas and of Tunggakan. They are no differences of the
    columns before them: a loan written off owes nothing, and what falls due on the day itself is a target, but not
    late.
    """
    end = min(span.last, signing_day(span))
    before = {loan.pk: loan for loan in _lent(group, span.first - timedelta(days=1))}
    promised = dict(
        Instalment.objects.filter(loan__group=group).in_force(end).values_list("loan").annotate(sum=Sum("service_fee"))
    )
    loans = [loan for loan in _lent(group, end) if not _was_closed(before.get(loan.pk), loan)]
    rows = [_progress_row(loan, before.get(loan.pk), promised.get(loan.pk, 0)) for loan in loans]
    share = _share(_total(rows, "sd_p"), _total(rows, "target_p"))
    words = words_of(group, span, signing_day(span))
    return [Page("lpp", words, [Block(rows)], notes=list(_progress_notes(loans, rows)), totals={"persen": share})]


CLOSED = ("paid_off", "written_off")


def _was_closed(earlier: Loan | None, loan: Loan) -> bool:
    """Whether a loan had come to its end before the span and was left alone in it."""
    if earlier is None or earlier.standing not in CLOSED or loan.standing != earlier.standing:
        return False
    paid = ("principal_paid", "service_fee_paid")
    return all(getattr(loan, name) == getattr(earlier, name) for name in paid)


def _progress_row(loan: Loan, earlier: Loan | None, promised: int) -> Row:
    paid_before = (earlier.principal_paid, earlier.service_fee_paid) if earlier else (0, 0)
    return {
        "peminjam": _borrower(loan),
        "cair": loan.disbursed_on,
        "jasa_persen": f"{loan.rate.normalize():f}".replace(".", ","),
        "alokasi": loan.principal,
        "target_p": loan.principal_due,
        "target_j": loan.service_fee_due,
        "lalu_p": paid_before[0],
        "lalu_j": paid_before[1],
        "ini_p": loan.principal_paid - paid_before[0],
        "ini_j": loan.service_fee_paid - paid_before[1],
        "sd_p": loan.principal_paid,
        "sd_j": loan.service_fee_paid,
        "saldo_p": loan.balance,
        "saldo_j": 0 if loan.standing == "written_off" else max(promised - loan.service_fee_paid, 0),
        "persen": _share(loan.principal_paid, loan.principal_due),
        "tung_p": loan.principal_late,
        "tung_j": loan.service_fee_late,
    }


def _progress_notes(loans: list[Loan], rows: list[Row]) -> Iterator[str]:
    """Why SALDO is not ALOKASI less REALISASI, or TUNGGAKAN not TARGET less REALISASI, where they are not."""
    for loan in loans:
        if loan.standing == "written_off":
            lost = f"{format_rupiah(loan.written_off)} pada {format_day(loan.written_off_on)}"
            yield f"{loan} dihapus buku {lost}: saldo dan tunggakannya nol."
    if any(_is_due_today(row, part) for row in rows for part in "pj"):
        yield "Angsuran yang jatuh tempo tepat pada tanggal laporan masuk TARGET, tetapi belum menunggak."


def _is_due_today(row: Row, part: str) -> bool:
    target, paid, late = (row[f"{name}_{part}"] for name in ("target", "sd", "tung"))
    return late != max(target - paid, 0)


def quality_pages(group: Group, span: Span) -> list[Page]:
    """Kolektibilitas: each loan with a balance under its class of the scheme in use, and the allowance that the classes
    ask for by the percents in force that day. Classes that the scheme lacks stay blank.
    """
    end = min(span.last, signing_day(span))
    scheme = scheme_on(end)
    loans = [loan for loan in _lent(group, end) if loan.balance > 0]
    rows = [_quality_row(loan, end, scheme) for loan in loans]
    classes = Counter[int]()
    for loan in loans:
        classes[loan.collectability] += loan.balance
    percents = {LETTERS[level]: (level, scheme.percents.get(level, Decimal(0))) for level in scheme.names}
    rates = {letter: percent / 100 for letter, (_, percent) in percents.items()}
    allowance = {letter: quality.allowance(classes[level], percent) for letter, (level, percent) in percents.items()}
    totals = {"persen": _share(_total(rows, "saldo"), _total(rows, "alokasi"))}
    words = words_of(group, span, signing_day(span))
    return [Page("kolektibilitas", words, [Block(rows)], totals=totals, below=[rates, allowance])]


LETTERS = dict(enumerate("JKLMN", 1))  # the columns of the five classes


def _quality_row(loan: Loan, day: date, scheme: Scheme) -> Row:
    levels = {f"kol{level}": loan.balance if level == loan.collectability else 0 for level in scheme.names}
    return {
        "peminjam": _borrower(loan),
        "cair": loan.disbursed_on,
        "alokasi": loan.principal,
        "saldo": loan.balance,
        "persen": _share(loan.balance, loan.principal),
        "tung_p": loan.principal_late,
        "tung_j": loan.service_fee_late,
        "hari": days_late(loan.oldest_unpaid_on, day),
        **levels,
    }


def arrears_pages(group: Group, span: Span) -> list[Page]:
    """Tunggakan: each loan with something late, the oldest first, and the latest that was done about it; one query."""
    end = min(span.last, signing_day(span))
    late = Loan.objects.filter(group=group).disbursed(end).with_arrears(end).filter(late__gt=0)
    loans = with_last_follow_up(late.with_unpaid_count(end), end).select_related("member", "poklak")
    rows = [_arrears_row(loan, end) for loan in loans.order_by("oldest_unpaid_on", "pk")]
    return [Page("tunggakan", words_of(group, span, signing_day(span)), [Block(rows)])]


def _arrears_row(loan: Loan, day: date) -> Row:
    told: Any = loan
    ways = dict(FollowUp.Way.choices)
    done = f"{ways[told.followed_way]} {format_day_short(told.followed_on)}" if told.followed_on else "-"
    due = f", janji {format_day_short(told.promised_on)}" if told.promised_on else ""
    return {
        "peminjam": _borrower(loan),
        "hp": (loan.member and loan.member.phone) or "-",
        "cair": loan.disbursed_on,
        "alokasi": loan.principal,
        "saldo": loan.balance,
        "tung_p": told.principal_late,
        "tung_j": told.service_fee_late,
        "sejak": told.oldest_unpaid_on,
        "hari": days_late(told.oldest_unpaid_on, day),
        "kali": told.unpaid_count,
        "tindak": done + due,
        "janji": told.promised,
    }


def due_pages(group: Group, span: Span) -> list[Page]:
    """The sheet that the treasurer carries to a meeting on the day: what each member owes, and room to write."""
    day = span.last
    due = _due_later_this_month(group, day)
    members = savings.with_savings(group.members.active_on(day).select_related("poklak"), day).order_by("name", "pk")
    contributions = _contributions_due(group, members, day)
    loans: dict[tuple[int | None, int | None], list[Loan]] = {}
    for loan in _lent(group, day):
        if loan.standing not in ("paid_off", "written_off"):
            loans.setdefault((loan.member_id, loan.poklak_id), []).append(loan)
    rows: list[Row] = []
    for member in members:
        saved: Row = {"tag_iuran": contributions[member.pk], "tag_simpanan": member.mandatory_late}
        for loan in loans.pop((member.pk, None), None) or [None]:
            rows.append(_due_row(str(member), member.poklak, loan, due, saved))
            saved = {}  # in her first line alone
    rows += [_due_row(_borrower(loan), loan.poklak, loan, due, {}) for rest in loans.values() for loan in rest]
    return [Page("tagihan", words_of(group, span, day), [Block(rows)])]


def _contributions_due(group: Group, members, day: date) -> dict[int, int]:
    """Rupiah of iuran that each should still pay in by the day, this month's included; two queries."""
    terms = list(group.saving_terms.filter(kind="contribution"))
    paid = Entry.objects.filter(group=group, kind="contribution", on__lte=day).order_by().values_list("member")
    sums: Counter[int] = Counter()
    for is_back, sign in ((False, 1), (True, -1)):
        for member, amount in paid.filter(reverses__isnull=not is_back).annotate(sum=Sum("amount")):
            sums[member] += sign * amount
    due = {member.pk: savings.mandatory_due(terms, member.joined_on, day) for member in members}
    return {key: max(amount - sums[key], 0) for key, amount in due.items()}


def _due_row(name: str, poklak, loan: Loan | None, due: dict[int, tuple[str, int, int]], saved: Row) -> Row:
    amounts: dict = dict(saved)
    about: dict = {"nama": name, "poklak": str(poklak or "-")}
    if loan is not None:
        number, principal, fee = due.get(loan.pk, ("", 0, 0))
        about |= {"no_pinjaman": loan.number, "ke": number}
        amounts |= {
            "tung_pokok": loan.principal_late,
            "tung_jasa": loan.service_fee_late,
            "tag_pokok": max(principal - max(loan.principal_paid - loan.principal_due, 0), 0),
            "tag_jasa": max(fee - max(loan.service_fee_paid - loan.service_fee_due, 0), 0),
        }
    return about | amounts | {"jumlah": sum(amounts.values())}


def _due_later_this_month(group: Group, day: date) -> dict[int, tuple[str, int, int]]:
    """Of each loan what falls due from the day to the end of its month: "3/10" of the rows in force, principal, fee."""
    loans = Instalment.objects.filter(loan__group=group).in_force(day).order_by()
    last = dict(loans.values("loan").annotate(last=Max("number")).values_list("loan", "last"))
    rows = Instalment.objects.filter(loan__group=group, due_on__gte=day, due_on__year=day.year, due_on__month=day.month)
    found: dict[int, tuple[str, int, int]] = {}
    for row in rows.in_force(day).order_by("loan", "number"):
        _, principal, fee = found.get(row.loan_id, ("", 0, 0))
        words = f"{row.number}/{last[row.loan_id]}"
        found[row.loan_id] = (words, principal + row.principal, fee + row.service_fee)
    return found


def _lent(group: Group, day: date) -> list[Loan]:
    """Loans paid out by the day, as they stood at its end, oldest first; one query."""
    loans = Loan.objects.filter(group=group).disbursed(day).with_standing(day).select_related("member", "poklak")
    return list(loans.order_by(F("poklak__name").asc(nulls_first=True), "member__name", "disbursed_on", "pk"))


def _borrower(loan: Loan) -> str:
    return f"{loan.borrower} – {loan.number}"


def _total(rows: list[Row], key: str) -> int:
    return sum(value for row in rows if isinstance(value := row[key], int))


def _share(part: int, whole: int) -> str:
    """83,3%: of tenths of a percent, half up; "-" of nothing."""
    if not whole:
        return "-"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


BOOKS = (
    Book(
        "tagihan", "Daftar Tagihan", "Dibawa ke pertemuan: siapa membayar berapa, dengan kolom paraf", (DAY,), due_pages
    ),
    Book(
        "lpp",
        "LPP",
        "Perkembangan tiap pinjaman: target, realisasi, saldo, tunggakan",
        (MONTH, QUARTER, YEAR),
        progress_pages,
    ),
    Book(
        "kolektibilitas",
        "Kolektibilitas",
        "Pinjaman menurut lancar sampai macet, dengan cadangannya",
        (MONTH, QUARTER, YEAR),
        quality_pages,
    ),
    Book(
        "tunggakan",
        "Tunggakan",
        "Siapa menunggak berapa, sejak kapan, dan apa yang sudah dilakukan",
        (MONTH, QUARTER, YEAR),
        arrears_pages,
    ),
)
