"""What falls to each of several people who share an amount, to the rupiah. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Who = TypeVar("Who", bound=Hashable)


def in_proportion(amount: int, weights: Mapping[Who, int]) -> dict[Who, int]:
    """`amount` rupiah split by weights (whole, not negative, not all 0); the parts sum to the amount.

    Largest remainder: each gets the whole rupiah of her part, and what is left goes, a rupiah each, to those who lost
    most by rounding; between equals the earlier one comes first.
    """
    total = sum(weights.values())
    parts = {who: amount * weight // total for who, weight in weights.items()}
    left = amount - sum(parts.values())
    for who in sorted(weights, key=lambda one: -(amount * weights[one] % total))[:left]:
        parts[who] += 1
    return parts
