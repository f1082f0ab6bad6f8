"""Rapor kelompok: what a group's quarter was, in sums without persons, and what the next level asks of it.

No public source gives numbers for the four levels: the table below is a proposal that the kabupaten's TP PKK has to
confirm, and the paper says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from enterprises.models import Enterprise, Permit
from loans.chart import BANK, CASH, CHART, DEBT, FIELD_CASH, GRANTS, SAVINGS, Side
from loans.ledger_services import balances
from loans.models import Entry, Loan, ReceiptPart
from loans.year_close import EXPENSES, INCOME, december, year_result
from reports.figures import percent
from reports.models import VillageReport
from reports.periods import QUARTER, Period, ended_before
from reports.standings import standings_of
from up2k_portal.lib.money import format_number, format_rupiah
from villages.checklist import Ledger, checklist
from villages.models import Group, LegalStatus, Member
from villages.models.groups import Level


@dataclass(frozen=True)
class Asks:
    """What a level asks: members, years of age, capital and repayment in percent of what was given and due."""

    members: int
    years: int
    capital: int
    repaid: int
    reports: bool = False
    legal: bool = False


REPORTS = 4  # quarters back that must have come in on time
NEXT = {
    Level.PEMULA: (Level.MADYA, Asks(10, 1, 110, 80)),
    Level.MADYA: (Level.UTAMA, Asks(15, 2, 150, 90, reports=True)),
    Level.UTAMA: (Level.MANDIRI, Asks(20, 3, 200, 95, reports=True, legal=True)),
}


@dataclass(frozen=True)
class Criterion:
    """One thing that the next level asks, in words; `is_met` is None where the portal does not know."""

    words: str
    is_met: bool | None


@dataclass(frozen=True)
class Card:
    """The figures of a group and a quarter; whole rupiah, sums alone.

    `lent` and `repaid` are of the quarter, balances those at the end of `as_of`. `surplus` is last year's, None where
    nothing was recorded in it.
    """

    as_of: date
    level: Level | None
    members: int
    enterprises: int
    lent_count: int
    lent: int
    repaid_principal: int
    repaid_fee: int
    running_count: int
    balance: int
    late_count: int
    late: int
    principal_due: int
    principal_due_paid: int
    savings: int
    cash: int
    bank: int
    given: int
    capital: int
    surplus: int | None
    books_filled: int
    books: int
    empty_books: tuple[str, ...]
    years: int | None
    has_decree: bool
    is_legal: bool
    has_partner: bool
    reports_on_time: int = 0  # of the village's last reports
    reports_owed: int = 0  # 0: the village never reported through the portal

    @property
    def late_share(self) -> str:
        """How many of the running loans are late, as a percentage of them."""
        return percent(self.late_count, self.running_count)

    @property
    def repaid_rate(self) -> str:
        return percent(self.principal_due_paid, self.principal_due)

    @property
    def next_level(self) -> Level | None:
        found = NEXT.get(self.level or Level.PEMULA)
        return found and found[0]


def card_of(group: Group, period: Period, as_of: date, ledgers: Sequence[Ledger]) -> Card:
    """The card of a quarter, as of a day in it or its last; the same queries for any size of group."""
    loans = Loan.objects.filter(group=group)
    sums = loans.sums(as_of)
    lent = loans.filter(disbursed_on__range=(period.first, as_of)).aggregate(n=Count("pk"), sum=Sum("principal"))
    repaid = _repaid(group, period.first, as_of)
    held = balances(group, as_of)
    kept = checklist(group, ledgers, as_of)
    assessed = group.assessments.filter(assessed_on__lte=as_of).order_by("-assessed_on", "-pk").first()
    return Card(
        as_of=as_of,
        level=assessed and Level(assessed.level),
        members=Member.objects.filter(group=group).active_on(as_of).count(),
        enterprises=Enterprise.objects.running_on(as_of).filter(group=group).count(),
        lent_count=lent["n"],
        lent=lent["sum"] or 0,
        repaid_principal=repaid.get("principal", 0),
        repaid_fee=repaid.get("service_fee", 0),
        running_count=sums["running_count"],
        balance=sums["balance"],
        late_count=sums["late_count"],
        late=sums["late"],
        principal_due=sums["principal_due"],
        principal_due_paid=sums["principal_due_paid"],
        savings=sum(held[account] for account in SAVINGS.values()),
        cash=held[CASH] + held[FIELD_CASH],
        bank=held[BANK],
        given=held[GRANTS] + held[DEBT],
        capital=_capital(held),
        surplus=_surplus(group, as_of.year - 1),
        books_filled=sum(one.is_filled for one in kept),
        books=len(kept),
        empty_books=tuple(one.ledger.title for one in kept if not one.is_filled),
        years=_years(group.founded_on, as_of),
        has_decree=bool(group.decree_number),
        is_legal=_is_legal(group, as_of),
        has_partner=_has_partner(group, as_of),
        **_reports(group, period),
    )


def _reports(group: Group, period: Period) -> dict[str, int]:
    """How many of the village's last reports up to the quarter's came in, each by its day."""
    if not VillageReport.objects.filter(village=group.village_id).exists():
        return {}
    quarters = [ended_before(QUARTER, period.last + timedelta(days=1), back) for back in range(1, REPORTS + 1)]
    found = standings_of(group.village.code, quarters)
    rows = [row for one in quarters for row in found[one.code]]
    return {"reports_on_time": sum(row.is_in and not row.is_late for row in rows), "reports_owed": len(rows)}


def criteria(card: Card) -> list[Criterion]:
    """What the next level asks, met or not, in words; nothing above the highest level."""
    found = NEXT.get(card.level or Level.PEMULA)
    if not found:
        return []
    asks = found[1]
    rows = [
        _members(card, asks),
        _age(card, asks),
        _growth(card, asks),
        _repayment(card, asks),
        Criterion("SK kelompok ada" if card.has_decree else "SK kelompok belum tercatat", card.has_decree),
        _books(card),
    ]
    if asks.reports:
        rows.append(_timely(card))
    if asks.legal:
        words = "NIB atau badan hukum koperasi"
        rows.append(Criterion(f"{words} ada" if card.is_legal else f"{words} belum ada", card.is_legal))
        words = "Rekening bank atau mitra modal"
        rows.append(Criterion(f"{words} ada" if card.has_partner else f"{words} belum ada", card.has_partner))
    return rows


def _timely(card: Card) -> Criterion:
    if not card.reports_owed:
        return Criterion("Laporan triwulan tepat waktu: desa belum pernah melapor lewat portal", None)
    words = f"Laporan triwulan tepat waktu {card.reports_on_time} dari {card.reports_owed} yang terakhir"
    return Criterion(words, card.reports_on_time == card.reports_owed)


def _members(card: Card, asks: Asks) -> Criterion:
    lacking = asks.members - card.members
    words = f"Anggota {card.members}, syaratnya {asks.members}"
    return Criterion(f"{words}: kurang {lacking}" if lacking > 0 else words, lacking <= 0)


def _age(card: Card, asks: Asks) -> Criterion:
    if card.years is None:
        return Criterion(f"Umur kelompok {asks.years} tahun: tanggal berdirinya belum tercatat", None)
    return Criterion(f"Umur kelompok {card.years} tahun, syaratnya {asks.years}", card.years >= asks.years)


def _growth(card: Card, asks: Asks) -> Criterion:
    if card.given <= 0:
        return Criterion(f"Modal tumbuh menjadi {asks.capital}%: modal awalnya belum tercatat", None)
    grown = f"{format_rupiah(card.capital)} dari modal awal {format_rupiah(card.given)}"
    words = f"Modal sekarang {grown} ({percent(max(card.capital, 0), card.given)}), syaratnya {asks.capital}%"
    return Criterion(words, 100 * card.capital >= asks.capital * card.given)


def _repayment(card: Card, asks: Asks) -> Criterion:
    if not card.principal_due:
        return Criterion(f"Pinjaman kembali {asks.repaid}%: belum ada angsuran yang jatuh tempo", None)
    words = f"Pinjaman kembali {card.repaid_rate} dari yang sudah jatuh tempo, syaratnya {asks.repaid}%"
    return Criterion(words, 100 * card.principal_due_paid >= asks.repaid * card.principal_due)


def _books(card: Card) -> Criterion:
    words = f"Buku terisi {card.books_filled} dari {card.books}"
    if card.empty_books:
        words += f"; masih kosong: {', '.join(title[0].lower() + title[1:] for title in card.empty_books)}"
    return Criterion(words, not card.empty_books)


def sentences(card: Card) -> list[tuple[str, str]]:
    """(what, how much) for the notice board, in plain words."""
    late = f"{card.late_count} dari {card.running_count} pinjaman ({card.late_share}), {format_rupiah(card.late)}"
    surplus = "belum ada catatan" if card.surplus is None else format_rupiah(card.surplus)
    return [
        ("Anggota", f"{format_number(card.members)} orang"),
        ("Usaha yang berjalan", format_number(card.enterprises)),
        ("Dipinjamkan triwulan ini", f"{card.lent_count} pinjaman, {format_rupiah(card.lent)}"),
        (
            "Dibayar kembali triwulan ini",
            f"{format_rupiah(card.repaid_principal)}, ditambah jasa {format_rupiah(card.repaid_fee)}",
        ),
        ("Masih dipinjam", f"{card.running_count} pinjaman, {format_rupiah(card.balance)}"),
        ("Terlambat dibayar", late if card.running_count else "tidak ada pinjaman berjalan"),
        ("Simpanan anggota", format_rupiah(card.savings)),
        ("Uang di kas dan bank", f"{format_rupiah(card.cash)} di kas, {format_rupiah(card.bank)} di bank"),
        (f"Hasil usaha (SHU) tahun {card.as_of.year - 1}", surplus),
        ("Buku yang terisi", f"{card.books_filled} dari {card.books}"),
    ]


def _repaid(group: Group, first: date, last: date) -> dict[str, int]:
    """Rupiah by kind that came in for loans from the first day to the last."""
    parts = ReceiptPart.objects.filter(loan__group=group, received_on__range=(first, last)).order_by()
    return dict(parts.values_list("kind").annotate(sum=Sum("amount")))


def _capital(held: dict[str, int]) -> int:
    """What the group works with: equity with this year's result, and what it owes to those who gave it capital."""
    sides = {Side.EQUITY: 1, Side.INCOME: 1, Side.EXPENSE: -1}
    return held[DEBT] + sum(sides.get(CHART[code].side, 0) * amount for code, amount in held.items())


