"""What the rows of a yearly book become in an opening: whose each row is, what is left of her loan, what she saved.

Pure; whole rupiah. What the book cannot tell (an old loan's payments before its year, savings of earlier years) is
asked, never guessed; what stops a row is in its `faults`, and nothing is used while a row has one.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from loans import opening
from loans.allocation import DEFAULT_ORDER, Kind, allocate, open_dues
from loans.book_import import Book, BookRow
from loans.book_import_people import MOST_LETTERS, NEW, SKIP, Names, Person, newcomers
from loans.schedule import Row, ScheduleError
from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_rupiah
from villages.bulk import clean_cell

TOTAL, PRINCIPAL = "total", "principal"  # what ANGSURAN means: principal and fee, or principal alone

Schedule = Callable[[int, date], Sequence[Row]]


@dataclass(frozen=True)
class Terms:
    """A product as a plan needs it: `schedule` gives the rows of a principal paid out on a day, or raises
    ScheduleError; `order` is the order inside an instalment."""

    key: int
    name: str
    schedule: Schedule
    order: Sequence[Kind] = DEFAULT_ORDER


@dataclass(frozen=True)
class Choices:
    """What the page was told: for rows by their number, for savers by their key. Rupiah."""

    on: date  # the cut-off day
    meaning: str = TOTAL
    by_schedule: bool = False  # old loans without a figure of their own count as paid by the schedule
    all_new: bool = False  # whom the group does not know, and nobody chose, becomes a member
    who: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, int] = field(default_factory=dict)  # keys of products, of loans on other terms than most
    before: Mapping[int, int] = field(default_factory=dict)
    saved_before: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Line:
    """A row of the book and what becomes of it. `left` and `fee_left` are of the loan at the end of the cut-off day."""

    row: BookRow
    person: Person | None = None
    candidates: list[Person] = field(default_factory=list)
    asks_who: bool = False
    is_unknown: bool = False  # the group knows nobody of this name, and nobody was chosen
    is_skipped: bool = False
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    principal: int = 0  # 0: no loan
    terms: Terms | None = None  # of the loan
    fitting: Terms | None = None  # those that the payments fit, where the loan's own do not
    paid: int = 0  # ANGSURAN until the cut-off, with what was paid before the year
    principal_paid: int = 0
    fee_paid: int = 0
    left: int = 0
    fee_left: int = 0
    saved: int = 0
    contributed: int = 0
    asks_before: bool = False
    suggested: int = 0  # paid before the year, by the schedule
    needs_before: bool = False  # and nobody said it

    @property
    def state(self) -> str:
        return "skipped" if self.is_skipped else "wrong" if self.faults or self.needs_before else "ready"

    @property
    def is_loan(self) -> bool:
        """Whether a loan is carried over: one that is paid in full is not."""
        return self.state == "ready" and self.left > 0


@dataclass
class Plan:
    lines: list[Line]
    savers: dict[str, int] = field(default_factory=dict)  # rupiah by person's key, of earlier years too
    notes: list[str] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        return not any(line.state == "wrong" for line in self.lines)

    @property
    def newcomers(self) -> list[Person]:
        """Who becomes a member when the plan is used, each once."""
        found = {line.person.key: line.person for line in self.lines if line.person and line.person.is_new}
        return list(found.values())

    @property
    def has_content(self) -> bool:
        return any(line.is_loan for line in self.lines) or any(self.savers.values())

    def total(self, name: str) -> int:
        """Σ of `principal`, `paid`, `left`, `fee_left`, `saved` or `contributed` over the rows that are not skipped."""
        return sum(getattr(line, name) for line in self.lines if not line.is_skipped)

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def mark(self) -> str:
        """What will be written, in short: only what the page has shown is used."""
        loans = [
            (line.row.number, line.person.key, line.terms.key, line.principal, line.left, line.fee_left)
            for line in self.lines
            if line.is_loan and line.person and line.terms
        ]
        new = [(one.key, one.name, str(one.joined_on)) for one in self.newcomers]
        wrong = [line.row.number for line in self.lines if line.state == "wrong"]
        return sha256(json.dumps([loans, sorted(self.savers.items()), wrong, new]).encode()).hexdigest()


def make_plan(book: Book, people: Sequence[Person], choices: Choices, terms: Mapping[int, Terms], usual: int) -> Plan:
    """The rows as lines of an opening. `terms` are the group's products by their keys, `usual` the key of the one that
    a row has without a choice of its own."""
    names, by_key = Names(people), {person.key: person for person in people}
    who = {row.number: _chosen(row, names, choices) for row in book.rows}
    new = newcomers(book, [number for number, chosen in who.items() if chosen == NEW])
    plan = Plan([Line(row, faults=list(row.faults), notes=list(row.warnings)) for row in book.rows])
    until = _last_month(book, choices.on)
    for line in plan.lines:
        _find_person(line, names, by_key, new, who[line.row.number])
        if line.is_skipped:
            continue
        line.saved, line.contributed = line.row.of("simpanan", until), line.row.of("iuran", until)
        line.terms = terms.get(choices.products.get(line.row.number, usual)) or terms[usual]
        _plan_loan(line, book, choices, until)
        if line.principal and line.row.number not in choices.products:
            _suggest_terms(line, choices.meaning, until, list(terms.values()))
        _check_person(line, choices.on)
    _check_doubles(plan)
    for line in plan.lines:
        line.asks_who = line.asks_who or bool(line.faults)
    _sum_savings(plan, choices)
    plan.notes += _notes(plan, book, choices, until)
    return plan


# whose a row is


def _chosen(row: BookRow, names: Names, choices: Choices) -> str:
    is_unknown = choices.all_new and row.name and not names.find(row.name)
    return choices.who.get(row.number) or (NEW if is_unknown else "")


def _find_person(
    line: Line, names: Names, by_key: Mapping[str, Person], new: Mapping[int, Person], chosen: str
) -> None:
    found = names.find(line.row.name) if line.row.name else []
    line.candidates = found if len(found) > 1 else []
    line.asks_who = len(found) != 1 or bool(line.row.faults) or bool(chosen)
    if chosen == SKIP:
        line.is_skipped = True
    elif chosen == NEW:
        _make_person(line, new.get(line.row.number), found)
    elif chosen in by_key:
        line.person = by_key[chosen]
    elif len(found) == 1:
        line.person = found[0]
        if clean_cell(line.row.name) != found[0].name:
            line.notes.append(f"Dicocokkan dengan {found[0].name}.")
    elif found:
        line.faults.append(f"Ada {len(found)} orang bernama {line.row.name}. Pilih yang mana.")
    elif line.row.name:
        line.is_unknown = True
        line.faults.append(
            f"{line.row.name} belum tercatat sebagai anggota. Pilih orangnya, pilih “Anggota baru”,"
            " atau lewati barisnya."
        )


def _make_person(line: Line, person: Person | None, found: Sequence[Person]) -> None:
    line.person = person
    if person is None:
        return  # without a name, which is its fault
    if len(person.name) > MOST_LETTERS:
        line.faults.append(f"Nama anggota paling banyak {MOST_LETTERS} huruf. Pendekkan di berkas, lalu kirim lagi.")
    if person.name.casefold().startswith("poklak "):
        line.faults.append("Ini nama poklak, bukan orang. Tambahkan poklaknya di halaman kelompok, lalu pilih di sini.")
    if found:
        line.notes.append(f"Sudah ada {', '.join(one.name for one in found)}: pastikan memang orang lain.")
    if person.joined_on:
        line.notes.append(f"Menjadi anggota baru, masuk {format_day(person.joined_on)}; lengkapi datanya sesudahnya.")


def _check_person(line: Line, on: date) -> None:
    person = line.person
    if person is None:
        return
    if person.is_new and person.joined_on and person.joined_on > on:
        line.faults.append("Baru tampak sesudah tanggal awal buku. Lewati barisnya, lalu pakai “Tambah anggota”.")
        return
    lent_on = line.row.disbursed_on if line.principal and line.left else None
    if line.saved and not person.is_member:
        line.faults.append(f"Simpanan {person.name} tidak dapat dibawa: poklak tidak menabung. Pilih anggotanya.")
    if lent_on and person.joined_on and lent_on < person.joined_on:
        joined = format_day(person.joined_on)
        line.faults.append(f"{person.name} baru masuk pada {joined}, sesudah tanggal cair. Betulkan tanggal masuknya.")
    if person.joined_on and on < person.joined_on and line.saved:
        line.faults.append(f"{person.name} baru masuk pada {format_day(person.joined_on)}, sesudah tanggal awal buku.")
    if person.gone_on and (person.gone_on <= on and line.saved or lent_on and person.gone_on <= lent_on):
        line.faults.append(f"{person.name} sudah keluar pada {format_day(person.gone_on)}. Pilih orangnya lagi.")


# her loan


def _last_month(book: Book, on: date) -> int:
    """The last month of the book's year that counts: those that end by the cut-off day."""
    if on.year != book.year:
        return 12 if on.year > book.year else 0
    return on.month if (on + timedelta(days=1)).day == 1 else on.month - 1


