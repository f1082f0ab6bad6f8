"""Konfirmasi saldo: who is asked for which rupiah, what she answered, and how much of the book is confirmed."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from loans.confirmation_services import Answer, asked_members, confirmed_share, fingerprint, record_answers
from loans.models import Confirmation
from loans.quarters import Quarter, latest_ended, parse_quarter
from loans.saving_services import record_deposit
from loans.services import record_payment
from tests import build

pytestmark = pytest.mark.django_db

THIRD = Quarter(2026, 3)
DAY = date(2026, 9, 30)
NO = Answer(agrees=False, note="simpanan kurang 10.000")


@pytest.fixture
def members(group, operator):
    """Aminah borrowed and saves, Barsiah saves alone, Chairiah has nothing."""
    aminah, barsiah = build.member(group, name="Aminah"), build.member(group, name="Barsiah")
    build.member(group, name="Chairiah")
    build.payment(build.loan(aminah), 115_000, date(2026, 3, 1))
    save(aminah, operator, mandatory=10_000, voluntary=25_000)
    save(barsiah, operator, mandatory=10_000)
    return aminah, barsiah


def save(member, by, on=date(2026, 8, 10), **parts):
    return record_deposit(member=member, parts=parts, received_on=on, by=by, uuid=uuid4())


def answer(group, by, answers, **facts):
    told = {"quarter": THIRD, "answered_on": DAY, "uuid": uuid4()} | facts
    return record_answers(group=group, answers=answers, by=by, **told)


def test_a_slip_shows_loan_and_savings_by_kind_at_the_quarters_end(group, members, operator):
    save(members[1], operator, on=date(2026, 4, 2), voluntary=7_000)
    rows = {
        quarter: [(str(row.member), *row.figures) for row in asked_members(group, quarter)]
        for quarter in (THIRD, Quarter(2026, 2), Quarter(2025, 4))
    }
    assert rows == {
        THIRD: [("Aminah", 900_000, 0, 0, 10_000, 25_000), ("Barsiah", 0, 0, 0, 10_000, 7_000)],
        Quarter(2026, 2): [("Aminah", 900_000, 0, 0, 0, 0), ("Barsiah", 0, 0, 0, 0, 7_000)],
        Quarter(2025, 4): [],
    }


def test_a_member_of_a_poklak_is_asked_for_her_part_of_its_loan(group, operator, as_user):
    poklak = build.poklak(group)
    for name in ("Aminah", "Barsiah"):
        build.member(group, name=name, poklak=poklak)
    loan = build.loan(poklak, by=operator)
    record_payment(loan=loan, amount=115_000, received_on=date(2026, 3, 1), by=operator, uuid=uuid4())
    assert [row.figures for row in asked_members(group, THIRD)] == [(0, 517_500, 0, 0, 0), (0, 517_500, 0, 0, 0)]
    page = as_user(operator).get(reverse("confirmation-slips", args=[group.pk])).content.decode()
    assert page.count("Bagian di pinjaman poklak (pokok dan jasa)") == 2


def test_who_does_not_answer_is_not_confirmed(group, members, operator):
    assert confirmed_share(group, THIRD) == (0, 2)
    answer(group, operator, {members[0]: Answer(agrees=True)})
    assert confirmed_share(group, THIRD) == (1, 2)
    answer(group, operator, {members[1]: NO})
    assert confirmed_share(group, THIRD) == (1, 2)


def test_the_latest_answer_counts_and_the_earlier_one_stays(group, members, operator):
    answer(group, operator, {members[0]: NO})
    answer(group, operator, {members[0]: Answer(agrees=True, note="sudah dicek")})
    rows = Confirmation.objects.order_by("pk").values_list("agrees", "note", "loan", "mandatory", "voluntary")
    assert list(rows) == [
        (False, "simpanan kurang 10.000", 900_000, 10_000, 25_000),
        (True, "sudah dicek", 900_000, 10_000, 25_000),
    ]
    assert confirmed_share(group, THIRD) == (1, 2)
    with pytest.raises(TypeError, match="Jawaban konfirmasi tidak dapat diubah: catat jawaban yang baru."):
        Confirmation.objects.first().save()


def test_an_answer_to_other_figures_is_asked_again(group, members, operator):
    answer(group, operator, {members[0]: Answer(agrees=True)})
    save(members[0], operator, on=date(2026, 9, 29), voluntary=5_000)
    assert confirmed_share(group, THIRD) == (0, 2)
    assert asked_members(group, THIRD)[0].state == "stale"
    answer(group, operator, {members[0]: Answer(agrees=True)})
    assert confirmed_share(group, THIRD) == (1, 2)


def test_sent_twice_it_is_recorded_once_and_another_content_is_a_conflict(group, members, operator):
    key = uuid4()
    told = {members[0]: Answer(agrees=True), members[1]: NO}
    first = answer(group, operator, told, uuid=key)
    assert [row.pk for row in answer(group, operator, told, uuid=key)] == [row.pk for row in first]
    assert Confirmation.objects.count() == 2
    with pytest.raises(ValidationError, match="bertabrakan") as refused:
        answer(group, operator, {members[0]: NO}, uuid=key)
    assert refused.value.code == "conflict"


def test_what_stands_already_is_not_written_again(group, members, operator):
    answer(group, operator, {members[0]: Answer(agrees=True)})
    made = answer(group, operator, {members[0]: Answer(agrees=True), members[1]: NO})
    assert [str(row.member) for row in made] == ["Barsiah"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"quarter": Quarter(2026, 4)}, "Triwulan IV 2026 belum selesai."),
        ({"answered_on": date(2026, 9, 29)}, "Tanggal tidak boleh sebelum 30 September 2026."),
        ({"answered_on": date(2026, 10, 1)}, "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        ({"seen": "0000000000000000"}, "Angka buku berubah sejak halaman ini dibuka."),
    ],
)
def test_what_cannot_be_confirmed_says_why(group, members, operator, facts, sentence):
    with pytest.raises(ValidationError, match=sentence):
        answer(group, operator, {members[0]: Answer(agrees=True)}, **facts)
    assert Confirmation.objects.count() == 0


def test_a_no_needs_words_and_a_member_without_balance_is_not_asked(group, members, operator, elsewhere):
    with pytest.raises(ValidationError, match="Tulis apa yang tidak cocok bagi Aminah"):
        answer(group, operator, {members[0]: Answer(agrees=False, note="beda")})
    foreign = build.member(build.group(elsewhere), name="Diah")
    with pytest.raises(ValidationError, match="Diah tidak punya saldo di akhir triwulan ini"):
        answer(group, operator, {foreign: Answer(agrees=True)})


def test_quarters_are_read_as_they_are_written():
    assert (parse_quarter("2026-tw3"), THIRD.last, THIRD.name, Quarter(2026, 1).before) == (
        THIRD,
        DAY,
        "Triwulan III 2026",
        Quarter(2025, 4),
    )
    assert (latest_ended(date(2026, 9, 29)), latest_ended(DAY)) == (Quarter(2026, 2), THIRD)
    with pytest.raises(ValueError, match="Triwulan “2026-TW5” tidak dikenal. Tulis misalnya 2026-TW3."):
        parse_quarter("2026-TW5")


def test_all_members_are_answered_in_one_form(group, members, operator, as_user):
    client, url = as_user(operator), reverse("confirmation-answers", args=[group.pk])
    page = client.get(url).content.decode()
    assert [page.count(f'name="answer_{one.pk}"') for one in members] == [1, 1]
    facts = {
        "uuid": str(uuid4()),
        "answered_on": "30-9-2026",
        "seen": fingerprint(asked_members(group, THIRD)),
        f"answer_{members[0].pk}": "yes",
        f"answer_{members[1].pk}": "no",
    }
    refused = client.post(f"{url}?triwulan=2026-TW3", facts)
    assert refused.context["form"].errors == {
        f"note_{members[1].pk}": ["Tulis apa yang tidak cocok bagi Barsiah, misalnya “simpanan kurang 10.000”."]
    }
    facts[f"note_{members[1].pk}"] = "simpanan kurang 10.000"
    for _ in range(2):
        done = client.post(f"{url}?triwulan=2026-TW3", facts)
        assert (done.status_code, done.url) == (302, f"/kelompok/{group.pk}/konfirmasi/?triwulan=2026-TW3")
    assert Confirmation.objects.count() == 2
    assert Change.objects.filter(model="loans.confirmation").count() == 2


def test_the_page_shows_the_share_and_where_a_no_leads(group, members, operator, as_user):
    answer(group, operator, {members[0]: Answer(agrees=True), members[1]: NO})
    response = as_user(operator).get(reverse("confirmations", args=[group.pk]))
    page = response.content.decode()
    assert (response.context["confirmed_words"], response.context["share_words"]) == (
        "1 dari 2",
        "50% dari yang punya saldo",
    )
    for found in (reverse("saving-book", args=[members[1].pk]), f"{reverse('loan-list')}?q=Barsiah", NO.note):
        assert found in page
    assert reverse("saving-book", args=[members[0].pk]) not in page


def test_the_slips_of_a_group_are_printed_on_f4_or_a4_without_nik(group, members, operator, as_user):
    client, url = as_user(operator), reverse("confirmation-slips", args=[group.pk])
    page = client.get(f"{url}?triwulan=2026-TW3").content.decode()
    assert page.count('class="slip-k"') == 2
    assert "KONFIRMASI SALDO PER 30 SEPTEMBER 2026" in page
    assert '<td class="num">900.000</td>' in page
    assert members[0].nik not in page
    assert "kartu buku a4-tegak" in client.get(f"{url}?kertas=A4").content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("triwulan=2026-TW4", "Triwulan IV 2026 belum selesai."),
        ("triwulan=2026-09", "Triwulan “2026-09” tidak dikenal."),
        ("kertas=A0", "Kertas “A0” tidak ada. Pilih F4 atau A4."),
    ],
)
def test_a_quarter_or_paper_that_is_none_is_told(group, operator, as_user, query, sentence):
    response = as_user(operator).get(f"{reverse('confirmation-slips', args=[group.pk])}?{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_the_slips_cost_the_same_queries_for_any_number_of_members(
    group, members, operator, as_user, django_assert_num_queries
):
    client, url = as_user(operator), reverse("confirmation-slips", args=[group.pk])
    for _ in range(2):
        with django_assert_num_queries(13):
            client.get(url)
        for number in range(5):
            save(build.member(group, name=f"Penabung {number}"), operator, voluntary=1_000)


def test_a_group_without_balances_asks_nobody(group, operator, as_user):
    client = as_user(operator)
    assert "Belum ada saldo." in client.get(reverse("confirmations", args=[group.pk])).content.decode()
    assert "Tidak ada yang ditanya." in client.get(reverse("confirmation-answers", args=[group.pk])).content.decode()


def test_the_groups_page_leads_to_what_is_checked_together(group, members, operator, province_reader, as_user):
    answer(group, operator, {members[0]: Answer(agrees=True)})
    page = as_user(operator).get(group.get_absolute_url()).content.decode()
    assert "Triwulan III 2026: 1 dari 2 anggota cocok" in page
    links = [reverse(name, args=[group.pk]) for name in ("confirmations", "handovers", "report-card")]
    assert [link in page for link in links] == [True, True, True]
    seen = as_user(province_reader).get(group.get_absolute_url()).content.decode()
    assert [link in seen for link in links] == [False, False, True]
