"""The pages of what is chosen row by row, of taking an import back, and of files that no book is read from."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import Workbook

from loans.models import BookImport, MoneyRules, OpeningLine
from tests import build
from tests.loans.build_book import kept, row, stream_of, terms, workbook
from tests.loans.test_book_import_files import OLE
from tests.loans.test_book_import_pages import JOINED, LENT, address, send, text_of, typed_in


@pytest.fixture
def product(group):
    return terms(group)


@pytest.fixture
def short(group):
    return terms(group, name="Lima kali", rate=Decimal(2), instalment_count=5)


@pytest.fixture
def aminah(group):
    return build.member(group, name="Aminah", joined_on=JOINED)


def test_angsuran_is_asked_as_the_groups_rules_say(group, product, operator, as_user):
    client = as_user(operator)
    assert client.get(address(group)).context["form"]["meaning"].value() == "total"
    MoneyRules.objects.create(group=group, village=group.village, book_instalments="principal")
    kept(group, product, meaning="total")  # how the last one was meant says nothing
    assert client.get(address(group)).context["form"]["meaning"].value() == "principal"


def test_the_kabupaten_sets_what_angsuran_means(group, staff, as_user):
    client = as_user(staff)
    page = client.get(reverse("money-rules-edit", args=[group.pk]))
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    typed = {name: value for name, value in typed.items() if value is not None and value is not False}
    client.post(reverse("money-rules-edit", args=[group.pk]), typed | {"book_instalments": "principal"})
    assert MoneyRules.objects.get().book_instalments == "principal"
    shown = text_of(client.get(reverse("money-rules", args=[group.pk])))
    assert "<dt>Kolom ANGSURAN buku tahunan berisi</dt><dd>Pokok saja</dd>" in shown


def test_a_product_is_chosen_in_its_row(group, product, short, aminah, operator, as_user):
    client = as_user(operator)
    book = workbook([row("Aminah", **LENT, paid=[None] * 9 + [220_000])])
    page = client.get(send(client, group, product, book).url)
    url = page.request["PATH_INFO"]
    assert "Angsurannya cocok dengan Lima kali, bukan Bulanan. Periksa produknya." in text_of(page)
    page = client.post(url, typed_in(page, check="1", product_7=short.pk))
    shown = text_of(page)
    assert ("<summary>Produk: Lima kali</summary>" in shown, page.context["totals"]["left"]) == (True, 800_000)
    assert client.post(url, typed_in(page, save="1", product_7=short.pk)).status_code == 302
    assert OpeningLine.objects.get().product == short


def test_one_product_is_no_choice(group, product, aminah, operator, as_user):
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Aminah", **LENT)])).url)
    assert 'name="product_7"' not in text_of(page)


def test_another_villages_product_is_no_choice(group, product, short, aminah, elsewhere, operator, as_user):
    theirs = terms(build.group(elsewhere))
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Aminah", **LENT)])).url)
    answer = client.post(page.request["PATH_INFO"], typed_in(page, save="1", product_7=theirs.pk))
    assert list(answer.context["form"].errors) == ["product_7"]
    assert OpeningLine.objects.count() == 0


def test_a_new_member_comes_with_the_import_and_goes_with_it(group, product, operator, as_user):
    client = as_user(operator)
    page = client.get(send(client, group, product, workbook([row("Mariatul", saved=[10_000])])).url)
    url = page.request["PATH_INFO"]
    assert '<option value="baru">Anggota baru</option>' in text_of(page)
    page = client.post(url, typed_in(page, check="1", who_7="baru"))
    assert "Menjadi anggota baru, masuk 1 Januari 2025; lengkapi datanya sesudahnya." in text_of(page)
    boxes = {"who_7": "baru", "saved_n7": "50.000"}
    page = client.post(url, typed_in(page, check="1", **boxes))
    assert (page.context["savings"], group.members.count()) == (60_000, 0)
    answer = client.post(url, typed_in(page, save="1", **boxes))
    shown = text_of(client.get(answer.url))
    assert "1 anggota baru ditambahkan: lengkapi datanya di daftar anggota." in shown
    assert group.members.get().name == "Mariatul"
    undo = reverse("book-import-undo", args=[BookImport.objects.get().pk])
    assert f'href="{undo}"' in text_of(client.get(address(group)))
    assert "1 anggota baru dari buku itu ikut dibatalkan" in text_of(client.get(undo))
    assert client.post(undo).url == url
    assert (group.members.filter(left_on=None).count(), OpeningLine.objects.count()) == (0, 0)
    assert client.get(url).status_code == 200
    assert client.get(undo).url == address(group)


def test_all_who_are_unknown_are_offered_as_new_at_one_mark(group, product, aminah, operator, as_user):
    client = as_user(operator)
    known = client.get(send(client, group, product, workbook([row("Aminah", saved=[10_000])])).url)
    assert 'name="all_new"' not in text_of(known)
    rows = [row(name, saved=[10_000]) for name in ("Mariatul", "Norlina")]
    page = client.get(send(client, group, product, workbook(rows)).url)
    assert 'name="all_new"' in text_of(page)
    page = client.post(page.request["PATH_INFO"], typed_in(page, check="1", all_new="on"))
    assert ("Semua baris beres." in text_of(page), 'name="all_new"' in text_of(page)) == (True, True)
    client.post(page.request["PATH_INFO"], typed_in(page, save="1", all_new="on"))
    assert group.members.count() == 3


# files that no book is read from


def many_rows() -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Buku")
    sheet.append(["TAHUN 2025"])
    sheet.append(["NO", "TANGGAL", "NAMA", "USAHA", "JUMLAH PINJAMAN", "TANDA TANGAN", "JANUARI", "", ""])
    sheet.append(["", "", "", "", "", "", "ANGSURAN", "IURAN", "SIMPANAN"])
    for at in range(10_000):
        sheet.append([at, "", f"Anggota {at}", "", "", "", "", "", 5_000])
    return book


def cut_short() -> bytes:
    content = stream_of(workbook([row("Aminah", saved=[5_000])])).getvalue()
    return content[: len(content) // 2]


FILES = {
    "a corrupt file": (cut_short, "Berkas rusak atau terpotong. Buka di Excel atau LibreOffice,"),
    "an old .xls": (lambda: OLE + "Workbook".encode("utf-16-le"), "Berkas ini Excel lama (.xls) atau dokumen lama,"),
    "a locked file": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "Berkas terkunci sandi. Buka di Excel,"),
    "a photo": (lambda: b"\xff\xd8\xff\xe0 JFIF", "Berkas ini foto, bukan Excel."),
    "another table": (
        lambda: stream_of(workbook([], places={"NO": 1, "NAMA": 2}, titles=("TAHUN 2025",))).getvalue(),
        "Judul kolom buku tidak ditemukan. Yang dicari: NAMA, JUMLAH PINJAMAN,",
    ),
    "10,000 rows": (
        lambda: stream_of(many_rows()).getvalue(),
        "Lembar “Buku” lebih dari 2.000 baris. Salin tabel bukunya saja ke berkas baru, lalu kirim lagi.",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_book_is_refused_in_words_at_its_field(group, product, operator, as_user, kind):
    make, said = FILES[kind]
    answer = send(as_user(operator), group, product, make(), name="buku.xlsx")
    assert [words.startswith(said) for words in answer.context["form"].errors["file"]] == [True]
    assert (said in text_of(answer), BookImport.objects.count()) == (True, 0)


def test_formulas_without_results_are_faults_of_their_rows(group, product, aminah, operator, as_user):
    client = as_user(operator)
    book = workbook([row("Aminah", lent="=500000+500000", on=date(2025, 9, 15), saved=["=5000*2"])])
    shown = text_of(client.get(send(client, group, product, book).url))
    for cell in ("Sel E7", "Sel I7"):
        assert f"{cell} berisi rumus tanpa hasil: buka berkasnya di Excel, simpan ulang, lalu kirim lagi." in shown
    assert "Pakai sebagai saldo awal" not in shown
