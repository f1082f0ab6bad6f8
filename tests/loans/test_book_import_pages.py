"""The pages of the import: the file, the check row by row, and the button that uses it."""

import time
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loans.models import BookImport, LoanProduct, Opening, OpeningLine
from loans.opening_services import open_books, save_amounts, start_opening
from tests import build
from tests.loans.build_book import kept, row, stream_of, workbook

CUT_OFF = date(2025, 12, 31)
JOINED = date(2015, 1, 5)
LENT = {"lent": 1_000_000, "on": date(2025, 9, 15)}


@pytest.fixture
def product(group):
    facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=group, village=group.village, **facts)


@pytest.fixture
def aminah(group):
    return build.member(group, name="Aminah", joined_on=JOINED)


def address(group) -> str:
    return reverse("book-import", args=[group.pk])


def send(client, group, product, book, name="buku-2025.xlsx", **facts):
    content = book if isinstance(book, bytes) else stream_of(book).getvalue()
    typed = {"product": product.pk, "meaning": "total", "saving_kind": "mandatory", "on": "", "year": ""}
    return client.post(address(group), typed | {"file": SimpleUploadedFile(name, content)} | facts)


def typed_in(page, **facts) -> dict:
    """What the page would send back as it stands."""
    form = page.context["form"]
    said = {name: form[name].value() for name in ("product", "meaning", "saving_kind")}
    day = form["on"].value()
    said |= {"product": product_key(said["product"]), "on": day if isinstance(day, str) else f"{day:%d-%m-%Y}"}
    return said | {"seen": page.context["plan"].mark} | facts


def product_key(value):
    return getattr(value, "pk", value)


def text_of(page) -> str:
    assert page.status_code == 200
    return page.content.decode()


def test_the_opening_offers_the_import(group, operator, staff, as_user):
    url = address(group)
    assert f'href="{url}"' in text_of(as_user(operator).get(reverse("opening", args=[group.pk])))
    start_opening(group=group, on=CUT_OFF, by=operator)
    assert f'href="{url}"' in text_of(as_user(operator).get(reverse("opening", args=[group.pk])))
    assert f'href="{url}"' not in text_of(as_user(staff).get(reverse("opening", args=[group.pk])))


def test_the_whole_way_from_the_file_to_the_opening(group, product, aminah, operator, as_user):
    client = as_user(operator)
    form = text_of(client.get(address(group)))
    assert ('enctype="multipart/form-data"' in form, 'accept=".xlsx' in form) == (True, True)
    answer = send(client, group, product, workbook([row("Aminah", **LENT, saved=[10_000] * 12)]))
    imported = BookImport.objects.get()
    assert (answer.status_code, answer.url) == (302, imported.get_absolute_url())
    page = client.get(answer.url)
    shown = text_of(page)
    assert ("Semua baris beres." in shown, "Pakai sebagai saldo awal" in shown) == (True, True)
    assert (page.context["totals"]["left"], page.context["savings"]) == (1_000_000, 120_000)
    assert Opening.objects.count() == 0
    answer = client.post(answer.url, typed_in(page, save="1"))
    assert (answer.status_code, answer.url) == (302, reverse("opening", args=[group.pk]))
    shown = text_of(client.get(answer.url))
    assert "Buku 2025 masuk ke saldo awal. Lengkapi kas, bank dan modalnya, lalu buka buku." in shown
    assert "cair 15 September 2025, pokok semula Rp1.000.000, sisa jasa Rp150.000, Bordir" in shown
    assert client.get(imported.get_absolute_url()).status_code == 302


def test_a_file_that_cannot_be_read_says_why_at_its_field(group, product, aminah, operator, as_user):
    answer = send(as_user(operator), group, product, b"NAMA;JUMLAH\r\nAminah;5000", name="buku.xlsx")
    said = "Berkas ini teks (CSV), bukan .xlsx."
    assert [words.startswith(said) for words in answer.context["form"].errors["file"]] == [True]
    assert text_of(answer).count(said) == 2
    assert BookImport.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"file": ""}, "file", "Berkas buku belum diisi."),
        ({"file": SimpleUploadedFile("a.xlsx", b"")}, "file", "Berkas kosong (0 byte). Kirim sekali lagi."),
        ({"year": "25"}, "year", "Tulis tahun dengan empat angka, misalnya 2025."),
        ({"year": "2024"}, "file", "Judul berkas menyebut tahun 2025, isian tahun 2024. Betulkan salah satunya."),
    ],
)
def test_a_wrong_field_is_marked(group, product, operator, as_user, facts, field, said):
    answer = send(as_user(operator), group, product, workbook([row("Aminah", saved=[5_000])]), **facts)
    assert answer.context["form"].errors == {field: [said]}