def _plan_loan(line: Line, book: Book, choices: Choices, until: int) -> None:
    row, terms = line.row, line.terms
    if not terms or not row.principal or not row.disbursed_on or row.principal < 0:
        return
    if row.disbursed_on > choices.on:
        line.notes.append("Cair sesudah tanggal awal buku, jadi tidak dibawa.")
        return
    line.principal = row.principal
    try:
        rows = terms.schedule(row.principal, row.disbursed_on)
    except ScheduleError as error:
        line.faults.append(str(error))
        return
    line.paid = row.of("angsuran", until) + _paid_before(line, book, choices, rows)
    _split(line, choices.meaning, rows, terms.order)


def _suggest_terms(line: Line, meaning: str, until: int, terms: Sequence[Terms]) -> None:
    """Says which other product asks for just what was paid month by month, where the row's own never does."""
    usual = line.terms
    if usual is None or _fits(line, meaning, until, usual):
        return
    fitting = [one for one in terms if one is not usual and _fits(line, meaning, until, one)]
    if len(fitting) == 1:
        line.fitting = fitting[0]
        line.notes.append(f"Angsurannya cocok dengan {fitting[0].name}, bukan {usual.name}. Periksa produknya.")


def _fits(line: Line, meaning: str, until: int, terms: Terms) -> bool:
    paid = {amount for month, amount in line.row.angsuran.items() if month <= until}
    if not paid or line.row.disbursed_on is None:
        return False
    try:
        rows = terms.schedule(line.principal, line.row.disbursed_on)
    except ScheduleError:
        return False
    return bool(paid & {row.principal + (row.service_fee if meaning == TOTAL else 0) for row in rows})


