"""Rapor kelompok: a quarter in sums without persons, and what the next level asks."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans.saving_services import record_deposit
from reports.periods import parse_period
from reports.report_card import card_of, criteria, sentences
from tests import build
from tests.reports import build_reports
from up2k_portal.ledgers import LEDGERS
from villages.models.groups import Level

pytestmark = pytest.mark.django_db

THIRD = parse_period("2026-TW3")
DAY = date(2026, 9, 30)


@pytest.fixture
def told(group, operator):
    """Two loans, one on time and one late; savings; a year before with jasa of Rp15.000."""
    first, second = build.member(group, name="Aminah"), build.member(group, name="Barsiah")
    old = build.loan(first, 1_000_000, date(2025, 11, 30))
    build.payment(old, 115_000, date(2025, 12, 31))
    build.payment(old, 1_035_000, date(2026, 7, 1))
    build.loan(second, 2_000_000, date(2026, 8, 20))
    build.payment(build.loan(first, 500_000, date(2026, 6, 30)), 57_500, date(2026, 7, 31))
    parts = {"mandatory": 10_000, "voluntary": 5_000}
    record_deposit(member=second, parts=parts, received_on=date(2026, 9, 1), by=operator, uuid=uuid4())
    build.enterprise(first)
    return group


def card(group, **fields):
    for name, value in fields.items():
        setattr(group, name, value)
    group.save()
    return card_of(group, THIRD, DAY, LEDGERS)


def test_the_card_tells_the_quarter_to_the_rupiah(told):
    found = dict(sentences(card(told)))
    assert found == {
        "Anggota": "2 orang",
        "Usaha yang berjalan": "1",
        "Dipinjamkan triwulan ini": "1 pinjaman, Rp2.000.000",
        "Dibayar kembali triwulan ini": "Rp950.000, ditambah jasa Rp142.500",
        "Masih dipinjam": "2 pinjaman, Rp2.450.000",
        "Terlambat dibayar": "2 dari 2 pinjaman (100,0%), Rp287.500",
        "Simpanan anggota": "Rp15.000",
        "Uang di kas dan bank": "Rp997.722.500 di kas, Rp0 di bank",
        "Hasil usaha (SHU) tahun 2025": "Rp15.000",
        "Buku yang terisi": "2 dari 10",
    }


def test_a_group_without_anything_says_so_and_divides_by_nothing(group):
    found = dict(sentences(card(group)))
    assert (found["Terlambat dibayar"], found["Hasil usaha (SHU) tahun 2025"]) == (
        "tidak ada pinjaman berjalan",
        "belum ada catatan",
    )
    assert {one.words for one in criteria(card(group, founded_on=None)) if one.is_met is None} == {
        "Umur kelompok 1 tahun: tanggal berdirinya belum tercatat",
        "Modal tumbuh menjadi 110%: modal awalnya belum tercatat",
        "Pinjaman kembali 80%: belum ada angsuran yang jatuh tempo",
    }


def test_an_unassessed_group_is_told_what_madya_asks(told):
    found = card(told, decree_number="188/2015")
    assert (found.level, found.next_level) == (None, Level.MADYA)
    assert [(one.words, one.is_met) for one in criteria(found)] == [
        ("Anggota 2, syaratnya 10: kurang 8", False),
        ("Umur kelompok 16 tahun, syaratnya 1", True),
        ("Modal sekarang Rp1.000.167.500 dari modal awal Rp1.000.000.000 (100,0%), syaratnya 110%", False),
        ("Pinjaman kembali 77,8% dari yang sudah jatuh tempo, syaratnya 80%", False),
        ("SK kelompok ada", True),
        (
            "Buku terisi 2 dari 10; masih kosong: pengurus & SK, buku notulen, daftar hadir, buku tamu, buku kegiatan,"
            " buku inventaris, agenda surat, buku produksi & penjualan",
            False,
        ),
    ]


@pytest.mark.parametrize(
    ("level", "next_level", "members", "count"),
    [
        ("PEMULA", Level.MADYA, 10, 6),
        ("MADYA", Level.UTAMA, 15, 7),
        ("UTAMA", Level.MANDIRI, 20, 9),
        ("MANDIRI", None, None, 0),
    ],
)
def test_each_level_has_its_next_step(group, level, next_level, members, count):
    build.assessment(group, level, date(2026, 1, 5))
    found = card(group)
    asked = criteria(found)
    assert (found.next_level, len(asked)) == (next_level, count)
    assert [one.words for one in asked[:1]] == (
        [f"Anggota 0, syaratnya {members}: kurang {members}"] if members else []
    )


def test_reports_on_time_are_counted_over_the_last_four_quarters(group):
    build.assessment(group, "MADYA", date(2026, 1, 5))
    assert criteria(card(group))[-1].words == ("Laporan triwulan tepat waktu: desa belum pernah melapor lewat portal")
    late = date(2026, 7, 9)  # four days after its day
    for code, on in (("2025-TW4", date(2026, 1, 5)), ("2026-TW1", date(2026, 4, 2)), ("2026-TW2", late)):
        build_reports.kept(group.village, parse_period(code), submitted_on=on)
    found = criteria(card_of(group, parse_period("2026-TW2"), date(2026, 6, 30), LEDGERS))[-1]
    assert (found.words, found.is_met) == ("Laporan triwulan tepat waktu 2 dari 4 yang terakhir", False)


def test_a_level_given_after_the_quarter_is_not_told_before(group):
    build.assessment(group, "UTAMA", date(2026, 9, 30))
    second = parse_period("2026-TW2")
    assert [card_of(group, one, one.last, LEDGERS).level for one in (second, THIRD)] == [None, Level.UTAMA]


def test_a_bank_and_a_cooperative_are_what_mandiri_asks_for(group):
    build.assessment(group, "UTAMA", date(2026, 1, 5))
    assert [one.is_met for one in criteria(card(group))[-2:]] == [False, False]
    build.legal_status(group)
    build.capital(group, 5_000_000, date(2026, 2, 1), source="CSR_SWASTA")
    assert [(one.words, one.is_met) for one in criteria(card(group))[-2:]] == [
        ("NIB atau badan hukum koperasi ada", True),
        ("Rekening bank atau mitra modal ada", True),
    ]


def test_the_paper_names_no_member_and_no_nik(told, operator, as_user):
    page = as_user(operator).get(f"{reverse('report-card', args=[told.pk])}?periode=2026-TW3").content.decode()
    assert "Triwulan III 2026</b>, keadaan 30 September 2026" in page
    assert "Pandulangan, 30 September 2026" in page  # the day on which those who sign held their offices
    assert "Langkah berikut: menjadi Madya" in page
    assert "usulan, belum ditetapkan TP PKK Kabupaten" in page
    members = list(told.members.values_list("name", "nik"))
    assert [words for pair in members for words in pair if words in page] == []


def test_the_province_reads_it_without_the_names_of_officers(told, province_reader, operator, as_user):
    build.officer(told, "ketua", "Hj. Masliani")
    url = reverse("report-card", args=[told.pk])
    assert "Masliani" in as_user(operator).get(url).content.decode()
    response = as_user(province_reader).get(url)
    assert (response.status_code, "Masliani" in response.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("periode=2026", "Rapor kelompok dibuat per triwulan."),
        ("periode=2026-TW4", "Triwulan IV 2026 belum datang."),
        ("periode=x", "Periode “x” tidak dikenal."),
        ("kertas=A3", "Kertas “A3” tidak ada. Pilih F4 atau A4."),
    ],
)
def test_what_cannot_be_made_says_why(group, operator, as_user, query, sentence):
    response = as_user(operator).get(f"{reverse('report-card', args=[group.pk])}?{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_another_village_is_404(group, elsewhere, operator, as_user):
    foreign = build.group(elsewhere)
    assert as_user(operator).get(reverse("report-card", args=[foreign.pk])).status_code == 404
