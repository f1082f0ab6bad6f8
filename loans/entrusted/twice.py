"""What of an entrusted sheet may be in the books already: the papers of its day, line by line.

Nothing is entered twice: from two photos of one sheet, or from a photo and the telephone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from loans.models import EntrustedSheet, Loan, ReceiptPart, Voucher
from up2k_portal.lib.dates import format_day
from villages.models import Member

Status = EntrustedSheet.Status
Row = dict[str, Any]
Mark = tuple[str, int | None]  # ("loan", its key), ("saved", the member's), ("taken", the member's)
Papers = Mapping[Mark, list[str]]
BESIDES_TYPED = ("uuid", "order", "typed_by", "besides")
ON_THE_WAY = (Status.SENT, Status.TYPED, Status.RETURNED)


def papers_of_day(sheet: EntrustedSheet) -> dict[Mark, list[str]]:
    """The numbers of the receipts and withdrawals of the group on the sheet's day by what they are for, those of the
    sheet itself and those taken back left out; two queries."""
    own = [row["uuid"] for row in sheet.rows]
    found: dict[Mark, list[str]] = defaultdict(list)
    parts = ReceiptPart.objects.filter(
        receipt__group=sheet.group_id, receipt__received_on=sheet.on, receipt__reverses=None, receipt__reversal=None
    ).exclude(receipt__uuid__in=own)
    parts = parts.filter(role=ReceiptPart.Role.ORIGINAL).order_by("receipt__pk", "pk")
    for number, loan, member in parts.values_list("receipt__number", "loan", "member"):
        mark = ("loan", loan) if loan else ("saved", member)
        if number not in found[mark]:
            found[mark].append(number)
    taken = Voucher.objects.filter(group=sheet.group_id, on=sheet.on, kind=Voucher.Kind.WITHDRAWAL)
    taken = taken.filter(reverses=None, reversal=None).order_by("pk")
    for number, member, sent_as in taken.values_list("number", "member", "envelope__uuid"):
        if str(sent_as) not in own:
            found["taken", member].append(number)
    return dict(found)


def numbers_for(papers: Papers, *, member: int | None, loan: int | None) -> list[str]:
    """What is recorded that day of a line of the sheet."""
    marks: tuple[Mark, ...] = (("loan", loan), ("saved", member), ("taken", member))
    return list(dict.fromkeys(number for mark in marks if mark[1] for number in papers.get(mark, ())))


def doubles_of(row: Row, papers: Papers) -> list[str]:
    """The papers that may be the same money as a row, but those of which the typist said that they are not."""
    marks: list[Mark] = []
    if row.get("amount"):
        marks.append(("loan", row["loan"]))
    marks += [(word, row["member"]) for word, field in (("saved", "savings"), ("taken", "withdraw")) if row.get(field)]
    found = dict.fromkeys(number for mark in marks for number in papers.get(mark, ()))
    return [number for number in found if number not in row.get("besides", ())]


def double_words(rows: Iterable[Row], sheet: EntrustedSheet, papers: Papers) -> list[str]:
    """A sentence a row that may be recorded already."""
    doubles = [(row, found) for row in rows if (found := doubles_of(row, papers))]
    names = _names([row for row, _ in doubles]) if doubles else {}
    return [
        f"{names[row['member'], row['loan']]} sudah punya {', '.join(found)} pada {format_day(sheet.on)}."
        for row, found in doubles
    ]


def _names(rows: Iterable[Row]) -> dict[tuple[int | None, int | None], str]:
    rows = list(rows)
    members = {one.pk: one.name for one in Member.objects.filter(pk__in=[row["member"] for row in rows])}
    loans = Loan.objects.filter(pk__in=[row["loan"] for row in rows]).select_related("member", "poklak")
    borrowers = {one.pk: str(one.borrower) for one in loans}
    keys = ((row["member"], row["loan"]) for row in rows)
    return {(member, loan): members.get(member) or borrowers.get(loan, "") for member, loan in keys}


def others_of(sheet: EntrustedSheet) -> list[EntrustedSheet]:
    """Other photos of the same meeting that are on their way into the books."""
    rows = EntrustedSheet.objects.filter(group=sheet.group_id, on=sheet.on, status__in=ON_THE_WAY).exclude(pk=sheet.pk)
    return list(rows.order_by("sent_at", "pk"))


def plain(row: Row) -> Row:
    """What was typed in a row, without its key, its place and who typed it."""
    return {name: value for name, value in row.items() if name not in BESIDES_TYPED}
