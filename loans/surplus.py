"""How a year's surplus (SHU) is shared. Pure: whole rupiah in, whole rupiah out, nothing lost and nothing made.

The posts and their percentages are the group's own (its rules or its members' meeting); UU 25/1992 article 45 asks
for a reserve first and the rest in proportion to each member's transactions, and for what the meeting decides besides.
A member's part is the cooperative's usual formula, SHU = (fee she paid / all fees) × post by fee + (her savings / all
savings) × post by savings. Every division is by largest remainder, so that each list sums to its post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from loans.schedule import Choice
from up2k_portal.lib.money import format_rupiah

Key = TypeVar("Key", str, int)
WHOLE = Decimal(100)


class SurplusError(ValueError):
    """Why a surplus cannot be shared so, as an Indonesian sentence."""


class PostKind(Choice):
    """Who a post is for, and by what it is shared among them."""

    BY_FEE = "by_fee"
    BY_SAVINGS = "by_savings"
    EQUAL = "equal"
    OFFICERS = "officers"
    TEACHERS = "teachers"
    SOCIAL = "social"
    EDUCATION = "education"
    RESERVE = "reserve"
    OTHER = "other"

    @property
    def is_for_members(self) -> bool:
        return self in (PostKind.BY_FEE, PostKind.BY_SAVINGS, PostKind.EQUAL)


@dataclass(frozen=True)
class Post:
    """One line of the scheme: its percent of the surplus; `takes_rest` names the one that gets what is left over."""

    key: str
    name: str
    kind: PostKind
    percent: Decimal
    takes_rest: bool = False


@dataclass(frozen=True)
class Basis:
    """What counts for one member: rupiah of fees that came from her in the year, and of savings."""

    fees: int = 0
    savings: int = 0


@dataclass(frozen=True)
class Part:
    """Rupiah of one post for one member, and how they come about in one line."""

    post: str
    amount: int
    words: str


def percent_words(percent: Decimal) -> str:
    """12,5%"""
    return f"{percent.normalize():f}%".replace(".", ",")


def distribute(amount: int, weights: Mapping[Key, int | Decimal | Fraction]) -> dict[Key, int]:
    """`amount` rupiah in proportion to the weights, by largest remainder; of equal remainders the earlier key first.

    The parts sum to `amount`, each is less than one rupiah from its exact share, and a weight of 0 gets nothing. Where
    all weights are 0 nobody gets anything: what then becomes of the amount is for the caller to say.
    Raises ValueError for a negative amount or weight.
    """
    if amount < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("amount and weights are not negative")
    total = sum(Fraction(weight) for weight in weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {key: Fraction(weight) * amount / total for key, weight in weights.items()}
    parts = {key: share.numerator // share.denominator for key, share in exact.items()}
    left = amount - sum(parts.values())
    for key in sorted(exact, key=lambda key: parts[key] - exact[key])[:left]:
        parts[key] += 1
    return parts


def check_posts(posts: Sequence[Post]) -> None:
    """Raises SurplusError unless the percentages are above 0 and add up to 100, with one post for what is left over."""
    if not posts:
        raise SurplusError("Belum ada pos pembagian. Isi paling sedikit satu pos, misalnya Anggota 100%.")
    for post in posts:
        if not 0 < post.percent <= WHOLE:
            raise SurplusError(f"Pos {post.name}: persen harus di atas 0 dan paling banyak 100.")
    total = sum((post.percent for post in posts), Decimal(0))
    if total != WHOLE:
        way = "kurang" if total < WHOLE else "lebih"
        raise SurplusError(
            f"Jumlah persen {percent_words(total)}, {way} {percent_words(abs(WHOLE - total))} dari 100%."
            " Ubah salah satu pos."
        )
    if sum(post.takes_rest for post in posts) != 1:
        raise SurplusError("Tandai satu pos yang menerima sisa pembulatan, misalnya Cadangan modal.")
    if any(post.takes_rest and post.kind.is_for_members for post in posts):
        raise SurplusError("Sisa pembulatan tidak dapat masuk ke pos anggota. Pilih misalnya Cadangan modal.")


def post_amounts(surplus: int, posts: Sequence[Post]) -> dict[str, int]:
    """Rupiah of each post: its percent rounded down, what is left over to the post that takes the rest.

    Raises SurplusError for posts that cannot be (`check_posts`) and for a surplus that is not above 0.
    """
    check_posts(posts)
    if surplus <= 0:
        raise SurplusError(
            f"SHU {format_rupiah(surplus)}: tidak ada yang dapat dibagi. Kekurangan dibawa ke tahun berikutnya."
        )
    amounts = {post.key: int(Fraction(post.percent) * surplus / 100) for post in posts}
    rest = next(post.key for post in posts if post.takes_rest)
    amounts[rest] += surplus - sum(amounts.values())
    return amounts


def member_parts(post: Post, amount: int, bases: Mapping[Key, Basis]) -> dict[Key, Part]:
    """What each member gets of a members' post of `amount` rupiah, those who get nothing left out.

    Where nobody has a basis (no fee was paid in the year) nobody gets anything.
    """
    weights = {key: _weight(post.kind, basis) for key, basis in bases.items()}
    total = sum(weights.values())
    parts = distribute(amount, weights)
    return {
        key: Part(post.key, part, _words(post, amount, weights[key], total, part))
        for key, part in parts.items()
        if part
    }


def people_parts(post: str, name: str, amount: int, weights: Mapping[Key, int], what: str) -> dict[Key, Part]:
    """What each officer or teacher (`what`) gets of a post of `amount` rupiah: equal parts, or by the weights that the
    group wrote; who has weight 0 or gets nothing is left out.

    Raises SurplusError where nobody has a weight.
    """
    total = sum(weights.values())
    if not total:
        raise SurplusError(f"Pos {name}: semua {what} diberi bagian 0. Isi paling sedikit satu di atas 0.")
    is_equal = len(set(weights.values())) == 1
    whole = format_rupiah(amount)
    return {
        key: Part(
            post,
            part,
            f"{whole} dibagi rata {len(weights)} {what} = {format_rupiah(part)}"
            if is_equal
            else f"bagian {weights[key]} dari {total} × {whole} = {format_rupiah(part)}",
        )
        for key, part in distribute(amount, weights).items()
        if part
    }


def _weight(kind: PostKind, basis: Basis) -> int:
    match kind:
        case PostKind.BY_FEE:
            return max(basis.fees, 0)
        case PostKind.BY_SAVINGS:
            return max(basis.savings, 0)
        case PostKind.EQUAL:
            return 1
    raise ValueError(f"{kind} is not shared among members")


def _words(post: Post, amount: int, weight: int, total: int, part: int) -> str:
    if post.kind == PostKind.EQUAL:
        return f"{format_rupiah(amount)} dibagi rata {total} anggota = {format_rupiah(part)}"
    what = "jasa" if post.kind == PostKind.BY_FEE else "simpanan"
    return (
        f"{what} {format_rupiah(weight)} dari {format_rupiah(total)} × {format_rupiah(amount)} = {format_rupiah(part)}"
    )
