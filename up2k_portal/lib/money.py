"""Whole rupiah: how they are rounded, written, read and spelled out. The only rounding in the project."""

import re
from decimal import Decimal
from fractions import Fraction

import lokal

MINUS = "−"
_SPACES = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]+")
_AMOUNT = re.compile(
    r"(?:Rp\.?\ ?)?  (?P<rupiah> [1-9][0-9]{0,2}(?:\.[0-9]{3})+ | [0-9]+ )  (?:\ ?,(?:-|00))?",
    re.VERBOSE | re.IGNORECASE,
)
_MOST_DIGITS = 15  # what Excel still holds exactly
# The first pattern found in the text, lower case and without "Rp", says what is wrong with it.
_FAULTS = (
    (r"^[-.,]*$", "Isi jumlah rupiah dengan angka, misalnya 50.000."),
    (r"^[-−–]", "Jumlah “{text}” tidak boleh negatif; tulis misalnya 50.000."),
    (r"[^0-9.,\- ]", "Jumlah “{text}” hanya boleh berisi angka 0–9 dan titik ribuan, misalnya 50.000."),
    (r"\d ", "Jumlah “{text}” terpotong spasi; pisahkan ribuan dengan titik, misalnya 50.000."),
    (r",\d{3}(\D|$)", "Jumlah “{text}” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000."),
    (r"\.\d{1,2}$", "Jumlah “{text}” tidak jelas: sesudah titik harus tiga angka, misalnya 50.000."),
    (r",", "Jumlah “{text}” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000."),
    (r"", "Jumlah “{text}” tidak jelas: letakkan titik tiap tiga angka, misalnya 50.000 atau 1.500.000."),
)


def round_rupiah(amount: Fraction | int, step: int = 1, direction: str = "nearest") -> int:
    """A multiple of `step` rupiah: "nearest" (ties up), "up" (ceiling) or "down" (floor), on the exact value.

    Raises ValueError for a step below 1 or another direction.
    """
    if step < 1:
        raise ValueError(f"Pembulatan Rp{step} tidak mungkin; isi paling sedikit Rp1.")
    over, under = amount.numerator, amount.denominator * step
    match direction:
        case "nearest":
            return (2 * over + under) // (2 * under) * step
        case "up":
            return -(-over // under) * step
        case "down":
            return over // under * step
    raise ValueError(f"Arah pembulatan “{direction}” tidak dikenal; pilih nearest, up atau down.")


def format_number(amount: int) -> str:
    """1.250.000, with a real minus sign before a negative amount."""
    return f"{amount:,}".replace(",", ".").replace("-", MINUS)


def format_rupiah(amount: int, symbol: bool = True) -> str:
    """Rp1.250.000 or −Rp1.000; without the symbol 1.250.000."""
    if not symbol:
        return format_number(amount)
    return f"{MINUS if amount < 0 else ''}Rp{format_number(abs(amount))}"


def parse_rupiah(text: str) -> int:
    """The whole rupiah that a person typed: 50000, 50.000, Rp50.000, "Rp 50.000,-" or 50.000,00.

    Nothing is guessed: a comma for thousands, a dot not before three digits, sen, words, a minus and digits
    other than 0–9 raise ValueError, and its sentence says what would be right.
    """
    cleaned = _SPACES.sub(" ", text).strip()
    match = _AMOUNT.fullmatch(cleaned)
    if not match:
        raise ValueError(_fault(cleaned))
    digits = match["rupiah"].replace(".", "")
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"Jumlah “{cleaned[:40]}” terlalu besar: paling banyak {_MOST_DIGITS} angka.")
    return int(digits)


def _fault(cleaned: str) -> str:
    bare = re.sub(r"rp\.?", "", cleaned.lower(), count=1).strip()
    sentence = next(sentence for pattern, sentence in _FAULTS if re.search(pattern, bare, re.ASCII))
    return sentence.format(text=cleaned[:40])


def terbilang(amount: int) -> str:
    """The amount in words for a kuitansi: "satu juta dua ratus lima puluh ribu rupiah"."""
    return lokal.terbilang(amount, currency=True)


def parse_percent(text: str) -> Decimal:
    """A percentage as typed: 1,5 or 1.5 or 2%. Raises ValueError with an example; never reads 1_5 or 1e1."""
    typed = text.strip().removesuffix("%").rstrip()
    if not re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,30})?", typed):
        raise ValueError(f"Jasa “{text[:20]}” tidak dikenal; tulis persen per angsuran, misalnya 1,5.")
    return Decimal(typed.replace(",", "."))
