"""The pages of savings: the list, the saving book, paying in, taking out, and the group's money rules."""

import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from openpyxl import load_workbook

from loans.models import MoneyRules, Receipt, SavingTerms, Voucher
from loans.saving_services import record_deposit, withdraw_saving
from loans.savings import saving_balances
from loans.views.savings import group_savings, member_savings
from tests import build
from villages.models import Member

TODAY = date(2026, 9, 30)
PAID = "30-9-2026"


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


def terms(group, kind="mandatory", amount=10_000, since=date(2026, 1, 1), **fields) -> SavingTerms:
    return SavingTerms.objects.create(
        group=group, village=group.village, kind=kind, amount=amount, since=since, **fields
    )


def deposit(member, by, on=date(2026, 8, 10), **parts) -> Receipt:
    return record_deposit(member=member, parts=parts, received_on=on, by=by, uuid=uuid4())


def test_the_form_comes_filled_with_what_is_due(member, operator, as_user):
    terms(member.group, "initial", 50_000, date(2019, 1, 1))
    terms(member.group, "mandatory", 10_000)
    page = as_user(operator).get(reverse("saving-deposit", args=[member.pk]))
    assert [hidden(page, name) for name in ("initial_saving", "mandatory", "received_on")] == [
        "50.000", "90.000", "30-09-2026",
    ]  # fmt: skip
    form = page.context["form"]
    assert [form[name].value() for name in ("voluntary", "contribution")] == [None, None]


def test_a_deposit_leads_to_its_receipt_and_its_paper(member, operator, as_user):
    client, url = as_user(operator), reverse("saving-deposit", args=[member.pk])
    facts = {"uuid": hidden(client.get(url), "uuid"), "received_on": PAID, "till": "cash"}
    facts |= {"initial_saving": "50.000", "mandatory": "Rp10.000,-", "voluntary": "", "contribution": "2000"}
    answers = [client.post(url, facts) for _ in range(2)]
    receipt = Receipt.objects.get()
    assert [answer.url for answer in answers] == [receipt.get_absolute_url()] * 2
    assert dict(receipt.parts.values_list("kind", "amount")) == {
        "initial": 50_000, "mandatory": 10_000, "contribution": 2_000,
    }  # fmt: skip
    page = client.get(receipt.get_absolute_url()).content.decode()
    paper = client.get(reverse("receipt-paper", args=[receipt.pk])).content.decode()
    for text in ("AS-2026-0001", "Norhasanah", "Simpanan pokok", "Simpanan wajib", "Iuran", "62.000"):
        assert text in page
        assert text in paper


def test_nothing_paid_in_is_no_deposit(member, operator, as_user):
    url = reverse("saving-deposit", args=[member.pk])
    facts = {"uuid": str(uuid4()), "received_on": PAID, "till": "cash", "mandatory": "0", "note": "titip Bu Aminah"}
    page = as_user(operator).post(url, facts).content.decode()
    assert "Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya simpanan wajib 10.000." in page
    assert "titip Bu Aminah" in page
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("voluntary", "50,000", None),
        ("voluntary", "-5.000", None),
        ("received_on", "1-10-2026", "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        ("received_on", "5-1-2020", "Tanggal tidak boleh sebelum 6 Januari 2020."),
        ("till", "dompet", None),
    ],
)
def test_what_is_unclear_is_refused_beside_its_field(name, typed, said, member, operator, as_user):
    facts = {"uuid": str(uuid4()), "received_on": PAID, "till": "cash", "voluntary": "5.000"} | {name: typed}
    page = as_user(operator).post(reverse("saving-deposit", args=[member.pk]), facts)
    (error,) = page.context["form"].errors[name]
    assert said is None or error == said
    assert list(page.context["form"].errors) == [name]
    assert Receipt.objects.count() == 0


def test_a_withdrawal_offers_what_is_free_and_leads_back_to_the_member(member, operator, as_user):
    deposit(member, operator, mandatory=40_000, voluntary=25_000)
    client, url = as_user(operator), reverse("saving-withdraw", args=[member.pk])
    page = client.get(url)
    assert page.context["form"].fields["kind"].choices == [("voluntary", "Simpanan sukarela, dapat ditarik Rp25.000")]
    facts = {"uuid": hidden(page, "uuid"), "kind": "voluntary", "amount": "25.000", "on": PAID, "till": "cash"}
    answers = [client.post(url, facts) for _ in range(2)]
    assert [answer.url for answer in answers] == [member.get_absolute_url()] * 2
    voucher = Voucher.objects.get()
    assert (voucher.amount, voucher.on, voucher.recorded_by) == (25_000, TODAY, operator)
    assert saving_balances([member], TODAY)[member.pk] == {"initial": 0, "mandatory": 40_000, "voluntary": 0}


