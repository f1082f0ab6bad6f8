"""Pages of the surplus: the scheme, the draft, the meeting's decision by another person, the payments, the paper."""

from uuid import uuid4

import pytest
from django.urls import reverse

from loans.models import PaudTeacher, SurplusDistribution, SurplusScheme, Voucher
from loans.surplus_plans import payees_of, plan_of, recorded_plan
from tests import build
from tests.loans import build_surplus
from tests.loans.test_month_pages import text
from up2k_portal.lib.access import Role

TYPED = {
    "minutes_number": "01/BA-SHU/AS/2026", "met_on": "14-02-2026", "place": "Balai Desa", "chair": "Hj. Rusdiana",
    "writer": "Norhasanah", "present_count": "3", "pays_from": "01-09-2026", "on": "02-09-2026",
}  # fmt: skip


@pytest.fixture
def checker(pandulangan):
    return build.user(Role.OPERATOR, pandulangan.code, name="Salmah")


@pytest.fixture
def year(group, operator):
    build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build_surplus.teacher(group, operator)


@pytest.fixture
def draft(year, group, operator):
    build_surplus.scheme(group, operator)
    return build_surplus.draft(group, operator)


@pytest.fixture
def approved(draft, checker):
    return build_surplus.approve(draft, checker)


def scheme_form(**fields) -> dict:
    typed = {"since_year": "2025", "savings_basis": "average", "rest": "1"}
    rows = (("Cadangan", "reserve", "33,33"), ("Anggota", "by_fee", "66.67"))
    for at, (name, kind, percent) in enumerate(rows, 1):
        typed |= {f"name_{at}": name, f"kind_{at}": kind, f"percent_{at}": percent}
    return typed | fields


def keys(distribution, section) -> list[str]:
    found = payees_of(distribution, recorded_plan(distribution))
    return [one.key for one in found if one.section == section]


def test_the_group_s_page_and_the_months_lead_to_the_surplus(draft, group, operator, as_user):
    client, link = as_user(operator), f'href="{reverse("surplus", args=[group.pk])}"'
    for name in ("group", "months"):
        assert link in client.get(reverse(name, args=[group.pk])).content.decode()


def test_a_closed_year_is_offered_with_its_surplus(year, group, operator, as_user):
    page = as_user(operator).get(reverse("surplus", args=[group.pk]))
    assert page.context["to_draft"][0] == (2025, 80_000)
    assert "Tahun buku 2025, belum dibagi" in text(page)
    assert "Susun pembagian 2025" in text(page)
    assert "Belum ada skema." in text(page)


def test_a_group_without_a_closed_year_is_told_what_comes_first(group, operator, as_user):
    page = as_user(operator).get(reverse("surplus", args=[group.pk]))
    assert "Belum ada SHU yang dapat dibagi." in text(page)
    page = as_user(operator).get(reverse("surplus-draft", args=[group.pk]))
    assert "Belum ada tahun yang dapat disusun." in text(page)


def test_a_first_scheme_starts_from_an_example_that_adds_up(group, operator, as_user):
    page = as_user(operator).get(reverse("surplus-scheme", args=[group.pk]))
    assert "Ini contoh untuk mulai." in text(page)
    rows = [[cell.value() for _, cell in row.cells] for row in page.context["form"].rows[:2]]
    assert rows == [["Cadangan modal", "reserve", "40"], ["Anggota menurut jasa", "by_fee", "25"]]


def test_a_scheme_is_typed_as_a_grid(group, operator, as_user):
    answer = as_user(operator).post(reverse("surplus-scheme", args=[group.pk]), scheme_form())
    assert (answer.status_code, answer.url) == (302, reverse("surplus", args=[group.pk]))
    scheme = SurplusScheme.objects.get()
    assert [(post.name, post.kind, post.percent_words, post.takes_rest) for post in scheme.posts.all()] == [
        ("Cadangan", "reserve", "33,33%", True), ("Anggota", "by_fee", "66,67%", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"percent_2": "60"}, "Jumlah persen 93,33%, kurang 6,67% dari 100%. Ubah salah satu pos."),
        ({"percent_2": "66,675"}, "Persen “66,675” tidak jelas; tulis misalnya 25 atau 12,5."),
        ({"percent_2": ""}, "Isi persen pos 2, misalnya 25."),
        ({"kind_2": ""}, "Pilih untuk siapa pos 2."),
        ({"name_2": "cadangan"}, "Dua pos bernama sama. Beri nama yang berbeda."),
        ({"rest": "2"}, "Sisa pembulatan tidak dapat masuk ke pos anggota. Pilih misalnya Cadangan modal."),
        ({"rest": "9"}, "Tandai satu pos yang menerima sisa pembulatan, misalnya Cadangan modal."),
        ({"since_year": ""}, "Berlaku sejak tahun buku belum diisi."),
    ],
)
def test_a_scheme_that_cannot_be_says_what_is_wrong(group, operator, as_user, fields, sentence):
    page = as_user(operator).post(reverse("surplus-scheme", args=[group.pk]), scheme_form(**fields))
    assert page.status_code == 200
    assert sentence in text(page)
    assert not SurplusScheme.objects.exists()


