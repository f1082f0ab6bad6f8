"""What a year's surplus is and who would get what of it: read from the books, nothing is written. Whole rupiah.

SHU = income − expenses of the book year (cash basis); the allowance for loan losses is among the expenses, posted when
the year closed. What the group withholds (an earlier loss) is not shared. The plan is made of unsaved rows, so that a
draft is shown by the same pages as what was approved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db.models import Q, Sum

from loans.chart import SURPLUS
from loans.incentive_services import incentives as incentives_of_year
from loans.models import (
    Entry,
    PaudTeacher,
    SurplusAllotment,
    SurplusDistribution,
    SurplusLine,
    SurplusScheme,
    Voucher,
)
from loans.models.surplus import INCENTIVE, account_of, officer_key, teacher_key
from loans.month_services import closed_through
from loans.surplus import Basis, Post, PostKind, SurplusError, member_parts, people_parts, post_amounts
from loans.surplus_bases import bases_of, members_of
from loans.year_close import Year, december, last_of, year_result
from up2k_portal.lib.money import format_rupiah
from villages.models import Group, Member, Office

OFFICES = list(Office)
MAX_WEIGHT = 1_000
# Posts that people share by weights: what they are called, and what is said where there is nobody.
SHARED_BY = {
    PostKind.OFFICERS: ("pengurus", "tidak ada pengurus yang menjabat pada 31 Desember {year}"),
    PostKind.TEACHERS: ("guru PAUD", "belum ada guru PAUD yang masih mengajar di daftarnya"),
}
Incentives = Mapping[Member, int]  # rupiah for paying on time (IPTW), by member


@dataclass(frozen=True)
class Figures:
    """Rupiah of a year: earned, spent, brought over from the old book, and set aside before it is shared."""

    income: int
    expenses: int
    brought: int
    withheld: int

    @property
    def surplus(self) -> int:
        return self.income - self.expenses + self.brought

    @property
    def to_share(self) -> int:
        return self.surplus - self.withheld


@dataclass(frozen=True)
class Part:
    """A post with its lines, saved or not."""

    allotment: SurplusAllotment
    lines: Sequence[SurplusLine]


@dataclass(frozen=True)
class Plan:
    """A surplus shared post by post, or the sentence that says why it cannot be."""

    figures: Figures
    parts: Sequence[Part] = ()
    problem: str = ""

    @property
    def total(self) -> int:
        return sum(part.allotment.amount for part in self.parts)

    @property
    def fingerprint(self) -> str:
        """Another one as soon as any amount or name is another: whoever approves has seen just this."""
        told = [
            (part.allotment.name, part.allotment.amount, [(one.name, one.about, one.amount) for one in part.lines])
            for part in self.parts
        ]
        return sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Sharer:
    """An officer or teacher who shares a post, and with what weight."""

    key: str
    name: str
    about: str
    weight: int
    facts: Mapping[str, Any]  # of her line


@dataclass
class Payee:
    """A person of a payout list with all lines of hers, or a fund; standing `vouchers` paid it, a fund's in parts."""

    key: str
    section: str
    name: str
    about: str
    address: str
    member: Member | None
    account: str
    lines: list[SurplusLine] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def paid(self) -> int:
        return sum(voucher.amount for voucher in self.vouchers)

    @property
    def left(self) -> int:
        """Rupiah still to be paid."""
        return self.amount - self.paid

    @property
    def voucher(self) -> Voucher | None:
        """The latest that paid it."""
        return self.vouchers[-1] if self.vouchers else None

    @property
    def is_fund(self) -> bool:
        return self.section == "fund"


def scheme_on(group: Group, year: int) -> SurplusScheme | None:
    """The scheme in force for a book year, with its posts."""
    rows = SurplusScheme.objects.filter(group=group, since_year__lte=year)
    return rows.prefetch_related("posts").order_by("-since_year").first()


def figures_of(group: Group, year: int, withheld: int = 0) -> Figures:
    """The year's figures by the books; what a group brought along when its books began inside the year counts too."""
    result = Year(year, year_result(group, year))
    return Figures(result.income, result.expenses, _brought(group, year), withheld)


def plan_of(distribution: SurplusDistribution, incentives: Incentives | None = None) -> Plan:
    """How the year's surplus is shared by the scheme in force, to the rupiah. Incentives for paying on time (IPTW) are
    taken first: those of the group's rule, unless others are given.

    A members' post that nobody has a basis for goes to the post that takes the rest.
    """
    group, year = distribution.group, distribution.year
    figures = figures_of(group, year, distribution.withheld)
    if problem := _why_not(group, year, figures):
        return Plan(figures, problem=problem)
    scheme = scheme_on(group, year)
    if scheme is None:
        words = f"Belum ada skema pembagian untuk tahun {year}. Isi dulu skemanya menurut keputusan rapat anggota."
        return Plan(figures, problem=words)
    incentives = incentives_of_year(group, year) if incentives is None else incentives
    try:
        return Plan(figures, list(_parts(distribution, scheme, figures, incentives)))
    except SurplusError as error:
        return Plan(figures, problem=str(error))


