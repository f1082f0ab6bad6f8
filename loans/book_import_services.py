"""Verbs of the import of a yearly book: reading keeps what was read, using writes the figures of the draft opening.

Nothing is posted: that is `opening_services.open_books`. Whole rupiah. What a person can mend raises ValidationError
with an Indonesian sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import IO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import history
from accounts.attachments.contents import clean_name
from accounts.models import User
from loans import builders, opening_services
from loans.allocation import parse_order
from loans.book_import import Book, from_json, read_book, to_json
from loans.book_import_people import Person
from loans.book_import_plan import Choices, Line, Plan, Terms, make_plan
from loans.ledger_services import lock_group
from loans.models import BookImport, LoanProduct, MoneyRules, Opening, OpeningLine
from loans.rules_services import rules_of
from loans.schedule import Row
from up2k_portal.lib.dates import format_day, format_moment, today
from up2k_portal.lib.xlsx_file import read_workbook
from up2k_portal.lib.xlsx_parts import FileError
from villages.bulk_services import TOLD, take_back_members
from villages.models import Group, Member, Poklak
from villages.services import save_member

NO_PURPOSE = "tidak tertulis di buku lama"
NO_NIK = "belum diisi, dari buku tahunan {}"
UNDONE = "Batal dimasukkan: impor buku dibatalkan"


def read_file(
    *,
    group: Group,
    stream: IO[bytes],
    name: str,
    product: LoanProduct,
    by: User,
    year: int | None = None,
    on: date | None = None,
    meaning: str = BookImport.Meaning.TOTAL,
    saving_kind: str = BookImport.SavingKind.MANDATORY,
) -> BookImport:
    """Reads a file and keeps what it says, for the page that checks it; an earlier one that was not used goes.

    `on` is the cut-off day: by default 31 December of the book's year, of a running year the end of its last month
    with figures. Raises ValidationError at `file` for a file that cannot be read.
    """
    try:
        book = read_book(read_workbook(stream), year, today())
    except FileError as error:
        raise ValidationError({"file": str(error)}) from error
    stream.seek(0)
    kept = BookImport(
        village=group.village,
        group=group,
        file_name=clean_name(name),
        sha256=sha256(stream.read()).hexdigest(),
        year=book.year,
        book=to_json(book),
        product=product,
        on=on or usual_cut_off(book),
        meaning=meaning,
        saving_kind=saving_kind,
        read_by=by,
    )
    kept.full_clean()
    with transaction.atomic():
        BookImport.objects.filter(group=group, used_at=None).delete()
        kept.save()
    return kept


def usual_cut_off(book: Book) -> date:
    """31 December of the book's year; while that is to come, the end of the last month with figures that is over."""
    end = date(book.year, 12, 31)
    if end <= today():
        return end
    month = min(book.last_month or 1, today().month - 1)
    return _end_of_month(book.year, month)