def _paid_before(line: Line, book: Book, choices: Choices, rows: Sequence[Row]) -> int:
    """What an old loan had paid before the book's year: as told, by the schedule where that was agreed to, or 0 where
    nothing was due; else it is needed."""
    row = line.row
    if row.disbursed_on is None or row.disbursed_on.year >= book.year:
        return 0
    line.asks_before = True
    due = [one for one in rows if one.due_on.year < book.year and one.due_on <= choices.on]
    fees = sum(one.service_fee for one in due) if choices.meaning == TOTAL else 0
    line.suggested = sum(one.principal for one in due) + fees
    if row.number in choices.before:
        return choices.before[row.number]
    if line.suggested and not choices.by_schedule:
        line.needs_before = True
        return 0
    if line.suggested:
        line.notes.append(f"Sebelum {book.year} dianggap dibayar {format_rupiah(line.suggested)}, menurut jadwal.")
    return line.suggested


def _split(line: Line, meaning: str, rows: Sequence[Row], order: Sequence[Kind]) -> None:
    fees = sum(row.service_fee for row in rows)
    if line.paid < 0:
        return
    if meaning == PRINCIPAL:
        line.principal_paid = line.paid
        line.left = line.principal - line.paid
        if line.left >= 0:
            line.fee_left = opening.fee_left(rows, line.left)
            line.fee_paid = fees - line.fee_left
        most, words = line.principal, "pokok pinjamannya"
    else:
        parts = allocate(line.paid, open_dues(rows, 0, 0), order) if line.paid else {}
        line.principal_paid, line.fee_paid = parts.get(Kind.PRINCIPAL, 0), parts.get(Kind.SERVICE_FEE, 0)
        line.left, line.fee_left = line.principal - line.principal_paid, fees - line.fee_paid
        most, words = line.principal + fees, "pokok dan jasa menurut produk"
    if line.paid > most:
        line.faults.append(
            f"Angsuran {format_rupiah(line.paid)} melebihi {words}, {format_rupiah(most)}."
            " Periksa jumlahnya, produknya, atau arti kolom ANGSURAN."
        )
        line.left = line.fee_left = 0
    elif not line.left and line.fee_left:
        line.notes.append(f"Pokoknya lunas; sisa jasa {format_rupiah(line.fee_left)} tidak dapat dibawa.")
    elif not line.left:
        line.notes.append("Pinjamannya lunas, jadi tidak dibawa.")


