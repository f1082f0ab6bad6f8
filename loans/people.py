"""What loans tell of a person where members are judged or moved; `up2k_portal.urls` hands it to those pages."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum

from loans.models import Loan, SavingTerms
from loans.savings import saving_balances, terms_on
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah, terbilang
from villages.models import Member

WAITING = (Loan.Status.PROPOSED, Loan.Status.VERIFIED, Loan.Status.APPROVED)


def owes_nothing(member: Member) -> str:
    """Why she cannot go to another group: what she owes, pokok and jasa of all receipts, a proposal that waits, or
    savings that this group would owe her; "" when nothing holds her."""
    if debt := debt_of(member):
        return f"{debt} Lunasi dulu, lalu pindahkan."
    if saved := _saved(member):
        return (
            f"{saved} Uang itu tidak ikut pindah: buka halaman anggotanya, tekan Anggota keluar, pilih Keluar dan "
            "selesaikan, lalu catat ia sebagai anggota baru di kelompok tujuan."
        )
    waiting = member.loans.filter(status__in=WAITING).order_by("pk")
    if numbers := ", ".join(loan.number for loan in waiting):
        return f"{member} masih mengajukan pinjaman {numbers}. Batalkan dulu pengajuan itu, lalu pindahkan."
    return ""


def still_owes(member: Member) -> str:
    """What a person should know before she is noted as having left: what she owes and what she saved; "" for none."""
    told = []
    if debt := debt_of(member):
        told.append(f"{debt} Pinjamannya tetap ditagih sesudah ia keluar.")
    if saved := _saved(member):
        told.append(f"{saved} Simpanannya tetap di kelompok sampai ditarik.")
    return " ".join(told)


def _saved(member: Member) -> str:
    """What the group's terms give back to her on leaving; "" where there is nothing."""
    terms = terms_on(member.group, today())
    balances = saving_balances([member], today())[member.pk]
    saved = {kind: amount for kind, amount in balances.items() if amount > 0 and terms[kind].returned_on_leaving}
    if not saved:
        return ""
    kinds = ", ".join(f"{SavingTerms.Kind(kind).label.lower()} {format_rupiah(one)}" for kind, one in saved.items())
    total = sum(saved.values())
    return f"{member} masih punya simpanan {format_rupiah(total)} ({terbilang(total)}): {kinds}."


def debt_of(member: Member) -> str:
    """What she owes on which loans, pokok and jasa, due or not, as a sentence; "" when nothing."""
    loans = member.loans.with_balance(date.max).filter(status=Loan.Status.DISBURSED, written_off_on=None)
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
