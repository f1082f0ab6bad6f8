"""What is chosen row by row in a yearly book: another product, a new member; and the import taken back as one act."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import book_import_services as services
from loans.book_import_plan import PRINCIPAL, Choices
from loans.models import BookImport, MoneyRules, Opening, OpeningLine
from loans.opening_services import open_books, save_amounts
from loans.opening_undo_services import take_back_opening
from reports.books.spans import parse_span
from reports.books.yearly import yearly_pages
from tests import build
from tests.loans.build_book import row, stream_of, terms, workbook
from villages.models import HouseholdIncome, Member

CUT_OFF = date(2025, 12, 31)
JOINED = date(2015, 1, 5)
LENT = {"lent": 1_000_000, "on": date(2025, 9, 15)}
NEW = {7: "baru"}


@pytest.fixture
def product(group):
    return terms(group)


@pytest.fixture
def short(group):
    return terms(group, name="Lima kali", rate=Decimal(2), instalment_count=5)


@pytest.fixture
def aminah(group):
    return build.member(group, name="Aminah", joined_on=JOINED)


def kept(group, product, by, rows, **facts):
    stream = stream_of(workbook(rows))
    return services.read_file(group=group, stream=stream, name="buku.xlsx", product=product, by=by, **facts)


def plan(imported, **choices):
    said = Choices(**{"on": imported.on, "meaning": imported.meaning} | choices)
    return services.plan_of(imported, said, imported.product, services.people_of(imported.group))


def use(imported, by, may_replace=False, **choices):
    return services.use_book(
        kept=imported, choices=Choices(**{"on": imported.on, "meaning": imported.meaning} | choices),
        product=imported.product, saving_kind=imported.saving_kind, seen=plan(imported, **choices).mark,
        may_replace=may_replace, by=by,
    )  # fmt: skip


# another product for a row


def test_a_row_may_have_a_product_of_its_own(group, product, short, operator, aminah):
    build.member(group, name="Barsiah", joined_on=JOINED)
    paid = [None] * 9 + [115_000, 115_000, 115_000]
    rows = [row("Aminah", **LENT, paid=paid), row("Barsiah", **LENT, paid=[None] * 9 + [220_000] * 3)]
    imported = kept(group, product, operator, rows)
    first, second = plan(imported, products={8: short.pk}).lines
    assert [(line.terms.name, line.left, line.fee_left) for line in (first, second)] == [
        ("Bulanan", 700_000, 105_000), ("Lima kali", 400_000, 40_000),
    ]  # fmt: skip
    draft = use(imported, operator, products={8: short.pk})
    found = draft.lines.order_by("member__name").values_list("product__name", "amount", "service_fee_left")
    assert list(found) == [("Bulanan", 700_000, 105_000), ("Lima kali", 400_000, 40_000)]


def test_a_product_that_the_payments_fit_is_told_and_not_taken(group, product, short, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [220_000] * 2)])
    (line,) = plan(imported).lines
    assert (line.terms.name, line.notes) == (
        "Bulanan", ["Angsurannya cocok dengan Lima kali, bukan Bulanan. Periksa produknya."],
    )  # fmt: skip
    (line,) = plan(imported, products={7: short.pk}).lines
    assert (line.terms.name, line.notes, line.left) == ("Lima kali", [], 600_000)


def test_a_product_is_fit_by_its_principal_where_that_is_what_the_book_holds(group, product, short, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [200_000])], meaning=PRINCIPAL)
    assert plan(imported).lines[0].notes == ["Angsurannya cocok dengan Lima kali, bukan Bulanan. Periksa produknya."]


def test_payments_that_two_products_ask_for_suggest_none(group, product, short, operator, aminah):
    terms(group, name="Lima kali lama", rate=Decimal(2), instalment_count=5)
    imported = kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [220_000])])
    assert plan(imported).lines[0].notes == []


def test_a_product_of_another_group_is_no_terms_of_this_book(group, product, operator, aminah):
    theirs = terms(build.group(group.village, name="UP2K Baru"), rate=Decimal(9))
    imported = kept(group, product, operator, [row("Aminah", **LENT)])
    assert plan(imported, products={7: theirs.pk}).lines[0].terms.key == product.pk


def test_another_product_than_was_seen_is_not_used(group, product, short, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT)])
    with pytest.raises(ValidationError, match="Hasilnya berubah sejak diperiksa."):
        services.use_book(
            kept=imported, choices=Choices(on=imported.on, products={7: short.pk}), product=product,
            saving_kind="mandatory", seen=plan(imported).mark, may_replace=False, by=operator,
        )  # fmt: skip


# a new member


def test_a_new_member_is_made_with_the_import(group, product, operator, aminah):
    mariatul = row("  MARIATUL ", **LENT, contributed=[None, None, 2_000], saved=[None] * 3 + [10_000])
    imported = kept(group, product, operator, [mariatul])
    (line,) = plan(imported, who=NEW).lines
    assert (line.state, line.notes) == (
        "ready", ["Menjadi anggota baru, masuk 1 Maret 2025; lengkapi datanya sesudahnya."],
    )  # fmt: skip
    assert group.members.count() == 1
    use(imported, operator, who=NEW)
    made = group.members.get(name="MARIATUL")
    assert (made.joined_on, made.nik, made.nik_missing_reason, made.left_on) == (
        date(2025, 3, 1), None, "belum diisi, dari buku tahunan 2025", None,
    )  # fmt: skip
    assert dict(OpeningLine.objects.filter(member=made).values_list("kind", "amount")) == {
        "loan": 1_000_000, "mandatory": 10_000,
    }  # fmt: skip
    assert list(imported.members.all()) == [made]
    assert Change.objects.get(model="villages.member", object_id=made.pk).user == operator


def test_two_rows_of_one_new_name_are_one_member(group, product, operator):
    rows = [row("Mariatul", saved=[10_000]), row("mariatul", **LENT, saved=[5_000])]
    imported = kept(group, product, operator, rows)
    both = {7: "baru", 8: "baru"}
    assert plan(imported, who=both, saved_before={"n7": 100_000}).savers == {"n7": 115_000}
    use(imported, operator, who=both, saved_before={"n7": 100_000})
    made = group.members.get()
    assert (made.name, made.joined_on) == ("Mariatul", date(2025, 1, 1))
    assert set(OpeningLine.objects.values_list("kind", "member", "amount")) == {
        ("loan", made.pk, 1_000_000), ("mandatory", made.pk, 115_000),
    }  # fmt: skip


def test_all_who_are_not_known_become_members_at_one_mark(group, product, operator, aminah):
    names = ("Hj. Aminah", "Mariatul", "Norlina", "mariatul")
    imported = kept(group, product, operator, [row(name, saved=[10_000]) for name in names])
    made = plan(imported, all_new=True, who={9: "lewati"})
    assert [(line.state, line.person and line.person.key) for line in made.lines] == [
        ("ready", f"m{aminah.pk}"), ("ready", "n8"), ("skipped", None), ("ready", "n8"),
    ]  # fmt: skip
    use(imported, operator, all_new=True, who={9: "lewati"})
    assert list(group.members.values_list("name", flat=True)) == ["Aminah", "Mariatul"]


def test_a_new_member_of_a_known_name_is_told(group, product, operator, aminah):
    (line,) = plan(kept(group, product, operator, [row("Aminah", saved=[10_000])]), who=NEW).lines
    assert (line.state, line.notes[0]) == ("ready", "Sudah ada Aminah: pastikan memang orang lain.")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (row("Poklak Melati", **LENT), "Ini nama poklak, bukan orang. Tambahkan poklaknya di halaman kelompok,"),
        (row("A" * 101, **LENT), "Nama anggota paling banyak 100 huruf."),
        (row("", saved=[10_000]), "Nama kosong, padahal ada jumlah."),
        (row("Citra", saved=[None] * 11 + [10_000]), "Baru tampak sesudah tanggal awal buku."),
    ],
)
def test_who_cannot_be_a_new_member_is_a_fault(group, product, operator, facts, said):
    imported = kept(group, product, operator, [facts], on=date(2025, 11, 30))
    (line,) = plan(imported, who=NEW).lines
    assert (line.state, line.faults[0].startswith(said)) == ("wrong", True)
    with pytest.raises(ValidationError, match="1 baris belum beres."):
        use(imported, operator, who=NEW)
    assert Member.objects.count() == 0


def test_no_member_is_made_when_the_import_fails(group, product, operator, aminah):
    rows = [row("Mariatul", saved=[10_000]), row("Aminah", **LENT)]
    imported = kept(group, product, operator, rows)
    draft = use(imported, operator, who={7: "lewati"})
    BookImport.objects.get().lines.clear()  # as if typed by hand
    again = kept(group, product, operator, rows)
    with pytest.raises(ValidationError, match="Baris 8, Aminah: Pinjaman yang sama sudah ada."):
        use(again, operator, who=NEW)
    assert (group.members.count(), draft.lines.count()) == (1, 1)


# taken back


def test_an_import_is_taken_back_with_the_members_it_made(group, product, operator, aminah):
    rows = [row("Mariatul", **LENT, saved=[10_000]), row("Aminah", saved=[5_000])]
    imported = kept(group, product, operator, rows)
    draft = use(imported, operator, who=NEW)
    save_amounts(opening=draft, amounts={("cash", None): 70_000}, by=operator)
    services.undo_book(kept=imported, by=operator)
    services.undo_book(kept=imported, by=operator)
    assert list(draft.lines.values_list("kind", "amount")) == [("cash", 70_000)]
    made = group.members.get(name="Mariatul")
    assert (made.left_on, made.left_reason) == (made.joined_on, "Batal dimasukkan: impor buku dibatalkan")
    assert list(group.members.active_on(CUT_OFF)) == [aminah]
    imported.refresh_from_db()
    assert (imported.used_at, imported.used_by, imported.members.count()) == (None, None, 0)
    use(imported, operator, who=NEW)  # she who was taken back is nobody's match
    assert group.members.filter(name="Mariatul", left_on=None).count() == 1


def test_a_new_member_with_records_of_her_own_stays(group, product, operator):
    rows = [row(name, saved=[10_000]) for name in ("Mariatul", "Norlina", "Siti")]
    imported = kept(group, product, operator, rows)
    use(imported, operator, who={7: "baru", 8: "baru", 9: "baru"})
    asked, known = group.members.get(name="Mariatul"), group.members.get(name="Norlina")
    HouseholdIncome.objects.create(
        village=group.village, member=asked, asked_on=CUT_OFF, amount=1_000_000, asked_by="Rahmah"
    )
    Member.objects.filter(pk=known.pk).update(nik="6308035208850001", nik_missing_reason="")
    services.undo_book(kept=imported, by=operator)
    assert set(group.members.filter(left_on=None)) == {asked, known}
    assert OpeningLine.objects.count() == 0


def test_an_import_of_opened_books_is_not_taken_back(group, product, operator):
    imported = kept(group, product, operator, [row("Mariatul", saved=[10_000])])
    draft = use(imported, operator, who=NEW)
    save_amounts(opening=draft, amounts={("cash", None): 10_000}, by=operator)
    open_books(group=group, by=operator)
    with pytest.raises(ValidationError, match="sudah dibuka .* oleh Rahmah. Batalkan dulu pembukaannya."):
        services.undo_book(kept=imported, by=operator)
    take_back_opening(group=group, reason="salah berkas, dibaca ulang", by=operator, uuid=uuid4())
    services.undo_book(kept=imported, by=operator)
    # Her vouchers, taken back as they are, stay in the book: so does she.
    assert (list(draft.lines.values_list("kind", flat=True)), group.members.filter(left_on=None).count()) == (
        ["cash"], 1,
    )  # fmt: skip


def test_a_later_book_takes_over_the_new_members_it_names(group, product, operator):
    rows = [row("Mariatul", saved=[10_000]), row("Salah Ketik", saved=[5_000])]
    first = kept(group, product, operator, rows)
    use(first, operator, who={7: "baru", 8: "baru"})
    second = kept(group, product, operator, [row("Mariatul", saved=[20_000])])
    use(second, operator, may_replace=True)
    mariatul = group.members.get(name="Mariatul")
    assert (list(first.members.all()), list(second.members.all())) == ([], [mariatul])
    assert list(group.members.filter(left_on=None)) == [mariatul]
    services.undo_book(kept=second, by=operator)
    assert (group.members.filter(left_on=None).count(), Opening.objects.get().lines.count()) == (0, 0)


# what ANGSURAN means


@pytest.mark.parametrize(("rule", "column"), [("total", 115_000), ("principal", 100_000)])
def test_the_printed_book_holds_in_angsuran_what_the_groups_rules_say(group, operator, aminah, rule, column):
    MoneyRules.objects.create(group=group, village=group.village, book_instalments=rule)
    loan = build.loan(aminah, 1_000_000, date(2026, 1, 15), product=build.product(group, name="Bulanan"))
    build.payment(loan, 115_000, date(2026, 2, 15), by=operator)
    (page,) = yearly_pages(group, parse_span("2026"))
    (line,) = page.blocks[0].rows
    assert {key: amount for key, amount in line.items() if key.endswith("_angsuran")} == {"feb_angsuran": column}
