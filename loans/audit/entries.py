"""Each entry of the ledger beside its source: a part of a receipt, or a voucher."""

from collections.abc import Iterator

from loans.audit.frame import PLACE, Fault, Finding, Scope, case, differ, findings, listed, month, no_leave
from loans.chart import (
    ALLOWANCE,
    BANK,
    CASH,
    CASH_DIFFERENCE,
    CREDIT,
    CREDITED_BY_PART,
    DEBT,
    FIELD_CASH,
    GOODS,
    GRANTS,
    LOANS,
    LOSSES,
    OTHER_INCOME,
    RESERVE,
    SAVINGS,
    SOCIAL_FUND,
    SURPLUS,
    SURPLUS_TO_SHARE,
    TILLS,
    TRADE,
    Side,
    accounts_of,
)
from loans.models.vouchers import Nature
from loans.opening import posting

ORIGIN = "kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari "
NOT_MIRRORED = "koreksi tidak mencerminkan baris aslinya"
LATE = "dicatat sesudah bulan {period} ditutup, tanpa izin"
WHAT = "bukti {paper}, baris {id}"
ENTRY = {name: f"e.{name}" for name in ("id", "period", "debit", "credit", "amount")}

# Which accounts money of each kind moves between: D is debited and C credited, in a correction the other way round.
_INCOMES = (OTHER_INCOME, TRADE)
_EXPENSES = [one.code for one in accounts_of(Side.EXPENSE) if one.code not in (LOSSES, CASH_DIFFERENCE)]
_RESULTS = [one.code for side in (Side.INCOME, Side.EXPENSE) for one in accounts_of(side)]
_OPENED = {
    (*posting(kind, "", 1)[:2], "")
    for kind in (
        "cash", "bank", "stock", "goods", "loan", "allowance", "initial", "mandatory", "voluntary", "credit",
        "social_fund", "reserve", "surplus_to_share", "surplus", "loss",
    )
} | {(*posting("capital", nature, 1)[:2], str(nature)) for nature in Nature}  # fmt: skip
_PAIR = "{D} || ' ' || {C}"
_TILL = case("v.till", TILLS)
_MOVES = {
    "disbursement": f"{{D}} = '{LOANS}' AND {{C}} = {_TILL}",
    "withdrawal": f"{{D}} IN ({listed(SAVINGS.values())}) AND {{C}} = {_TILL}",
    "capital": f"{{D}} = CASE v.form WHEN 'barang' THEN '{GOODS}' ELSE {_TILL} END"
    f" AND {{C}} = CASE v.nature WHEN 'hibah' THEN '{GRANTS}' ELSE '{DEBT}' END",
    "capital_back": f"{{D}} = '{DEBT}' AND {{C}} = {_TILL}",
    "income": f"{{D}} = {_TILL} AND {{C}} IN ({listed(_INCOMES)})",
    "expense": f"{{D}} IN ({listed(_EXPENSES)}) AND {{C}} = {_TILL}",
    "transfer": f"{_PAIR} = CASE v.till WHEN 'cash' THEN '{BANK} {CASH}' ELSE '{CASH} {BANK}' END",
    "field_in": f"{_PAIR} IN ('{CASH} {FIELD_CASH}', '{FIELD_CASH} {CASH}')",
    "cash_difference": f"{_PAIR} IN ('{CASH_DIFFERENCE} {CASH}', '{CASH} {OTHER_INCOME}')",
    "credit_back": f"{{D}} = '{CREDIT}' AND {{C}} = {_TILL}",
    "write_off": f"{{D}} IN ('{ALLOWANCE}', '{LOSSES}') AND {{C}} = '{LOANS}'",
    "opening": f"{_PAIR} || ' ' || v.nature IN ({listed(sorted(' '.join(one) for one in _OPENED))})",
    "year_close": f"({{D}} = '{SURPLUS}' AND {{C}} IN ({listed(_RESULTS)}))"
    f" OR ({{C}} = '{SURPLUS}' AND {{D}} IN ({listed(_RESULTS)}))",
    "allowance": f"{_PAIR} IN ('{LOSSES} {ALLOWANCE}', '{ALLOWANCE} {LOSSES}')",
    "surplus": f"{{D}} = '{SURPLUS}' AND {{C}} IN ('{SURPLUS_TO_SHARE}', '{SOCIAL_FUND}', '{RESERVE}')",
    "surplus_paid": f"{{D}} IN ('{SURPLUS_TO_SHARE}', '{SOCIAL_FUND}') AND {{C}} = {_TILL}",
}
_ALLOWED = "CASE v.kind " + " ".join(f"WHEN '{kind}' THEN {{{kind}}}" for kind in _MOVES) + " ELSE FALSE END"


