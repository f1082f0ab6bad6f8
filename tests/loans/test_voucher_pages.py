"""The pages of vouchers: recording, the list, the paper, the correction."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from loans import ledger_services
from loans.models import Voucher
from loans.views.vouchers import cash_links, group_cash
from tests import build

DAY = date(2026, 9, 10)
COMMON = {"amount": "500.000", "on": "10-9-2026", "description": "uraian"}


def record(group, by, kind="capital", amount=1_000_000, on=DAY, debit="1.1", credit="3.3", **fields):
    """A voucher through the service; capital given in cash unless told otherwise."""
    capital = {"source": "APBDES", "nature": "hibah", "form": "uang"} if kind == "capital" else {}
    defaults = {"description": "Bantuan desa", "party": "Pemerintah desa", "uuid": uuid4()} | capital
    return ledger_services.record_voucher(
        group=group, kind=kind, on=on, amount=amount, debit=debit, credit=credit, by=by, **defaults | fields
    )


def spend(group, by, amount=150_000, **fields):
    defaults = {"description": "Beli alat tulis", "party": "Toko Amanah", "debit": "5.1", "credit": "1.1"}
    return record(group, by, "expense", amount, **defaults | fields)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_start_page_leads_to_the_five_kinds(group, operator, as_user):
    record(group, operator)
    page = text_of(as_user(operator).get(reverse("voucher-start", args=[group.pk])))
    names = ("voucher-income", "voucher-expense", "voucher-capital", "voucher-capital-back", "voucher-transfer")
    assert [f'href="{reverse(name, args=[group.pk])}"' in page for name in names] == [True] * 5
    assert "Rp1.000.000" in page


def test_whoever_has_one_group_comes_to_its_start_page(group, operator, as_user):
    client = as_user(operator)
    assert client.get(reverse("voucher-new")).url == reverse("voucher-start", args=[group.pk])
    build.group(group.village)
    assert client.get(reverse("voucher-new")).url == reverse("group-list")


CAPITAL = {"source": "BANK", "nature": "pinjaman", "form": "uang", "till": "cash", "party": "BRI"}
KINDS = [
    ("voucher-income", {"account": "4.9", "till": "cash", "party": "Bu Aminah"}, ("AS-M-2026-0002", "1.1", "4.9")),
    ("voucher-expense", {"account": "5.1", "till": "cash", "party": "Toko"}, ("AS-K-2026-0001", "5.1", "1.1")),
    ("voucher-capital", CAPITAL, ("AS-M-2026-0002", "1.1", "2.2")),
    ("voucher-transfer", {"till": "cash"}, ("AS-J-2026-0001", "1.2", "1.1")),
]


@pytest.mark.parametrize(("name", "typed", "expected"), KINDS)
def test_a_voucher_is_recorded_once_and_shown(name, typed, expected, group, operator, as_user):
    record(group, operator)
    client, url = as_user(operator), reverse(name, args=[group.pk])
    shown = client.get(url)
    assert shown.context["form"]["on"].value() == "30-09-2026"
    facts = COMMON | typed | {"uuid": str(shown.context["form"]["uuid"].value())}
    first, second = (client.post(url, facts) for _ in range(2))
    voucher = Voucher.objects.order_by("-pk").first()
    entry = voucher.entries.get()
    assert (voucher.number, entry.debit, entry.credit) == expected
    assert (first.status_code, first.url, second.url) == (302, voucher.get_absolute_url(), voucher.get_absolute_url())
    assert (voucher.amount, voucher.on, voucher.recorded_by, Voucher.objects.count()) == (500_000, DAY, operator, 2)


def test_capital_goes_back_through_its_page(group, operator, as_user):
    record(group, operator, credit="2.2", source="BANK", nature="pinjaman", party="BRI")
    client, url = as_user(operator), reverse("voucher-capital-back", args=[group.pk])
    assert "Utang dan dana bergulir: Rp1.000.000." in text_of(client.get(url))
    typed = {"source": "BANK", "nature": "pinjaman", "till": "cash", "party": "BRI", "uuid": str(uuid4())}
    refused = client.post(url, COMMON | typed | {"amount": "1.000.001"})
    assert refused.context["form"].errors == {
        "amount": [
            "Utang kepada sumber ini (Bank (BRI/BPR/KUR), pinjaman) tinggal Rp1.000.000. Paling banyak sebesar itu."
        ]
    }
    assert client.post(url, COMMON | typed).status_code == 302
    assert Voucher.objects.get(kind="capital_back").number == "AS-K-2026-0001"


def test_nothing_typed_is_lost_when_cash_is_too_little(group, operator, as_user):
    url = reverse("voucher-expense", args=[group.pk])
    typed = {"account": "5.1", "till": "cash", "party": "Toko Amanah", "uuid": str(uuid4())}
    page = text_of(as_user(operator).post(url, COMMON | typed))
    assert "Saldo kas pada 10 September 2026 Rp0, kurang dari Rp500.000." in page
    for kept in ("500.000", "10-9-2026", "Toko Amanah", typed["uuid"]):
        assert kept in page


@pytest.mark.parametrize("day", ["1-10-2026", "1-1-2010"])
def test_a_day_that_cannot_be_is_refused_at_its_field(day, group, operator, as_user):
    url = reverse("voucher-income", args=[group.pk])
    typed = {"account": "4.9", "till": "cash", "party": "x", "uuid": str(uuid4()), "on": day}
    assert list(as_user(operator).post(url, COMMON | typed).context["form"].errors) == ["on"]


def test_the_voucher_tells_its_accounts_in_words(group, operator, as_user):
    record(group, operator)
    page = as_user(operator).get(spend(group, operator).get_absolute_url())
    assert [(one.side, one.account, one.change, one.amount) for one in page.context["moves"]] == [
        ("Debet", "5.1 Alat tulis dan cetak", "bertambah", 150_000),
        ("Kredit", "1.1 Kas", "berkurang", 150_000),
    ]
    shown = text_of(page)
    for words in ("AS-K-2026-0001", "seratus lima puluh ribu rupiah", "Toko Amanah", "Riwayat", "Foto &amp; berkas"):
        assert words in shown


def test_the_paper_is_signed_by_who_held_office_on_the_day(group, operator, as_user):
    build.officer(group, "ketua", "Hj. Rusdiana", since=date(2015, 1, 1), until=date(2026, 9, 15))
    build.officer(group, "ketua", "Mahmudah", since=date(2026, 9, 16))
    build.officer(group, "bendahara", "Salasiah")
    record(group, operator)
    paper = text_of(as_user(operator).get(reverse("voucher-paper", args=[spend(group, operator).pk])))
    for words in (
        "BUKTI KAS KELUAR", "AS-K-2026-0001", "Seratus lima puluh ribu rupiah", "Rp150.000", "Hj. Rusdiana", "Salasiah",
        "Alat tulis dan cetak dari Kas", "Penerima,", "10 September 2026",
    ):  # fmt: skip
        assert words in paper
    assert "Mahmudah" not in paper
    assert "Meterai" not in paper


def test_a_payment_above_five_million_has_a_box_for_the_stamp(group, operator, as_user):
    record(group, operator, amount=9_000_000)
    paper = text_of(as_user(operator).get(reverse("voucher-paper", args=[spend(group, operator, 5_000_001).pk])))
    assert "Meterai" in paper


def test_a_correction_marks_the_original_as_cancelled(group, operator, as_user):
    record(group, operator)
    voucher, client = spend(group, operator), as_user(operator)
    url = reverse("voucher-reverse", args=[voucher.pk])
    assert client.get(url).context["form"]["reversed_on"].value() == "10-09-2026"
    facts = {"uuid": str(uuid4()), "reversed_on": "10-9-2026", "reason": "salah ketik jumlah"}
    done = client.post(url, facts)
    reversal = Voucher.objects.get(reverses=voucher)
    assert (done.url, reversal.number, reversal.amount) == (reversal.get_absolute_url(), "AS-K-2026-0002", -150_000)
    original = text_of(client.get(voucher.get_absolute_url()))
    assert "BATAL" in original
    assert "AS-K-2026-0002" in original
    assert url not in original
    paper = text_of(client.get(reverse("voucher-paper", args=[voucher.pk])))
    assert "BATAL, dikoreksi oleh AS-K-2026-0002." in paper
    assert "Koreksi atas AS-K-2026-0001: salah ketik jumlah." in text_of(
        client.get(reverse("voucher-paper", args=[reversal.pk]))
    )
    again = client.post(url, facts | {"uuid": str(uuid4())})
    assert again.context["form"].non_field_errors() == ["Bukti ini sudah dikoreksi dengan AS-K-2026-0002."]


def test_a_correction_needs_a_reason(group, operator, as_user):
    voucher = record(group, operator)
    facts = {"uuid": str(uuid4()), "reversed_on": "10-9-2026", "reason": "salah"}
    page = as_user(operator).post(reverse("voucher-reverse", args=[voucher.pk]), facts)
    assert list(page.context["form"].errors) == ["reason"]
    assert Voucher.objects.count() == 1


def test_the_list_says_the_same_on_the_page_in_json_and_in_excel(group, operator, as_user):
    record(group, operator)
    spend(group, operator)
    client, url = as_user(operator), reverse("voucher-list")
    rows = client.get(url, {"format": "json"}).json()["results"]
    voucher = Voucher.objects.get(kind="expense")
    assert rows[0] == {
        "id": voucher.pk,
        "village_code": build.PANDULANGAN,
        "number": "AS-K-2026-0001",
        "on": "2026-09-10",
        "kind": "Pengeluaran",
        "description": "Beli alat tulis",
        "party": "Toko Amanah",
        "group": "UP2K As Syifa",
        "village": "Desa Pandulangan — Kec. Sungai Pandan",
        "money_in": None,
        "money_out": 150_000,
        "amount": 150_000,
        "correction": None,
    }
    sheet = load_workbook(BytesIO(b"".join(client.get(url, {"format": "xlsx"})))).worksheets[0]
    found = [[cell.value for cell in row] for row in sheet]
    head = next(row for row in found if "Masuk (Rp)" in row)
    line = dict(zip(head, found[found.index(head) + 1], strict=True))
    assert (line["Nomor bukti"], line["Jenis"], line["Masuk (Rp)"], line["Keluar (Rp)"]) == (
        "AS-K-2026-0001", "Pengeluaran", None, 150_000,
    )  # fmt: skip
    page = text_of(client.get(url))
    assert all(row["number"] in page for row in rows)


def test_the_list_is_narrowed_by_kind_group_day_and_words(group, operator, as_user):
    other = build.group(group.village, name="UP2K Lain", initials="LN")
    record(group, operator)
    record(other, operator, on=date(2026, 8, 5))
    spend(group, operator, on=date(2026, 9, 20))
    client = as_user(operator)
    for asked, numbers in (
        ({"kind": "expense"}, ["AS-K-2026-0001"]),
        ({"group": other.pk}, ["LN-M-2026-0001"]),
        ({"since": "11-9-2026"}, ["AS-K-2026-0001"]),
        ({"until": "31-8-2026"}, ["LN-M-2026-0001"]),
        ({"q": "amanah"}, ["AS-K-2026-0001"]),
        ({"q": "ln-m"}, ["LN-M-2026-0001"]),
        ({}, ["AS-K-2026-0001", "AS-M-2026-0001", "LN-M-2026-0001"]),
    ):
        answer = client.get(reverse("voucher-list"), asked | {"format": "json"}).json()
        assert [row["number"] for row in answer["results"]] == numbers


def test_a_cancelled_voucher_is_marked_in_the_list(group, operator, as_user):
    voucher = record(group, operator)
    ledger_services.reverse_voucher(
        voucher=voucher, reason="salah ketik jumlah", reversed_on=DAY, by=operator, uuid=uuid4()
    )
    rows = as_user(operator).get(reverse("voucher-list"), {"format": "json"}).json()["results"]
    assert [(row["number"], row["money_in"], row["correction"]) for row in rows] == [
        ("AS-M-2026-0002", -1_000_000, "Koreksi atas AS-M-2026-0001"),
        ("AS-M-2026-0001", 1_000_000, "BATAL, dikoreksi oleh AS-M-2026-0002"),
    ]


def queries_of(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["voucher-list", "cash-book"])
def test_a_page_costs_the_same_queries_for_any_number_of_rows(name, group, member, operator, as_user):
    client, url = as_user(operator), reverse(name, args=[group.pk] if name == "cash-book" else [])
    counts = []
    for _ in range(2):
        record(group, operator)
        counts.append(queries_of(client, url))
        for _ in range(5):
            record(group, operator)
            spend(group, operator)
    assert counts[0] == counts[1]


PAGES_OF_GROUP = (
    "voucher-start", "voucher-income", "voucher-expense", "voucher-capital", "voucher-capital-back", "voucher-transfer",
)  # fmt: skip


def test_only_the_village_records_and_whoever_sees_people_reads(group, operator, staff, province_reader, as_user):
    voucher = record(group, operator)
    writes = [reverse(name, args=[group.pk]) for name in PAGES_OF_GROUP]
    writes.append(reverse("voucher-reverse", args=[voucher.pk]))
    reads = [reverse(name, args=[voucher.pk]) for name in ("voucher", "voucher-paper")]
    reads += [reverse("cash-book", args=[group.pk]), reverse("voucher-list")]
    for user, writing, reading in ((operator, 200, 200), (staff, 403, 200), (province_reader, 403, 403)):
        client = as_user(user)
        assert {client.get(url).status_code for url in writes} == {writing}
        assert {client.get(url).status_code for url in reads} == {reading}
    assert "Koreksi bukti ini" not in text_of(as_user(staff).get(reads[0]))


def test_another_village_is_not_found(group, elsewhere, operator, as_user):
    foreign = build.group(elsewhere)
    voucher, client = record(foreign, build.user()), as_user(operator)
    urls = [reverse(name, args=[foreign.pk]) for name in (*PAGES_OF_GROUP, "cash-book")]
    urls += [reverse(name, args=[voucher.pk]) for name in ("voucher", "voucher-paper", "voucher-reverse")]
    assert {client.get(url).status_code for url in urls} == {404}


def page_of(user):
    return SimpleNamespace(access=user.access_on(date(2026, 9, 30)))


def test_the_section_of_the_group_shows_cash_bank_and_capital(group, operator):
    record(group, operator)
    record(group, operator, amount=400_000, credit="2.2", source="BANK", nature="bergulir")
    template, section = group_cash(page_of(operator), group)
    assert template == "loans/group_cash.html"
    assert section["tills"] == [("Kas", 1_400_000), ("Bank", 0)]
    assert (section["capital"], section["debt_words"]) == (1_400_000, "di dalamnya utang Rp400.000")
    assert [link.label for link in section["links"]] == [
        "Buku kas", "Catat kas", "Hitung kas", "Tutup bulan", "Cetak & unduh", "Bukti kas",
    ]  # fmt: skip


def test_who_only_reads_is_offered_nothing_to_write(group, staff, province_reader):
    assert [link.label for link in cash_links(page_of(staff), group)] == [
        "Buku kas", "Tutup bulan", "Cetak & unduh", "Bukti kas",
    ]  # fmt: skip
    assert group_cash(page_of(province_reader), group)[1] == {}
