"""What sheets and telephones sent: every envelope beside what it became, and where the field's cash went."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from loans.audit.frame import CHUNK, PLACE, Finding, Scope, batches, rows, where
from loans.chart import CASH, FIELD_CASH
from loans.closing_builders import value_of
from loans.models import CashCount, Envelope, Receipt, Voucher
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah

FIELD = "field"
GROUPS_AT_ONCE = 500
HANDED_IN = "setoran"  # how the key of a handing in follows from its cause's
TAKEN_OUT = "tarik voluntary"  # and that of a withdrawal from its line's

# The groups that the field's cash was ever in: two looks into an index a group, no look at the others' papers.
_WITH_FIELD_CASH = (
    f"(EXISTS (SELECT 1 FROM loans_entry d WHERE d.group_id = g.id AND d.debit = '{FIELD_CASH}')"
    f" OR EXISTS (SELECT 1 FROM loans_entry c WHERE c.group_id = g.id AND c.credit = '{FIELD_CASH}'))"
)


def envelopes(scope: Scope) -> Iterator[Finding]:
    """Each envelope says what its receipt, voucher and count say; its content is as it came."""
    related = ("group__village", "receipt", "voucher", "cash_count")
    found = _in_scope(Envelope.objects.all(), scope).select_related(*related).prefetch_related("receipt__parts")
    for one in found.order_by("pk").iterator(CHUNK):
        place = (str(one.group), one.group.village.code, f"kiriman {one.uuid}")
        written = json.dumps(one.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if hashlib.sha256(written.encode()).hexdigest() != one.sha256:
            yield "kiriman", where(*place, "isinya lain dari sidiknya")
        yield from (("kiriman", where(*place, words)) for words in _differences(one))


def _differences(one: Envelope) -> Iterator[str]:
    content = one.content
    if not _is_content(content):
        yield "isinya bukan kiriman"
        return
    row = (str(one.uuid), one.kind, one.group_id, one.on.isoformat(), one.member_id, one.loan_id)
    if tuple(content.get(name) for name in ("uuid", "kind", "group", "on", "member", "loan")) != row:
        yield "isinya tentang hal lain daripada barisnya"
    if any(paper.uuid != key for paper, key in _papers(one)):
        yield "buktinya berkunci lain"
    brought = content["amount"] + sum(content["savings"].values())
    if one.receipt and (one.receipt.amount, one.receipt.received_on, one.receipt.till) != (brought, one.on, FIELD):
        yield f"isinya {format_rupiah(brought)}, buktinya {one.receipt} {format_rupiah(one.receipt.amount)}"
    taken = sum(content["withdraw"].values())
    if one.kind == Envelope.Kind.ROW and one.voucher and (one.voucher.amount, one.voucher.on) != (taken, one.on):
        yield f"penarikannya {format_rupiah(taken)}, bukti kasnya {format_rupiah(one.voucher.amount)}"
    is_money = one.kind in (Envelope.Kind.ROW, Envelope.Kind.TOTAL)
    if is_money and (bool(brought), bool(taken)) != (bool(one.receipt_id), bool(one.voucher_id)):
        yield "buktinya tidak lengkap"
    if one.kind == Envelope.Kind.ROW and one.receipt and content["savings"] != _saved(one.receipt):
        yield "simpanan di isinya lain dari bagian buktinya"
    if one.cash_count and one.cash_count.counted != value_of(content["pieces"]):
        yield "hitungan kasnya lain dari isinya"


def _papers(one: Envelope) -> Iterator[tuple[Receipt | Voucher | CashCount, UUID]]:
    """What it became, each with the key that follows from its own."""
    if one.receipt:
        yield one.receipt, one.uuid
    if one.cash_count:
        yield one.cash_count, one.uuid
    if one.voucher:
        yield one.voucher, uuid5(one.uuid, HANDED_IN if one.cash_count_id else TAKEN_OUT)


def _is_content(content: Any) -> bool:
    """Whether it has the amounts of a sending; whoever changed it may have written anything."""
    if not isinstance(content, dict) or type(content.get("amount")) is not int:
        return False
    kinds = [content.get(name) for name in ("savings", "withdraw")]
    if "pieces" in content or content.get("kind") == Envelope.Kind.COUNT:
        kinds.append(content.get("pieces"))
    return all(isinstance(one, dict) and all(type(rupiah) is int for rupiah in one.values()) for one in kinds)


def _saved(receipt: Receipt) -> dict[str, int]:
    """Rupiah of a receipt that are for no loan, by kind."""
    own = [part for part in receipt.parts.all() if not part.role and part.loan_id is None]
    return {part.kind: part.amount for part in own}


def field_cash(scope: Scope) -> Iterator[Finding]:
    """What lies with the officer by the ledger is what the papers say; each handing in has its count or correction."""
    statement = f"""
        SELECT s.ledger, s.papers, g.name, w.code FROM (
            SELECT g.id AS group_id, {_moved("debit")} - {_moved("credit")} AS ledger,
                COALESCE((SELECT SUM(r.amount) FROM loans_receipt r
                    WHERE r.group_id = g.id AND r.till = '{FIELD}'), 0)
                - COALESCE((SELECT SUM(v.amount) FROM loans_voucher v WHERE v.group_id = g.id
                    AND v.till = '{FIELD}' AND v.kind <> 'field_in'), 0)
                - COALESCE((SELECT SUM(CASE WHEN i.debit = '{CASH}' THEN i.amount ELSE -i.amount END)
                    FROM loans_entry i WHERE i.group_id = g.id AND i.kind = 'field_in'), 0) AS papers
            FROM villages_group g WHERE {_WITH_FIELD_CASH} AND {scope.of("g", "id")}
        ) s {PLACE.format(row="s")} WHERE s.ledger <> s.papers ORDER BY s.group_id"""
    for ledger, papers, group, area in rows(statement, scope.values):
        words = f"di buku besar {format_rupiah(int(ledger))}, menurut buktinya {format_rupiah(int(papers))}"
        yield "kas petugas", where(group, area, "kas di petugas", words)
    yield from _unexplained(scope)
    yield from _counts(scope)


def _moved(side: str) -> str:
    """Rupiah on one side of the field's cash in the group g."""
    return (
        f"COALESCE((SELECT SUM(e.amount) FROM loans_entry e WHERE e.group_id = g.id AND e.{side} = '{FIELD_CASH}'), 0)"
    )


