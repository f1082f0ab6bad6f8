"""Serah terima pengurus: one act of count, terms, figures and account; all of it or nothing."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Assignment, Change, User
from loans.closing_services import close_month
from loans.handover_services import accounts_of, close_account, figures_of, figures_on, hand_over
from loans.models import CashCount, Handover
from tests import build
from up2k_portal.lib.access import Access, Role
from villages.models import Officer

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 30)
PIECES = {"100000": 3, "50000": 2}


@pytest.fixture
def treasurer(group):
    return build.officer(group, "bendahara", "Siti Aminah")


@pytest.fixture
def kept(group, member, treasurer):
    """Of a billion in the till Rp1.000.000 was lent, and Rp115.000 paid back: Rp999.115.000."""
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    return group


def act(group, by, **facts):
    told = {
        "office": "bendahara",
        "on": DAY,
        "pieces": PIECES,
        "explanation": "sisanya disimpan di bank desa",
        "documents": ["cash_book", "stamp"],
        "name": "Norhayati",
        "uuid": uuid4(),
    }
    return hand_over(group=group, by=by, **told | facts)


def test_the_figures_are_those_of_the_ledger_and_every_open_loan(kept):
    figures = figures_on(kept, DAY)
    assert figures.balances == {
        "1.1": 1_000_000_000 - 1_000_000 + 115_000,
        "1.2": 0,
        "1.3": 900_000,
        "3.1": 0,
        "3.2": 0,
        "2.1": 0,
    }
    assert (figures.loans, figures.owed) == ([["2026-001", "Norhasanah", 900_000]], 900_000)


def test_one_act_counts_the_cash_ends_a_term_and_begins_the_next(kept, treasurer, district_officer):
    done = act(kept, district_officer)
    treasurer.refresh_from_db()
    assert (treasurer.until, done.outgoing) == (date(2026, 9, 29), treasurer)
    assert (kept.officer_on("bendahara", DAY).name, done.incoming.since) == ("Norhayati", DAY)
    assert (done.cash_count.counted, done.cash_count.booked) == (400_000, 999_115_000)
    assert done.cash_count.voucher.amount == 998_715_000
    assert (done.balances["1.1"], done.loans) == (400_000, [["2026-001", "Norhasanah", 900_000]])
    assert Change.objects.filter(model="loans.handover", object_id=done.pk, user=district_officer).count() == 1


def test_the_paper_says_what_was_signed_whatever_comes_after(kept, district_officer, operator, as_user):
    done = act(kept, district_officer, documents_note="satu kotak arsip lama")
    build.capital(kept, 7_000_000, on=DAY)
    page = as_user(operator).get(done.get_absolute_url()).content.decode()
    assert figures_of(done).balances["1.1"] == 400_000
    for words in (
        "BERITA ACARA SERAH TERIMA BENDAHARA",
        "<b>Siti Aminah</b> kepada <b>Norhayati</b>",
        '<td>Kas</td><td class="num">400.000</td>',
        "selisih −Rp998.715.000: sisanya disimpan di bank desa",
        "satu kotak arsip lama",
        "900.000",
    ):
        assert words in page
    assert page.count('<td class="mid">ya</td>') == 2


def test_the_old_account_is_closed_the_same_minute(kept, operator, district_officer, as_user):
    client = as_user(operator)
    assert client.get(reverse("handovers", args=[kept.pk])).status_code == 200
    act(kept, district_officer, closed_user=operator)
    operator.refresh_from_db()
    assert (operator.is_active, operator.assignments.get().ends_on) == (False, date(2026, 9, 29))
    assert client.get(reverse("handovers", args=[kept.pk])).url.startswith("/masuk/")
    reasons = set(Change.objects.filter(user=district_officer).values_list("model", "reason"))
    assert ("accounts.user", f"serah terima di {kept.village.label}") in reasons


def test_who_serves_another_village_too_keeps_that_one(kept, district_officer):
    both = build.user(Role.OPERATOR, build.PANDULANGAN, "63.08.03.2001")
    close_account(user=both, village=kept.village, by=district_officer)
    both.refresh_from_db()
    assert both.access_on(DAY) == Access(Role.OPERATOR, frozenset({"63.08.03.2001"}))
    Assignment.objects.filter(user=both).update(starts_on=DAY, ends_on=None)
    with pytest.raises(ValidationError, match="baru ditugaskan hari ini dan bertugas di tempat lain"):
        close_account(user=both, village=kept.village, by=district_officer)


def test_whose_assignment_began_today_is_closed_too(kept, district_officer):
    new = build.user(Role.OPERATOR, build.PANDULANGAN)
    Assignment.objects.filter(user=new).update(starts_on=DAY)
    close_account(user=new, village=kept.village, by=district_officer)
    assert User.objects.get(pk=new.pk).access_on(DAY) == Access()


def test_only_operators_of_this_very_village_can_be_closed(kept, operator, district_officer, staff):
    foreign = build.user(Role.OPERATOR, build.OTHER_PANDULANGAN)
    assert (operator in accounts_of(kept.village), foreign in accounts_of(kept.village)) == (True, False)
    with pytest.raises(ValidationError, match="Rahmah bukan operator Desa Pandulangan"):
        act(kept, district_officer, closed_user=foreign)
    with pytest.raises(ValidationError, match="Noor Hayati bukan operator Desa Pandulangan"):
        act(kept, district_officer, closed_user=staff)
    with pytest.raises(ValidationError, match="Akun sendiri tidak dapat ditutup"):
        act(kept, operator, closed_user=operator)


def test_sent_twice_it_is_done_once_and_another_content_is_a_conflict(kept, operator, district_officer):
    key = uuid4()
    first = act(kept, district_officer, uuid=key, closed_user=operator)
    assert act(kept, district_officer, uuid=key, closed_user=operator) == first
    assert (Handover.objects.count(), CashCount.objects.count(), Officer.objects.count()) == (1, 1, 2)
    for other in ({"name": "Barsiah"}, {"pieces": {"100000": 4}}, {"documents": []}, {"closed_user": None}):
        with pytest.raises(ValidationError, match="bertabrakan"):
            act(kept, district_officer, **{"uuid": key, "closed_user": operator} | other)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"office": "ketua"}, "office", "Tidak ada ketua pada 30 September 2026."),
        ({"office": "sekretaris"}, "office", "Serah terima dicatat untuk ketua atau bendahara."),
        ({"name": "siti aminah"}, "member", "Siti Aminah masih bendahara. Pilih orang yang menggantikannya."),
        ({"on": date(2026, 10, 1)}, "on", "Tanggal tidak boleh sesudah hari ini"),
        ({"documents": ["rumah"]}, "documents", "Dokumen “rumah” tidak ada di daftar."),
        ({"explanation": ""}, "explanation", "Uang kurang Rp998.715.000 dari buku. Jelaskan selisihnya"),
    ],
)
def test_a_refused_act_changes_nothing(kept, treasurer, operator, district_officer, facts, field, sentence):
    before = Change.objects.count()
    with pytest.raises(ValidationError) as refused:
        act(kept, district_officer, closed_user=operator, **facts)
    assert sentence in refused.value.message_dict[field][0]
    treasurer.refresh_from_db()
    operator.refresh_from_db()
    assert (treasurer.until, operator.is_active) == (None, True)
    assert (CashCount.objects.count(), Officer.objects.count(), Change.objects.count()) == (0, 1, before)


def test_a_closed_month_and_a_handover_before_another_are_refused(kept, district_officer):
    act(kept, district_officer)
    with pytest.raises(ValidationError, match="Norhayati baru menjabat sejak 30 September 2026"):
        act(kept, district_officer, name="Barsiah")
    with pytest.raises(ValidationError, match="Masa jabatan Siti Aminah sudah berakhir 29 September 2026"):
        act(kept, district_officer, name="Barsiah", on=date(2026, 9, 20))
    close_month(group=kept, period=202609, by=None)
    with pytest.raises(ValidationError, match="September 2026"):
        act(kept, district_officer, name="Barsiah")


def test_the_kecamatan_does_it_in_two_steps(kept, member, operator, district_officer, as_user):
    client, url = as_user(district_officer), reverse("handover-new", args=[kept.pk])
    facts = {
        "uuid": str(uuid4()),
        "office": "bendahara",
        "on": "30-9-2026",
        "member": member.pk,
        "p100000": "3",
        "p50000": "2",
        "documents": ["cash_book"],
        "closed_user": operator.pk,
    }
    check = client.post(url, facts)
    page = check.content.decode()
    assert "Uang kurang Rp998.715.000 dari buku" in page
    assert "Rahmah (63.08.03.2014), saat ini juga" in page
    assert Handover.objects.count() == 0
    last = facts | {"save": "1", "seen": "999115000", "explanation": "sisanya disimpan di bank desa"}
    for _ in range(2):
        assert client.post(url, last).url == reverse("handovers", args=[kept.pk])
    done = Handover.objects.get()
    assert (done.incoming.name, done.incoming.member, done.closed_user) == ("Norhasanah", member, operator)


def test_what_cannot_be_is_told_before_the_second_step(group, district_officer, as_user):
    facts = {"uuid": str(uuid4()), "office": "bendahara", "on": "30-9-2026", "name": "Norhayati"}
    page = as_user(district_officer).post(reverse("handover-new", args=[group.pk]), facts)
    assert page.context["form"].errors == {
        "office": ["Tidak ada bendahara pada 30 September 2026. Tetapkan dulu di halaman kelompok."]
    }


def test_the_book_that_changed_meanwhile_is_a_conflict(kept, district_officer, as_user):
    facts = {"uuid": str(uuid4()), "office": "bendahara", "on": "30-9-2026", "name": "Norhayati", "save": "1"}
    told = facts | {"seen": "1", "explanation": "sisanya disimpan di bank desa"}
    response = as_user(district_officer).post(reverse("handover-new", args=[kept.pk]), told)
    assert response.status_code == 409
    assert "Buku kas berubah sejak halaman ini dibuka." in response.content.decode()


def test_a_receiver_must_be_named_once(kept, member, district_officer, as_user):
    client, url = as_user(district_officer), reverse("handover-new", args=[kept.pk])
    facts = {"uuid": str(uuid4()), "office": "bendahara", "on": "30-9-2026"}
    assert client.post(url, facts).context["form"].errors == {
        "member": ["Pilih anggota yang menerima jabatan, atau tulis namanya."]
    }
    both = client.post(url, facts | {"member": member.pk, "name": "Norhayati"})
    assert both.context["form"].errors == {
        "name": ["Sudah memilih Norhasanah. Kosongkan nama, atau pilih “Bukan anggota”."]
    }


def test_the_operator_prepares_and_prints_but_does_not_act(kept, operator, as_user):
    client = as_user(operator)
    page = client.get(reverse("handovers", args=[kept.pk])).content.decode()
    assert "Siti Aminah, sejak 1 Januari 2015" in page
    assert reverse("handover-new", args=[kept.pk]) not in page
    assert client.get(reverse("handover-new", args=[kept.pk])).status_code == 403
    draft = client.get(reverse("handover-draft", args=[kept.pk])).content.decode()
    assert "Rancangan: belum dicatat." in draft
    assert '<td>Piutang pinjaman</td><td class="num">900.000</td>' in draft


def test_another_village_is_404(kept, elsewhere, as_user):
    foreign = build.user(Role.DISTRICT, elsewhere.code[:8])
    done = act(kept, build.user(Role.DISTRICT, "63.08.03"))
    client = as_user(foreign)
    urls = [reverse(name, args=[kept.pk]) for name in ("handovers", "handover-new", "handover-draft")]
    assert [client.get(url).status_code for url in (*urls, done.get_absolute_url())] == [404] * 4