def _surplus(group: Group, year: int) -> int | None:
    if not Entry.objects.filter(group=group, period__range=(year * 100 + 1, december(year))).exists():
        return None
    result = year_result(group, year)
    return sum(result[code] for code in INCOME) - sum(result[code] for code in EXPENSES)


def _years(founded_on: date | None, as_of: date) -> int | None:
    if founded_on is None:
        return None
    return as_of.year - founded_on.year - ((as_of.month, as_of.day) < (founded_on.month, founded_on.day))


def _is_legal(group: Group, as_of: date) -> bool:
    status = group.legal_status_on(as_of)
    if status is not None and status.status == LegalStatus.Status.COOPERATIVE:
        return True
    running = Enterprise.objects.running_on(as_of).filter(group=group)
    return Permit.objects.filter(enterprise__in=running, kind=Permit.Kind.NIB).exists()


def _has_partner(group: Group, as_of: date) -> bool:
    """Money in a bank, or capital from somebody outside the village."""
    rows = Entry.objects.filter(group=group, on__lte=as_of)
    outside = group.vouchers.filter(on__lte=as_of, kind="capital", reverses=None, reversal=None)
    return rows.filter(debit=BANK).exists() or outside.exclude(source__in=("", "SWADAYA", "APBDES")).exists()
