"""The pages of leaving: a look at the figures, the act, its paper; and what the older page says of her money."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans import leaving_services
from loans.models import LoanShare, Receipt, Settlement, Voucher
from loans.people import owes_nothing, still_owes
from loans.saving_services import record_deposit
from tests import build
from villages.models import Member

WHY = "pindah ke Banjarmasin"


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def deposit(member, by, on=date(2026, 8, 10), **parts) -> Receipt:
    return record_deposit(member=member, parts=parts, received_on=on, by=by, uuid=uuid4())


@pytest.fixture
def saver(member, operator):
    """She owes 115.000 since August and 1.035.000 later, and saved 1.200.000."""
    build.loan(member, 1_000_000, date(2026, 7, 31), by=operator)
    deposit(member, operator, mandatory=200_000, voluntary=1_000_000)
    return member


@pytest.fixture
def url(member):
    return reverse("member-settle", args=[member.pk])


def typed(page, **other) -> dict:
    facts = {"uuid": hidden(page, "uuid"), "left_on": "10-9-2026", "left_reason": WHY, "till": "cash"}
    return facts | other


def test_she_leaves_in_two_steps_and_a_paper_says_what_was_done(saver, operator, url, as_user):
    client = as_user(operator)
    facts = typed(client.get(url))
    check = client.post(url, facts)
    told = text_of(check)
    for words in (
        "Rp50.000",
        "lima puluh ribu rupiah",
        "Simpanan wajib Rp200.000",
        "Jasa Rp150.000, Pokok Rp1.000.000",
    ):
        assert words in told
    assert (Settlement.objects.count(), Voucher.objects.filter(kind="withdrawal").count()) == (0, 0)
    answers = [client.post(url, facts | {"save": "1", "seen": hidden(check, "seen")}) for _ in range(2)]
    settlement = Settlement.objects.get()
    assert [answer.url for answer in answers] == [reverse("settlement", args=[settlement.pk])] * 2
    assert (settlement.saved, settlement.paid_on_loans, settlement.paid_out) == (1_200_000, 1_150_000, 50_000)
    paper = text_of(client.get(settlement.get_absolute_url()))
    for words in ("BERITA ACARA PENYELESAIAN", "AS-K-2026-0002", "AS-K-2026-0003", "AS-2026-0002", "Rp50.000", WHY):
        assert words in paper
    for role in ("Mengetahui, Ketua,", "Bendahara,", "Anggota yang keluar,"):
        assert role in paper
    page = client.get(saver.get_absolute_url()).content.decode()
    assert settlement.get_absolute_url() in page
    assert url not in page


def test_figures_that_changed_meanwhile_are_shown_again(saver, operator, url, as_user):
    client = as_user(operator)
    facts = typed(client.get(url))
    seen = hidden(client.post(url, facts), "seen")
    deposit(saver, operator, voluntary=1_000)
    answer = client.post(url, facts | {"save": "1", "seen": seen})
    assert answer.status_code == 409
    assert "Catatan uangnya berubah sejak halaman ini dibuka. Periksa sekali lagi." in answer.content.decode()
    assert Settlement.objects.count() == 0


def test_change_leads_back_to_what_was_typed(saver, operator, url, as_user):
    client = as_user(operator)
    page = client.post(url, typed(client.get(url)) | {"edit": "1"})
    assert page.templates[0].name == "loans/leaving_settle.html"
    assert hidden(page, "left_reason") == WHY


def test_an_impossible_day_is_told_at_its_field_before_anything_is_shown(saver, operator, url, as_user):
    client = as_user(operator)
    page = client.post(url, typed(client.get(url), left_on="9-8-2026"))
    assert page.context["form"].errors == {
        "left_on": [
            "Setoran, penarikan atau pinjaman Norhasanah masih tercatat sampai 10 Agustus 2026. "
            "Pakai tanggal itu atau sesudahnya, atau koreksi dulu catatannya."
        ]
    }


def test_who_has_left_is_told_so(saver, operator, url, as_user):
    Member.objects.filter(pk=saver.pk).update(left_on=date(2026, 9, 1), left_reason="pindah")
    assert "Ia sudah dicatat keluar." in as_user(operator).get(url).content.decode()


def test_the_older_page_tells_debt_and_savings_and_shows_the_way(saver, operator, url, as_user):
    page = as_user(operator).get(reverse("member-leave", args=[saver.pk]))
    told = text_of(page)
    assert "Norhasanah masih berutang Rp1.150.000 (satu juta seratus lima puluh ribu rupiah)" in told
    assert "Norhasanah masih punya simpanan Rp1.200.000 (satu juta dua ratus ribu rupiah)" in told
    assert url in page.content.decode()


def test_the_member_page_has_one_button_for_leaving(saver, operator, url, as_user):
    page = as_user(operator).get(saver.get_absolute_url()).content.decode()
    assert page.count(reverse("member-leave", args=[saver.pk])) == 1
    assert (url in page, "Keluar dan selesaikan" in page) == (False, False)


def test_who_has_no_money_is_shown_no_detour_on_the_older_page(member, operator, url, as_user):
    page = as_user(operator).get(reverse("member-leave", args=[member.pk]))
    assert url not in page.content.decode()


def test_who_may_not_record_money_is_shown_no_way_to_settle(saver, staff, url, as_user):
    client = as_user(staff)
    for name in ("member-leave", "member"):
        assert url not in client.get(reverse(name, args=[saver.pk])).content.decode()


def test_the_older_page_refuses_a_day_before_her_deposits(saver, operator, as_user):
    client, leave_url = as_user(operator), reverse("member-leave", args=[saver.pk])
    page = client.post(leave_url, {"left_on": "9-8-2026", "left_reason": WHY})
    assert list(page.context["form"].errors) == ["left_on"]
    assert client.post(leave_url, {"left_on": "10-8-2026", "left_reason": WHY}).status_code == 302
    saver.refresh_from_db()
    assert saver.left_on == date(2026, 8, 10)


def test_savings_are_told_with_debts_and_kept_ones_are_not(group, member, operator):
    assert (still_owes(member), owes_nothing(member)) == ("", "")
    build.saving_terms(group, "initial", 50_000, returned_on_leaving=False)
    deposit(member, operator, initial=50_000)
    assert (still_owes(member), owes_nothing(member)) == ("", "")
    deposit(member, operator, mandatory=10_000, voluntary=5_000)
    saved = (
        "Norhasanah masih punya simpanan Rp15.000 (lima belas ribu rupiah): "
        "simpanan wajib Rp10.000, simpanan sukarela Rp5.000."
    )
    assert still_owes(member) == f"{saved} Simpanannya tetap di kelompok sampai ditarik."
    assert owes_nothing(member) == (
        f"{saved} Uang itu tidak ikut pindah: buka halaman anggotanya, tekan Anggota keluar, pilih Keluar dan "
        "selesaikan, lalu catat ia sebagai anggota baru di kelompok tujuan."
    )


def test_shares_of_poklak_loans_and_proposals_are_warned_of(group, member, operator):
    poklak, other = build.poklak(group), build.member(group, name="Aminah")
    loan = build.loan(poklak, 300_000, by=operator)
    for one, amount in ((member, 100_000), (other, 200_000)):
        LoanShare.objects.create(village=group.village, loan=loan, member=one, proposed=amount)
    payers = [(other, member, 20_000), (member, other, 10_000)]
    build.payment(loan, 30_000, date(2026, 3, 1), by=operator, payers=payers)
    waiting = build.proposal(member, 200_000, by=operator)
    assert leaving_services.cautions(member) == [
        f"Bagiannya Rp100.000 pada pinjaman poklak {loan.number} tidak ikut diselesaikan di sini. "
        "Sepakati dengan poklaknya siapa yang melanjutkan.",
        "Ia pernah menanggung Rp20.000 bagian anggota lain pada pinjaman poklak.",
        "Anggota lain pernah menanggung Rp10.000 bagiannya pada pinjaman poklak.",
        f"Pengajuan pinjamannya {waiting.number} belum dicairkan dan tidak akan dapat dicairkan. "
        "Batalkan pengajuan itu.",
    ]


def test_a_loan_written_off_is_owed_no_more(member, operator):
    loan = build.loan(member, 500_000, by=operator)
    assert "masih berutang Rp575.000" in still_owes(member)
    loan.written_off_on, loan.written_off = date(2026, 9, 1), 500_000
    loan.save()
    assert (still_owes(member), owes_nothing(member)) == ("", "")
