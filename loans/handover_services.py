"""Serah terima pengurus as one act: what the office kept, the cash counted, the terms, the old account. Whole rupiah.

Everything happens or nothing does: the count of the cash (with the voucher of a difference), the end of one term and
the beginning of the next, and from that minute on the outgoing person's account in the village is closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import Assignment, User
from loans.chart import BANK, CASH, CHART, FIELD_CASH, LOANS, SAVINGS
from loans.closing_services import record_cash_count
from loans.ledger_services import balances, check_on, lock_group, same_sending
from loans.models import Handover, Loan
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import format_day, today
from villages.models import Group, Member, Office, Officer, Village
from villages.services import appoint_officer

OFFICES = (Office.KETUA, Office.BENDAHARA)
KEPT = (CASH, FIELD_CASH, BANK, LOANS, *SAVINGS.values())  # accounts whose balances are read out
DOCUMENTS = {
    "cash_book": "Buku kas dan bukti-buktinya",
    "loan_book": "Buku pinjaman, kartu angsuran, surat perjanjian",
    "saving_book": "Buku simpanan dan iuran",
    "receipts": "Kuitansi yang sudah dan belum dipakai",
    "bank_book": "Buku tabungan dan buku cek",
    "members": "Buku anggota dan SK kelompok",
    "minutes": "Buku notulen dan daftar hadir",
    "inventory": "Buku inventaris dan barangnya",
    "stamp": "Stempel dan kunci",
    "password": "Catatan akun portal (kata sandi diganti penerima)",
}


@dataclass(frozen=True)
class Figures:
    """What is handed over on a day: rupiah by account, and [number, borrower, principal owed] of every open loan."""

    balances: dict[str, int]
    loans: list[list]

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(CHART[code].name, amount) for code, amount in self.balances.items()]

    @property
    def owed(self) -> int:
        return sum(row[2] for row in self.loans)


def figures_on(group: Group, day: date) -> Figures:
    """The figures at the end of the day; three queries."""
    loans = Loan.objects.filter(group=group).with_balance(day).running(day).select_related("member", "poklak")
    rows = [[loan.number, str(loan.borrower), loan.balance] for loan in loans.order_by("number")]
    found = balances(group, day, codes=KEPT)
    # What a sheet brought in lies with an officer for a few days only: told where there is any.
    return Figures({code: amount for code, amount in found.items() if amount or code != FIELD_CASH}, rows)


def figures_of(handover: Handover) -> Figures:
    """The figures as they were signed."""
    return Figures({code: handover.balances[code] for code in KEPT if code in handover.balances}, handover.loans)


def accounts_of(village: Village) -> list[User]:
    """Who serves the village as its operator today, by name."""
    assigned = Assignment.objects.in_force(today()).filter(role=Role.OPERATOR, area_code=village.code)
    return list(User.objects.filter(pk__in=assigned.values("user"), is_active=True).order_by("name", "pk"))


@transaction.atomic
def hand_over(
    *,
    group: Group,
    office: str,
    on: date,
    pieces: Mapping[str, int],
    explanation: str,
    documents: Sequence[str],
    by: User,
    uuid: UUID,
    member: Member | None = None,
    name: str = "",
    documents_note: str = "",
    closed_user: User | None = None,
    seen: int | None = None,
) -> Handover:
    """One officer hands her office to a member, or to somebody by her name; done once for one UUID.

    `pieces` are the notes and coins on the table; a difference needs an `explanation` and is posted. `seen` is the
    cash of the book that was shown: other rupiah since are a conflict. Raises ValidationError for an office that
    nobody holds, the same person, a day in a closed month or to come, and an account that is not one of the village's
    operators or is the caller's own. The same UUID with other content is refused.
    """
    group = lock_group(group.pk)
    if sent := Handover.objects.filter(uuid=uuid).select_related("incoming", "cash_count").first():
        told = (group.pk, office, on, member, list(documents), documents_note, closed_user, by)
        content = (sent.group_id, sent.office, sent.on, sent.incoming.member, sent.documents, sent.documents_note)
        same_name = not name.strip() or sent.incoming.name == name.strip()
        return same_sending(
            sent,
            (*content, sent.closed_user, sent.recorded_by) == told
            and same_name
            and _same_count(sent, pieces, explanation),
        )
    check_on(group, on, by)
    outgoing = outgoing_of(group, office, on, member=member, name=name)
    _check_documents(documents)
    _check_account(closed_user, group.village, by)
    count = record_cash_count(
        group=group,
        counted_on=on,
        pieces=dict(pieces),
        explanation=explanation,
        uuid=uuid5(uuid, "kas"),
        by=by,
        seen=seen,
    )
    figures = figures_on(group, on)
    incoming = appoint_officer(group=group, office=office, since=on, by=by, member=member, name=name)
    if closed_user:
        close_account(user=closed_user, village=group.village, by=by)
    handover = Handover(
        village_id=group.village_id,
        group=group,
        office=office,
        on=on,
        outgoing=outgoing,
        incoming=incoming,
        cash_count=count,
        balances=figures.balances,
        loans=figures.loans,
        documents=list(documents),
        documents_note=documents_note,
        closed_user=closed_user,
        uuid=uuid,
        recorded_by=by,
    )
    return history.save(handover, by=by)


@transaction.atomic
def close_account(*, user: User, village: Village, by: User) -> None:
    """Ends what the user may do in the village at once; who serves nowhere else can no longer sign in.

    An assignment counts through its last day, so it ends yesterday; one that began today cannot, and then the account
    itself is closed. Raises ValidationError where that person serves elsewhere too.
    """
    reason = f"serah terima di {village.label}"
    serving = list(user.assignments.in_force(today()))
    here = [one for one in serving if one.area_code == village.code]
    is_elsewhere = len(here) < len(serving)
    if is_elsewhere and any(one.starts_on == today() for one in here):
        raise ValidationError(
            {"closed_user": f"{user} baru ditugaskan hari ini dan bertugas di tempat lain: minta admin menutupnya."}
        )
    for one in here:
        one.ends_on = max(one.starts_on, today() - timedelta(days=1))
        history.save(one, by=by, reason=reason)
    if not is_elsewhere:
        user.is_active = False
        history.save(user, by=by, reason=reason)


def outgoing_of(group: Group, office: str, on: date, *, member: Member | None = None, name: str = "") -> Officer:
    """Who would hand the office over on the day to this member or name. Raises ValidationError where nobody could."""
    if office not in OFFICES:
        raise ValidationError({"office": "Serah terima dicatat untuk ketua atau bendahara. Pilih salah satu."})
    label = Office(office).label.lower()
    outgoing = group.officer_on(office, on)
    if outgoing is None:
        raise ValidationError(
            {"office": f"Tidak ada {label} pada {format_day(on)}. Tetapkan dulu di halaman kelompok."}
        )
    if outgoing.since >= on:
        raise ValidationError({"on": f"{outgoing.name} baru menjabat {outgoing.term_words}. Pilih tanggal sesudahnya."})
    if outgoing.until:
        raise ValidationError(
            {"on": f"Masa jabatan {outgoing.name} sudah berakhir {format_day(outgoing.until)}: sudah ada penggantinya?"}
        )
    is_same = outgoing.member_id == member.pk if member else outgoing.name.casefold() == name.strip().casefold()
    if is_same:
        raise ValidationError({"member": f"{outgoing.name} masih {label}. Pilih orang yang menggantikannya."})
    return outgoing


def _check_documents(documents: Sequence[str]) -> None:
    if unknown := [code for code in documents if code not in DOCUMENTS]:
        raise ValidationError({"documents": f"Dokumen “{unknown[0][:20]}” tidak ada di daftar."})


def _check_account(user: User | None, village: Village, by: User) -> None:
    if user is None:
        return
    if user == by:
        raise ValidationError({"closed_user": "Akun sendiri tidak dapat ditutup. Pilih akun pengurus lama."})
    if user not in accounts_of(village):
        raise ValidationError({"closed_user": f"{user} bukan operator {village.label} yang masih aktif."})


def _same_count(sent: Handover, pieces: Mapping[str, int], explanation: str) -> bool:
    told = {name: count for name, count in pieces.items() if count}
    kept = {name: count for name, count in sent.cash_count.pieces.items() if count}
    return (told, explanation) == (kept, sent.cash_count.explanation)