def test_more_than_she_has_is_refused_at_the_amount(member, operator, as_user):
    deposit(member, operator, mandatory=40_000, voluntary=25_000)
    facts = {"uuid": str(uuid4()), "kind": "voluntary", "amount": "25.001", "on": PAID, "till": "cash"}
    page = as_user(operator).post(reverse("saving-withdraw", args=[member.pk]), facts)
    assert page.context["form"].errors == {
        "amount": [
            "Simpanan sukarela Norhasanah pada 30 September 2026 Rp25.000, kurang dari Rp25.001. "
            "Periksa jumlah dan tanggalnya."
        ]
    }


def test_locked_savings_are_refused_at_the_kind(member, operator, as_user):
    deposit(member, operator, mandatory=40_000)
    client, url = as_user(operator), reverse("saving-withdraw", args=[member.pk])
    assert "Tidak ada simpanan yang dapat ditarik." in client.get(url).content.decode()
    facts = {"uuid": str(uuid4()), "kind": "mandatory", "amount": "5.000", "on": PAID, "till": "cash"}
    assert client.post(url, facts).context["form"].errors == {
        "kind": ["Simpanan wajib tidak dapat ditarik selama Norhasanah masih anggota. "
                 "Pilih simpanan yang tidak terkunci."]
    }  # fmt: skip
    assert Voucher.objects.count() == 0


def test_the_book_is_printed_with_its_balance_and_without_her_nik(member, operator, as_user):
    build.officer(member.group, "bendahara", "Siti Aisyah")
    deposit(member, operator, on=date(2026, 3, 1), mandatory=10_000, voluntary=30_000)
    withdraw_saving(member=member, kind="voluntary", amount=5_000, on=date(2026, 4, 1), by=operator, uuid=uuid4())
    paper = as_user(operator).get(reverse("saving-book", args=[member.pk])).content.decode()
    for text in (
        "BUKU SIMPANAN ANGGOTA",
        "Norhasanah",
        "AS-2026-0001",
        "AS-K-2026-0001",
        "1 April 2026",
        "Siti Aisyah",
    ):
        assert text in paper
    assert '<td colspan="5">Jumlah</td><td class="num">35.000</td>' in paper
    assert member.nik not in paper


def test_an_empty_book_says_nihil(member, operator, as_user):
    assert "NIHIL" in as_user(operator).get(reverse("saving-book", args=[member.pk])).content.decode()


def test_the_list_shows_each_kind_and_what_is_missing_of_wajib(group, member, operator, as_user):
    terms(group, "mandatory", 10_000)
    deposit(member, operator, initial=50_000, mandatory=30_000, voluntary=5_000)
    gone = build.member(group, name="Aminah", left_on=date(2026, 1, 1), left_reason="pindah")
    kept = build.member(group, name="Barkah", left_on=date(2026, 9, 1), left_reason="pindah")
    deposit(kept, operator, mandatory=90_000)
    client, url = as_user(operator), reverse("saving-list")
    rows = client.get(url, {"format": "json", "sort": "name"}).json()["results"]
    columns = ("name", "initial", "mandatory", "voluntary", "savings", "mandatory_late")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("Barkah", 0, 90_000, 0, 90_000, 0),
        ("Norhasanah", 50_000, 30_000, 5_000, 85_000, 60_000),
    ]
    assert gone.name not in client.get(url).content.decode()
    late = client.get(url, {"format": "json", "late": "yes"}).json()["results"]
    assert [row["name"] for row in late] == ["Norhasanah"]
    sheet = load_workbook(BytesIO(b"".join(client.get(url, {"format": "xlsx"})))).worksheets[0]
    cells = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    assert cells.count(60_000) == 1
    assert "Wajib belum disetor (Rp)" in cells


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_queries_for_any_number_of_rows(
    rows, group, operator, as_user, django_assert_num_queries
):
    terms(group, "mandatory", 10_000)
    for _ in range(rows):
        deposit(build.member(group), operator, mandatory=10_000)
    client = as_user(operator)
    with django_assert_num_queries(8):
        assert client.get(reverse("saving-list")).status_code == 200


def test_the_members_page_tells_savings_and_what_is_due(member, operator):
    terms(member.group, "mandatory", 10_000)
    deposit(member, operator, mandatory=30_000, voluntary=5_000)
    page = type("Page", (), {"access": operator.access_on(TODAY)})
    template, said = member_savings(page, member)
    assert template == "loans/member_savings.html"
    assert said["kinds"] == [
        ("Simpanan pokok", 0), ("Simpanan wajib", 30_000), ("Simpanan sukarela", 5_000), ("Jumlah", 35_000),
    ]  # fmt: skip
    assert said["due"] == [("Simpanan wajib", 60_000)]
    assert said["deposit_url"] == reverse("saving-deposit", args=[member.pk])
    Member.objects.filter(pk=member.pk).update(left_on=TODAY, left_reason="pindah")
    member.refresh_from_db()
    said = member_savings(page, member)[1]
    assert (said["deposit_url"], said["withdraw_url"]) == ("", reverse("saving-withdraw", args=[member.pk]))


