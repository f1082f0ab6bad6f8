"""A year's surplus as the members' meeting decided it: posted once, paid once, to the rupiah."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import surplus_services
from loans.audit import Scope, audit
from loans.ledger_services import balances, record_voucher, reverse_voucher
from loans.models import SurplusDistribution, SurplusLine, SurplusPayment, Voucher
from loans.surplus_plans import payees_of, recorded_plan
from tests import build
from tests.loans import build_surplus
from tests.loans.build_surplus import BOOKED_ON, approve, pay, said
from tests.loans.test_year_close import reopen
from up2k_portal.lib.access import Role

TODAY = date(2026, 9, 30)
PAID = {"2.3": 40_000, "2.4": 8_000, "3.4": 32_000, "3.5": 0}


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(build_surplus.drafted_year)


@pytest.fixture
def scene(kept, db):
    return deepcopy(kept)


@pytest.fixture
def group(scene):
    return scene[0]


@pytest.fixture
def operator(scene):
    return scene[1]


@pytest.fixture
def checker(pandulangan):
    """Another person who records money in the village."""
    return build.user(Role.OPERATOR, pandulangan.code, name="Salmah")


@pytest.fixture
def draft(scene):
    """Of the closed year 2025: SHU Rp80.000, two officers, one PAUD teacher."""
    return scene[2]


@pytest.fixture
def approved(draft, checker):
    return approve(draft, checker)


def accounts(group) -> dict[str, int]:
    return balances(group, TODAY, tuple(PAID))


def payees(distribution, section="members"):
    found = payees_of(distribution, recorded_plan(distribution))
    return [one for one in found if one.section == section]


def keys(distribution, section="members") -> list[str]:
    return [one.key for one in payees(distribution, section)]


def audited() -> list:
    return list(audit(Scope("", TODAY)))


# ---- the meeting's decision


def test_the_approval_takes_every_post_out_of_the_surplus_with_one_voucher(approved, group, checker):
    voucher = approved.voucher
    assert (voucher.kind, voucher.series, voucher.on, voucher.amount) == ("surplus", "J", BOOKED_ON, 80_000)
    assert voucher.description == "Pembagian SHU tahun 2025, berita acara 01/BA-SHU/AS/2026"
    assert list(voucher.entries.order_by("pk").values_list("debit", "credit", "amount")) == [
        ("3.5", "3.4", 32_000), ("3.5", "2.3", 20_000), ("3.5", "2.3", 12_000), ("3.5", "2.3", 4_000),
        ("3.5", "2.4", 4_000), ("3.5", "2.3", 4_000), ("3.5", "2.4", 4_000),
    ]  # fmt: skip
    assert accounts(group) == PAID
    assert (approved.status, approved.approved_by, approved.member_count) == ("approved", checker, 3)
    assert (approved.income, approved.expenses, approved.brought) == (90_000, 10_000, 0)
    assert audited() == []


def test_what_was_approved_is_written_down_and_stays_when_the_scheme_changes(approved, group, operator):
    told = [(one.name, one.amount) for part in recorded_plan(approved).parts for one in part.lines]
    assert told == [
        ("Aminah", 13_333), ("Barsiah", 6_667), ("Aminah", 6_000), ("Camah", 6_000), ("Hj. Rusdiana", 2_000),
        ("Aminah", 2_000), ("Siti Aisyah", 4_000), ("Pendidikan", 4_000), ("Dana sosial", 4_000),
    ]  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        build_surplus.scheme(group, operator)
    assert said(refused, "since_year") == (
        "SHU tahun 2025 sudah disahkan menurut skema yang berlaku saat itu. Isi tahun 2026 untuk skema baru."
    )


def test_money_rows_of_an_approved_sharing_are_never_changed(approved):
    line = SurplusLine.objects.first()
    line.amount = 1
    with pytest.raises(TypeError, match="tidak dapat diubah"):
        line.save()
    with pytest.raises(TypeError, match="tidak dapat dihapus"):
        SurplusLine.objects.all().delete()


def test_who_drafted_does_not_approve(draft, operator):
    with pytest.raises(ValidationError) as refused:
        approve(draft, operator)
    assert said(refused) == (
        "Yang menyusun rancangan tidak boleh mengesahkannya. Minta pengurus lain atau kecamatan memeriksanya."
    )


def test_the_kecamatan_may_approve(draft, district_officer):
    assert approve(draft, district_officer).is_approved


def test_the_same_approval_sent_twice_is_one_and_another_under_its_key_a_conflict(draft, group, checker):
    facts = {"uuid": uuid4(), "seen": build_surplus.plan_of(draft).fingerprint}
    first = approve(draft, checker, **facts)
    assert approve(first, checker, **facts) == first
    assert Voucher.objects.filter(kind="surplus").count() == 1
    with pytest.raises(ValidationError) as refused:
        approve(first, checker, **facts, chair="Orang lain")
    assert refused.value.code == "conflict"


def test_a_year_is_shared_once(approved, group, operator, checker):
    with pytest.raises(ValidationError) as refused:
        approve(approved, checker)
    assert said(refused) == "SHU tahun 2025 sudah disahkan."
    with pytest.raises(ValidationError) as refused:
        build_surplus.draft(group, operator)
    assert said(refused) == "SHU tahun 2025 sudah disahkan dengan berita acara 01/BA-SHU/AS/2026."


def test_figures_that_changed_since_they_were_seen_are_a_conflict(draft, group, operator, checker):
    seen = build_surplus.plan_of(draft).fingerprint
    build_surplus.teacher(group, operator, "Noor Laila")
    with pytest.raises(ValidationError) as refused:
        approve(draft, checker, seen=seen)
    assert refused.value.code == "conflict"


def test_more_than_the_surplus_account_holds_is_refused(draft, group, checker):
    """A loss of Rp25.000 brought over from 2024 stands in 3.5 too."""
    lost = {"debit": "3.5", "credit": "3.9", "amount": 25_000, "kind": "opening", "on": date(2026, 9, 1)}
    record_voucher(group=group, description="Rugi 2024", uuid=uuid4(), by=None, **lost)
    with pytest.raises(ValidationError) as refused:
        approve(draft, checker)
    assert said(refused) == (
        "SHU yang dibagi Rp80.000, padahal saldo SHU di buku (3.5) pada 2 September 2026 Rp55.000."
        " Sisihkan dulu Rp25.000, misalnya karena rugi tahun sebelumnya."
    )


def test_what_is_set_aside_stays_in_the_surplus(draft, group, operator, checker):
    approve(build_surplus.draft(group, operator, withheld=30_000), checker)
    assert accounts(group) == {"2.3": 25_000, "2.4": 5_000, "3.4": 20_000, "3.5": 30_000}


def test_a_loss_is_not_approved(pandulangan, operator, checker):
    group = build.group(pandulangan)
    build_surplus.earned_year(group, operator, expenses=130_000)
    build_surplus.scheme(group, operator)
    with pytest.raises(ValidationError, match="Tahun 2025 rugi Rp40.000: tidak ada yang dibagi."):
        approve(build_surplus.draft(group, operator), checker)
    assert not Voucher.objects.filter(kind="surplus").exists()


def test_not_more_members_came_than_there_were(draft, checker):
    with pytest.raises(ValidationError) as refused:
        approve(draft, checker, present_count=4)
    assert said(refused, "present_count") == (
        "Yang hadir 4 orang, padahal anggota pada hari itu 3. Periksa jumlahnya atau tanggal rapatnya."
    )


@pytest.mark.parametrize(
    ("days", "field", "sentence"),
    [
        ({"met_on": date(2025, 12, 30)}, "met_on", "Tanggal tidak boleh sebelum 31 Desember 2025."),
        ({"met_on": date(2026, 9, 10)}, "on", "Tanggal tidak boleh sebelum 10 September 2026."),
        ({"on": date(2026, 8, 31)}, "on", "Bulan Agustus 2026 sudah ditutup. Pakai tanggal mulai 1 September 2026,"
         " atau minta izin kecamatan untuk bulan itu."),
    ],
)  # fmt: skip
def test_the_meeting_comes_after_the_year_and_is_booked_in_an_open_month(draft, checker, days, field, sentence):
    with pytest.raises(ValidationError) as refused:
        approve(draft, checker, **days)
    assert said(refused, field) == sentence


# ---- the payments


def test_a_list_is_paid_with_a_voucher_each_and_tells_who_is_paid(approved, group, operator):
    vouchers = pay(approved, keys(approved), operator)
    assert [(one.party, one.amount, one.member.name, one.series) for one in vouchers] == [
        ("Aminah", 19_333, "Aminah", "K"), ("Barsiah", 6_667, "Barsiah", "K"), ("Camah", 6_000, "Camah", "K"),
    ]  # fmt: skip
    assert [one.voucher for one in payees(approved)] == vouchers
    assert [one.voucher for one in payees(approved, "officers")] == [None, None]
    assert accounts(group) == PAID | {"2.3": 8_000}
    assert audited() == []


def test_teachers_and_funds_are_paid_out_of_their_own_accounts(approved, group, operator):
    (voucher,) = pay(approved, keys(approved, "teachers"), operator, till="cash")
    assert list(voucher.entries.values_list("debit", "credit", "amount")) == [("2.4", "1.1", 4_000)]
    pay(approved, keys(approved, "fund"), operator, party="Panti Asuhan Al Amin")
    assert accounts(group) == PAID | {"2.3": 36_000, "2.4": 0}
    assert audited() == []


def test_everything_paid_leaves_only_the_reserve(approved, group, operator):
    for section in ("members", "officers", "teachers", "fund"):
        pay(approved, keys(approved, section), operator, party="Panti Asuhan Al Amin")
    assert accounts(group) == {"2.3": 0, "2.4": 0, "3.4": 32_000, "3.5": 0}


def test_nobody_is_paid_twice(approved, operator):
    first = keys(approved)[0]
    (voucher,) = pay(approved, [first], operator)
    with pytest.raises(ValidationError) as refused:
        pay(approved, keys(approved), operator)
    assert said(refused, "payees") == f"Aminah sudah dibayar dengan bukti {voucher}."
    assert Voucher.objects.filter(kind="surplus_paid").count() == 1


def test_the_same_payment_sent_twice_is_done_once(approved, group, operator):
    uuid = uuid4()
    first = pay(approved, keys(approved), operator, uuid=uuid)
    assert pay(approved, keys(approved), operator, uuid=uuid) == first
    assert SurplusPayment.objects.count() == 4  # Aminah's two parts are one payment
    with pytest.raises(ValidationError) as refused:
        pay(approved, keys(approved)[:1], operator, uuid=uuid)
    assert refused.value.code == "conflict"
    with pytest.raises(ValidationError) as refused:
        pay(approved, keys(approved), operator, uuid=uuid, on=date(2026, 9, 6))
    assert refused.value.code == "conflict"


def test_a_payment_taken_back_frees_its_lines(approved, group, operator):
    (voucher,) = pay(approved, keys(approved)[:1], operator)
    facts = {"reason": "salah orang dibayar", "reversed_on": date(2026, 9, 6), "by": operator, "uuid": uuid4()}
    reverse_voucher(voucher=voucher, **facts)
    assert [one.voucher for one in payees(approved)] == [None, None, None]
    assert accounts(group) == PAID
    (again,) = pay(approved, keys(approved)[:1], operator, on=date(2026, 9, 7))
    assert payees(approved)[0].voucher == again
    assert audited() == []


def test_a_draft_pays_nobody(draft, operator):
    with pytest.raises(ValidationError, match="SHU tahun 2025 rancangan: hanya yang disahkan rapat anggota"):
        pay(draft, ["a1"], operator)


def test_a_fund_needs_a_name_to_receive_it(approved, operator):
    with pytest.raises(ValidationError) as refused:
        pay(approved, keys(approved, "fund"), operator)
    assert said(refused, "party") == "Tulis siapa yang menerima uang dana ini, misalnya Panti Asuhan Al Amin."


def test_a_payment_is_not_dated_before_the_sharing(approved, operator):
    with pytest.raises(ValidationError) as refused:
        pay(approved, keys(approved), operator, on=date(2026, 9, 1))
    assert said(refused, "on") == "Tanggal tidak boleh sebelum 2 September 2026."


def test_a_till_that_is_too_empty_pays_nobody(approved, group, operator):
    with pytest.raises(ValidationError, match="Saldo bank pada 5 September 2026 Rp0, kurang dari"):
        pay(approved, keys(approved), operator, till="bank")
    assert not SurplusPayment.objects.exists()


# ---- taking the approval back


def test_an_approval_taken_back_returns_the_surplus_and_frees_the_year(approved, group, operator, district_officer):
    facts = {"on": date(2026, 9, 8), "reason": "pos PAUD salah dicatat", "by": district_officer}
    taken = surplus_services.take_back_distribution(distribution=approved, **facts)
    assert surplus_services.take_back_distribution(distribution=taken, **facts) == taken
    assert accounts(group) == {"2.3": 0, "2.4": 0, "3.4": 0, "3.5": 80_000}
    again = build_surplus.draft(group, operator)
    assert [one.status for one in SurplusDistribution.objects.order_by("pk")] == ["cancelled", "draft"]
    assert approve(again, district_officer, on=date(2026, 9, 9)).voucher.amount == 80_000
    assert audited() == []


def test_an_approval_by_which_someone_was_paid_stands(approved, operator, district_officer):
    (voucher,) = pay(approved, keys(approved)[:1], operator)
    with pytest.raises(ValidationError) as refused:
        surplus_services.take_back_distribution(
            distribution=approved, on=date(2026, 9, 8), reason="pos PAUD salah dicatat", by=district_officer
        )
    assert said(refused) == (
        f"1 penerima sudah dibayar, antara lain Aminah ({voucher}). Koreksi dulu bukti pembayarannya."
    )


def test_the_voucher_of_a_sharing_is_not_corrected_by_itself(approved, operator):
    facts = {"reason": "salah ketik jumlah", "reversed_on": BOOKED_ON, "by": operator, "uuid": uuid4()}
    with pytest.raises(ValidationError) as refused:
        reverse_voucher(voucher=approved.voucher, **facts)
    assert said(refused) == "Pembagian SHU tidak dikoreksi di sini: batalkan dari halaman SHU tahun itu."


def test_a_year_that_was_shared_is_not_opened_again(approved, group, district_officer):
    with pytest.raises(ValidationError, match="SHU tahun 2025 sudah dibagi. Batalkan dulu pembagiannya"):
        reopen(group, district_officer)
    facts = {"on": date(2026, 9, 8), "reason": "pos PAUD salah dicatat", "by": district_officer}
    surplus_services.take_back_distribution(distribution=approved, **facts)
    reopen(group, district_officer)
    assert accounts(group) == {"2.3": 0, "2.4": 0, "3.4": 0, "3.5": 0}
