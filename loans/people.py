"""What loans tell of a person where members are judged or moved; `up2k_portal.urls` hands it to those pages."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum

from loans.models import Loan
from up2k_portal.lib.money import format_rupiah, terbilang
from villages.models import Member


def owes_nothing(member: Member) -> str:
    """Why she cannot go to another group: what she owes, pokok and jasa of all receipts; "" when nothing holds her."""
    if debt := _debt(member):
        return f"{debt} Lunasi dulu, lalu pindahkan."
    waiting = member.loans.filter(status__in=(Loan.Status.PROPOSED, Loan.Status.APPROVED)).order_by("pk")
    if numbers := ", ".join(loan.number for loan in waiting):
        return f"{member} masih mengajukan pinjaman {numbers}. Batalkan dulu pengajuan itu, lalu pindahkan."
    return ""


def still_owes(member: Member) -> str:
    """What a person should know before she is noted as having left; "" when she owes nothing."""
    debt = _debt(member)
    return f"{debt} Pinjamannya tetap ditagih sesudah ia keluar." if debt else ""


def _debt(member: Member) -> str:
    loans = member.loans.with_balance(date.max).filter(status=Loan.Status.DISBURSED)
    running = [(loan.number, owed) for loan in loans if (owed := _owed(loan)) > 0]
    if not running:
        return ""
    owed, numbers = sum(owed for _, owed in running), ", ".join(number for number, _ in running)
    return f"{member} masih berutang {format_rupiah(owed)} ({terbilang(owed)}) pada pinjaman {numbers}."


def _owed(loan: Loan) -> int:
    """Rupiah of principal and service fee still to be paid, due or not."""
    planned = loan.instalments.in_force().aggregate(sum=Sum("service_fee"))["sum"] or 0
    return loan.balance + planned - loan.service_fee_paid


def loan_counts(members: Iterable[Member]) -> dict[int, int]:
    """{member's key: loans ever paid out to her}, in one query; who never borrowed is missing."""
    rows = Loan.objects.filter(member__in=[member.pk for member in members], status=Loan.Status.DISBURSED)
    return dict(rows.order_by().values("member").annotate(n=Count("pk")).values_list("member", "n"))