def _moves(debit: str, credit: str) -> str:
    """The condition that a voucher of its kind debits and credits these."""
    return _ALLOWED.format(**{kind: f"({rule.format(D=debit, C=credit)})" for kind, rule in _MOVES.items()})


_OFTEN = ("principal", "service_fee", "mandatory")  # asked first: most parts are of these
_PART_ACCOUNT = case("p.kind", {kind: CREDITED_BY_PART[kind] for kind in _OFTEN} | CREDITED_BY_PART)
_TAKEN = "(CASE WHEN p.amount > 0 THEN e.debit ELSE e.credit END)"
_GIVEN = "(CASE WHEN p.amount > 0 THEN e.credit ELSE e.debit END)"
_NO_MIRROR = (
    "o.id IS NULL OR o.group_id <> e.group_id OR o.amount <> e.amount OR o.debit <> e.credit OR o.credit <> e.debit"
    " OR o.kind <> e.kind"
)


def _sound_part() -> str:
    """An entry of money that came in, on its receipt's day, just as its part says."""
    return (
        "p.role = '' AND p.amount > 0 AND e.amount = p.amount AND e.reverses_id IS NULL AND p.reverses_id IS NULL"
        ' AND e.period = r.period AND p.received_on = r.received_on AND e."on" = p.received_on AND e.kind = p.kind'
        f" AND e.group_id = r.group_id AND NOT {differ('e.loan_id', 'p.loan_id')}"
        f" AND NOT {differ('e.member_id', 'p.member_id')}"
        f" AND e.debit = {case('r.till', TILLS)} AND e.credit = {_PART_ACCOUNT}"
    )


def _part_faults() -> list[Fault]:
    """e entry, p part, r receipt, o the entry that it takes back, q the part that its part takes back.

    A part may be dated later than its receipt only where another receipt was its cause (`role`); and only then need
    its month be open besides the receipt's, for which `receipts` asks.
    """
    day = month("p.received_on")
    return [
        (
            "bulan",
            f"e.period <> CASE WHEN p.received_on = r.received_on THEN r.period ELSE {day} END",
            "bulan {period} bukan bulan buktinya",
        ),
        ("jumlah bagian", "e.amount <> ABS(p.amount)", "buku besar {amount}, bagian setorannya {source_amount}"),
        (
            "akun bagian",
            f"{_TAKEN} <> {case('r.till', TILLS)} OR ({_GIVEN} <> {_PART_ACCOUNT}"
            f" AND NOT (p.kind = 'contribution' AND {_GIVEN} = '{SOCIAL_FUND}'))",
            "debet {debit} kredit {credit} bukan akun untuk bagian '{source_kind}'",
        ),
        (
            "asal bagian",
            'p.id IS NULL OR r.id IS NULL OR e.group_id <> r.group_id OR e."on" <> p.received_on OR e.kind <> p.kind'
            " OR (p.received_on <> r.received_on AND (p.role = '' OR p.received_on < r.received_on))"
            f" OR {differ('e.loan_id', 'p.loan_id')} OR {differ('e.member_id', 'p.member_id')}",
            f"{ORIGIN}bagian setorannya",
        ),
        (
            "koreksi",
            "(e.reverses_id IS NOT NULL OR p.reverses_id IS NOT NULL OR p.amount < 0) AND CASE"
            " WHEN p.role = 'adjustment' THEN e.reverses_id IS NOT NULL OR p.reverses_id IS NOT NULL"
            f" ELSE {_NO_MIRROR} OR q.id IS NULL OR o.part_id <> q.id OR p.amount <> -q.amount"
            " OR q.receipt_id <> CASE p.role WHEN '' THEN COALESCE(r.reverses_id, 0) ELSE p.receipt_id END END",
            NOT_MIRRORED,
        ),
        ("bulan tertutup", f"p.role <> '' AND {no_leave('e', 'r.recorded_by_id')}", LATE),
    ]