def _end_of_month(year: int, month: int) -> date:
    following = date(year, month + 1, 1) if month else date(year, 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def people_of(group: Group) -> list[Person]:
    """Who a row of the book may be: every member and poklak that the group has or had; two queries. Who left on the
    day she joined was entered by mistake."""
    members = Member.objects.filter(group=group).exclude(left_on__lte=F("joined_on")).order_by("name", "pk")
    poklaks = Poklak.objects.filter(group=group).order_by("name", "pk")
    found = [Person(f"m{one.pk}", one.name, one.joined_on, one.left_on) for one in members]
    return found + [Person(f"p{one.pk}", str(one), None, one.dissolved_on) for one in poklaks]


def plan_of(
    kept: BookImport,
    choices: Choices,
    product: LoanProduct,
    people: Sequence[Person],
    book: Book | None = None,
    products: Sequence[LoanProduct] | None = None,
) -> Plan:
    """What the kept book becomes under these choices, `product` where a row has none of its own. Queries only the
    group's rules, and its `products` where they are not given."""
    rules = rules_of(kept.group)
    others = LoanProduct.objects.filter(group=kept.group) if products is None else products
    terms = {
        one.pk: Terms(one.pk, one.name, _schedule_of(one, kept.group, rules), parse_order(one.allocation_order))
        for one in (*others, product)
    }
    return make_plan(book or from_json(kept.book), people, choices, terms, product.pk)


def _schedule_of(product: LoanProduct, group: Group, rules: MoneyRules) -> Callable[[int, date], Sequence[Row]]:
    @cache
    def schedule(principal: int, on: date) -> Sequence[Row]:
        loan = builders.build_loan(
            product=product,
            borrower=Member(group=group),
            principal=principal,
            purpose="",
            proposed_on=on,
            number="",
            uuid=uuid4(),
            by=None,
        )
        return builders.plan_loan(loan, on, rules)

    return schedule


def replaced_words(kept: BookImport, plan: Plan, on: date, saving_kind: str) -> list[str]:
    """What of the draft gives way when the book is used, as sentences; empty where nothing does."""
    draft = Opening.objects.filter(group=kept.group_id).first()
    if draft is None:
        return []
    said = []
    for earlier in _used_earlier(kept):
        same = "Berkas yang sama" if earlier.sha256 == kept.sha256 else f"Berkas {earlier.file_name}"
        said.append(
            f"{same} sudah dipakai {format_moment(earlier.used_at)} oleh {earlier.used_by}:"
            f" {earlier.lines.count()} angkanya diganti."
        )
    imported = OpeningLine.objects.filter(book_imports__in=_used_earlier(kept)).values("pk")
    by_hand = draft.lines.filter(kind=saving_kind).exclude(pk__in=imported)
    other = [line for line in by_hand if (plan.savers.get(f"m{line.member_id}") or line.amount) != line.amount]
    if other:
        words = BookImport.SavingKind(saving_kind).label
        said.append(f"{words} yang sudah diisi tangan untuk {len(other)} anggota diganti.")
    if draft.on != on and draft.lines.exists():
        said.append(f"Tanggal awal buku berubah dari {format_day(draft.on)} menjadi {format_day(on)}.")
    return said


@transaction.atomic
def use_book(
    *,
    kept: BookImport,
    choices: Choices,
    product: LoanProduct,
    saving_kind: str,
    seen: str,
    may_replace: bool,
    by: User,
) -> Opening:
    """ "Pakai sebagai saldo awal": the loans that are left and the savings become figures of the draft; all or nothing.

    Who is to be a new member becomes one. Refused while a row has a fault, when what would be written is not what was
    `seen` (`Plan.mark`), and without `may_replace` where figures give way. Used already by the same person it is done
    once.
    """
    group = lock_group(kept.group_id)
    kept = BookImport.objects.select_for_update(of=("self",)).select_related("village__district").get(pk=kept.pk)
    kept.group = group
    if kept.used_at:
        if kept.used_by != by:
            when = format_moment(kept.used_at)
            raise ValidationError(f"Berkas ini sudah dipakai {when} oleh {kept.used_by}. Buka lagi saldo awalnya.")
        return Opening.objects.get(group=group)
    plan = plan_of(kept, choices, product, people_of(group))
    _check_plan(plan, seen)
    replaced = replaced_words(kept, plan, choices.on, saving_kind)
    if replaced and not may_replace:
        raise ValidationError({"replace": [*replaced, "Beri tanda setuju bila memang diganti."]})
    earlier = list(_used_earlier(kept))
    for line in OpeningLine.objects.filter(book_imports__in=earlier).select_related("opening").distinct():
        opening_services.remove_line(line=line, by=by)
    draft = opening_services.start_opening(group=group, on=choices.on, by=by)
    keys = _keep_members(kept, plan, by)
    loans = [_keep_loan(draft, line, keys, by) for line in plan.lines if line.is_loan]
    savings = _keep_savings(draft, plan, saving_kind, keys, by)
    kept.product, kept.on, kept.meaning, kept.saving_kind = product, choices.on, choices.meaning, saving_kind
    kept.used_at, kept.used_by = timezone.now(), by
    history.save(kept, by=by)
    kept.lines.set([*loans, *savings])
    named = {keys[line.person.key] for line in plan.lines if line.person and line.person.is_member}
    for book in earlier:
        kept.members.add(*_take_back_members(book, by, named))
    return draft


@transaction.atomic
def undo_book(*, kept: BookImport, by: User) -> BookImport:
    """ "Batalkan impor": its figures leave the draft, and with them the members that it made and nothing rests on.

    The file is then as it was before it was used. Refused once the books were opened. Done twice it is done once.
    """
    group = lock_group(kept.group_id)
    kept = BookImport.objects.select_for_update(of=("self",)).select_related("village__district").get(pk=kept.pk)
    kept.group = group
    if not kept.used_at:
        return kept
    draft = Opening.objects.filter(group=group).select_related("opened_by").first()
    if draft and draft.opened_at:
        when = format_moment(draft.opened_at)
        raise ValidationError(
            f"Buku kelompok ini sudah dibuka {when} oleh {draft.opened_by}. Batalkan dulu pembukaannya."
        )
    for line in kept.lines.select_related("opening"):
        opening_services.remove_line(line=line, by=by)
    _take_back_members(kept, by, named=set())
    kept.used_at = kept.used_by = None
    return history.save(kept, by=by)


def _check_plan(plan: Plan, seen: str) -> None:
    if not plan.is_clear:
        raise ValidationError(f"{plan.count('wrong')} baris belum beres. Perbaiki atau lewati dulu.")
    if not plan.has_content:
        raise ValidationError("Tidak ada pinjaman yang tersisa atau simpanan untuk dibawa.")
    if plan.mark != seen:
        raise ValidationError("Hasilnya berubah sejak diperiksa. Lihat sekali lagi, lalu pakai.")


def _used_earlier(kept: BookImport):
    """Books of the group whose figures still stand in the draft."""
    used = BookImport.objects.filter(group=kept.group_id, used_at__isnull=False, lines__isnull=False)
    return used.exclude(pk=kept.pk).select_related("used_by").defer("book").distinct()


def _keep_members(kept: BookImport, plan: Plan, by: User) -> dict[str, int]:
    """Makes the new members; member and poklak keys of all who the plan names, by its own keys."""
    keys = {line.person.key: int(line.person.key[1:]) for line in plan.lines if line.person}
    made = []
    for person in plan.newcomers:
        member = Member(village=kept.village, group=kept.group, name=person.name)
        member.joined_on, member.nik_missing_reason = person.joined_on or kept.on, NO_NIK.format(kept.year)
        made.append(save_member(member=member, by=by))
        keys[person.key] = member.pk
    kept.members.set(made)
    return keys


def _take_back_members(kept: BookImport, by: User, named: set[int]) -> list[Member]:
    """Ends the memberships that a book made and nothing rests on, but for those of `named` keys; returns who stays.

    Whose NIK was filled in is known to the group by more than the book.
    """
    members = list(kept.members.select_related(*TOLD))
    loose = [one for one in members if one.pk not in named and not one.nik]
    gone = take_back_members(members=loose, reason=UNDONE, by=by)
    kept.members.clear()
    return [one for one in members if one not in gone]


def _keep_loan(draft: Opening, line: Line, keys: Mapping[str, int], by: User) -> OpeningLine:
    person = line.person
    if person is None or line.terms is None:
        raise ValueError(f"row {line.row.number} is nobody's")
    whose = {"member_id" if person.is_member else "poklak_id": keys[person.key]}
    made = OpeningLine(
        opening=draft,
        kind=OpeningLine.Kind.LOAN,
        product_id=line.terms.key,
        principal=line.principal,
        amount=line.left,
        service_fee_left=line.fee_left,
        disbursed_on=line.row.disbursed_on,
        purpose=line.row.purpose or NO_PURPOSE,
        note=f"Buku tahunan, baris {line.row.number}",
        **whose,
    )
    try:
        return opening_services.save_line(line=made, by=by)
    except ValidationError as error:
        words = " ".join(error.messages)
        raise ValidationError(f"Baris {line.row.number}, {person.name}: {words}") from error


def _keep_savings(draft: Opening, plan: Plan, kind: str, keys: Mapping[str, int], by: User) -> list[OpeningLine]:
    amounts: dict[opening_services.Whose, int] = {
        (kind, keys[key]): amount for key, amount in plan.savers.items() if amount
    }
    opening_services.save_amounts(opening=draft, amounts=amounts, by=by)
    return list(draft.lines.filter(kind=kind, member__in=[key for _, key in amounts]))