def test_a_draft_shows_posts_and_everyone_s_part_in_one_line(draft, operator, as_user):
    page = text(as_user(operator).get(draft.get_absolute_url()))
    assert "Rancangan: belum ada yang dibukukan." in page
    assert "jasa Rp60.000 dari Rp90.000 × Rp20.000 = Rp13.333" in page
    assert "Insentif guru PAUD" in page
    for words in ("Catat keputusan rapat", "Ubah rancangan", "Ubah skema"):
        assert words in page


def test_the_kabupaten_sees_a_draft_without_its_verbs_on_money(draft, staff, as_user):
    page = text(as_user(staff).get(draft.get_absolute_url()))
    assert "Catat keputusan rapat" in page  # it may confirm, as the kecamatan
    assert "Ubah rancangan" not in page


def test_a_year_is_drafted_and_drafted_again_with_something_set_aside(year, group, operator, as_user):
    build_surplus.scheme(group, operator)
    client, url = as_user(operator), reverse("surplus-draft", args=[group.pk])
    for typed, withheld in (("", 0), ("20.000", 20_000)):
        answer = client.post(url, {"year": "2025", "withheld": typed})
        one = SurplusDistribution.objects.get()
        assert (answer.url, one.withheld) == (one.get_absolute_url(), withheld)
    page = text(client.get(one.get_absolute_url()))
    assert "Disisihkan dulu" in page
    assert client.get(f"{url}?tahun=2025").context["form"]["withheld"].value() == "20.000"


def test_a_year_that_cannot_be_drafted_is_no_choice(year, group, operator, as_user):
    page = as_user(operator).post(reverse("surplus-draft", args=[group.pk]), {"year": "2026", "withheld": ""})
    assert page.status_code == 200
    assert not SurplusDistribution.objects.exists()


def test_the_maker_is_told_why_another_person_approves(draft, operator, as_user):
    page = text(as_user(operator).get(reverse("surplus-approve", args=[draft.pk])))
    assert "Anda yang menyusun rancangan ini." in page
    assert "Sahkan dan bukukan" not in page


def test_another_person_records_the_decision_of_the_meeting(draft, group, checker, as_user):
    client, url = as_user(checker), reverse("surplus-approve", args=[draft.pk])
    form = client.get(url).context["form"]
    typed = TYPED | {"seen": form["seen"].value(), "uuid": str(form["uuid"].value())}
    answer = client.post(url, typed)
    assert (answer.status_code, answer.url) == (302, draft.get_absolute_url())
    draft.refresh_from_db()
    assert (draft.status, draft.chair, draft.voucher.amount) == ("approved", "Hj. Rusdiana", 80_000)
    assert client.post(url, typed).status_code == 302
    assert Voucher.objects.filter(kind="surplus").count() == 1


def test_the_minutes_book_fills_the_form(draft, group, checker, as_user):
    build.meeting(
        group, kind="members", held_on=build_surplus.date(2026, 9, 3), writer="Siti", present=[group.members.first()]
    )
    form = as_user(checker).get(reverse("surplus-approve", args=[draft.pk])).context["form"]
    shown = {name: form[name].value() for name in ("place", "chair", "writer", "present_count", "met_on", "on")}
    assert shown == {
        "place": "Balai", "chair": "Aminah", "writer": "Siti", "present_count": 1, "met_on": "03-09-2026",
        "on": "03-09-2026",
    }  # fmt: skip


def test_a_decision_on_other_figures_is_a_conflict(draft, checker, as_user):
    typed = TYPED | {"seen": "lama", "uuid": str(uuid4())}
    page = as_user(checker).post(reverse("surplus-approve", args=[draft.pk]), typed)
    assert page.status_code == 409
    assert "Angka rancangan berubah sejak halaman ini dibuka." in text(page)


def test_a_whole_list_is_ticked_and_paid(approved, operator, as_user):
    client, url = as_user(operator), reverse("surplus-pay", args=[approved.pk])
    page = client.get(url)
    assert "Belum dibayar" in text(page)
    assert "Aminah, Rp19.333" in text(page)
    ticked = client.post(url, {"all": "members", "on": "05-09-2026"})
    assert ticked.context["form"]["members"].value() == keys(approved, "members")
    assert ticked.context["form"]["on"].value() == "05-09-2026"
    typed = {"members": keys(approved, "members"), "on": "05-09-2026", "till": "cash", "uuid": str(uuid4())}
    for _ in range(2):  # sent twice
        answer = client.post(url, typed)
        assert (answer.status_code, answer.url) == (302, approved.get_absolute_url())
    assert Voucher.objects.filter(kind="surplus_paid").count() == 3
    shown = text(client.get(approved.get_absolute_url()))
    assert "Sudah dibayar Rp32.000" in shown
    assert "Belum dibayar Rp16.000" in shown


