"""What is done about late loans: the log of follow-ups, whether promises were kept, and a message ready to send."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts import history
from accounts.models import User
from loans.ledger_services import check_day, same_sending
from loans.models import FollowUp, Loan, ReceiptPart
from loans.querysets import LoanQuerySet
from loans.services import lock_loan
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

PROMISES = [("kept", "Ditepati"), ("waiting", "Ditunggu"), ("broken", "Belum ditepati")]
_CONTENT = ("loan_id", "on", "way", "words", "promised_on", "promised", "recorded_by")


@transaction.atomic
def record_follow_up(
    *,
    loan: Loan,
    on: date,
    way: str,
    words: str,
    by: User,
    uuid: UUID,
    promised_on: date | None = None,
    promised: int | None = None,
) -> FollowUp:
    """Writes down one follow-up of a loan that was paid out, with the rupiah and the day that were promised, if any.

    The same UUID with the same content is the same follow-up. Raises ValidationError for a day before the loan or
    ahead, and for half a promise.
    """
    loan = lock_loan(loan)
    row = FollowUp(
        village_id=loan.village_id,
        loan=loan,
        on=on,
        way=way,
        words=words,
        promised_on=promised_on,
        promised=promised,
        uuid=uuid,
        recorded_by=by,
    )
    if sent := FollowUp.objects.filter(uuid=uuid).first():
        return same_sending(sent, all(getattr(sent, name) == getattr(row, name) for name in _CONTENT))
    if not loan.is_disbursed:
        raise ValidationError("Pinjaman ini belum dicairkan, jadi belum ada yang ditagih.")
    check_day("on", on, earliest=loan.disbursed_on)
    if (promised_on is None) != (promised is None):
        missing = "promised" if promised is None else "promised_on"
        raise ValidationError({missing: "Isi tanggal dan jumlah janjinya, atau kosongkan keduanya."})
    if promised_on and promised_on < on:
        raise ValidationError({"promised_on": f"Janji bayar paling awal {format_day(on)}, hari tindak lanjutnya."})
    return history.save(row, by=by)


def with_promises(rows: QuerySet[FollowUp], as_of: date) -> QuerySet[FollowUp]:
    """Follow-ups with `paid`, the rupiah received on the loan from their day to the promised one, and `promise`: "",
    "kept", "waiting" while its day is not over, "broken".
    """
    return rows.annotate(paid=_paid_between(OuterRef("loan"), OuterRef("on"), OuterRef("promised_on"))).annotate(
        promise=_state(F("promised"), F("promised_on"), as_of)
    )


def with_last_follow_up(loans: LoanQuerySet, as_of: date) -> LoanQuerySet:
    """Loans with their latest follow-up: `followed_on`, `followed_way`, `promised_on`, `promised` and `promise`, as
    with `with_promises`; in the query of the loans.
    """
    names = {"followed_on": "on", "followed_way": "way", "promised_on": "promised_on", "promised": "promised"}
    latest = FollowUp.objects.filter(loan=OuterRef("pk"), on__lte=as_of).order_by("-on", "-pk")
    rows = loans.annotate(**{name: Subquery(latest.values(column)[:1]) for name, column in names.items()})
    paid = _paid_between(OuterRef("pk"), OuterRef("followed_on"), OuterRef("promised_on"))
    return rows.annotate(paid=paid).annotate(promise=_state(F("promised"), F("promised_on"), as_of))


def _paid_between(loan, first, last):
    parts = ReceiptPart.objects.filter(loan=loan, received_on__gte=first, received_on__lte=last)
    sums = parts.order_by().values("loan").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=BigIntegerField())


def _state(promised, promised_on, as_of: date) -> Case:
    return Case(
        When(Q(promised=None), then=Value("")),
        When(paid__gte=promised, then=Value("kept")),
        When(promised_on__gte=as_of, then=Value("waiting")),
        default=Value("broken"),
        output_field=CharField(),
    )


def reminder(loan: Loan) -> str:
    """A polite message about what is late on a loan (`with_arrears`), without NIK; "" where nothing is late."""
    told: Any = loan
    if not told.late:
        return ""
    return (
        f"Assalamu'alaikum {_address(loan)}. Kami dari pengurus {loan.group} mengingatkan dengan hormat: angsuran"
        f" pinjaman nomor {loan.number} yang jatuh tempo {format_day(told.oldest_unpaid_on)} belum kami terima,"
        f" seluruhnya {format_rupiah(told.late)}. Mohon dibayar pada pertemuan terdekat. Bila ada kesulitan, mari kita"
        " bicarakan bersama. Bila sudah dibayar, mohon abaikan pesan ini. Terima kasih."
    )


def _address(loan: Loan) -> str:
    """Ibu Norhasanah, Bapak Ahmad, or the poklak's members."""
    if loan.member is None:
        return f"Ibu-ibu {loan.poklak}"
    return f"{'Bapak' if loan.member.sex == Member.Sex.MALE else 'Ibu'} {loan.member.name}"
