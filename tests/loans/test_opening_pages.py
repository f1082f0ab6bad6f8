"""The pages of a group's opening: the cut-off day, the figures, the difference, the button."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from loans.ledger_services import balances
from loans.models import Entry, Loan, LoanProduct, Opening, OpeningLine
from loans.opening_services import open_books, save_amounts, start_opening
from tests import build

CUT_OFF = date(2025, 12, 31)


@pytest.fixture
def draft(group, operator):
    return start_opening(group=group, on=CUT_OFF, by=operator)


@pytest.fixture
def product(group):
    facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=group, village=group.village, **facts)


def address(name, of):
    return reverse(name, args=[of.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def balanced(draft, by):
    save_amounts(opening=draft, amounts={("cash", None): 1_500_000, ("reserve", None): 1_500_000}, by=by)


def test_a_group_without_entries_is_offered_to_bring_its_old_book(group, operator, staff, as_user):
    offer = "Kelompok ini sudah punya buku lama?"
    url, group_url = address("opening", group), group.get_absolute_url()
    assert offer in text_of(as_user(operator).get(group_url))
    page = text_of(as_user(staff).get(group_url))
    assert (offer in page, f'href="{url}"' in page) == (False, True)
    build.capital(group)
    page = text_of(as_user(operator).get(group_url))
    assert (offer in page, f'href="{url}"' in page) == (False, True)


def test_it_begins_with_the_last_day_of_the_month_before(group, operator, as_user):
    client, url = as_user(operator), address("opening-start", group)
    assert f'href="{url}"' in text_of(client.get(address("opening", group)))
    assert client.get(url).context["form"]["on"].value() == "31-08-2026"
    answer = client.post(url, {"on": "31-12-2025"})
    draft = Opening.objects.get()
    assert (answer.status_code, answer.url) == (302, address("opening", group))
    assert (draft.on, draft.started_by, draft.opened_at) == (CUT_OFF, operator, None)
    client.post(url, {"on": "30-11-2025"})
    assert Opening.objects.get().on == date(2025, 11, 30)


def test_who_only_reads_is_told_that_nothing_is_there(group, staff, as_user):
    page = text_of(as_user(staff).get(address("opening", group)))
    assert ("Saldo awal belum diisi." in page, address("opening-start", group) in page) == (True, False)


def test_figures_are_typed_at_once_and_0_takes_one_out(draft, group, operator, as_user):
    client, url = as_user(operator), address("opening-figures", group)
    answer = client.post(url, {"cash": "1.500.000", "bank": "Rp2.000.000", "reserve": "0", "stock": ""})
    assert (answer.status_code, answer.url) == (302, address("opening", group))
    assert dict(draft.lines.values_list("kind", "amount")) == {"cash": 1_500_000, "bank": 2_000_000}
    assert client.get(url).context["form"]["bank"].value() == "2.000.000"
    client.post(url, {"cash": "1.500.001", "bank": "0"})
    assert dict(draft.lines.values_list("kind", "amount")) == {"cash": 1_500_001}
    assert Entry.objects.count() == 0


def test_a_year_has_a_surplus_or_a_loss(draft, group, operator, as_user):
    page = text_of(as_user(operator).post(address("opening-figures", group), {"surplus": "5.000", "loss": "6.000"}))
    assert "Isi salah satu: SHU bila untung, rugi bila rugi." in page
    assert draft.lines.count() == 0


def test_the_page_tells_the_difference_and_what_may_be_missing(draft, group, operator, as_user):
    save_amounts(opening=draft, amounts={("cash", None): 1_500_000, ("initial", None): 0}, by=operator)
    page = text_of(as_user(operator).get(address("opening", group)))
    assert "Selisih Rp1.500.000: harta lebih besar daripada simpanan, utang dan modal." in page
    assert "Mungkin belum dimasukkan: simpanan pokok, simpanan wajib, simpanan sukarela, modal, cadangan modal" in page


def test_savings_are_a_grid_saved_at_once(draft, group, operator, as_user):
    first, second, later = (
        build.member(group, name=name, joined_on=day)
        for name, day in (("Aminah", date(2015, 1, 5)), ("Barsiah", date(2015, 1, 5)), ("Citra", date(2026, 1, 5)))
    )
    client, url = as_user(operator), address("opening-savings", group)
    page = text_of(client.get(url))
    assert [name in page for name in ("Aminah", "Barsiah", "Citra")] == [True, True, False]
    typed = {f"initial_{first.pk}": "50.000", f"mandatory_{first.pk}": "1.200.000", f"voluntary_{second.pk}": "75.500"}
    assert client.post(url, typed | {f"initial_{later.pk}": "1"}).status_code == 302
    found = {(line.kind, line.member.name): line.amount for line in draft.lines.select_related("member")}
    assert found == {
        ("initial", "Aminah"): 50_000,
        ("mandatory", "Aminah"): 1_200_000,
        ("voluntary", "Barsiah"): 75_500,
    }
    page = text_of(client.get(address("opening", group)))
    assert "pokok 50.000, wajib 1.200.000" in page
    assert "Rp1.325.500" in page
    client.post(url, {f"initial_{first.pk}": "60.000"})
    assert list(draft.lines.values_list("kind", "amount")) == [("initial", 60_000)]


@pytest.mark.parametrize("count", [1, 8])
def test_page_and_grid_cost_the_same_queries_for_any_number_of_members(draft, group, operator, as_user, count):
    members = [build.member(group, joined_on=date(2015, 1, 5)) for _ in range(count)]
    client, page, grid = as_user(operator), address("opening", group), address("opening-savings", group)
    cells = [f"{kind}_{member.pk}" for kind in ("initial", "mandatory") for member in members]

    def queries(act, *facts) -> int:
        with CaptureQueriesContext(connection) as found:
            assert act(*facts).status_code in (200, 302)
        return len(found)

    added = queries(client.post, grid, dict.fromkeys(cells, "50.000"))
    changed = queries(client.post, grid, dict.fromkeys(cells, "60.000"))
    assert draft.lines.filter(amount=60_000).count() == 2 * count
    build.photo(draft.lines.first())
    assert (added, changed, queries(client.get, grid), queries(client.get, page)) == (17, 15, 8, 11)


def test_a_wrong_cell_is_marked_and_nothing_is_saved(draft, group, operator, as_user):
    member = build.member(group, joined_on=date(2015, 1, 5))
    typed = {f"initial_{member.pk}": "50.000", f"mandatory_{member.pk}": "12,5"}
    page = text_of(as_user(operator).post(address("opening-savings", group), typed))
    assert page.count("Jumlah “12,5” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000.") == 2
    assert draft.lines.count() == 0


def test_a_running_loan_takes_its_fee_from_the_schedule(draft, group, product, operator, as_user):
    member = build.member(group, name="Aminah", joined_on=date(2015, 1, 5))
    client, url = as_user(operator), address("opening-loan-add", group)
    facts = {
        "uuid": str(uuid4()), "member": member.pk, "product": product.pk, "principal": "1.000.000",
        "disbursed_on": "15-9-2025", "amount": "700.000", "purpose": "beli benang",
    }  # fmt: skip
    first, second = (client.post(url, facts) for _ in range(2))
    line = draft.lines.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert (line.amount, line.service_fee_left, line.member) == (700_000, 105_000, member)
    page = text_of(client.get(address("opening", group)))
    assert "Pinjaman berjalan Aminah tersimpan: sisa pokok Rp700.000, sisa jasa Rp105.000." in page
    assert "cair 15 September 2025, pokok semula Rp1.000.000, sisa jasa Rp105.000, beli benang" in page


def test_a_refused_loan_says_why_at_its_field(draft, group, product, operator, as_user):
    member = build.member(group, joined_on=date(2015, 1, 5))
    facts = {
        "uuid": str(uuid4()), "member": member.pk, "product": product.pk, "principal": "1.000.000",
        "disbursed_on": "15-9-2025", "amount": "1.000.001", "purpose": "beli benang",
    }  # fmt: skip
    answer = as_user(operator).post(address("opening-loan-add", group), facts)
    said = "Sisa pokok Rp1.000.001 melebihi pokok semula Rp1.000.000."
    assert text_of(answer).count(said) == 2
    assert answer.context["form"].errors == {"amount": [said]}


def test_a_group_without_products_is_told_so(draft, group, operator, as_user):
    page = text_of(as_user(operator).get(address("opening-loan-add", group)))
    assert "Kelompok ini belum punya produk pinjaman." in page


def test_capital_is_entered_changed_and_taken_out(draft, group, operator, as_user):
    client, url = as_user(operator), address("opening-capital-add", group)
    facts = {"uuid": str(uuid4()), "source": "APBDES", "nature": "hibah", "amount": "5.000.000", "note": "hal. 3"}
    assert client.post(url, facts).status_code == 302
    line = draft.lines.get()
    edit, remove = address("opening-line-edit", line), address("opening-line-remove", line)
    assert client.get(edit).context["form"]["amount"].value() == "5.000.000"
    client.post(edit, facts | {"uuid": str(uuid4()), "amount": "5.500.000"})
    line.refresh_from_db()
    assert (line.amount, str(line.uuid)) == (5_500_000, facts["uuid"])
    assert "Keluarkan Modal APBDes/Alokasi Dana Desa Rp5.500.000" in text_of(client.get(remove))
    assert client.post(remove).status_code == 302
    assert (OpeningLine.objects.count(), client.post(remove).status_code) == (0, 404)


def test_swadaya_is_never_borrowed(draft, group, operator, as_user):
    facts = {"uuid": str(uuid4()), "source": "SWADAYA", "nature": "bergulir", "amount": "5.000.000"}
    page = text_of(as_user(operator).post(address("opening-capital-add", group), facts))
    assert "Swadaya tidak dipinjam" in page


def test_a_figure_shows_its_photo_of_the_old_page(draft, group, operator, as_user):
    balanced(draft, operator)
    line = draft.lines.get(kind="cash")
    client = as_user(operator)
    add_url = reverse("file-add", args=[f"loans.openingline-{line.pk}"])
    assert add_url in text_of(client.get(address("opening", group)))
    photo = build.photo(line)
    page = text_of(client.get(address("opening", group)))
    assert (add_url in page, photo.get_absolute_url() in page) == (False, True)


def test_a_figure_taken_out_takes_its_photo_along(draft, group, operator):
    balanced(draft, operator)
    photo = build.photo(draft.lines.get(kind="cash"))
    save_amounts(opening=draft, amounts={("cash", None): 0}, by=operator)
    photo.refresh_from_db()
    assert (photo.removed_by, photo.removed_reason) == (operator, "angka saldo awal ini dihapus")


def test_the_books_are_opened_by_one_button_once_they_balance(draft, group, operator, as_user):
    client, url = as_user(operator), address("opening-open", group)
    save_amounts(opening=draft, amounts={("cash", None): 1_500_000}, by=operator)
    assert '<button class="btn btn-primary">Buka buku</button>' not in text_of(client.get(url))
    assert "Selisih Rp1.500.000: harta lebih besar" in text_of(client.post(url))
    assert Entry.objects.count() == 0
    balanced(draft, operator)
    assert '<button class="btn btn-primary">Buka buku</button>' in text_of(client.get(url))
    first, second = (client.post(url) for _ in range(2))
    assert (first.url, second.url, Entry.objects.count()) == (address("opening", group),) * 2 + (2,)
    assert balances(group, CUT_OFF, codes=("1.1", "3.4", "3.9")) == {"1.1": 1_500_000, "3.4": 1_500_000, "3.9": 0}


def test_an_opened_book_is_shown_and_no_longer_changed(draft, group, operator, as_user):
    balanced(draft, operator)
    open_books(group=group, by=operator)
    client, line = as_user(operator), draft.lines.get(kind="cash")
    page = text_of(client.get(address("opening", group)))
    assert ("Buku sudah dibuka." in page, address("opening-open", group) in page) == (True, False)
    assert line.voucher.get_absolute_url() in page
    for name in ("opening-figures", "opening-savings", "opening-open"):
        assert client.get(address(name, group)).url == address("opening", group)
    assert client.get(address("opening-line-edit", line)).url == address("opening", group)
    page = text_of(client.post(address("opening-figures", group), {"cash": "1"}))
    assert "jadi saldo awalnya tidak dapat diubah lagi." in page


def test_the_list_to_check_by_is_an_excel_sheet(draft, group, operator, as_user):
    save_amounts(opening=draft, amounts={("cash", None): 1_500_000, ("loss", None): 20_000}, by=operator)
    save_amounts(opening=draft, amounts={("reserve", None): 1_520_000}, by=operator)
    answer = as_user(operator).get(address("opening", group), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert [(row[0], row[4], row[5], row[6]) for row in rows] == [
        ("Kas", "1.1 Kas", 1_500_000, None),
        ("Cadangan modal", "3.4 Cadangan modal", None, 1_520_000),
        ("Rugi tahun berjalan", "3.5 SHU tahun berjalan", None, -20_000),
    ]


def test_a_running_loan_shows_its_card_after_opening(draft, group, product, operator, as_user):
    member = build.member(group, name="Aminah", joined_on=date(2015, 1, 5))
    line = OpeningLine(
        opening=draft, kind="loan", member=member, product=product, amount=700_000, principal=1_000_000,
        disbursed_on=date(2025, 9, 15), purpose="beli benang", village=group.village, service_fee_left=105_000,
    )  # fmt: skip
    line.save()
    save_amounts(opening=draft, amounts={("reserve", None): 700_000}, by=operator)
    open_books(group=group, by=operator)
    loan = Loan.objects.get()
    page = text_of(as_user(operator).get(loan.get_absolute_url()))
    assert "oleh None" not in page
    assert "Rp700.000" in page
    assert loan.get_absolute_url() in text_of(as_user(operator).get(address("opening", group)))


def test_the_kecamatan_takes_an_opening_back_once(draft, group, operator, district_officer, as_user):
    balanced(draft, operator)
    open_books(group=group, by=operator)
    page, url = address("opening", group), address("opening-take-back", group)
    assert url not in text_of(as_user(operator).get(page))
    client = as_user(district_officer)
    assert url in text_of(client.get(page))
    facts = {"uuid": str(client.get(url).context["form"]["uuid"].value()), "reason": "salah"}
    assert "Tulis alasan yang jelas, paling sedikit 10 huruf" in text_of(client.post(url, facts))
    first, second = (client.post(url, facts | {"reason": "angka kas salah baca"}) for _ in range(2))
    assert (first.url, second.url, Entry.objects.count()) == (page, page, 4)
    draft.refresh_from_db()
    assert (draft.opened_at, client.get(url).url) == (None, page)
    assert address("opening-open", group) in text_of(as_user(operator).get(page))


def test_a_helping_kecamatan_fills_in_the_old_book(draft, group, district_officer, as_user):
    client, url = as_user(district_officer), address("opening-figures", group)
    assert client.post(url, {"cash": "1.000"}).status_code == 404
    group.village.is_assisted = True
    group.village.save()
    assert client.post(url, {"cash": "1.000"}).status_code == 302
    assert draft.lines.get().amount == 1_000


def test_a_loan_of_a_poklak_is_chosen_besides_those_of_members(draft, group, product, operator, as_user):
    poklak, member = build.poklak(group, name="Melati"), build.member(group, joined_on=date(2015, 1, 5))
    client, url = as_user(operator), address("opening-loan-add", group)
    facts = {
        "uuid": str(uuid4()), "poklak": poklak.pk, "product": product.pk, "principal": "5.000.000",
        "disbursed_on": "15-9-2025", "amount": "5.000.000", "service_fee_left": "700.000", "purpose": "benang",
    }  # fmt: skip
    assert "Pilih satu peminjam: anggota atau poklak." in text_of(client.post(url, facts | {"member": member.pk}))
    client.post(url, facts)
    save_amounts(opening=draft, amounts={("reserve", None): 5_000_000}, by=operator)
    open_books(group=group, by=operator)
    loan = Loan.objects.with_balance(CUT_OFF).get()
    assert (loan.poklak, loan.member, loan.balance, loan.service_fee_paid) == (poklak, None, 5_000_000, 50_000)