def _groups(scope: Scope) -> Iterator[int]:
    """The groups whose ledger knows the field's cash, by their keys."""
    statement = f"SELECT g.id FROM villages_group g WHERE {_WITH_FIELD_CASH} AND {scope.of('g', 'id')} ORDER BY g.id"
    return (key for (key,) in rows(statement, scope.values))


def _unexplained(scope: Scope) -> Iterator[Finding]:
    """Papers of the field that no envelope, count or correction explains.

    Asked where the ledger knows the field's cash: a paper of it elsewhere is not where its entries are, which other
    checks say. By their signs and not by what they take back, so that the index of the group leads.
    """
    for some in batches(_groups(scope), GROUPS_AT_ONCE):
        yield from _unexplained_in(some)


def _unexplained_in(groups: list[int]) -> Iterator[Finding]:
    for model, day in ((Receipt, "received_on"), (Voucher, "on")):
        of_field = model.objects.filter(group__in=groups, till=FIELD, envelope=None, amount__gt=0)
        papers = of_field.exclude(kind="field_in") if model is Voucher else of_field
        for paper in papers.select_related("group__village").order_by("pk").iterator(CHUNK):
            place = (str(paper.group), paper.group.village.code, f"bukti {paper}")
            yield "kas petugas", where(*place, f"tanpa kiriman, tanggal {format_day(getattr(paper, day))}")
    counts = CashCount.objects.filter(group__in=groups, till=FIELD)
    taken_back = Receipt.objects.filter(group__in=groups, till=FIELD, amount__lt=0)
    causes: dict[UUID, int | None] = {uuid5(key, HANDED_IN): None for key in counts.values_list("uuid", flat=True)}
    causes |= {uuid5(key, HANDED_IN): -amount for key, amount in taken_back.values_list("uuid", "amount")}
    moves = Voucher.objects.filter(group__in=groups, kind=Voucher.Kind.FIELD_IN)
    for voucher in moves.select_related("group__village").order_by("pk").iterator(CHUNK):
        place = (str(voucher.group), voucher.group.village.code, f"bukti {voucher}")
        most = causes.get(voucher.uuid)
        if voucher.uuid not in causes:
            yield "kas petugas", where(*place, "setoran kas petugas tanpa hitungan atau koreksi")
        elif most is not None and voucher.amount > most:
            amounts = [format_rupiah(rupiah) for rupiah in (voucher.amount, most)]
            words = "mengambil {} dari kas, lebih dari yang dikoreksi {}".format(*amounts)
            yield "kas petugas", where(*place, words)


def _counts(scope: Scope) -> Iterator[Finding]:
    """Each count of the table sums to its pieces, all that the book had by then was handed in, and what was missing or
    over is posted."""
    counts = _in_scope(CashCount.objects.filter(till=FIELD), scope)
    counts = counts.select_related("group__village", "envelope").order_by("pk")
    keys = {uuid5(one.uuid, HANDED_IN): one for one in counts}
    amounts = dict(Voucher.objects.filter(uuid__in=keys).values_list("uuid", "amount"))
    posted = _posted(scope)
    for key, count in keys.items():
        place = (str(count.group), count.group.village.code, f"hitungan uang di meja {format_day(count.counted_on)}")
        if count.counted != (value := value_of(count.pieces)):
            words = f"uang dihitung {format_rupiah(count.counted)}, lembar dan kepingnya {format_rupiah(value)}"
            yield "hitungan kas", where(*place, words)
        if count.difference != (rupiah := posted.get(count.pk, 0)):
            words = f"selisih {format_rupiah(count.difference)}, dibukukan {format_rupiah(rupiah)}"
            yield "hitungan kas", where(*place, words)
        if not hasattr(count, "envelope"):
            yield "hitungan kas", where(*place, "tanpa kiriman")
        if amounts.get(key) != count.booked:
            words = f"menurut buku {format_rupiah(count.booked)}, disetor {format_rupiah(amounts.get(key) or 0)}"
            yield "hitungan kas", where(*place, words)


def _posted(scope: Scope) -> dict[int, int]:
    """By the count's key, rupiah that its voucher put into the box: below zero what it took out."""
    statement = f"""
        SELECT c.id, SUM(CASE WHEN e.debit = '{CASH}' THEN e.amount ELSE -e.amount END) FROM loans_cashcount c
        JOIN loans_entry e ON e.voucher_id = c.voucher_id
        WHERE c.till = '{FIELD}' AND c.voucher_id IS NOT NULL AND {scope.of("c")} GROUP BY c.id"""
    return {key: int(amount) for key, amount in rows(statement, scope.values)}


def _in_scope(found, scope: Scope):
    """The rows whose group lies in the area."""
    if not scope.area:
        return found
    return found.filter(group__village__code__gte=scope.area, group__village__code__lt=f"{scope.area}/")