def test_a_hostile_file_name_is_kept_as_a_plain_one(group, product, aminah, operator, as_user):
    name = "..\\..\\x\u202e6308035203850001" + "y" * 300 + ".xlsx.php"
    send(as_user(operator), group, product, workbook([row("Aminah", saved=[5_000])]), name=name)
    found = BookImport.objects.get().file_name
    assert (len(found) <= 120, "\u202e" in found, ".." in found[:3], "630803520385" in found) == (True, *[False] * 3)


def test_a_group_without_products_is_told_so(group, operator, as_user):
    assert "Kelompok ini belum punya produk pinjaman." in text_of(as_user(operator).get(address(group)))


def test_faults_stand_at_their_rows_and_hold_the_button_back(group, product, aminah, operator, as_user):
    rows = [row("Aminah", saved=["12.5oo"]), row("<b>Mariatul</b>", saved=[10_000])]
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook(rows)).url)
    shown = text_of(page)
    assert "Sel I7: “12.5oo” bukan angka. Tulis misalnya 50.000." in shown
    assert "&lt;b&gt;Mariatul&lt;/b&gt; belum tercatat sebagai anggota." in shown
    assert ("2 baris: 2 belum beres" in shown, "Pakai sebagai saldo awal" in shown) == (True, False)
    answer = client.post(page.request["PATH_INFO"], typed_in(page, save="1"))
    assert "2 baris belum beres. Perbaiki atau lewati dulu." in text_of(answer)
    answer = client.post(page.request["PATH_INFO"], typed_in(page, who_7="lewati", who_8=f"m{aminah.pk}", check="1"))
    assert [line.state for line in answer.context["plan"].lines] == ["skipped", "ready"]
    answer = client.post(page.request["PATH_INFO"], typed_in(answer, who_7="lewati", who_8=f"m{aminah.pk}", save="1"))
    assert answer.status_code == 302
    assert list(OpeningLine.objects.values_list("member__name", "amount")) == [("Aminah", 10_000)]


def test_two_of_one_name_are_told_apart_in_the_list(group, product, aminah, operator, as_user):
    build.member(group, name="Aminah", joined_on=date(2020, 2, 3))
    client = as_user(operator)
    shown = text_of(client.get(send(client, group, product, workbook([row("Aminah", saved=[10_000])])).url))
    assert ("Aminah (masuk 5 Jan 2015)" in shown, "Aminah (masuk 3 Feb 2020)" in shown) == (True, True)


def test_what_the_book_cannot_tell_is_typed_in_its_box(group, product, aminah, operator, as_user):
    client = as_user(operator)
    old = row("Aminah", lent=1_000_000, on=date(2024, 10, 15), paid=[115_000], saved=[10_000])
    page = client.get(send(client, group, product, workbook([old])).url)
    url = page.request["PATH_INFO"]
    assert "Menurut jadwal Rp230.000." in text_of(page)
    answer = client.post(url, typed_in(page, before_7="12,5", check="1"))
    assert text_of(answer).count("Jumlah “12,5” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000.") == 2
    boxes = {"before_7": "230.000", f"saved_m{aminah.pk}": "50.000"}
    page = client.post(url, typed_in(page, check="1", **boxes))
    assert (page.context["totals"]["left"], page.context["savings"]) == (700_000, 60_000)
    assert 'value="230.000"' in text_of(page)
    assert client.post(url, typed_in(page, save="1", **boxes)).status_code == 302
    assert dict(OpeningLine.objects.values_list("kind", "amount")) == {"loan": 700_000, "mandatory": 60_000}


def test_what_changed_since_the_check_is_shown_again(group, product, aminah, operator, as_user):
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Aminah", saved=[10_000])])).url)
    changed = typed_in(page, save="1", **{f"saved_m{aminah.pk}": "5.000"})
    answer = client.post(page.request["PATH_INFO"], changed)
    assert "Hasilnya berubah sejak diperiksa. Lihat sekali lagi, lalu pakai." in text_of(answer)
    assert OpeningLine.objects.count() == 0


def test_a_cut_off_to_come_is_refused(group, product, aminah, operator, as_user):
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Aminah", saved=[10_000])])).url)
    answer = client.post(page.request["PATH_INFO"], typed_in(page, save="1", on="31-12-2026"))
    page = answer
    answer = client.post(page.request["PATH_INFO"], typed_in(page, save="1", on="31-12-2026"))
    assert list(answer.context["form"].errors) == ["on"]
    assert Opening.objects.count() == 0


