"""What was recorded about one loan, and whether each event was possible when it came. Pure; rules in `loans.replay`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from loans.allocation import Kind
from loans.events import (
    Event,
    Id,
    Impossible,
    Payment,
    Penalty,
    Purse,
    Recovery,
    Reschedule,
    Reversal,
    Waiver,
    WriteOff,
)
from loans.reschedule import Plan, inserted, reschedule
from loans.schedule import MOST_RUPIAH, ScheduleError
from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_rupiah

_REFUSALS = (Impossible, ScheduleError)


class ReplayError(ValueError):
    """An event that is impossible, as an Indonesian sentence; `position` counts the events from 1."""

    def __init__(self, position: int, message: str):
        super().__init__(message)
        self.position = position


class Book:
    """One pass through events by day: what is owed, paid and lost after the last of them."""

    def __init__(self, plan: Plan, order: Sequence[Kind]):
        self.plan = plan
        self.purse = Purse(plan.rows, order)
        self.written_off: int | None = None
        self.recovered = 0

    @property
    def outstanding(self) -> int:
        """Principal not paid back, written off or not."""
        return self.plan.terms.principal - sum(paid[Kind.PRINCIPAL] for paid in self.purse.paid)

    def apply(self, event: Event) -> None:
        """Raises Impossible, or ScheduleError for what a reschedule would make."""
        match event:
            case Payment():
                self.purse.pay(event)
                if event.waives_from:
                    self._take_over_fees()
            case Waiver():
                self.purse.waive(event)
            case Penalty():
                self.purse.charge(event)
            case Reschedule():
                self._reschedule(event)
            case Recovery():
                self.recovered += event.amount
            case WriteOff():
                self.written_off = self.outstanding
                if not self.written_off:
                    raise Impossible("Tidak ada pokok yang tersisa untuk dihapusbukukan.")

    def _take_over_fees(self) -> None:
        """The schedule without the fees that a payoff let go."""
        rows = (
            replace(row, service_fee=new.service_fee) for row, new in zip(self.plan.rows, self.purse.rows, strict=True)
        )
        self.plan = replace(self.plan, rows=tuple(rows))

    def _reschedule(self, event: Reschedule) -> None:
        plan = reschedule(self.plan, event.from_instalment, event.what)
        paid_rows = [number for number, paid in enumerate(self.purse.paid, 1) if any(paid.values())]
        if paid_rows and paid_rows[-1] >= event.from_instalment:
            raise Impossible(
                f"Angsuran ke-{paid_rows[-1]} sudah dibayar, seluruhnya atau sebagian;"
                " yang bisa dijadwalkan ulang hanya angsuran sesudahnya."
            )
        self.purse.change_rows(plan.rows, event.from_instalment, inserted(event.what))
        self.plan = plan


class History:
    """What was recorded so far, with `book` as of its latest day; every event was possible when it came."""

    def __init__(
        self, plan: Plan, start: date, order: Sequence[Kind], name: Callable[[int], str] = "Peristiwa ke-{}".format
    ):
        """`name` says of a position which event stands there, for refusals."""
        self.plan, self.start, self.order, self.name = plan, start, order, name
        self.recorded: list[tuple[int, Event]] = []
        self.by_id: dict[Id, Event] = {}
        self.reversed: dict[Id, date] = {}
        self.latest = start
        self.book = Book(plan, order)

    def take(self, events: Iterable[Event]) -> None:
        """Events that were found possible when they were recorded: one pass, none is asked again."""
        for position, event in enumerate(events, len(self.recorded) + 1):
            self._add(position, event)
        self.book = self._book_on(self.latest, 0)

    def book_on(self, day: date) -> Book:
        """What is owed, paid and lost at the end of a day."""
        return self._book_on(day, 0)

    def record(self, position: int, event: Event) -> None:
        """Raises ReplayError where the event is impossible, and is then not to be used any more."""
        try:
            self._check(event)
            in_order = event.on >= self.latest and not isinstance(event, Reversal)
            self._add(position, event)
            if in_order:
                self.book.apply(event)
                return
            for day in self._days_that_differ(event.on):
                self.book = self._book_on(day, position)
        except _REFUSALS as error:
            raise ReplayError(position, str(error)) from error

    def _add(self, position: int, event: Event) -> None:
        self.recorded.append((position, event))
        self.latest = max(self.latest, event.on)
        if event.id is not None:
            self.by_id[event.id] = event
        if isinstance(event, Reversal):
            self.reversed[event.of] = event.on

    def _days_that_differ(self, first: date) -> list[date]:
        """The days from `first` on whose history is not just the beginning of a later day's, the latest as last.

        History turns where something is taken back: the last day that knew nothing of it tells all before.
        """
        before = (day - timedelta(days=1) for day in self.reversed.values() if day > first)
        return sorted({*before, max(first, self.latest)})

    def _book_on(self, day: date, position: int) -> Book:
        book = Book(self.plan, self.order)
        for place, event in sorted(self.recorded, key=lambda one: one[1].on):
            if event.on > day or (event.id is not None and self.reversed.get(event.id, date.max) <= day):
                continue
            try:
                book.apply(event)
            except _REFUSALS as error:
                if place == position:
                    raise
                raise Impossible(f"{self.name(place)} menjadi tidak mungkin karenanya: {error}") from error
        return book

    def _check(self, event: Event) -> None:
        for problem in self._problems(event):
            raise Impossible(problem)

    def _problems(self, event: Event) -> Iterator[str]:
        """What needs no replay to be seen."""
        if event.on < self.start:
            yield f"Tanggal {format_day(event.on)} sebelum pencairan ({format_day(self.start)}); isi hari sesudahnya."
        if event.id is not None and event.id in self.by_id:
            yield f"Nomor {event.id} sudah dipakai; beri nomor lain."
        if isinstance(event, Payment | Penalty | Waiver | Recovery) and not 1 <= event.amount <= MOST_RUPIAH:
            yield f"Jumlah {format_rupiah(event.amount)} tidak mungkin; isi 1 sampai {format_rupiah(MOST_RUPIAH)}."
        if isinstance(event, Reversal):
            yield from self._problems_of_reversal(event)
        written_off_on = next((e.on for _, e in self.recorded if isinstance(e, WriteOff)), None)
        if isinstance(event, Recovery):
            if written_off_on is None:
                yield "Pinjaman belum dihapusbukukan; catat sebagai pembayaran."
            elif event.on < written_off_on:
                yield f"Tanggal {format_day(event.on)} sebelum hapus buku ({format_day(written_off_on)})."
        elif written_off_on is not None and not isinstance(event, Reversal):
            yield "Pinjaman sudah dihapusbukukan; uang yang masuk sesudahnya dicatat sebagai pemulihan (recovery)."
        if isinstance(event, WriteOff) and event.on < self.latest:
            yield f"Hapus buku harus bertanggal {format_day(self.latest)} atau sesudahnya, hari peristiwa terakhir."

    def _problems_of_reversal(self, event: Reversal) -> Iterator[str]:
        target = self.by_id.get(event.of)
        if target is None:
            yield f"Nomor {event.of} tidak ada di antara peristiwa sebelumnya; isi nomor pembayaran yang dibatalkan."
        elif not isinstance(target, Payment | Penalty | Recovery):
            yield f"Nomor {event.of} bukan pembayaran, denda, atau pemulihan, maka tidak bisa dibatalkan."
        elif event.of in self.reversed:
            yield f"Nomor {event.of} sudah dibatalkan; catat lagi sebagai peristiwa baru bila memang ada."
        elif event.on < target.on:
            yield f"Pembatalan bertanggal sebelum yang dibatalkan; isi {format_day(target.on)} atau sesudahnya."
        if self.book.written_off is not None and not isinstance(target, Recovery):
            yield "Pinjaman sudah dihapusbukukan; yang dicatat sampai hapus buku tidak bisa dibatalkan lagi."
        rescheduled = max((e.on for _, e in self.recorded if isinstance(e, Reschedule)), default=event.on)
        if event.on < rescheduled:
            yield (f"Pembatalan bertanggal sebelum penjadwalan ulang; isi {format_day(rescheduled)} atau sesudahnya.")