def entries_of_receipts(scope: Scope) -> Iterator[Finding]:
    """Each entry of a part of a receipt beside that part."""
    source = f"""
        FROM loans_entry e
        LEFT JOIN loans_receiptpart p ON p.id = e.part_id
        LEFT JOIN loans_receipt r ON r.id = p.receipt_id
        LEFT JOIN loans_entry o ON o.id = e.reverses_id
        LEFT JOIN loans_receiptpart q ON q.id = p.reverses_id
        {PLACE.format(row="e")} WHERE +e.voucher_id IS NULL AND {scope.of("e")}"""
    columns = ENTRY | {"paper": "r.number", "source_amount": "p.amount", "source_kind": "p.kind"}
    yield from findings(_part_faults(), columns, source, WHAT, scope, _sound_part())


def _voucher_faults() -> list[Fault]:
    """e entry, v voucher, o the entry that it takes back."""
    return [
        ("bulan", "e.period <> v.period", "bulan {period} bukan bulan buktinya"),
        (
            "akun",
            f"NOT CASE WHEN v.amount > 0 THEN {_moves('e.debit', 'e.credit')} ELSE {_moves('e.credit', 'e.debit')} END",
            "debet {debit} kredit {credit} bukan akun untuk bukti jenis '{source_kind}'",
        ),
        (
            "asal bukti kas",
            'v.id IS NULL OR e.group_id <> v.group_id OR e."on" <> v."on" OR e.kind <> v.kind'
            f" OR {differ('e.loan_id', 'v.loan_id')} OR {differ('e.member_id', 'v.member_id')}",
            f"{ORIGIN}bukti kasnya",
        ),
        (
            "koreksi",
            f"(e.reverses_id IS NOT NULL OR v.amount < 0)"
            f" AND (v.amount > 0 OR {_NO_MIRROR} OR o.voucher_id IS NULL OR {differ('o.voucher_id', 'v.reverses_id')})",
            NOT_MIRRORED,
        ),
    ]


def _sound_voucher() -> str:
    """An entry of a voucher that stands, on its day, between the accounts of its kind."""
    return (
        "v.amount > 0 AND e.reverses_id IS NULL AND e.period = v.period AND e.group_id = v.group_id"
        f' AND e."on" = v."on" AND e.kind = v.kind AND NOT {differ("e.loan_id", "v.loan_id")}'
        f" AND NOT {differ('e.member_id', 'v.member_id')} AND {_moves('e.debit', 'e.credit')}"
    )


def entries_of_vouchers(scope: Scope) -> Iterator[Finding]:
    """Each entry of a voucher beside it."""
    source = f"""
        FROM loans_entry e
        LEFT JOIN loans_voucher v ON v.id = e.voucher_id
        LEFT JOIN loans_entry o ON o.id = e.reverses_id
        {PLACE.format(row="e")} WHERE e.voucher_id IS NOT NULL AND {scope.of("e")}"""
    columns = ENTRY | {"paper": "v.number", "source_kind": "v.kind"}
    yield from findings(_voucher_faults(), columns, source, WHAT, scope, _sound_voucher())