def recorded_plan(distribution: SurplusDistribution) -> Plan:
    """The plan as it was approved; three queries."""
    figures = Figures(
        distribution.income or 0, distribution.expenses or 0, distribution.brought or 0, distribution.withheld
    )
    rows = distribution.allotments.prefetch_related("lines__member")
    return Plan(figures, [Part(one, list(one.lines.all())) for one in rows])


def shown_plan(distribution: SurplusDistribution) -> Plan:
    """The plan of a draft by the books of today, of any other as it was approved."""
    return plan_of(distribution) if distribution.is_draft else recorded_plan(distribution)


def payees_of(distribution: SurplusDistribution, plan: Plan) -> list[Payee]:
    """Everyone who gets money of it, section by section, with the vouchers that paid her; one query besides."""
    paid = _vouchers(distribution)
    found: dict[str, Payee] = {}
    for part in plan.parts:
        for line in part.lines:
            key, section = _key(line)
            payee = found.setdefault(key, _payee(key, section, line))
            payee.lines.append(line)
            payee.vouchers += [one for one in paid.get(line.pk, ()) if one not in payee.vouchers]
    return sorted(found.values(), key=lambda one: ("members", "officers", "teachers", "fund").index(one.section))


def _vouchers(distribution: SurplusDistribution) -> dict[int, list[Voucher]]:
    """The standing vouchers of each line of which anything is paid, the earliest first."""
    found: dict[int, list[Voucher]] = {}
    if distribution.is_draft:
        return found
    rows = Voucher.objects.filter(
        surplus_payments__line__allotment__distribution=distribution, reverses=None, reversal=None
    ).prefetch_related("surplus_payments")
    for voucher in rows.distinct().order_by("on", "pk"):
        for payment in voucher.surplus_payments.all():
            found.setdefault(payment.line_id, []).append(voucher)
    return found


def _payee(key: str, section: str, line: SurplusLine) -> Payee:
    return Payee(key, section, line.name, line.about, line.address, line.member, account_of(line.allotment.kind))


def _key(line: SurplusLine) -> tuple[str, str]:
    if line.member_id:
        return f"a{line.member_id}", "members"
    if line.officer_id:
        return officer_key(line.officer_id), "officers"
    if line.teacher_id:
        return teacher_key(line.teacher_id), "teachers"
    return f"d{line.allotment.position}", "fund"


def sharers_of(distribution: SurplusDistribution, kind: PostKind) -> list[Sharer]:
    """Who shares a post for officers (in office at the year's end) or for PAUD teachers (still active), in order."""
    group, weights = distribution.group, distribution.weights
    if kind == PostKind.OFFICERS:
        officers = group.officers.in_office(last_of(distribution.year))
        people = [
            (officer_key(one.pk), {"officer": one, "name": one.name, "about": one.get_office_display()})
            for one in sorted(officers, key=lambda one: OFFICES.index(one.office))
        ]
    else:
        people = [
            (teacher_key(one.pk), {"teacher": one, "name": one.name, "about": one.institution, "address": one.address})
            for one in PaudTeacher.objects.filter(group=group, is_active=True)
        ]
    return [Sharer(key, facts["name"], facts["about"], weights.get(key, 1), facts) for key, facts in people]


def _brought(group: Group, year: int) -> int:
    """Rupiah that the opening of the books put into the surplus in that year, a loss negative."""
    rows = Entry.objects.filter(group=group, kind="opening", period__range=(year * 100 + 1, december(year)))
    sums = rows.filter(Q(debit=SURPLUS) | Q(credit=SURPLUS)).order_by().values_list("credit")
    return sum(amount if credit == SURPLUS else -amount for credit, amount in sums.annotate(sum=Sum("amount")))


def _why_not(group: Group, year: int, figures: Figures) -> str:
    if december(year) > closed_through(group):
        return f"Desember {year} belum ditutup. Tutup dulu bulannya: saat itu SHU tahun {year} menjadi pasti."
    if figures.surplus < 0:
        return (
            f"Tahun {year} rugi {format_rupiah(-figures.surplus)}: tidak ada yang dibagi."
            f" Kekurangan ini dibawa ke tahun {year + 1}."
        )
    if figures.to_share <= 0:
        return (
            f"SHU {format_rupiah(figures.surplus)}, disisihkan dulu {format_rupiah(figures.withheld)}:"
            " tidak ada yang dapat dibagi."
        )
    return ""


