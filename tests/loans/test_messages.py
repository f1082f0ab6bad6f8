"""What goes out by WhatsApp: the figures to the rupiah, three letters of a name, nothing else about a person."""

from datetime import date
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.urls import reverse

from loans.messages import MOST_LINES, card_message, dues_message
from tests import build
from up2k_portal.lib.privacy import mask_name


class Named(SimpleNamespace):
    def __str__(self):
        return self.name


GROUP = Named(name="UP2K As Syifa", village=SimpleNamespace(label="Pandulangan"))


def loan_of(**fields):
    told = {
        "number": "PJ-2026-004", "group": GROUP, "village": GROUP.village, "borrower": "Norhasanah Aini",
        "principal": 2_000_000, "balance": 1_200_000, "late": 0,
    }  # fmt: skip
    return SimpleNamespace(**told | fields)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Norhasanah Aini", "Nor••• A•••"), ("Siti", "Sit•••"), ("Ani", "Ani"), ("Melati 3", "Mel••• 3•••"), ("", "")],
)
def test_of_a_name_three_letters_stay(name, masked):
    assert mask_name(name) == masked


def test_a_card_tells_what_is_left_and_what_comes_next():
    unpaid = [(date(2026, 10, 10), 210_000), (date(2026, 11, 10), 210_000)]
    assert card_message(loan_of(), unpaid, date(2026, 9, 30)).splitlines() == [
        "Kartu pinjaman PJ-2026-004",
        "UP2K As Syifa, Pandulangan",
        "Peminjam: Nor••• A•••",
        "Pokok Rp2.000.000, sisa pokok Rp1.200.000",
        "Angsuran berikutnya 10 Oktober 2026: Rp210.000",
    ]


def test_a_late_loan_says_so_and_a_paid_one_thanks():
    late = card_message(loan_of(late=420_000), [(date(2026, 8, 10), 420_000)], date(2026, 9, 30))
    assert late.splitlines()[-1] == "Tunggakan per 30 September 2026: Rp420.000"
    assert card_message(loan_of(balance=0), [], date(2026, 9, 30)).splitlines()[-1] == "Lunas. Terima kasih."


def test_the_dues_of_a_meeting_leave_out_who_owes_nothing():
    told = dues_message(GROUP, date(2026, 9, 25), [("Aminah", 120_000), ("Siti Rahmah", 0), ("Mastura", 35_000)])
    assert told.splitlines() == [
        "Tagihan pertemuan 25 September 2026",
        "UP2K As Syifa, Pandulangan",
        "1. Ami•••: Rp120.000",
        "2. Mas•••: Rp35.000",
        "Jumlah: Rp155.000",
    ]


def test_a_long_list_is_cut_and_its_sum_is_whole():
    told = dues_message(GROUP, date(2026, 9, 25), [(f"Aminah {one}", 1_000) for one in range(MOST_LINES + 3)])
    assert told.splitlines()[-2:] == ["… dan 3 lagi", "Jumlah: Rp63.000"]
    assert len(told.splitlines()) == MOST_LINES + 4


def test_the_receipt_and_the_loan_are_shared_without_the_whole_name(member, operator, as_user):
    client, loan = as_user(operator), build.loan(member)
    receipt = build.payment(loan, 100_000, date(2026, 3, 5))
    said = unquote(client.get(reverse("receipt", args=[receipt.pk])).context["share_url"])
    card = unquote(client.get(loan.get_absolute_url()).context["share_url"])
    assert f"Dari {mask_name(loan.member.name)}, " in said
    assert f"Peminjam: {mask_name(loan.member.name)}" in card
    assert loan.member.name not in said + card
    assert str(loan.member.nik) not in said + card


def test_a_proposal_is_not_shared(member, operator, as_user):
    proposed = build.proposal(member)
    assert as_user(operator).get(proposed.get_absolute_url()).context["share_url"] == ""
