"""What a yearly book becomes: whose a row is, what is left of a loan, and the figures of the opening, to the rupiah."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import book_import_services as services
from loans import opening
from loans.book_import_plan import PRINCIPAL, Choices
from loans.ledger_services import balances
from loans.models import BookImport, Entry, Loan, LoanProduct, Opening, OpeningLine
from loans.opening_services import open_books, remove_line, save_amounts, save_line, start_opening
from loans.opening_undo_services import take_back_opening
from loans.saving_services import record_deposit
from reports.books import excel
from reports.books.spans import parse_span
from reports.books.yearly import yearly_pages
from tests import build
from tests.loans.build_book import row, stream_of, terms, workbook

CUT_OFF = date(2025, 12, 31)
JOINED = date(2015, 1, 5)


@pytest.fixture
def product(group):
    return terms(group)


@pytest.fixture
def aminah(group):
    return build.member(group, name="Aminah", joined_on=JOINED)


def kept(group, product, by, rows, **facts):
    stream = stream_of(workbook(rows))
    return services.read_file(group=group, stream=stream, name="buku.xlsx", product=product, by=by, **facts)


def plan(imported, **choices):
    people = services.people_of(imported.group)
    said = Choices(**{"on": imported.on, "meaning": imported.meaning} | choices)
    return services.plan_of(imported, said, imported.product, people)


def use(imported, by, may_replace=False, **choices):
    said = Choices(**{"on": imported.on, "meaning": imported.meaning} | choices)
    return services.use_book(
        kept=imported, choices=said, product=imported.product, saving_kind=imported.saving_kind,
        seen=plan(imported, **choices).mark, may_replace=may_replace, by=by,
    )  # fmt: skip


LENT = {"lent": 1_000_000, "on": date(2025, 9, 15)}


def figures(line) -> tuple:
    return (line.paid, line.principal_paid, line.fee_paid, line.left, line.fee_left)


def test_angsuran_of_principal_and_fee_is_split_by_the_products_schedule(group, product, operator, aminah):
    paid = [None] * 9 + [115_000, 115_000, 50_000]
    (line,) = plan(kept(group, product, operator, [row("Aminah", **LENT, paid=paid)])).lines
    # Two instalments of 100.000 + 15.000, then of the third its fee first.
    assert (line.person.name, line.state, figures(line)) == (
        "Aminah", "ready", (280_000, 235_000, 45_000, 765_000, 105_000),
    )  # fmt: skip


def test_the_products_order_inside_an_instalment_counts(group, operator, aminah):
    product = terms(group, allocation_order="penalty,principal,service_fee")
    (line,) = plan(kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [105_000])])).lines
    assert figures(line) == (105_000, 100_000, 5_000, 900_000, 145_000)


def test_angsuran_of_principal_alone_leaves_the_fees_to_the_schedule(group, product, operator, aminah):
    imported = kept(
        group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [100_000] * 3)], meaning=PRINCIPAL
    )
    (line,) = plan(imported).lines
    assert figures(line) == (300_000, 300_000, 45_000, 700_000, 105_000)


def test_a_book_of_principal_alone_is_suspected(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [100_000] * 3)])
    assert (
        "Angsuran di berkas sama dengan pokok tanpa jasa. Mungkin ANGSURAN berarti pokok saja?" in plan(imported).notes
    )
    assert not any("pokok saja" in note for note in plan(imported, meaning=PRINCIPAL).notes)


def test_more_than_the_loan_is_a_fault(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [1_150_001])])
    assert plan(imported).lines[0].faults == [
        "Angsuran Rp1.150.001 melebihi pokok dan jasa menurut produk, Rp1.150.000."
        " Periksa jumlahnya, produknya, atau arti kolom ANGSURAN."
    ]


def test_a_loan_paid_in_full_is_not_carried_over(group, product, operator, aminah):
    (line,) = plan(kept(group, product, operator, [row("Aminah", **LENT, paid=[None] * 9 + [1_150_000])])).lines
    assert (line.state, line.is_loan, line.notes) == ("ready", False, ["Pinjamannya lunas, jadi tidak dibawa."])


def test_what_an_old_loan_paid_before_is_asked_and_never_guessed(group, product, operator, aminah):
    old = row("Aminah", lent=1_000_000, on=date(2024, 10, 15), paid=[115_000] * 4)
    imported = kept(group, product, operator, [old])
    (line,) = plan(imported).lines
    assert (line.state, line.asks_before, line.suggested) == ("wrong", True, 230_000)
    (line,) = plan(imported, before={7: 115_000}).lines
    assert (line.state, figures(line)) == ("ready", (575_000, 500_000, 75_000, 500_000, 75_000))
    (line,) = plan(imported, by_schedule=True).lines
    assert (line.state, line.paid, line.left) == ("ready", 690_000, 400_000)
    assert line.notes == ["Sebelum 2025 dianggap dibayar Rp230.000, menurut jadwal."]


def test_months_and_loans_after_the_cut_off_do_not_count(group, product, operator, aminah):
    rows = [
        row("Aminah", lent=1_000_000, on=date(2025, 3, 5), paid=[None] * 3 + [115_000] * 9, saved=[10_000] * 12),
        row("Aminah", lent=2_000_000, on=date(2025, 8, 5)),
    ]
    made = plan(kept(group, product, operator, rows, on=date(2025, 6, 30)))
    first, second = made.lines
    assert (figures(first), first.saved) == ((345_000, 300_000, 45_000, 700_000, 105_000), 60_000)
    assert (second.principal, second.notes) == (0, ["Cair sesudah tanggal awal buku, jadi tidak dibawa."])
    assert made.notes == ["Rp750.000 dibayar sesudah 30 Juni 2025 tidak dibawa: catat di portal seperti biasa."]


@pytest.mark.parametrize(
    ("written", "meant", "notes"),
    [
        ("Aminah", "Aminah", []),
        (" AMINAH ", "Aminah", ["Dicocokkan dengan Aminah."]),
        ("Hj. Aminah", "Aminah", ["Dicocokkan dengan Aminah."]),
        ("Siti Aisyah", "Hj. Siti Aisyah", ["Dicocokkan dengan Hj. Siti Aisyah."]),
        ("siti-aisyah", "Hj. Siti Aisyah", ["Dicocokkan dengan Hj. Siti Aisyah."]),
    ],
)
def test_names_are_matched_as_people_write_them(group, product, operator, aminah, written, meant, notes):
    build.member(group, name="Hj. Siti Aisyah", joined_on=JOINED)
    (line,) = plan(kept(group, product, operator, [row(written, saved=[10_000])])).lines
    assert (line.person.name, line.notes, line.state) == (meant, notes, "ready")


def test_two_of_one_name_are_to_choose_between(group, product, operator, aminah):
    other = build.member(group, name="Aminah", joined_on=JOINED)
    imported = kept(group, product, operator, [row("Aminah", saved=[10_000])])
    (line,) = plan(imported).lines
    assert (line.faults, len(line.candidates)) == (["Ada 2 orang bernama Aminah. Pilih yang mana."], 2)
    (line,) = plan(imported, who={7: f"m{other.pk}"}).lines
    assert (line.state, line.person.key) == ("ready", f"m{other.pk}")


def test_an_unknown_name_is_chosen_or_skipped_and_never_made(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Mariatul", saved=[10_000]), row("Aminah", saved=[5_000])])
    assert plan(imported).lines[0].faults == [
        "Mariatul belum tercatat sebagai anggota. Pilih orangnya, pilih “Anggota baru”, atau lewati barisnya."
    ]
    skipped = plan(imported, who={7: "lewati"})
    assert ([line.state for line in skipped.lines], skipped.total("saved")) == (["skipped", "ready"], 5_000)
    assert plan(imported, who={7: f"m{aminah.pk}"}).savers == {f"m{aminah.pk}": 15_000}
    assert group.members.count() == 1


def test_a_poklak_borrows_and_does_not_save(group, product, operator):
    poklak = build.poklak(group, name="Melati")
    facts = {"lent": 1_000_000, "on": date(2025, 9, 15)}
    rows = [row("Poklak Melati", **facts), row("Melati", lent=2_000_000, on=date(2025, 9, 15), saved=[5_000])]
    first, second = plan(kept(group, product, operator, rows)).lines
    assert (first.person.key, first.state, first.left) == (f"p{poklak.pk}", "ready", 1_000_000)
    assert second.faults == ["Simpanan Poklak Melati tidak dapat dibawa: poklak tidak menabung. Pilih anggotanya."]


def test_who_came_later_or_left_is_a_fault(group, product, operator):
    build.member(group, name="Citra", joined_on=date(2025, 10, 1))
    build.member(group, name="Galuh", joined_on=JOINED, left_on=date(2025, 6, 1), left_reason="pindah")
    rows = [row("Citra", **LENT), row("Galuh", saved=[10_000])]
    assert [line.faults for line in plan(kept(group, product, operator, rows)).lines] == [
        ["Citra baru masuk pada 1 Oktober 2025, sesudah tanggal cair. Betulkan tanggal masuknya."],
        ["Galuh sudah keluar pada 1 Juni 2025. Pilih orangnya lagi."],
    ]


def test_the_same_loan_under_two_spellings_is_told(group, product, operator, aminah):
    rows = [row("Aminah", **LENT), row("Hj Aminah", **LENT)]
    assert plan(kept(group, product, operator, rows)).lines[1].faults == ["Pinjaman yang sama sudah ada di baris 7."]


def test_reading_a_book_writes_nothing_of_the_opening(group, product, operator, aminah):
    changes = Change.objects.count()
    imported = kept(group, product, operator, [row("Aminah", **LENT, saved=[10_000])])
    plan(imported)
    assert (Opening.objects.count(), OpeningLine.objects.count(), Entry.objects.count()) == (0, 0, 0)
    assert (Change.objects.count(), BookImport.objects.get().used_at) == (changes, None)
    again = kept(group, product, operator, [row("Aminah", saved=[10_000])])
    assert list(BookImport.objects.all()) == [again]


@pytest.mark.parametrize(
    ("title", "last", "day"),
    [("TAHUN 2025", 4, CUT_OFF), ("TAHUN 2026", 5, date(2026, 5, 31)), ("TAHUN 2026", 9, date(2026, 8, 31))],
)
def test_the_usual_cut_off_is_the_end_of_what_the_book_tells(group, product, operator, aminah, title, last, day):
    stream = stream_of(workbook([row("Aminah", saved=[1_000] * last)], titles=[title]))
    facts = {"group": group, "stream": stream, "name": "b.xlsx", "product": product, "by": operator}
    assert services.read_file(**facts).on == day


def test_a_book_becomes_figures_of_the_draft_and_nothing_is_posted(group, product, operator, aminah):
    rows = [row("Aminah", **LENT, paid=[None] * 9 + [115_000], contributed=[5_000] * 3, saved=[10_000] * 12)]
    imported = kept(group, product, operator, rows)
    draft = use(imported, operator, saved_before={f"m{aminah.pk}": 250_000})
    assert (draft.on, draft.opened_at, Entry.objects.count()) == (CUT_OFF, None, 0)
    loan, saving = draft.lines.order_by("kind")
    assert (loan.kind, loan.member, loan.product, loan.principal, loan.amount, loan.service_fee_left) == (
        "loan", aminah, product, 1_000_000, 900_000, 135_000,
    )  # fmt: skip
    assert (loan.disbursed_on, loan.purpose, loan.note) == (date(2025, 9, 15), "Bordir", "Buku tahunan, baris 7")
    assert (saving.kind, saving.member, saving.amount) == ("mandatory", aminah, 370_000)
    imported.refresh_from_db()
    assert (imported.used_by, set(imported.lines.all())) == (operator, {loan, saving})


def test_using_twice_is_done_once(group, product, operator, district_officer, aminah):
    imported = kept(group, product, operator, [row("Aminah", saved=[10_000])])
    assert use(imported, operator) == use(imported, operator)
    assert OpeningLine.objects.count() == 1
    with pytest.raises(ValidationError, match="Berkas ini sudah dipakai .* oleh Rahmah"):
        use(imported, district_officer)


def test_a_book_with_a_fault_or_without_content_is_refused_whole(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", saved=[10_000]), row("Mariatul", saved=[10_000])])
    with pytest.raises(ValidationError, match="1 baris belum beres. Perbaiki atau lewati dulu."):
        use(imported, operator)
    with pytest.raises(ValidationError, match="Tidak ada pinjaman yang tersisa atau simpanan untuk dibawa."):
        use(imported, operator, who={7: "lewati", 8: "lewati"})
    assert (Opening.objects.count(), OpeningLine.objects.count()) == (0, 0)


def test_what_was_not_seen_is_not_used(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", **LENT)])
    seen = plan(imported).mark
    LoanProduct.objects.filter(pk=product.pk).update(rate=Decimal(2))
    imported.refresh_from_db()
    with pytest.raises(ValidationError, match="Hasilnya berubah sejak diperiksa."):
        services.use_book(
            kept=imported, choices=Choices(on=imported.on), product=imported.product, saving_kind="mandatory",
            seen=seen, may_replace=False, by=operator,
        )  # fmt: skip


def test_a_loan_typed_by_hand_is_not_doubled_and_nothing_is_half_written(group, product, operator, aminah):
    draft = start_opening(group=group, on=CUT_OFF, by=operator)
    facts = {"member": aminah, "product": product, "principal": 1_000_000, "disbursed_on": date(2025, 9, 15)}
    save_line(line=OpeningLine(opening=draft, kind="loan", amount=900_000, purpose="benang", **facts), by=operator)
    barsiah = build.member(group, name="Barsiah", joined_on=JOINED)
    rows = [row("Barsiah", **LENT), row("Aminah", **LENT)]
    with pytest.raises(ValidationError, match="Baris 8, Aminah: Pinjaman yang sama sudah ada."):
        use(kept(group, product, operator, rows), operator)
    assert (draft.lines.count(), draft.lines.filter(member=barsiah).count()) == (1, 0)


def test_the_same_file_again_replaces_only_with_consent(group, product, operator, aminah):
    rows = [row("Aminah", **LENT, saved=[10_000] * 12)]
    draft = use(kept(group, product, operator, rows), operator)
    save_amounts(opening=draft, amounts={("cash", None): 5_000}, by=operator)
    again = kept(group, product, operator, rows)
    BookImport.objects.update(sha256="a" * 64)
    said = "Berkas yang sama sudah dipakai .* oleh Rahmah: 2 angkanya diganti."
    with pytest.raises(ValidationError, match=said):
        use(again, operator)
    use(again, operator, may_replace=True)
    assert dict(draft.lines.values_list("kind", "amount")) == {
        "cash": 5_000, "loan": 1_000_000, "mandatory": 120_000,
    }  # fmt: skip
    assert again.lines.count() == 2


def test_savings_typed_by_hand_and_another_day_give_way_only_with_consent(group, product, operator, aminah):
    draft = start_opening(group=group, on=date(2025, 11, 30), by=operator)
    save_amounts(opening=draft, amounts={("mandatory", aminah.pk): 99_000}, by=operator)
    imported = kept(group, product, operator, [row("Aminah", saved=[10_000] * 12)])
    with pytest.raises(ValidationError) as caught:
        use(imported, operator)
    assert caught.value.messages == [
        "Simpanan wajib yang sudah diisi tangan untuk 1 anggota diganti.",
        "Tanggal awal buku berubah dari 30 November 2025 menjadi 31 Desember 2025.",
        "Beri tanda setuju bila memang diganti.",
    ]
    use(imported, operator, may_replace=True)
    draft.refresh_from_db()
    assert (draft.on, draft.lines.get().amount) == (CUT_OFF, 120_000)


def test_an_opened_book_takes_no_import(group, product, operator, aminah):
    imported = kept(group, product, operator, [row("Aminah", saved=[10_000])])
    draft = use(imported, operator)
    save_amounts(opening=draft, amounts={("cash", None): 10_000}, by=operator)
    open_books(group=group, by=operator)
    with pytest.raises(ValidationError, match="jadi saldo awalnya tidak dapat diubah lagi"):
        use(kept(group, product, operator, [row("Aminah", saved=[20_000])]), operator, may_replace=True)
    take_back_opening(group=group, reason="salah berkas, dibaca ulang", by=operator, uuid=uuid4())
    use(kept(group, product, operator, [row("Aminah", saved=[20_000])]), operator, may_replace=True)
    assert dict(draft.lines.values_list("kind", "amount")) == {"cash": 10_000, "mandatory": 20_000}


def test_savings_that_the_book_does_not_name_stay(group, product, operator, aminah):
    barsiah = build.member(group, name="Barsiah", joined_on=JOINED)
    draft = start_opening(group=group, on=CUT_OFF, by=operator)
    save_amounts(opening=draft, amounts={("mandatory", barsiah.pk): 99_000, ("initial", aminah.pk): 5_000}, by=operator)
    rows = [row("Aminah", saved=[10_000]), row("Barsiah", **LENT)]
    use(kept(group, product, operator, rows), operator)
    found = draft.lines.exclude(kind="loan").values_list("kind", "member__name", "amount")
    assert set(found) == {
        ("mandatory", "Barsiah", 99_000), ("initial", "Aminah", 5_000), ("mandatory", "Aminah", 10_000),
    }  # fmt: skip


def test_a_loan_that_was_taken_out_is_no_reason_to_ask(group, product, operator, aminah):
    draft = use(kept(group, product, operator, [row("Aminah", saved=[10_000])]), operator)
    remove_line(line=draft.lines.get(), by=operator)
    use(kept(group, product, operator, [row("Aminah", saved=[20_000])]), operator)
    assert draft.lines.get().amount == 20_000


def test_our_own_book_starts_another_group_with_the_same_totals(group, operator):
    """Exported from one group's ledger, imported into an empty one, opened: loans and savings are equal."""
    names = ("Aminah", "Barsiah", "Hj. Galuh")
    lenders = [build.member(group, name=name, joined_on=JOINED) for name in names]
    product = build.product(group, name="Bulanan")
    for at, member in enumerate(lenders[:2], 1):
        loan = build.loan(member, at * 1_000_000, date(2026, at, 15), product=product)
        for month in range(at + 1, 8):
            build.payment(loan, at * 115_000 - at * 1_000, date(2026, month, 20), by=operator)
    for month in range(1, 9):
        facts = {"received_on": date(2026, month, 5), "by": operator}
        for member in lenders:
            record_deposit(member=member, parts={"mandatory": 10_000, "contribution": 2_000}, uuid=uuid4(), **facts)
    stream = BytesIO()
    excel.save(yearly_pages(group, parse_span("2026")), stream, paper="F4", made_by="Rahmah")
    empty = build.group(group.village, name="UP2K Baru")
    for name in names:
        build.member(empty, name=name, joined_on=JOINED)
    imported = services.read_file(group=empty, stream=stream, name="buku.xlsx", product=terms(empty), by=operator)
    assert (imported.year, imported.on) == (2026, date(2026, 8, 31))
    draft = use(imported, operator)
    figures = [line.figure for line in draft.lines.all()]
    save_amounts(opening=draft, amounts={("reserve", None): opening.totals(figures).difference}, by=operator)
    open_books(group=empty, by=operator)
    old, new = balances(group, draft.on), balances(empty, draft.on)
    assert (new["1.3"], new["2.1"], new["3.2"]) == (old["1.3"], old["2.1"], old["3.2"])
    assert (old["1.3"], old["3.2"]) == (1_000_000 + 2_000_000 - 6 * 99_000 - 5 * 198_000, 240_000)
    for member in lenders[:2]:
        was = Loan.objects.with_balance(draft.on).get(member=member)
        now = Loan.objects.with_balance(draft.on).get(group=empty, member__name=member.name)
        assert (now.balance, now.principal, now.disbursed_on, now.purpose) == (
            was.balance, was.principal, was.disbursed_on, was.purpose,
        )  # fmt: skip
