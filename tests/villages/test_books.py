"""Inventory and letters: entry, lists, the printed books."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Change
from tests import build
from villages.models import InventoryItem, Letter

ITEM = {
    "name": "Lemari arsip", "origin": "Bantuan Dinas PMD", "acquired_on": "5-3-2024", "quantity": "2",
    "place": "Rumah ketua", "condition": "good",
}  # fmt: skip
LETTER = {
    "direction": "in", "number": "005/12/PMD", "dated_on": "1-9-2026", "received_on": "3-9-2026",
    "correspondent": "Dinas PMD", "subject": "Undangan pelatihan", "enclosure": "1 berkas", "copies": "Ketua",
}  # fmt: skip


def test_an_item_is_entered_with_its_history(group, operator, as_user):
    as_user(operator).post(reverse("inventory-add", args=[group.pk]), ITEM)
    item = InventoryItem.objects.get()
    assert (item.quantity, item.acquired_on, item.village) == (2, date(2024, 3, 5), group.village)
    assert Change.objects.get().after["nama barang"] == "Lemari arsip"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"quantity": "0"}, "Jumlah paling sedikit 1."),
        ({"disposed_on": "4-3-2024"}, "Tanggal keluar harus sama dengan atau sesudah tanggal penerimaan."),
    ],
)
def test_an_item_that_cannot_be_is_told(facts, sentence, group, operator, as_user):
    page = as_user(operator).post(reverse("inventory-add", args=[group.pk]), ITEM | facts)
    assert sum(page.context["form"].errors.values(), []) == [sentence]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"received_on": ""}, "Isi tanggal surat masuk ini diterima."),
        ({"direction": "out"}, "Surat keluar tidak punya tanggal terima. Kosongkan."),
        ({"received_on": "31-8-2026"}, "Tanggal terima harus sama dengan atau sesudah tanggal surat."),
    ],
)
def test_a_letter_that_cannot_be_is_told(facts, sentence, group, operator, as_user):
    page = as_user(operator).post(reverse("letter-add", args=[group.pk]), LETTER | facts)
    assert sum(page.context["form"].errors.values(), []) == [sentence]


def test_a_letter_stands_under_the_day_it_was_received_or_written(group, operator, as_user):
    client = as_user(operator)
    client.post(reverse("letter-add", args=[group.pk]), LETTER)
    client.post(
        reverse("letter-add", args=[group.pk]), LETTER | {"direction": "out", "received_on": "", "subject": "Laporan"}
    )
    rows = client.get(reverse("letter-list"), {"format": "json"}).json()["results"]
    assert [(row["subject"], row["direction"], row["entered_on"]) for row in rows] == [
        ("Undangan pelatihan", "Surat masuk", "2026-09-03"),
        ("Laporan", "Surat keluar", "2026-09-01"),
    ]
    only_out = client.get(reverse("letter-list"), {"direction": "out", "format": "json"}).json()
    assert only_out["count"] == 1


def test_what_is_gone_is_found_by_its_state(group, operator, as_user):
    build.item(group, name="Mesin jahit")
    build.item(group, name="Timbangan", disposed_on=date(2026, 9, 30))
    client = as_user(operator)
    for state, name in (("kept", "Mesin jahit"), ("gone", "Timbangan")):
        rows = client.get(reverse("inventory-list"), {"state": state, "format": "json"}).json()["results"]
        assert [row["name"] for row in rows] == [name]


def test_the_inventory_of_a_year_has_what_the_group_owned_in_it(group, operator, as_user):
    build.item(group, name="Mesin jahit", acquired_on=date(2020, 1, 5))
    build.item(group, name="Timbangan", acquired_on=date(2020, 1, 5), disposed_on=date(2025, 2, 1))
    build.item(group, name="Kompor", acquired_on=date(2026, 1, 5))
    client, url = as_user(operator), reverse("book-inventory", args=[group.pk])
    names = ("Mesin jahit", "Timbangan", "Kompor")
    shown = {year: client.get(url, {"tahun": year}).content.decode() for year in ("2024", "2025", "2026")}
    assert {year: [name for name in names if name in page] for year, page in shown.items()} == {
        "2024": ["Mesin jahit", "Timbangan"],
        "2025": ["Mesin jahit", "Timbangan"],
        "2026": ["Mesin jahit", "Kompor"],
    }
    assert "dikeluarkan 1 Februari 2025" in shown["2025"]


def test_the_agenda_prints_letters_in_and_out_in_the_official_columns(group, operator, as_user):
    client = as_user(operator)
    client.post(reverse("letter-add", args=[group.pk]), LETTER)
    page = client.get(reverse("book-letters", args=[group.pk])).content.decode()
    heads = page.replace("</th>", "").replace("</tr>", "").replace("</thead>", "").split("<th>")
    assert [text.partition("\n")[0] for text in heads[1:]] == [
        "No.", "Tanggal terima", "Tanggal surat", "Nomor surat", "Asal surat", "Perihal", "Lampiran",
        "Diteruskan kepada", "No.", "Nomor dan kode surat", "Tanggal surat", "Kepada", "Perihal", "Lampiran",
        "Tembusan",
    ]  # fmt: skip
    assert "<td>3 September 2026</td><td>1 September 2026</td><td>005/12/PMD</td><td>Dinas PMD</td>" in page
    assert page.count("Tidak ada isian tahun 2026.") == 1


def test_the_book_of_activities_has_one_heading_over_date_place_and_what(group, operator, as_user):
    page = as_user(operator).get(reverse("book-activities", args=[group.pk])).content.decode()
    assert '<th colspan="3">Kegiatan</th>' in page
    assert "<tr><th>Tanggal</th><th>Tempat</th><th>Uraian</th></tr>" in page
    assert page.count('rowspan="2"') == 4


def test_the_page_of_books_leads_to_all_prints_of_the_chosen_year(group, operator, as_user):
    page = as_user(operator).get(reverse("group-books", args=[group.pk]), {"tahun": "2025"}).content.decode()
    for book in ("minutes", "attendance", "guests", "activities", "inventory", "letters"):
        assert f"{reverse(f'book-{book}', args=[group.pk])}?tahun=2025" in page


def test_records_tell_all_they_have(group, operator, as_user):
    client = as_user(operator)
    client.post(reverse("letter-add", args=[group.pk]), LETTER)
    page = client.get(Letter.objects.get().get_absolute_url()).content.decode()
    assert [
        text for text in ("005/12/PMD", "3 September 2026", "Dinas PMD", "1 berkas", "Ketua") if text not in page
    ] == []
    item = build.item(group, note="kunci di bendahara")
    assert "kunci di bendahara" in client.get(item.get_absolute_url()).content.decode()
