"""One item of a sheet or of a telephone's queue, as JSON: read strictly, told canonically. Pure: no database, no clock.

Amounts are whole rupiah. What is wrong raises ItemError, an Indonesian sentence a field that says what would be right;
an old format is converted first, so that a queue outlives an update of the app.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

FORMAT = 2
KINDS = ("row", "total", "absent", "count")
SAVED_KINDS = ("mandatory", "voluntary", "initial", "contribution")
WITHDRAWN_KINDS = ("voluntary",)  # the kinds that groups keep locked are given back on leaving alone
MOST_RUPIAH = 10**12
MOST_KEY = 10**15
MOST_PIECES = 1_000_000
MOST_NOTE, MOST_EXPLANATION = 200, 300
DAY = re.compile(r"[12]\d{3}-\d{2}-\d{2}", re.ASCII)
PIECE = re.compile(r"[1-9]\d{2,5}", re.ASCII)
UPDATE = "Kiriman ini dibuat aplikasi yang lain versinya. Perbarui aplikasi, lalu kirim lagi."
RUPIAH_WORDS = "Tulis rupiah bulat, misalnya 50000."
_ALONE = {"mandatory", "voluntary", "initial", "contribution"}


class ItemError(ValueError):
    """What is wrong with an item: a sentence a field; "" for the item as a whole."""

    def __init__(self, fields: Mapping[str, str]):
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))


@dataclass(frozen=True)
class Item:
    """A thing to record: a line of the sheet (`row`), one payment (`total`), an absence, or the count of the table.

    `amount` is for the loan, `savings` come on top, `withdraw` goes out; whole rupiah by kind, those of 0 left out.
    """

    uuid: UUID
    kind: str
    group: int
    on: date
    member: int | None = None
    loan: int | None = None
    amount: int = 0
    savings: Mapping[str, int] = field(default_factory=dict)
    withdraw: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    absent: bool = True
    pieces: Mapping[str, int] = field(default_factory=dict)
    explanation: str = ""
    order: int = 0
    format: int = FORMAT
    recorded_at: datetime | None = None

    def canonical(self) -> dict[str, Any]:
        """What the item says, without its order, its clock and its format: what two sendings must agree in."""
        told: dict[str, Any] = {
            "uuid": str(self.uuid),
            "kind": self.kind,
            "group": self.group,
            "on": self.on.isoformat(),
            "member": self.member,
            "loan": self.loan,
            "amount": self.amount,
            "savings": dict(sorted(self.savings.items())),
            "withdraw": dict(sorted(self.withdraw.items())),
            "note": self.note,
        }
        if self.kind == "absent":
            told["absent"] = self.absent
        if self.kind == "count":
            told |= {"pieces": dict(sorted(self.pieces.items())), "explanation": self.explanation}
        return told

    @property
    def sha256(self) -> str:
        """The fingerprint of the canonical content."""
        written = json.dumps(self.canonical(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(written.encode()).hexdigest()


def converted(told: Any) -> Any:
    """An item of an older format as one of today's; what is no item stays as it is, for `read` to refuse.

    Format 1 had the savings beside the amount ("mandatory": 10000) and called a single payment "payment".
    Raises ItemError for a format that this app does not know.
    """
    if not isinstance(told, dict):
        return told
    format_ = told.get("format")
    if type(format_) is not int or not 1 <= format_ <= FORMAT:
        raise ItemError({"format": UPDATE})
    if format_ == FORMAT:
        return told
    kept = {name: value for name, value in told.items() if name not in _ALONE}
    kind = "total" if told.get("kind") == "payment" else told.get("kind")
    return kept | {"kind": kind, "savings": {name: told[name] for name in SAVED_KINDS if name in told}}


def read(told: Any) -> Item:
    """The item that this JSON says. Raises ItemError with all that is wrong at once, field by field."""
    if not isinstance(told, dict):
        raise ItemError({"": "Satu kiriman harus berupa satu objek JSON."})
    reader = _Reader(converted(told))
    item = Item(
        uuid=reader.uuid(),
        kind=reader.kind(),
        group=reader.key("group", needed=True) or 0,
        on=reader.day(),
        member=reader.key("member"),
        loan=reader.key("loan"),
        amount=reader.rupiah(reader.told.get("amount", 0), "amount"),
        savings=reader.amounts("savings", SAVED_KINDS),
        withdraw=reader.amounts("withdraw", WITHDRAWN_KINDS),
        note=reader.text("note", MOST_NOTE),
        absent=reader.flag("absent"),
        pieces=reader.pieces(),
        explanation=reader.text("explanation", MOST_EXPLANATION),
        order=reader.order(),
        format=told["format"],
        recorded_at=reader.moment(),
    )
    reader.check(item)
    if reader.wrong:
        raise ItemError(reader.wrong)
    return item


def iso_day(told: Any) -> date | None:
    """The day of "2026-09-25", written just so; None for anything else."""
    try:
        return date.fromisoformat(told) if isinstance(told, str) and DAY.fullmatch(told) else None
    except ValueError:
        return None


class _Reader:
    """Reads field by field and keeps what is wrong; a field that is wrong reads as empty."""

    def __init__(self, told: dict[str, Any]):
        self.told = told
        self.wrong: dict[str, str] = {}

    def uuid(self) -> UUID:
        """A random key: those that the portal derives from one (version 5) cannot be taken by a sending."""
        said = self.told.get("uuid")
        try:
            found = UUID(said) if isinstance(said, str) and len(said) == 36 else None
        except ValueError:
            found = None
        if found is None or found.version != 4:
            self.wrong["uuid"] = "Kunci kiriman ini tidak dikenal. Isi lagi dari lembarnya."
            return UUID(int=0)
        return found

    def kind(self) -> str:
        said = self.told.get("kind")
        if not isinstance(said, str) or said not in KINDS:
            self.wrong["kind"] = "Jenis kiriman ini tidak dikenal. Perbarui aplikasi, lalu isi lagi."
            return ""
        return said

    def key(self, name: str, *, needed: bool = False) -> int | None:
        said = self.told.get(name)
        if said is None and not needed:
            return None
        if type(said) is not int or not 0 < said < MOST_KEY:
            self.wrong[name] = "Kelompok, anggota atau pinjaman ini tidak dikenal. Pilih lagi dari lembarnya."
            return None
        return said

    def day(self) -> date:
        if found := iso_day(self.told.get("on")):
            return found
        self.wrong["on"] = "Tanggal pertemuan tidak dikenal. Tulis tahun-bulan-hari, misalnya 2026-09-25."
        return date.min

    def rupiah(self, said: Any, name: str) -> int:
        if type(said) is not int:
            self.wrong[name] = RUPIAH_WORDS
        elif said < 0:
            self.wrong[name] = "Jumlah tidak boleh di bawah nol. Kosongkan bila tidak ada."
        elif said > MOST_RUPIAH:
            self.wrong[name] = "Jumlah ini terlalu besar: paling banyak 1.000.000.000.000. Periksa angka nolnya."
        else:
            return said
        return 0

    def amounts(self, name: str, kinds: tuple[str, ...]) -> dict[str, int]:
        said = self.told.get(name)
        if said is None:
            return {}
        if not isinstance(said, dict):
            self.wrong[name] = "Simpanan ditulis menurut jenisnya, misalnya wajib 10000."
            return {}
        if any(kind not in kinds for kind in said):
            what = "ditarik di lembar" if name == "withdraw" else "dicatat di lembar"
            self.wrong[name] = f"Ada jenis simpanan yang tidak dapat {what}. Catat dari halaman anggotanya."
            return {}
        found = {kind: self.rupiah(amount, f"{name}.{kind}") for kind, amount in said.items()}
        return {kind: amount for kind, amount in found.items() if amount}

    def text(self, name: str, most: int) -> str:
        said = self.told.get(name, "")
        if said is None:
            return ""
        if not isinstance(said, str) or not _is_writable(said):
            self.wrong[name] = "Tulisan ini memuat tanda yang tidak dapat disimpan. Tulis lagi dengan huruf biasa."
            return ""
        if len(said := " ".join(said.split())) > most:
            self.wrong[name] = f"Paling panjang {most} huruf. Pendekkan tulisannya."
            return ""
        return said

    def flag(self, name: str) -> bool:
        said = self.told.get(name, True)
        if not isinstance(said, bool):
            self.wrong[name] = "Tulis true untuk tidak hadir, false untuk hadir."
            return True
        return said

    def pieces(self) -> dict[str, int]:
        said = self.told.get("pieces")
        if said is None:
            return {}
        is_known = isinstance(said, dict) and all(PIECE.fullmatch(one) for one in said)
        if not is_known or any(type(one) is not int or not 0 <= one <= MOST_PIECES for one in said.values()):
            self.wrong["pieces"] = "Isi berapa lembar tiap pecahan dengan angka bulat, misalnya Rp100.000: 3."
            return {}
        return {piece: count for piece, count in said.items() if count}

    def order(self) -> int:
        said = self.told.get("order", 0)
        return said if type(said) is int and 0 <= said <= MOST_KEY else 0

    def moment(self) -> datetime | None:
        """The telephone's clock: told only, so a strange one is no reason to refuse money."""
        said = self.told.get("recorded_at")
        try:
            found = datetime.fromisoformat(said) if isinstance(said, str) and len(said) <= 40 else None
        except ValueError:
            return None
        return found if found and found.tzinfo and 2000 < found.year < 9000 else None

    def check(self, item: Item) -> None:
        """What the fields must be together."""
        if self.wrong:
            return
        if item.kind == "absent" and item.member is None:
            self.wrong["member"] = "Belum jelas siapa yang tidak hadir. Pilih anggotanya."
        if item.kind == "total" and item.loan is None:
            self.wrong["loan"] = "Belum jelas pinjaman mana yang dibayar. Pilih pinjamannya."
        if item.kind == "total" and not item.amount:
            self.wrong["amount"] = "Jumlah harus lebih dari nol, misalnya 50.000."
        if item.kind == "total" and (item.savings or item.withdraw):
            self.wrong["savings"] = "Setoran tunggal dibagi sendiri oleh portal. Isi jumlahnya saja."
        if item.kind == "row":
            self._check_row(item)

    def _check_row(self, item: Item) -> None:
        if item.member is None and item.loan is None:
            self.wrong["member"] = "Belum jelas siapa yang menyetor. Pilih anggota atau pinjamannya."
        elif item.amount and item.loan is None:
            self.wrong["loan"] = "Belum jelas pinjaman mana yang dibayar. Pilih pinjamannya."
        elif not (item.amount or item.savings or item.withdraw):
            self.wrong["amount"] = "Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya wajib 10.000."


def _is_writable(text: str) -> bool:
    """Whether a database keeps the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)
