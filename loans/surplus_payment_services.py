"""Paying out an approved surplus (SHU): a voucher each, out of a till that has the money. Whole rupiah.

A person is paid once, all her lines together. A fund may be paid in several vouchers, up to its amount. A voucher that
was taken back frees what it paid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from loans.chart import TILLS
from loans.ledger_services import check_day, lock_group, lowest_balance, record_voucher, same_sending
from loans.models import SurplusDistribution, SurplusPayment, Voucher
from loans.surplus_plans import Payee, payees_of, recorded_plan
from loans.surplus_services import read
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Group


@transaction.atomic
def pay_out(
    *,
    distribution: SurplusDistribution,
    keys: Sequence[str],
    on: date,
    till: str,
    by: User,
    uuid: UUID,
    party: str = "",
    amount: int | None = None,
) -> list[Voucher]:
    """Pays the payees with these keys out of a till, a voucher each, all or none; `party` receives a fund's money.

    Each gets what is left for her; `amount` is a part of it, for one fund alone. The same UUID is the same payment.
    Raises ValidationError for who is paid already, for more than is left of a fund, and for a till without the money.
    """
    group = lock_group(distribution.group_id)
    distribution = read(distribution)
    if not distribution.is_approved:
        state = distribution.get_status_display().lower()
        raise ValidationError(f"{distribution} {state}: hanya yang disahkan rapat anggota dapat dibayar.")
    payees = {one.key: one for one in payees_of(distribution, recorded_plan(distribution))}
    if not keys or set(keys) - set(payees):
        raise ValidationError({"payees": "Pilih dulu siapa yang dibayar."})
    wanted = [payees[key] for key in dict.fromkeys(keys)]
    if amount is not None and (len(wanted) > 1 or not wanted[0].is_fund):
        raise ValidationError({"amount": "Jumlah hanya diisi bila satu dana saja yang dibayar. Kosongkan jumlahnya."})
    sent = _sent(payees, uuid)
    if sent and set(sent) != set(keys):
        same_sending(None, False)
    amounts = {one.key: _amount(one, amount, sent.get(one.key)) for one in wanted}
    if not sent:
        _check_payable(group, distribution, wanted, amounts, on=on, party=party)
    vouchers = []
    for payee in wanted:
        facts = _voucher_facts(distribution, payee, amounts[payee.key], party=party)
        voucher = record_voucher(**facts, on=on, credit=TILLS[till], till=till, by=by, uuid=uuid5(uuid, payee.key))
        vouchers.append(voucher)
        if not sent:
            for line in payee.lines:
                SurplusPayment(village_id=group.village_id, line=line, voucher=voucher).save()
    return vouchers


def _sent(keys: Iterable[str], uuid: UUID) -> dict[str, Voucher]:
    """By payee the vouchers of an earlier sending under this UUID."""
    names = {uuid5(uuid, key): key for key in keys}
    return {names[one.uuid]: one for one in Voucher.objects.filter(uuid__in=names)}


def _amount(payee: Payee, asked: int | None, sent: Voucher | None) -> int:
    """Rupiah to pay: of a person everything, of a fund what was asked for, else all that was left of it."""
    if not payee.is_fund:
        return payee.amount
    if asked is not None:
        return asked
    return sent.amount if sent else payee.left


def _voucher_facts(distribution: SurplusDistribution, payee: Payee, amount: int, *, party: str) -> dict[str, Any]:
    what = f"SHU tahun {distribution.year}"
    return {
        "group": distribution.group,
        "kind": Voucher.Kind.SURPLUS_PAID,
        "amount": amount,
        "debit": payee.account,
        "description": f"{what}, {payee.name}" if payee.is_fund else what,
        "party": (party if payee.is_fund else payee.name)[:100],
        "member": payee.member,
    }


def _check_payable(
    group: Group,
    distribution: SurplusDistribution,
    payees: Sequence[Payee],
    amounts: Mapping[str, int],
    *,
    on: date,
    party: str,
) -> None:
    check_day("on", on, earliest=cast(Voucher, distribution.voucher).on)
    if paid := [one for one in payees if one.left <= 0]:
        raise ValidationError({"payees": f"{paid[0].name} sudah dibayar dengan bukti {paid[0].voucher}."})
    if not party.strip() and any(one.is_fund for one in payees):
        raise ValidationError({"party": "Tulis siapa yang menerima uang dana ini, misalnya Panti Asuhan Al Amin."})
    for one in payees:
        if not 0 < amounts[one.key] <= one.left:
            raise ValidationError(
                {"amount": f"{one.name} tinggal {format_rupiah(one.left)}. Isi paling sedikit Rp1, paling banyak itu."}
            )
    totals: Counter[str] = Counter()
    for one in payees:
        totals[one.account] += amounts[one.key]
    for account, total in totals.items():
        lowest, day = lowest_balance(group.entries, account, on)
        if total > lowest:
            raise ValidationError(
                f"Saldo yang belum dibayar (akun {account}) pada {format_day(day)} tinggal {format_rupiah(lowest)},"
                f" kurang dari {format_rupiah(total)}."
            )