def test_one_payment_names_its_one_paper(approved, operator, as_user):
    client, url = as_user(operator), reverse("surplus-pay", args=[approved.pk])
    typed = {"members": keys(approved, "members")[:1], "on": "05-09-2026", "till": "cash", "uuid": str(uuid4())}
    told = text(client.post(url, typed, follow=True))
    number = Voucher.objects.get(kind="surplus_paid").number
    assert f"1 pembayaran tersimpan, bukti {number}." in told


def test_who_ticks_nobody_or_names_nobody_for_a_fund_is_told(approved, operator, as_user):
    client, url = as_user(operator), reverse("surplus-pay", args=[approved.pk])
    typed = {"on": "05-09-2026", "till": "cash", "uuid": str(uuid4())}
    assert "Centang dulu siapa yang dibayar." in text(client.post(url, typed))
    page = client.post(url, typed | {"fund": keys(approved, "fund")[:1]})
    assert "Tulis siapa yang menerima uang dana ini" in text(page)
    assert not Voucher.objects.filter(kind="surplus_paid").exists()


def test_all_paid_is_said(approved, operator, as_user):
    for section in ("members", "officers", "teachers", "fund"):
        build_surplus.pay(approved, keys(approved, section), operator, party="Panti Asuhan")
    client = as_user(operator)
    assert "Semua sudah dibayar." in text(client.get(reverse("surplus-pay", args=[approved.pk])))
    assert "Dibayar semua" in text(client.get(approved.get_absolute_url()))


def test_a_draft_cannot_be_paid_or_taken_back(draft, operator, district_officer, as_user):
    page = as_user(operator).get(reverse("surplus-pay", args=[draft.pk]))
    assert "Belum ada yang dapat dibayar." in text(page)
    page = as_user(district_officer).get(reverse("surplus-take-back", args=[draft.pk]))
    assert "Tidak ada yang dibatalkan." in text(page)


def test_the_kecamatan_takes_an_approval_back(approved, district_officer, as_user):
    url = reverse("surplus-take-back", args=[approved.pk])
    answer = as_user(district_officer).post(url, {"on": "08-09-2026", "reason": "pos PAUD salah dicatat"})
    assert answer.status_code == 302
    page = text(as_user(district_officer).get(approved.get_absolute_url()))
    assert "Pembagian ini dibatalkan." in page
    assert "pos PAUD salah dicatat" in page


def test_the_berita_acara_tells_the_meeting_and_the_posts(approved, operator, as_user):
    page = text(as_user(operator).get(reverse("surplus-minutes", args=[approved.pk])))
    assert "Nomor: 01/BA-SHU/AS/2026" in page
    assert "Pada hari ini Sabtu, tanggal 14 Februari 2026, bertempat di Balai Desa" in page
    assert "dihadiri 3 dari 3 anggota" in page
    assert "pendapatan Rp90.000, biaya Rp10.000, sisa hasil usaha Rp80.000 (delapan puluh ribu rupiah)" in page
    assert "Cadangan modal 40% 32.000" in page
    assert "Saksi anggota 2" in page


def test_the_berita_acara_of_a_draft_is_a_draft(draft, operator, as_user):
    page = text(as_user(operator).get(reverse("surplus-minutes", args=[draft.pk])))
    assert "Rancangan: belum disahkan rapat anggota." in page


def test_teachers_are_added_changed_and_listed(group, operator, as_user):
    client, url = as_user(operator), reverse("paud-teachers", args=[group.pk])
    assert "Belum ada guru PAUD." in text(client.get(url))
    typed = {"institution": "PAUD Melati", "name": "Siti Aisyah", "address": "RT 2", "is_active": "on"}
    assert client.post(reverse("paud-teacher-add", args=[group.pk]), typed).url == url
    again = client.post(reverse("paud-teacher-add", args=[group.pk]), typed)
    assert "Guru ini sudah ada di daftar lembaga yang sama." in text(again)
    teacher = PaudTeacher.objects.get()
    client.post(reverse("paud-teacher-edit", args=[teacher.pk]), typed | {"is_active": ""})
    teacher.refresh_from_db()
    assert not teacher.is_active
    assert "PAUD Melati, RT 2" in text(client.get(url))


def test_a_draft_that_cannot_be_shared_says_why_on_every_page(year, group, operator, checker, as_user):
    one = build_surplus.draft(group, operator)
    words = "Belum ada skema pembagian untuk tahun 2025."
    client = as_user(checker)
    for name in ("surplus-year", "surplus-approve", "surplus-minutes"):
        assert words in text(client.get(reverse(name, args=[one.pk])))
    assert plan_of(one).parts == ()
