"""What kinds that record money share: each row has a key that makes it once, is tried before it is shown, and goes back
by a correction.

Rows are tried by the verbs that will record them, in a transaction that is given up: what the page promises is what
the books will take.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from imports.kinds.base import OURS, Kind, Saved, Scope, groups_of, key_of_row, sentences
from imports.kinds.members import pick_group
from imports.kinds.people import People
from imports.lines import Line
from imports.models import Import, ImportPart
from loans import ledger_services, services
from loans.models import Receipt, Voucher
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from villages.models import Group

NOT_FILLED = "belum diisi"
THERE = "sudah tercatat"
CORRECTED = "Baris ini sudah tercatat lalu dikoreksi ({}). Unduh templat baru bila memang disetor lagi."
OTHER = "Baris ini sudah tercatat sebagai {} tanggal {} sebesar {}. Unduh templat baru untuk setoran yang baru."
TWICE = "Isinya sama dengan baris {}. Bila memang dua kali, bedakan catatannya."
COPIED = "Baris ini salinan baris {}, bersama kode tersembunyinya. Ketik yang kedua di baris kosong di bawah tabel."


@dataclass(frozen=True)
class Sent:
    """A row that can be tried: its key, its group, the rupiah that it moves, and the facts for the verb."""

    line: Line
    uuid: UUID
    group: Group
    amount: int
    facts: Any


class MoneyKind(Kind):
    action = Action.RECORD_MONEY
    amounts: tuple[str, ...] = ()  # the columns of which one must hold money
    undo_words = "Setiap bukti diambil kembali dengan bukti koreksi; tidak ada yang dihapus."

    @abstractmethod
    def sending(self, line: Line, group: Group, people: People, scope: Scope) -> Any | None:
        """The facts of a line for `record`; None where it is refused."""

    @abstractmethod
    def record(self, sent: Sequence[Sent], group: Group, by: User) -> list[Any | ValidationError]:
        """Records them through the verbs: of each its row or its refusal."""

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        self._try(self._sendings(lines, scope), scope)

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        saved = Saved()
        for one, row in self._record(self._sendings(lines, scope), scope.by):
            if isinstance(row, ValidationError):
                self._refuse(one.line, row)
            else:
                saved.make(row, str(one.uuid))
        return saved

    def _sendings(self, lines: Sequence[Line], scope: Scope) -> list[Sent]:
        """The rows that say something new; the others are refused or skipped."""
        groups, found = groups_of(scope), []
        people = scope.memo.setdefault("people", People.of(groups))
        for line in lines:
            told = {key for key, _ in line.faults}
            amount = sum(line.get(key, 0) for key in self.amounts)
            if not amount and not told & set(self.amounts):
                line.faults.clear()
                line.skip(NOT_FILLED)
                continue
            group = pick_group(line, groups)
            if group is None or line.faults:
                continue
            facts = self.sending(line, group, people, scope)
            if facts is not None and not line.faults:
                found.append(Sent(line, self._key(line, scope), group, amount, facts))
        return self._fresh(found)

    def _key(self, line: Line, scope: Scope) -> UUID:
        """By the template's code, else by all that the row says: the same row is the same payment."""
        code = line.get("code")
        if code:
            uuid = uuid5(OURS, f"{self.key}:{scope.area_code}:{code}")
        else:
            facts = [line.get(column.key) for column in self.columns if not column.is_locked or column.key == "member"]
            uuid = key_of_row(self.key, scope.area_code, *facts)
        refuse_twice(line, uuid, scope)
        return uuid

    def _fresh(self, found: list[Sent]) -> list[Sent]:
        """Without what was recorded already; a key that came with other content is refused."""
        keys = [one.uuid for one in found]
        there: dict[UUID, Any] = {}
        for model, related in ((Receipt, "reversal"), (Voucher, "reversal")):
            there |= {row.uuid: row for row in model.objects.filter(uuid__in=keys).select_related(related)}
        fresh = []
        for one in found:
            row = there.get(one.uuid)
            if row is None:
                if not one.line.faults:
                    fresh.append(one)
            elif hasattr(row, "reversal"):
                one.line.refuse("", CORRECTED.format(row.reversal))
            elif (row.amount, on_of(row)) == (one.amount, one.line.get("on")):
                one.line.pk = row.pk
                one.line.skip(f"{THERE}: {row}")
            else:
                one.line.refuse("", OTHER.format(row, format_day(on_of(row)), format_rupiah(row.amount)))
        return fresh

    def _try(self, sent: Sequence[Sent], scope: Scope) -> None:
        if not sent:
            return
        with transaction.atomic():
            tried = list(self._record(sent, scope.by))
            transaction.set_rollback(True)
        for one, row in tried:
            if isinstance(row, ValidationError):
                self._refuse(one.line, row)

    def _record(self, sent: Sequence[Sent], by: User) -> Iterable[tuple[Sent, Any]]:
        for group in {one.group.pk: one.group for one in sent}.values():
            of_group = [one for one in sent if one.group.pk == group.pk]
            yield from zip(of_group, self.record(of_group, group, by), strict=True)

    def _refuse(self, line: Line, error: ValidationError) -> None:
        names = {"received_on": "on", "amount": self.amounts[0]} | {column.key: column.key for column in self.columns}
        for name, words in sentences(error):
            line.refuse(names.get(name, ""), words)

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        back = kept = 0
        for label, pk, _ in reversed(part.made):
            is_receipt = label == Receipt._meta.label_lower
            row = (Receipt if is_receipt else Voucher).objects.select_related("reversal").get(pk=pk)
            if hasattr(row, "reversal"):
                continue
            facts: dict[str, Any] = {
                "reason": reason,
                "reversed_on": today(),
                "by": by,
                "uuid": uuid5(OURS, f"undo:{row.uuid}"),
            }
            if is_receipt:
                services.reverse_payment(receipt=row, **facts)
            else:
                ledger_services.reverse_voucher(voucher=row, **facts)
            back += 1
        return back, kept


def refuse_twice(line: Line, uuid: UUID, scope: Scope) -> None:
    """A key makes one row: of two with the same, the second would be taken for the first and be lost."""
    earlier = scope.seen.setdefault(uuid, line.number)
    if earlier != line.number:
        line.refuse("", (COPIED if line.get("code") else TWICE).format(earlier))


def on_of(row: Receipt | Voucher):
    return row.received_on if isinstance(row, Receipt) else row.on


def alone(verb, **facts) -> Any | ValidationError:
    """What a verb gives, or its refusal, which leaves the others as they are."""
    try:
        with transaction.atomic():
            return verb(**facts)
    except ValidationError as error:
        return error