def _check_doubles(plan: Plan) -> None:
    """One person may write her name in two ways: the same loan is told at its second row."""
    seen: dict[tuple, int] = {}
    for line in plan.lines:
        if line.is_loan and line.person:
            first = seen.setdefault((line.person.key, line.row.disbursed_on, line.principal), line.row.number)
            if first != line.row.number:
                line.faults.append(f"Pinjaman yang sama sudah ada di baris {first}.")


# savings, and what the whole tells


def _sum_savings(plan: Plan, choices: Choices) -> None:
    saved: Counter[str] = Counter()
    for line in plan.lines:
        if not line.is_skipped and line.person and line.person.is_member:
            saved[line.person.key] += line.saved
    for key, amount in choices.saved_before.items():
        if key in saved:
            saved[key] += amount
    plan.savers = dict(saved)


def _notes(plan: Plan, book: Book, choices: Choices, until: int) -> list[str]:
    notes = []
    later = sum(row.of(kind) - row.of(kind, until) for row in book.rows for kind in ("angsuran", "iuran", "simpanan"))
    if later:
        notes.append(
            f"{format_rupiah(later)} dibayar sesudah {format_day(choices.on)} tidak dibawa:"
            " catat di portal seperti biasa."
        )
    if choices.on.year > book.year:
        notes.append(
            f"Tanggal awal buku sesudah tahun {book.year}: yang dibayar sesudah tahun itu tidak ada di berkas."
        )
    if choices.meaning == TOTAL and _looks_like_principal(plan, until):
        notes.append("Angsuran di berkas sama dengan pokok tanpa jasa. Mungkin ANGSURAN berarti pokok saja?")
    if contributed := plan.total("contributed"):
        notes.append(
            f"Iuran {format_rupiah(contributed)} tidak dibawa sebagai saldo:"
            " uangnya ada di kas, hasilnya di SHU tahun berjalan."
        )
    return notes


def _looks_like_principal(plan: Plan, until: int) -> bool:
    """Whether most payments are exactly the principal of an instalment and none is one with its fee."""
    alike = other = 0
    for line in plan.lines:
        if line.principal and line.terms and line.row.disbursed_on and not line.is_skipped:
            try:
                first = line.terms.schedule(line.principal, line.row.disbursed_on)[0]
            except ScheduleError:
                continue
            paid = [amount for month, amount in line.row.angsuran.items() if month <= until]
            if first.service_fee:
                alike += sum(amount == first.principal for amount in paid)
                other += sum(amount != first.principal for amount in paid)
    return alike > other
