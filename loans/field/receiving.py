"""The items of one group under its lock: what came before is answered again, the rest is recorded or refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from loans import payment_services
from loans.batch_services import Outcome, Sending, record_payments
from loans.batch_services import Result as Came
from loans.field import absence_services, cash_services
from loans.field.answers import Result, State
from loans.field.items import Item
from loans.ledger_services import lock_group
from loans.models import CashCount, Envelope, Loan, Receipt, Voucher
from loans.month_services import why_closed
from loans.saving_services import withdraw_saving
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import format_day, format_moment
from villages.models import Group, Member

TILL = "field"
FOREIGN = "Kiriman ini dikirim dari akun lain, jadi tidak dicatat. Masuklah dengan akun yang mengisinya."
CONFLICT = (
    "Kiriman ini sudah tercatat dengan isi yang berbeda pada {at}. Bandingkan keduanya: pakai yang sudah tercatat, atau"
    " koreksi buktinya lalu catat yang baru."
)
# Where the verbs speak of a field, the item's name for it.
FIELD_NAMES = {"received_on": "on", "counted_on": "on", "reversed_on": "on", "kind": "withdraw.voluntary"} | {
    kind: f"savings.{kind}" for kind in ("mandatory", "voluntary", "initial", "contribution")
}


class KeyTaken(Exception):
    """Another sending took a key since this one looked: to be played again, which sees it."""


@dataclass(frozen=True)
class Sender:
    """Who sends, by which right, from where; `owner` is whose queue it was, where another person sends its file."""

    by: User
    access: Access
    sent_as: str
    device: UUID | None = None
    action: Action = Action.RECORD_MONEY
    owner: User | None = None

    def is_own(self, envelope: Envelope) -> bool:
        """Whether an envelope came from the sender, or from whose queue she sends; or was sent for her."""
        known = {self.by.pk, self.owner and self.owner.pk} - {None}
        return bool(known & {envelope.user_id, envelope.owner_id})

    def may_see(self, row: Envelope | Receipt) -> bool:
        """Whether what came before lies where she may send: who sends another's queue sees no village that is not
        hers."""
        return self.access.may_in(self.action, row.village)


class Receiving:
    """The items of one group under its lock. Plain lines in a row are recorded together; the rest one by one."""

    def __init__(self, group: Group, items: list[Item], sender: Sender):
        self.group = lock_group(group.pk)
        self.group.village = group.village
        self.items, self.sender = items, sender
        self.results: dict[int, Result] = {}
        self.envelopes: list[Envelope] = []
        self.sent = self._sent()
        self.taken = self._taken()
        self.loans, self.members = self._loans(), self._members()
        self.closed: dict[date, str] = {}
        self.entrusted = self._entrusted()
        self.plain: list[tuple[int, Sending]] = []

    def run(self) -> list[Result]:
        for at in self._order():
            item = self.items[at]
            if answer := self._answered(item) or self._locked(item) or self._unknown(item) or self._typed(item):
                self.results[at] = answer
            elif item.kind == "row" and not item.withdraw:
                self.plain.append((at, self._sending(item)))
            else:
                self._flush()
                self._alone(at, item)
        self._flush()
        Envelope.objects.bulk_create(self.envelopes)
        return [self.results[at] for at in range(len(self.items))]

    def _order(self) -> list[int]:
        """The lines in their order, those that take money out after the others of their meeting: it is paid from what
        lies on the table at its end. Until a count, and not where a key stands twice: then the first one holds."""
        places = list(range(len(self.items)))
        if len({item.uuid for item in self.items}) < len(self.items):
            return places
        counts = list(accumulate(item.kind == "count" for item in self.items))  # a count opens its own stretch
        last = [bool(item.withdraw) + (item.kind != "count") for item in self.items]
        return sorted(places, key=lambda at: (counts[at], last[at]))

    # What came before

    def _sent(self) -> dict[UUID, Envelope]:
        rows = Envelope.objects.filter(uuid__in=[item.uuid for item in self.items])
        return {row.uuid: row for row in rows.select_related("receipt", "voucher", "cash_count", "village")}

    def _taken(self) -> dict[UUID, Receipt | Voucher | CashCount]:
        """What the ordinary pages recorded under one of the keys."""
        keys = [item.uuid for item in self.items if item.uuid not in self.sent]
        found: dict[UUID, Receipt | Voucher | CashCount] = {}
        for model in (CashCount, Voucher, Receipt):
            rows = model.objects.filter(uuid__in=keys).select_related("village")
            found |= {row.uuid: row for row in rows}
        return found

    def _answered(self, item: Item) -> Result | None:
        """The answer to a key that came before; a later item of this sending may have the key of an earlier one."""
        if any(one.uuid == item.uuid for _, one in self.plain):
            self._flush()
        if envelope := self.sent.get(item.uuid):
            return self._answer_again(item, envelope)
        if row := self.taken.get(item.uuid):
            return self._answer_of_page(item, row)
        return None

    def _answer_again(self, item: Item, envelope: Envelope) -> Result:
        uuid = str(item.uuid)
        if not self.sender.is_own(envelope) or not self.sender.may_see(envelope):
            return Result(uuid, State.FOREIGN, message=FOREIGN)
        papers: dict[str, Any] = {name: getattr(envelope, name) for name in ("receipt", "voucher", "cash_count")}
        if envelope.sha256 == item.sha256:
            return Result(uuid, State.THERE, **papers, who=self._who(item))
        at = format_moment(envelope.received_at)
        number = Result(uuid, State.THERE, **papers).number
        theirs = {"content": envelope.content, "at": envelope.received_at.isoformat(), "number": number}
        return Result(
            uuid, State.CONFLICT, **papers, message=CONFLICT.format(at=at), theirs=theirs, who=self._who(item)
        )

    def _answer_of_page(self, item: Item, row: Receipt | Voucher | CashCount) -> Result:
        """The page recorded it and its answer was lost on the way: the queue then sends the same payment again."""
        uuid, own = str(item.uuid), {self.sender.by.pk, self.sender.owner and self.sender.owner.pk} - {None}
        is_own = isinstance(row, Receipt) and row.recorded_by_id in own
        if not isinstance(row, Receipt) or not is_own or not self.sender.may_see(row):
            return Result(uuid, State.FOREIGN, message=FOREIGN)
        loan = self._loan_among(item.loan)
        is_same = (row.group_id, row.received_on) == (item.group, item.on) and row.amount == _total(item)
        is_same = is_same and (row.member_id, row.poklak_id) == (
            (loan.member_id, loan.poklak_id) if loan else (item.member, None)
        )
        if is_same:
            return Result(uuid, State.THERE, receipt=row)
        content = {"kind": "total", "amount": row.amount, "on": row.received_on.isoformat(), "note": row.note}
        content |= {"savings": {}, "withdraw": {}}
        theirs = {"content": content, "number": row.number, "at": row.recorded_at.isoformat()}
        message = CONFLICT.format(at=format_moment(row.recorded_at))
        return Result(uuid, State.CONFLICT, receipt=row, message=message, theirs=theirs)

    def _loan_among(self, key: int | None) -> Loan | None:
        return self.loans.get(key) if key else None

    # What cannot be

    def _locked(self, item: Item) -> Result | None:
        if (closed_on := self.group.closed_on) and item.on >= closed_on:
            words = (
                f"{self.group} bubar {format_day(closed_on)}, jadi lembar sesudahnya tidak dicatat. Tanyakan kecamatan."
            )
            return Result(str(item.uuid), State.LOCKED, message=words, who=self._who(item))
        if item.kind == "absent":
            return None  # no money: who came is told in a closed month too
        if item.on not in self.closed:
            self.closed[item.on] = why_closed(self.group, item.on, self.sender.by)
        if words := self.closed[item.on]:
            return Result(str(item.uuid), State.LOCKED, message=words, who=self._who(item))
        return None

    def _unknown(self, item: Item) -> Result | None:
        """A member or loan that is not of this group is told of as one that does not exist."""
        fields = {}
        if item.member and item.member not in self.members:
            fields["member"] = f"Anggota ini tidak ditemukan di {self.group}. Muat ulang lembarnya."
        loan = self._loan_among(item.loan)
        if item.loan and loan is None:
            fields["loan"] = f"Pinjaman ini tidak ditemukan di {self.group}. Muat ulang lembarnya."
        elif loan and item.member and loan.member_id != item.member:
            fields["loan"] = (
                f"Pinjaman {loan} bukan milik {self.members.get(item.member, 'anggota ini')}. Muat ulang lembarnya."
            )
        if not fields:
            return None
        return Result(str(item.uuid), State.REFUSED, message=" ".join(fields.values()), fields=fields)

    def _entrusted(self) -> dict[tuple[date, str, int | None], str]:
        """Numbers of what was typed from photos of the same days, by whose loan or saving it is."""
        days = {item.on for item in self.items if item.kind == "row"}
        if not days or self.sender.sent_as == Envelope.SentAs.ENTRUSTED:
            return {}
        rows = Envelope.objects.filter(group=self.group, on__in=days, sent_as=Envelope.SentAs.ENTRUSTED)
        found = {}
        for row in rows.filter(receipt__isnull=False, receipt__reversal=None).select_related("receipt"):
            if row.receipt and row.content["amount"]:
                found[row.on, "loan", row.loan_id] = row.receipt.number
            if row.receipt and row.content["savings"]:
                found[row.on, "saved", row.member_id] = row.receipt.number
        return found

    def _typed(self, item: Item) -> Result | None:
        """A line that a photo brought into the books already: the telephone that kept it too does not know."""
        if item.kind != "row" or not self.entrusted:
            return None
        saver = self._saver(item)
        marks: list[tuple[str, int | None]] = [("loan", item.loan)] if item.amount else []
        marks += [("saved", saver.pk if saver else None)] if item.savings else []
        number = next((found for mark in marks if (found := self.entrusted.get((item.on, *mark)))), "")
        if not number:
            return None
        who = self._who(item)
        words = (
            f"{who} sudah tercatat dari lembar titipan dengan {number}. Hapus kiriman ini bila itu setoran yang sama;"
            " bila memang setoran lain, catat lewat Catat angsuran."
        )
        return Result(str(item.uuid), State.REFUSED, message=words, who=who)

    def _loans(self) -> dict[int, Loan]:
        keys = {item.loan for item in self.items if item.loan}
        rows = Loan.objects.filter(pk__in=keys, group=self.group).select_related("member", "poklak")
        found = {row.pk: row for row in rows} if keys else {}
        for row in found.values():
            row.group = self.group
        return found

    def _members(self) -> dict[int, Member]:
        keys = {item.member for item in self.items if item.member}
        found = {row.pk: row for row in Member.objects.filter(pk__in=keys, group=self.group)} if keys else {}
        for row in found.values():
            row.group = self.group
        return found

    def _who(self, item: Item) -> str:
        person = self._saver(item)
        loan = self._loan_among(item.loan)
        return str(person or (loan and loan.borrower) or "")

    def _saver(self, item: Item) -> Member | None:
        loan = self._loan_among(item.loan)
        return self.members.get(item.member) if item.member else (loan.member if loan else None)

    # What is recorded

    def _sending(self, item: Item) -> Sending:
        """Of a loan with savings on top; where nothing is for the loan, a member's deposit."""
        loan = self._loan_among(item.loan) if item.amount else None
        facts: dict[str, Any] = {"uuid": item.uuid, "received_on": item.on, "till": TILL, "note": self._note(item)}
        facts |= {"amount": item.amount, "savings": dict(item.savings)}
        return Sending(loan=loan, **facts) if loan else Sending(member=self._saver(item), **facts)

    def _note(self, item: Item) -> str:
        """Whose queue it was stands on the receipt, which carries the name of who sent it."""
        if self.sender.owner is None:
            return item.note
        return f"Antrean HP {self.sender.owner}. {item.note}".strip()[:200]

    def _flush(self) -> None:
        """Records the lines that wait, together."""
        waiting, self.plain = self.plain, []
        if not waiting:
            return
        outcomes = record_payments(group=self.group, sendings=[one for _, one in waiting], by=self.sender.by)
        for (at, _), outcome in zip(waiting, outcomes, strict=True):
            self._note_outcome(at, outcome)

    def _note_outcome(self, at: int, outcome: Outcome) -> None:
        item = self.items[at]
        if outcome.error:
            self.results[at] = self._refusal(item, outcome.error)
        elif outcome.result == Came.SAVED:
            self._keep(at, receipt=outcome.receipt)
        else:  # a receipt of nobody's envelope was asked for before; this one came between
            self.results[at] = Result(str(item.uuid), State.THERE, receipt=outcome.receipt, who=self._who(item))

    def _alone(self, at: int, item: Item) -> None:
        try:
            with transaction.atomic():
                papers = self._recorded(item)
        except ValidationError as error:
            self.results[at] = self._refusal(item, error)
            return
        self._keep(at, **papers)

    def _recorded(self, item: Item) -> dict[str, Any]:
        by, uuid = self.sender.by, item.uuid
        if item.kind == "absent":
            absence_services.mark_absent(member=self.members[item.member or 0], on=item.on, absent=item.absent, by=by)
            return {}
        if item.kind == "count":
            facts: dict[str, Any] = {"pieces": item.pieces, "explanation": item.explanation, "uuid": uuid, "by": by}
            count, handed_in = cash_services.count_table(group=self.group, on=item.on, **facts)
            return {"cash_count": count, "voucher": handed_in}
        if item.kind == "total":
            facts = {"received_on": item.on, "by": by, "uuid": uuid, "till": TILL, "note": self._note(item)}
            loan = self.loans[item.loan or 0]
            return {"receipt": payment_services.record_total(loan=loan, total=item.amount, **facts)}
        return self._row_with_withdrawal(item)

    def _row_with_withdrawal(self, item: Item) -> dict[str, Any]:
        papers: dict[str, Any] = {}
        if item.amount or item.savings:
            (outcome,) = record_payments(group=self.group, sendings=[self._sending(item)], by=self.sender.by)
            if outcome.error:
                raise outcome.error
            papers["receipt"] = outcome.receipt
        saver = self._saver(item)
        if saver is None:
            raise ValidationError({"withdraw.voluntary": "Poklak tidak punya simpanan. Catat atas nama anggotanya."})
        for kind, amount in item.withdraw.items():
            facts: dict[str, Any] = {"on": item.on, "by": self.sender.by, "uuid": uuid5(item.uuid, f"tarik {kind}")}
            try:
                papers["voucher"] = withdraw_saving(member=saver, kind=kind, amount=amount, till=TILL, **facts)
            except ValidationError as error:
                raise ValidationError({f"withdraw.{kind}": error.messages}) from error
        return papers

    def _keep(self, at: int, **papers: Any) -> None:
        item, sender = self.items[at], self.sender
        is_single = item.kind == "total" and sender.sent_as == Envelope.SentAs.SHEET
        envelope = Envelope(
            uuid=item.uuid,
            user=sender.by,
            owner=sender.owner,
            village_id=self.group.village_id,
            group=self.group,
            kind=item.kind,
            on=item.on,
            member=self.members.get(item.member) if item.member else None,
            loan=self._loan_among(item.loan),
            **papers,
            content=item.canonical(),
            sha256=item.sha256,
            format=item.format,
            device=sender.device,
            sent_as=Envelope.SentAs.PAYMENT if is_single else sender.sent_as,
            recorded_at=item.recorded_at,
            received_at=timezone.now(),
        )
        self.envelopes.append(envelope)
        self.sent[item.uuid] = envelope
        self.results[at] = Result(str(item.uuid), State.SAVED, **papers, who=self._who(item))

    def _refusal(self, item: Item, error: ValidationError) -> Result:
        """A verb's refusal in the item's own names. Raises KeyTaken for a key that was free when this began."""
        if getattr(error, "code", "") == "conflict":
            raise KeyTaken
        fields = {FIELD_NAMES.get(name, name): words for name, words in _by_field(error)}
        fields.pop("__all__", None)
        message = " ".join(error.messages)
        return Result(str(item.uuid), State.REFUSED, message=message, fields=fields, who=self._who(item))


def _by_field(error: ValidationError) -> Iterator[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            yield name, " ".join(word for one in errors for word in one.messages)


def _total(item: Item) -> int:
    return item.amount + sum(item.savings.values())
