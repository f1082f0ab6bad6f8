"""Telling cases after three ordinary years, done by the services that people use, in the two months still open.

A loan with fines, one with a fine let go, a receipt split anew, a poklak whose members cover for each other, a changed
schedule, a surplus shared and paid in part, a write-off with a recovery. Receipts are all of the last day: their
numbers go on from those in bulk.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from accounts import history
from accounts.models import User
from loans import life_services, services
from loans.chart import CASH, GRANTS
from loans.ledger_services import record_voucher
from loans.life import Life
from loans.models import Loan, LoanProduct, Voucher
from loans.models.loans import Method, PenaltyKind
from loans.models.vouchers import Form, Nature, Source
from seeds.demo import as_syifa, old_book
from seeds.demo.office import Office
from seeds.demo.scene import Scene
from seeds.demo.surplus import share_surplus
from villages.models import Group, Village

FINED, EXCUSED, MISTAKEN = "Risnawati", "Nahdiah", "Masniah"  # in As Syifa, each without another loan
POKLAK, ITS_LOAN = "Telur Barakat", 4_500_000
ALIKE = 3  # of its members borrow alike; the first pays for the second
FLOOD = "Kandang dan dapur terendam banjir, disepakati di pertemuan"
GONE = "Peminjam pindah tanpa kabar, disepakati rapat anggota"
TYPED_WRONG = "Setoran anggota lain, tertukar saat mencatat"
LOST_AFTER = timedelta(days=300)  # since the oldest unpaid instalment
RECOVERED = 50_000


def add_life(villages: list[Village], scene: Scene, users: dict[str, User]) -> None:
    """Plays every case in its village, and writes the most hopeless loan of all off."""
    for village in villages:
        group = Group.objects.select_related("village").filter(village=village).order_by("pk").first()
        for case in CASES.get(village.code, ()) if group else ():
            case(_office(group, scene, users))
    write_off(villages, scene, users)


def _office(group: Group, scene: Scene, users: dict[str, User]) -> Office:
    return Office(group, scene, users[group.village.code], users[group.village.code[:8]])


def bring_capital(office: Office) -> None:
    """Money for what follows."""
    record_voucher(
        group=office.group,
        kind=Voucher.Kind.CAPITAL,
        on=office.day(1, 1),
        amount=7_500_000,
        debit=CASH,
        credit=GRANTS,
        description="Bantuan modal usaha",
        party="Perusahaan di Amuntai",
        source=Source.CSR,
        nature=Nature.GRANT,
        form=Form.MONEY,
        uuid=office.key("modal"),
        by=office.operator,
    )


def fine_the_late(office: Office) -> None:
    """Weekly loans whose product fines: one pays her fines, the other's are let go."""
    product = history.save(_fining_product(office.group), by=office.operator)
    fined = office.lend(product, office.member(FINED), 600_000, "beli pakan ayam")
    office.take(fined, 300_000)
    excused = office.lend(product, office.member(EXCUSED), 600_000, "beli tepung dan minyak")
    life_services.waive_penalty(loan=excused, on=office.day(0, 20), reason=FLOOD, by=office.district)
    office.take(excused, 200_000)


def _fining_product(group: Group) -> LoanProduct:
    return LoanProduct(
        village=group.village,
        group=group,
        name="Pinjaman mingguan berdenda",
        method=Method.FLAT,
        rate=Decimal("0.5"),
        every="week",
        instalment_count=12,
        step=1_000,
        penalty_kind=PenaltyKind.FIXED,
        penalty_amount=2_000,
        penalty_free_days=3,
        penalty_cap=20_000,
    )


def mend_a_mistake(office: Office) -> None:
    """A receipt that was not hers is taken back; the one after it is split anew."""
    loan = office.lend(_monthly(office.group), office.member(MISTAKEN), 1_000_000, "beli purun dan pewarna")
    wrong = office.take(loan, 50_000, "tertukar")
    office.take(loan, 60_000)
    services.reverse_payment(
        receipt=wrong,
        reason=TYPED_WRONG,
        reversed_on=office.scene.until,
        uuid=office.key("koreksi"),
        by=office.operator,
    )


def cover_for_each_other(office: Office) -> None:
    """A poklak borrows for three of its members; one pays another's part besides her own."""
    poklak = office.group.poklaks.get(name=POKLAK)
    members = list(poklak.members.order_by("pk")[:ALIKE])
    shares = dict.fromkeys(members, ITS_LOAN // ALIKE)
    loan = office.lend(_monthly(office.group), poklak, ITS_LOAN, "beli bibit ayam petelur", shares)
    amount = loan.instalments.in_force().earliest("number").total
    first, second, third = members
    own = amount // ALIKE
    services.record_payment(
        loan=loan,
        amount=amount,
        received_on=office.scene.until,
        by=office.operator,
        uuid=office.key(f"setoran {loan.number} "),
        payers=[(first, first, own), (second, first, own), (third, third, amount - 2 * own)],
    )


def change_a_schedule(office: Office) -> None:
    """Somebody in arrears gets two instalments more."""
    for loan in _late_loans(office):
        number = life_services.first_free(Life(loan))
        if number and loan.member and loan.member.name not in as_syifa.STORIES:
            life_services.reschedule_loan(
                loan=loan,
                on=office.scene.until,
                kind="extra_instalments",
                from_instalment=number,
                value=2,
                reason=FLOOD,
                by=office.district,
                uuid=office.key("jadwal ulang"),
            )
            return


def write_off(villages: list[Village], scene: Scene, users: dict[str, User]) -> None:
    """The loan that waits longest for an instalment leaves the books; later in the month a little of it comes in."""
    waiting = Loan.objects.with_arrears(scene.until).filter(village__in=villages, status="disbursed", late__gt=0)
    lost = scene.until - LOST_AFTER
    for loan in (
        waiting.filter(oldest_unpaid_on__lt=lost).order_by("oldest_unpaid_on", "pk").select_related("group__village")
    ):
        office = _office(loan.group, scene, users)
        if Life(loan).latest > office.day(0, 5):
            continue
        life_services.write_off_loan(
            loan=loan, on=office.day(0, 5), reason=GONE, by=office.district, uuid=office.key("hapus buku")
        )
        life_services.record_recovery(
            loan=loan,
            amount=RECOVERED,
            received_on=scene.until,
            by=office.operator,
            uuid=office.key("tagihan hapus buku"),
        )
        return


def _late_loans(office: Office) -> Iterator[Loan]:
    rows = Loan.objects.with_arrears(office.scene.until).filter(group=office.group, status="disbursed", late__gt=0)
    return iter(rows.order_by("oldest_unpaid_on", "pk"))


def _monthly(group: Group) -> LoanProduct:
    return group.loan_products.earliest("pk")


CASES: dict[str, tuple[Callable[[Office], None], ...]] = {
    as_syifa.VILLAGE: (
        bring_capital,
        fine_the_late,
        mend_a_mistake,
        cover_for_each_other,
        change_a_schedule,
        share_surplus,
    ),
    old_book.VILLAGE: (old_book.open_an_old_book,),
    "63.08.08.2013": (change_a_schedule,),
    "63.08.09.2004": (change_a_schedule,),
}
