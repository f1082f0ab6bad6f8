"""A group of 1985 that came to the portal with its old book: its figures on the day before the last two months."""

from datetime import date, timedelta

from loans.models import LoanProduct, Opening, OpeningLine
from loans.models.vouchers import Nature, Source
from loans.opening import totals
from loans.opening_services import open_books, save_amounts, save_line, start_opening
from seeds.demo.office import Office
from seeds.demo.plan import GroupPlan
from villages.models import Member

VILLAGE = "63.08.04.2030"  # the desa Murung Sari
FOUNDED_ON, DECREE_ON = date(1985, 8, 12), date(1985, 9, 2)
Kind = OpeningLine.Kind
FIGURES = {Kind.CASH: 1_850_000, Kind.BANK: 4_200_000, Kind.GOODS: 1_250_000, Kind.SOCIAL_FUND: 375_000}
CAPITAL = ((Source.SWADAYA, 600_000, "Buku Induk hal. 3"), (Source.APBDES, 3_000_000, "Buku Induk hal. 9"))
SAVED = {Kind.INITIAL: 10_000, Kind.MANDATORY: 180_000}
# Principal, what is left of it, and the months since it was paid out.
RUNNING = ((1_000_000, 600_000, 4), (1_500_000, 1_200_000, 2), (500_000, 50_000, 9))
KNOWN_FOR = timedelta(days=330)  # who borrowed was a member by then


def make_old(plan: GroupPlan) -> None:
    """The group as it was founded; what it lent before stands in its old book alone."""
    group = plan.group
    group.founded_on, group.decree_on = FOUNDED_ON, DECREE_ON
    group.decree_number = "188.45/07/KUM/1985"
    plan.loans = []


def open_an_old_book(office: Office) -> None:
    """Every figure typed in, the reserve as what is left, and the books opened; then the first instalments come in."""
    group, on = office.group, office.day(2, 31)
    draft = start_opening(group=group, on=on, by=office.operator)
    members = list(group.members.filter(joined_on__lt=on - KNOWN_FOR, left_on=None).order_by("pk")[:8])
    amounts = {(kind, None): amount for kind, amount in FIGURES.items()}
    amounts |= {(kind, member.pk): amount for member in members for kind, amount in SAVED.items()}
    save_amounts(opening=draft, amounts=amounts, by=office.operator)
    product = group.loan_products.earliest("pk")
    for line in (*_capital(draft), *_running(draft, product, members, office)):
        save_line(line=line, by=office.operator)
    rest = totals([line.figure for line in draft.lines.all()]).difference
    save_amounts(opening=draft, amounts={(Kind.RESERVE, None): rest}, by=office.operator)
    open_books(group=group, by=office.operator)
    for loan in group.loans.order_by("pk"):
        due = loan.instalments.in_force().order_by("number").last()
        office.take(loan, due.total)


def _capital(draft: Opening) -> list[OpeningLine]:
    return [
        OpeningLine(opening=draft, kind=Kind.CAPITAL, amount=amount, source=source, nature=Nature.GRANT, note=page)
        for source, amount, page in CAPITAL
    ]


def _running(draft: Opening, product: LoanProduct, members: list[Member], office: Office) -> list[OpeningLine]:
    return [
        OpeningLine(
            opening=draft,
            kind=Kind.LOAN,
            member=member,
            product=product,
            principal=principal,
            amount=left,
            disbursed_on=office.day(months + 2, 15),
            purpose="modal usaha",
            note=f"Buku Pinjaman hal. {page}",
            uuid=office.key(f"buku lama {page}"),
        )
        for page, (member, (principal, left, months)) in enumerate(zip(members, RUNNING, strict=False), 21)
    ]
