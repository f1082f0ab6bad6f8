"""Who brought the money of a payment on a poklak's loan, for whose part of it ("tanggung renteng"). Whole rupiah.

What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from loans.models import Loan, Receipt, SharePayment
from loans.shares import in_proportion
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

Payers = Iterable[tuple[Member, Member, int]]  # whose part, who brought the money, rupiah
PayerRows = Mapping[tuple[Member, Member], int]


def save_payers(receipt: Receipt, rows: PayerRows) -> None:
    """Saves who brought what of a new receipt: rupiah by (whose part, payer)."""
    SharePayment.objects.bulk_create(
        SharePayment(village_id=receipt.village_id, receipt=receipt, member=member, payer=payer, amount=amount)
        for (member, payer), amount in rows.items()
    )


def are_payers(receipt: Receipt, rows: PayerRows) -> bool:
    """Whether these and no others brought the money of a saved receipt."""
    saved = {(row.member_id, row.payer_id): row.amount for row in receipt.share_payments.all()}
    return saved == {(member.pk, payer.pk): amount for (member, payer), amount in rows.items()}


def payer_rows(loan: Loan, amount: int, payers: Payers | None) -> dict[tuple[Member, Member], int]:
    """Rupiah by (whose part, payer) of a payment on a loan; none where it has no shares.

    `payers` are (whose part, who brought the money, rupiah) and sum to `amount`; a pair given twice is added up. None:
    everyone paid for herself, in proportion to the shares, to the rupiah by largest remainder. Raises ValidationError
    at `payers` for what does not add up (the difference is said) and for who has no part.
    """
    if payers is None and not loan.poklak_id:
        return {}
    shares = {share.member: share.amount for share in loan.shares.select_related("member")}
    if payers is None:
        usual = in_proportion(amount, shares) if shares else {}
        return {(member, member): part for member, part in usual.items() if part}
    rows: Counter[tuple[Member, Member]] = Counter()
    for member, payer, part in payers:
        _check_payer(loan, shares, member, payer, part)
        rows[member, payer] += part
    if rows or shares:
        _check_sum(sum(rows.values()), amount)
    return dict(rows)


def _check_payer(loan: Loan, shares: Mapping[Member, int], member: Member, payer: Member, part: int) -> None:
    if member not in shares:
        raise ValidationError({"payers": f"{member} tidak punya bagian di {loan}. Pilih anggota yang punya bagian."})
    if payer.group_id != loan.group_id:
        raise ValidationError({"payers": f"{payer} dari kelompok lain. Pilih anggota {loan.group}."})
    if part < 1:
        raise ValidationError({"payers": f"Jumlah untuk bagian {member} harus lebih dari nol, misalnya 50.000."})


def _check_sum(given: int, paid: int) -> None:
    if given != paid:
        raise ValidationError({"payers": difference_words("Yang dibayar anggota", given, paid, "uang yang diterima")})


def difference_words(what: str, given: int, wanted: int, wanted_words: str) -> str:
    """Yang dibayar anggota Rp900.000, uang yang diterima Rp1.000.000: kurang Rp100.000."""
    left = wanted - given
    difference = f"kurang {format_rupiah(left)}" if left > 0 else f"lebih {format_rupiah(-left)}"
    return f"{what} {format_rupiah(given)}, {wanted_words} {format_rupiah(wanted)}: {difference}. Samakan jumlahnya."