def test_the_section_stands_on_the_members_page(member, operator, as_user):
    deposit(member, operator, mandatory=30_000, voluntary=5_000)
    page = as_user(operator).get(member.get_absolute_url()).content.decode()
    assert reverse("saving-deposit", args=[member.pk]) in page
    assert "Rp35.000" in page


def test_the_groups_section_sums_its_members_and_shows_the_province_only_the_rules(
    member, group, operator, province_reader
):
    deposit(member, operator, mandatory=30_000)
    deposit(build.member(group), operator, voluntary=5_000)
    deposit(build.member(build.group(group.village)), operator, voluntary=1_000)
    pages = [type("Page", (), {"access": user.access_on(TODAY)}) for user in (operator, province_reader)]
    told, hidden_from = (
        render_to_string(template, {"section": section})
        for template, section in (group_savings(page, group) for page in pages)
    )
    rules = reverse("money-rules", args=[group.pk])
    assert (rules in told, rules in hidden_from) == (True, True)
    assert ("Rp35.000" in told, "Rp" in hidden_from) == (True, False)


def test_the_rules_say_what_is_usual_until_the_group_agreed(group, operator, as_user):
    page = as_user(operator).get(reverse("money-rules", args=[group.pk])).content.decode()
    assert "Pendapatan kelompok" in page
    assert page.count("Terkunci selama anggota, dikembalikan saat keluar.") == 2
    assert "Dapat ditarik kapan saja." in page
    assert reverse("saving-terms-add", args=[group.pk]) not in page
    assert MoneyRules.objects.count() == 0


def test_the_kabupaten_adds_terms_and_the_old_ones_stay_as_history(group, staff, as_user):
    terms(group, "mandatory", 5_000, date(2020, 1, 1), is_locked=True)
    client, url = as_user(staff), reverse("saving-terms-add", args=[group.pk])
    facts = {"kind": "mandatory", "since": "1-1-2026", "amount": "10.000", "is_locked": "on"}
    assert client.post(url, facts).url == reverse("money-rules", args=[group.pk])
    assert list(group.saving_terms.values_list("amount", "is_locked", "returned_on_leaving")) == [
        (10_000, True, False), (5_000, True, True),
    ]  # fmt: skip
    page = client.get(reverse("money-rules", args=[group.pk])).content.decode()
    assert "Rp10.000 sebulan" in page
    assert "sejak 1 Januari 2020" in page
    again = client.post(url, facts)
    assert "Ketentuan jenis ini pada tanggal itu sudah ada. Ubah yang itu." in again.content.decode()
    assert group.saving_terms.count() == 2


def test_terms_typed_wrong_are_mended(group, staff, as_user):
    wrong = terms(group, "mandatory", 100_000)
    facts = {"kind": "mandatory", "since": "1-1-2026", "amount": "10.000", "returned_on_leaving": "on"}
    as_user(staff).post(reverse("saving-terms-edit", args=[wrong.pk]), facts)
    wrong.refresh_from_db()
    assert wrong.amount == 10_000


def test_the_kabupaten_says_where_the_iuran_goes(group, staff, as_user):
    client, url = as_user(staff), reverse("money-rules-edit", args=[group.pk])
    for choice in ("social", "income", "social"):
        shown = client.get(url).context["form"].initial
        filled = {name: value for name, value in shown.items() if value is not None and value is not False}
        facts = filled | {"contribution_to": choice}
        assert client.post(url, facts).url == reverse("money-rules", args=[group.pk])
    assert MoneyRules.objects.get().contribution_to == "social"
    assert "Dana sosial/PAUD" in client.get(reverse("money-rules", args=[group.pk])).content.decode()


@pytest.mark.parametrize("name", ["money-rules-edit", "saving-terms-add"])
def test_an_operator_does_not_change_the_rules(name, group, operator, as_user):
    assert as_user(operator).get(reverse(name, args=[group.pk])).status_code == 403


@pytest.mark.parametrize("name", ["saving-book", "saving-deposit", "saving-withdraw"])
def test_another_villages_member_does_not_exist(name, elsewhere, operator, as_user):
    stranger = build.member(build.group(elsewhere))
    assert as_user(operator).get(reverse(name, args=[stranger.pk])).status_code == 404


def test_a_saving_book_is_shared_without_the_whole_name(member, operator, as_user):
    deposit(member, operator, mandatory=10_000, voluntary=25_000)
    url = as_user(operator).get(reverse("saving-book", args=[member.pk])).context["share_url"]
    assert unquote(url.removeprefix("https://wa.me/?text=")).splitlines() == [
        "Simpanan per 30 September 2026",
        f"UP2K As Syifa, {member.village.label}",
        "Anggota: Nor•••",
        "Simpanan wajib: Rp10.000",
        "Simpanan sukarela: Rp25.000",
        "Jumlah: Rp35.000",
    ]
