"""The signed code of a receipt: short enough to type, and nobody without the key can make one up.

A code is 9 characters of a keyed hash (45 bits) and the receipt's number in the database, in Crockford's base 32, which
has no letters that are read as others. See docs/decisions/025-receipt-code.md.
"""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")  # what people write for what was printed
SALT = "loans.receipt_codes"
HASH_LENGTH = 9
MOST_LENGTH = 16
BITS = 5
_CODE = re.compile(rf"[{ALPHABET}]{{{HASH_LENGTH + 1},{MOST_LENGTH}}}")


def code_of(pk: int) -> str:
    """The code of the receipt with this key, at most 16 characters. Raises ValueError for a key that fits none."""
    if not 1 <= pk < len(ALPHABET) ** (MOST_LENGTH - HASH_LENGTH):
        raise ValueError(f"Nomor {pk} tidak dapat dijadikan kode.")
    number = _written(pk)
    return _hash(number, settings.SECRET_KEY) + number


def receipt_pk(typed: str) -> int | None:
    """The key of the receipt whose code was typed, with or without dashes, small or capital; None for any other text.

    No database is asked, so a wrong code takes as long as any other and tells nothing.
    """
    code = tidy(typed)
    if not _CODE.fullmatch(code):
        return None
    given, number = code[:HASH_LENGTH], code[HASH_LENGTH:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)  # papers outlive a key
    is_ours = any(constant_time_compare(given, _hash(number, key)) for key in keys)
    return _read(number) if is_ours else None


def tidy(typed: str) -> str:
    """A code as it was made, from what somebody typed."""
    return re.sub(r"[\s-]+", "", typed[: 4 * MOST_LENGTH]).upper().translate(READ_AS)


def grouped(code: str) -> str:
    """3F7K-9ZQ2-1B4C: as it is printed, for the eye."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _hash(number: str, key: str) -> str:
    digest = salted_hmac(SALT, number, secret=key, algorithm="sha256").digest()
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - HASH_LENGTH * BITS)
    return _written(bits).rjust(HASH_LENGTH, ALPHABET[0])


def _written(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        text = ALPHABET[digit] + text
    return text


def _read(text: str) -> int:
    number = 0
    for letter in text:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number