def _parts(
    distribution: SurplusDistribution, scheme: SurplusScheme, figures: Figures, incentives: Incentives
) -> Iterator[Part]:
    group, year = distribution.group, distribution.year
    first = sum(incentives.values())
    if first >= figures.to_share:
        raise SurplusError(
            f"Insentif tepat waktu (IPTW) {format_rupiah(first)} tidak kurang dari SHU yang dibagi"
            f" {format_rupiah(figures.to_share)}. Turunkan persen IPTW di aturan uang kelompok."
        )
    if first:
        yield _incentive_part(distribution, incentives)
    posts = [one.as_post() for one in scheme.posts.all()]
    amounts = post_amounts(figures.to_share - first, posts)
    members = members_of(group, year, leavers=scheme.leavers_take_part)
    bases = bases_of(group, year, members, scheme.savings_basis)
    shared = {post.key: member_parts(post, amounts[post.key], bases) for post in posts if post.kind.is_for_members}
    rest = next(post for post in posts if post.takes_rest)
    empty = [post for post in posts if post.key in shared and not shared[post.key] and amounts[post.key]]
    for post in empty:
        amounts[rest.key] += amounts[post.key]
        amounts[post.key] = 0
    by_key = {member.pk: member for member in members}
    for post in posts:
        allotment = SurplusAllotment(
            distribution=distribution,
            village=distribution.village,
            position=int(post.key),
            name=post.name,
            kind=post.kind,
            percent=post.percent,
            amount=amounts[post.key],
            note=_note(post, rest, empty),
        )
        if post.key in shared:
            lines = [
                _line(allotment, part.amount, part.words, member=by_key[key], basis=_basis(post.kind, bases[key]))
                for key, part in shared[post.key].items()
            ]
        else:
            lines = list(_other_lines(allotment, year))
        yield Part(allotment, lines)


def _incentive_part(distribution: SurplusDistribution, incentives: Incentives) -> Part:
    allotment = SurplusAllotment(
        distribution=distribution,
        village=distribution.village,
        position=0,
        name="Insentif tepat waktu (IPTW)",
        kind=INCENTIVE,
        amount=sum(incentives.values()),
        note="diambil lebih dulu dari SHU",
    )
    lines = [
        _line(allotment, amount, f"membayar tepat waktu = {format_rupiah(amount)}", member=member)
        for member, amount in sorted(incentives.items(), key=lambda one: (one[0].name, one[0].pk))
        if amount
    ]
    return Part(allotment, lines)


def _note(post: Post, rest: Post, empty: Sequence[Post]) -> str:
    if post in empty:
        return f"tidak ada dasar pembagian: masuk ke {rest.name}"
    if post is rest and empty:
        return f"termasuk {', '.join(one.name for one in empty)}"
    return "menerima sisa pembulatan" if post is rest else ""


def _basis(kind: str, basis: Basis) -> int | None:
    return {PostKind.BY_FEE: basis.fees, PostKind.BY_SAVINGS: basis.savings}.get(PostKind(kind))


def _other_lines(allotment: SurplusAllotment, year: int) -> Iterator[SurplusLine]:
    """Officers and teachers by their weights; a fund is one line; a reserve has none. A post of Rp0 has none either."""
    if not allotment.amount or allotment.kind == PostKind.RESERVE:
        return
    if allotment.kind not in SHARED_BY:
        yield _line(allotment, allotment.amount, f"seluruh pos {allotment.name}", name=allotment.name)
        return
    what, nobody = SHARED_BY[PostKind(allotment.kind)]
    found = {one.key: one for one in sharers_of(allotment.distribution, PostKind(allotment.kind))}
    if not found:
        raise SurplusError(f"Pos {allotment.name}: {nobody.format(year=year)}. Isi dulu, atau ubah skemanya.")
    weights = {key: one.weight for key, one in found.items()}
    parts = people_parts(str(allotment.position), allotment.name, allotment.amount, weights, what)
    for key, part in parts.items():
        yield _line(allotment, part.amount, part.words, **found[key].facts)


def _line(allotment: SurplusAllotment, amount: int, words: str, **facts) -> SurplusLine:
    if member := facts.get("member"):
        facts |= {"name": member.name, "about": str(member.poklak or "")}
    return SurplusLine(allotment=allotment, village=allotment.village, amount=amount, words=words, **facts)
