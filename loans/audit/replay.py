"""Every loan's life played again: what its receipts must have been split into, beside what they are."""

from collections import Counter
from collections.abc import Iterator

from loans.audit.frame import Finding, Scope, batches, where
from loans.audit.standing import loans_of
from loans.chronicle import ReplayError
from loans.events import Impossible
from loans.life import BEFORE_BOOKS, PAID_KINDS, Life, lives_of
from loans.models import Loan, ReceiptPart
from loans.schedule import ScheduleError
from up2k_portal.lib.money import format_rupiah

LOANS_AT_ONCE = 500
IMPOSSIBLE = (ReplayError, Impossible, ScheduleError)


def replay(scope: Scope) -> Iterator[Finding]:
    """The rupiah of each kind of part beside those of the play, and the schedule in force beside the play's.

    One by one, receipts may be split otherwise (where a month was closed the difference stands on another): never in
    sum.
    """
    found = loans_of(scope).select_related("group__village").iterator(LOANS_AT_ONCE)
    for loans in batches(found, LOANS_AT_ONCE):
        for loan, life in _lives(loans):
            place = (str(loan.group), loan.group.village.code, f"pinjaman {loan.number}")
            for words in _played(life) if isinstance(life, Life) else [life]:
                yield "putar ulang", where(*place, words)


def _lives(loans: list[Loan]) -> Iterator[tuple[Loan, Life | str]]:
    """Each loan with its life, or with why it cannot be played. One that cannot costs its batch: asked one by one."""
    try:
        lives = lives_of(loans)
    except IMPOSSIBLE:
        lives = {}
    for loan in loans:
        try:
            yield loan, lives.get(loan.pk) or Life(loan)
        except IMPOSSIBLE as error:
            yield loan, f"catatannya tidak dapat diputar ulang: {str(error).rstrip('.')}"


def _played(life: Life) -> Iterator[str]:
    played: Counter[str] = Counter()
    for key, split in life.book.purse.parts.items():
        if key != BEFORE_BOOKS:
            played.update({str(kind): split[kind] for kind in PAID_KINDS})
    kept: Counter[str] = Counter()
    for part in life.parts:
        kept[part.kind] += part.amount
    for kind in map(str, PAID_KINDS):
        if played[kind] != kept[kind]:
            name = ReceiptPart.Kind(kind).label.lower()
            yield f"{name} {format_rupiah(kept[kind])}, menurut putar ulang {format_rupiah(played[kind])}"
    if any(life.schedule_changes(life.latest)):
        yield "jadwalnya lain dari jadwal menurut putar ulang"