def test_another_villages_book_is_told(group, product, aminah, operator, as_user):
    client = as_user(operator)
    titles = ["BUKU", "DESA BANJANG KECAMATAN BANJANG", "TAHUN 2025"]
    page = client.get(send(client, group, product, workbook([row("Aminah", saved=[1_000])], titles=titles)).url)
    assert "Judul berkas menyebut Banjang, bukan Desa Pandulangan — Kec. Sungai Pandan." in text_of(page)


def test_the_same_file_again_asks_before_it_replaces(group, product, aminah, operator, as_user):
    client, book = as_user(operator), stream_of(workbook([row("Aminah", saved=[10_000])])).getvalue()
    page = client.get(send(client, group, product, book).url)
    client.post(page.request["PATH_INFO"], typed_in(page, save="1"))
    page = client.get(send(client, group, product, book).url)
    url = page.request["PATH_INFO"]
    assert "Berkas yang sama sudah dipakai" in text_of(page)
    answer = client.post(url, typed_in(page, save="1"))
    assert "Beri tanda setuju bila memang diganti." in text_of(answer)
    assert client.post(url, typed_in(page, save="1", replace="on")).status_code == 302
    assert OpeningLine.objects.get().amount == 10_000


def test_an_opened_book_is_only_shown(group, product, aminah, operator, as_user):
    draft = start_opening(group=group, on=CUT_OFF, by=operator)
    save_amounts(opening=draft, amounts={("cash", None): 5_000, ("reserve", None): 5_000}, by=operator)
    open_books(group=group, by=operator)
    client = as_user(operator)
    assert client.get(address(group)).url == reverse("opening", args=[group.pk])
    answer = send(client, group, product, workbook([row("Aminah", saved=[10_000])]))
    page = client.get(answer.url)
    answer = client.post(answer.url, typed_in(page, save="1"))
    assert "jadi saldo awalnya tidak dapat diubah lagi" in text_of(answer)


def test_another_village_finds_nothing(group, product, elsewhere, operator, as_user):
    foreign = kept(build.group(elsewhere))
    client = as_user(operator)
    assert client.get(reverse("book-import", args=[foreign.group_id])).status_code == 404
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert client.post(foreign.get_absolute_url(), {"save": "1"}).status_code == 404
    theirs = build.product(foreign.group)
    answer = send(client, group, theirs, workbook([row("Aminah", saved=[5_000])]))
    assert list(answer.context["form"].errors) == ["product"]


def test_a_person_of_another_village_is_no_choice(group, product, elsewhere, operator, as_user):
    foreign = build.member(build.group(elsewhere), name="Zubaidah", joined_on=JOINED)
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Zubaidah", saved=[5_000])])).url)
    assert "Zubaidah belum tercatat sebagai anggota." in text_of(page)
    answer = client.post(page.request["PATH_INFO"], typed_in(page, who_7=f"m{foreign.pk}", save="1"))
    assert list(answer.context["form"].errors) == ["who_7"]
    assert OpeningLine.objects.count() == 0


def book_of(members) -> object:
    rows = [
        row(member.name, **LENT, paid=[None] * 9 + [115_000] * 3, contributed=[5_000] * 12, saved=[10_000] * 12)
        for member in members
    ]
    return workbook(rows, total={"JUMLAH PINJAMAN": len(rows) * 1_000_000})


def test_the_check_costs_the_same_queries_for_any_number_of_rows(group, product, operator, as_user):
    members = [build.member(group, name=f"Anggota {at}", joined_on=JOINED) for at in range(8)]
    client, costs = as_user(operator), []
    for count in (1, 8):
        answer = send(client, group, product, book_of(members[:count]))
        client.get(answer.url)
        with CaptureQueriesContext(connection) as found:
            assert len(client.get(answer.url).context["plan"].lines) == count
        costs.append(len(found))
    assert (costs[0] == costs[1], costs[0] < 20) == (True, True)


def test_a_book_of_60_members_is_checked_within_two_seconds(group, product, operator, as_user):
    members = [build.member(group, name=f"Anggota {at}", joined_on=JOINED) for at in range(60)]
    client, book = as_user(operator), stream_of(book_of(members)).getvalue()
    began = time.process_time()
    page = client.get(send(client, group, product, book).url)
    assert (len(page.context["plan"].lines), page.context["totals"]["left"]) == (60, 60 * 700_000)
    assert time.process_time() - began < 2
