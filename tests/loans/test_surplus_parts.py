"""Parts that are not equal and funds paid bit by bit: lists that sum to their post, vouchers that never exceed it."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Change
from loans import surplus_services
from loans.audit import Scope, audit
from loans.ledger_services import balances, reverse_voucher
from loans.models import PaudTeacher, Voucher
from loans.surplus import SurplusError, people_parts
from loans.surplus_plans import payees_of, plan_of, recorded_plan
from reports.books.spans import parse_span
from reports.books.surplus import teacher_pages
from tests import build
from tests.loans import build_surplus
from tests.loans.build_surplus import approve, pay, said
from tests.loans.test_month_pages import text
from up2k_portal.lib.access import Role

TODAY = date(2026, 9, 30)
TEACHERS = (("Siti", "PAUD Melati"), ("Noor", "PAUD Melati"), ("Laila", "TK Kenanga"))


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(lambda: build_surplus.drafted_year(TEACHERS))


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
    return build.user(Role.OPERATOR, pandulangan.code, name="Salmah")


@pytest.fixture
def draft(scene):
    """SHU Rp80.000: Rp4.000 for two officers, Rp4.000 for three teachers of two PAUD, Rp4.000 of dana sosial."""
    return scene[2]


@pytest.fixture
def approved(draft, checker):
    return approve(draft, checker)


def list_of(plan, name) -> dict[str, int]:
    (part,) = [one for one in plan.parts if one.allotment.name == name]
    return {line.name: line.amount for line in part.lines}


def keys_of(distribution, section, plan=None) -> list[str]:
    found = payees_of(distribution, plan or recorded_plan(distribution))
    return [one.key for one in found if one.section == section]


def fund(distribution, name="Dana sosial"):
    (found,) = [one for one in payees_of(distribution, recorded_plan(distribution)) if one.name == name]
    return found


def teacher_keys(group) -> dict[str, str]:
    return {one.name: f"g{one.pk}" for one in PaudTeacher.objects.filter(group=group)}


def set_weights(draft, by, **weights):
    """By names of teachers."""
    keys = teacher_keys(draft.group)
    told = {keys[name]: weight for name, weight in weights.items()}
    return surplus_services.set_weights(distribution=draft, weights=told, by=by)


# ---- parts that are not equal


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.integers(), st.integers(0, 1_000), min_size=1, max_size=40).filter(
        lambda one: any(one.values())
    ),
)
def test_the_list_of_officers_or_teachers_sums_to_its_post_by_any_weights(amount, weights):
    parts = people_parts("5", "Guru", amount, weights, "guru PAUD")
    assert sum(part.amount for part in parts.values()) == amount
    total = sum(weights.values())
    for key, weight in weights.items():
        part = parts[key].amount if key in parts else 0
        assert abs(part * total - weight * amount) < total  # less than a rupiah off
        assert weight or not part


def test_nobody_with_a_weight_is_refused():
    with pytest.raises(SurplusError, match="Pos Guru: semua guru PAUD diberi bagian 0. Isi paling sedikit satu"):
        people_parts("5", "Guru", 4_000, {1: 0, 2: 0}, "guru PAUD")


def test_teachers_share_equally_and_the_odd_rupiah_goes_to_the_first(draft):
    assert list_of(plan_of(draft), "Insentif guru PAUD") == {"Noor": 1_334, "Siti": 1_333, "Laila": 1_333}


def test_weights_divide_the_post_and_say_so(draft, operator):
    set_weights(draft, operator, Siti=3, Noor=2, Laila=1)
    draft.refresh_from_db()
    plan = plan_of(draft)
    assert list_of(plan, "Insentif guru PAUD") == {"Noor": 1_333, "Siti": 2_000, "Laila": 667}
    words = [line.words for part in plan.parts for line in part.lines if line.teacher]
    assert words == [
        "bagian 2 dari 6 × Rp4.000 = Rp1.333",
        "bagian 3 dari 6 × Rp4.000 = Rp2.000",
        "bagian 1 dari 6 × Rp4.000 = Rp667",
    ]
    assert list_of(plan, "Pengurus") == {"Hj. Rusdiana": 2_000, "Aminah": 2_000}


def test_who_has_weight_0_gets_nothing(draft, operator):
    set_weights(draft, operator, Siti=0)
    draft.refresh_from_db()
    assert list_of(plan_of(draft), "Insentif guru PAUD") == {"Noor": 2_000, "Laila": 2_000}


def test_who_sets_weights_becomes_the_maker_and_the_history_names_the_teachers(draft, checker):
    set_weights(draft, checker, Siti=3, Laila=0)
    draft.refresh_from_db()
    assert draft.drafted_by == checker
    assert Change.objects.latest("pk").after["perbandingan bagian"] == "Siti 3; Laila 0"
    with pytest.raises(ValidationError, match="Yang menyusun rancangan tidak boleh mengesahkannya."):
        approve(draft, checker)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"Siti": 0, "Noor": 0, "Laila": 0}, "Semua guru PAUD diberi bagian 0. Isi paling sedikit satu di atas 0."),
        ({"Siti": -1}, "Bagian guru PAUD paling sedikit 0 dan paling banyak 1000."),
        ({"Siti": 1_001}, "Bagian guru PAUD paling sedikit 0 dan paling banyak 1000."),
    ],
)
def test_weights_that_cannot_be_are_refused(draft, operator, weights, sentence):
    with pytest.raises(ValidationError) as refused:
        set_weights(draft, operator, **weights)
    assert said(refused) == sentence


def test_somebody_who_shares_no_post_is_refused(draft, operator):
    with pytest.raises(ValidationError, match="Daftar penerima berubah sejak halaman ini dibuka."):
        surplus_services.set_weights(distribution=draft, weights={"g999999": 2}, by=operator)


def test_weights_stand_once_the_meeting_approved(draft, operator, checker):
    one = approve(set_weights(draft, operator, Siti=3), checker)
    with pytest.raises(ValidationError) as refused:
        set_weights(one, operator, Siti=1)
    assert said(refused) == "SHU tahun 2025 sudah disahkan: pembagiannya tidak berubah lagi."
    with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE loans_surplusdistribution SET weights = %s", ['{"g1": 9}'])
    assert list_of(recorded_plan(one), "Insentif guru PAUD") == {"Noor": 800, "Siti": 2_400, "Laila": 800}


def test_the_list_to_sign_has_a_line_a_teacher_with_her_institution(draft, operator, checker):
    approve(set_weights(draft, operator, Siti=2), checker)
    (page,) = teacher_pages(draft.group, parse_span("2025"))
    rows = [(row["lembaga"], row["nama"], row["jumlah"], row["ttd"].strip()) for row in page.blocks[0].rows]
    assert rows == [
        ("PAUD Melati", "Noor", 1_000, "1."),
        ("PAUD Melati", "Siti", 2_000, "2."),
        ("TK Kenanga", "Laila", 1_000, "3."),
    ]


def test_parts_are_set_on_their_page_and_shown_anew(draft, operator, as_user):
    client, url = as_user(operator), reverse("surplus-weights", args=[draft.pk])
    page = client.get(url)
    assert [label for label, _ in page.context["form"].lists] == ["Pengurus", "Guru PAUD"]
    assert "Hj. Rusdiana, Ketua" in text(page)
    typed = {field.name: field.value() for _, fields in page.context["form"].lists for field in fields}
    assert set(typed.values()) == {1}
    keys = teacher_keys(draft.group)
    answer = client.post(url, typed | {keys["Siti"]: "75", keys["Noor"]: "25", keys["Laila"]: "0"})
    assert (answer.status_code, answer.url) == (302, draft.get_absolute_url())
    assert "bagian 75 dari 100 × Rp4.000 = Rp3.000" in text(client.get(draft.get_absolute_url()))
    page = client.post(url, typed | {keys["Siti"]: "", keys["Noor"]: "-1"})
    assert "Isi bagian Siti, 0 bila tidak menerima." in text(page)


def test_an_approved_sharing_has_no_parts_to_set(approved, operator, as_user):
    page = as_user(operator).get(reverse("surplus-weights", args=[approved.pk]))
    assert "Pembagian ini sudah disahkan." in text(page)
    assert "Simpan dan hitung ulang" not in text(page)


# ---- a fund in several vouchers


def give(approved, by, amount, party="Panti Asuhan Al Amin", **fields):
    return pay(approved, [fund(approved).key], by, amount=amount, party=party, **fields)


def test_a_fund_is_paid_bit_by_bit_up_to_its_amount(approved, group, operator):
    give(approved, operator, 1_500)
    give(approved, operator, 500, party="Kematian Ibu Saudah")
    one = fund(approved)
    assert ([voucher.amount for voucher in one.vouchers], one.paid, one.left) == ([1_500, 500], 2_000, 2_000)
    with pytest.raises(ValidationError) as refused:
        give(approved, operator, 2_001)
    assert said(refused, "amount") == "Dana sosial tinggal Rp2.000. Isi paling sedikit Rp1, paling banyak itu."
    (last,) = give(approved, operator, None)
    assert (last.amount, fund(approved).left) == (2_000, 0)
    with pytest.raises(ValidationError) as refused:
        give(approved, operator, 1)
    assert said(refused, "payees") == f"Dana sosial sudah dibayar dengan bukti {last}."
    assert balances(group, TODAY, ("2.4",)) == {"2.4": 4_000}  # the teachers wait
    assert list(audit(Scope("", TODAY))) == []


def test_a_part_taken_back_may_be_paid_again_to_someone_else(approved, operator):
    (wrong,) = give(approved, operator, 3_000)
    facts = {"reason": "salah penerima", "reversed_on": date(2026, 9, 6), "by": operator, "uuid": uuid4()}
    reverse_voucher(voucher=wrong, **facts)
    assert fund(approved).left == 4_000
    give(approved, operator, 4_000, on=date(2026, 9, 7))
    assert fund(approved).left == 0


def test_a_sharing_of_which_a_part_of_a_fund_is_paid_is_not_taken_back(approved, operator, district_officer):
    give(approved, operator, 1)
    with pytest.raises(ValidationError, match="1 penerima sudah dibayar, antara lain Dana sosial"):
        surplus_services.take_back_distribution(
            distribution=approved, on=date(2026, 9, 8), reason="pos PAUD salah dicatat", by=district_officer
        )


def test_the_same_part_sent_twice_is_paid_once(approved, operator):
    key = uuid4()
    first = give(approved, operator, 1_500, uuid=key)
    assert give(approved, operator, 1_500, uuid=key) == first
    with pytest.raises(ValidationError) as refused:
        give(approved, operator, 2_000, uuid=key)
    assert refused.value.code == "conflict"
    whole = uuid4()
    rest = give(approved, operator, None, uuid=whole)
    assert give(approved, operator, None, uuid=whole) == rest
    assert [voucher.amount for voucher in fund(approved).vouchers] == [1_500, 2_500]


def test_an_amount_is_for_one_fund_alone(approved, operator):
    for keys in (keys_of(approved, "fund"), keys_of(approved, "members")[:1]):
        with pytest.raises(ValidationError) as refused:
            pay(approved, keys, operator, amount=100, party="Panti Asuhan")
        assert said(refused, "amount") == ("Jumlah hanya diisi bila satu dana saja yang dibayar. Kosongkan jumlahnya.")
    assert not Voucher.objects.filter(kind="surplus_paid").exists()


def test_what_is_left_of_a_fund_is_offered_and_told(approved, operator, as_user):
    client, url = as_user(operator), reverse("surplus-pay", args=[approved.pk])
    typed = {"fund": [fund(approved).key], "on": "05-09-2026", "till": "cash", "party": "Panti", "uuid": str(uuid4())}
    page = client.post(url, typed | {"amount": "5.000"})
    assert "Dana sosial tinggal Rp4.000." in text(page)
    assert client.post(url, typed | {"amount": "1.500"}).status_code == 302
    page = text(client.get(url))
    assert "Dana sosial, sisa Rp2.500 dari Rp4.000" in page
    assert "kepada Panti" in page
    shown = text(client.get(approved.get_absolute_url()))
    assert "Sudah dibayar Rp1.500" in shown
    assert "dibayar Rp1.500 kepada Panti" in shown
    assert "belum dibayar Rp2.500" in shown
