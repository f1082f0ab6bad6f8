"""The pages of closed months and of the cash count, as the village and the kecamatan use them."""

import re
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from loans.closing_services import close_month, record_cash_count
from loans.models import CashCount, MonthClosing, MonthException
from tests import build


@pytest.fixture
def funded(group):
    build.capital(group, 500_000, on=date(2026, 7, 1))
    return group


@pytest.fixture
def closed(funded, operator):
    """The group with July counted and closed by its operator."""
    counted(funded)
    close_month(group=funded, period=202607, by=operator)
    return funded


@pytest.fixture
def now(monkeypatch):
    moment = datetime(2026, 9, 30, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))
    monkeypatch.setattr(timezone, "now", lambda: moment)


def counted(of) -> CashCount:
    facts = {"pieces": {"100000": 5}, "explanation": "", "uuid": uuid4(), "by": None}
    return record_cash_count(group=of, counted_on=date(2026, 7, 20), **facts)


def text(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_village_counts_compares_and_keeps_in_two_steps(funded, operator, as_user):
    client, url = as_user(operator), reverse("cash-count-new", args=[funded.pk])
    assert client.get(url).content.decode().count('inputmode="numeric"') == 11
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p100000": "4", "p50000": "2"}
    check = client.post(url, facts)
    assert "Uang cocok dengan buku" in text(check)
    assert "lima ratus ribu rupiah" in text(check)
    assert 'name="explanation"' not in check.content.decode()
    assert CashCount.objects.count() == 0
    done = client.post(url, facts | {"seen": "500000", "save": "1"})
    count = CashCount.objects.get()
    assert (done.status_code, done.url) == (302, count.get_absolute_url())
    assert (count.counted, count.booked, count.counted_by) == (500_000, 500_000, operator)


def test_an_explanation_is_asked_only_when_money_and_book_differ(funded, operator, as_user):
    client, url = as_user(operator), reverse("cash-count-new", args=[funded.pk])
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p100000": "4", "p500": "3", "seen": "500000"}
    check = client.post(url, facts)
    assert "Uang kurang Rp98.500 dari buku (sembilan puluh delapan ribu lima ratus rupiah)." in text(check)
    assert 'name="explanation"' in check.content.decode()
    assert "boleh dikosongkan" not in text(check)
    refused = client.post(url, facts | {"save": "1"})
    assert refused.context["form"].errors["explanation"] == [
        "Uang kurang Rp98.500 dari buku. Jelaskan selisihnya, paling sedikit 10 huruf, misalnya “uang kembalian belum"
        " dicatat”."
    ]
    client.post(url, facts | {"save": "1", "explanation": "dipinjam bendahara untuk materai"})
    count = CashCount.objects.get()
    assert (count.difference, count.voucher.amount) == (-98_500, 98_500)


def test_sending_the_last_step_twice_keeps_one_count(funded, operator, as_user):
    client, url = as_user(operator), reverse("cash-count-new", args=[funded.pk])
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p100000": "4", "seen": "500000", "save": "1"}
    answers = [client.post(url, facts | {"explanation": "uang kembalian belum dicatat"}) for _ in range(2)]
    assert [answer.url for answer in answers] == [CashCount.objects.get().get_absolute_url()] * 2


def test_a_book_that_moved_meanwhile_is_shown_anew(funded, operator, as_user):
    client, url = as_user(operator), reverse("cash-count-new", args=[funded.pk])
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p100000": "5", "seen": "400000", "save": "1"}
    answer = client.post(url, facts)
    assert answer.status_code == 409
    assert "Buku kas berubah sejak halaman ini dibuka. Periksa sekali lagi." in text(answer)
    assert 'name="seen" value="500000"' in answer.content.decode()
    assert CashCount.objects.count() == 0


@pytest.mark.parametrize("step", [{}, {"seen": "500000", "save": "1"}])
def test_a_count_in_a_closed_month_is_refused_once_at_its_day(step, closed, operator, as_user):
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p100000": "5"}
    page = as_user(operator).post(reverse("cash-count-new", args=[closed.pk]), facts | step)
    assert page.context["form"].errors["counted_on"] == [
        "Bulan Juli 2026 sudah ditutup. Pakai tanggal mulai 1 Agustus 2026, atau minta izin kecamatan untuk bulan itu."
    ]
    assert CashCount.objects.count() == 1


@pytest.mark.parametrize("typed", ["-1", "1,5", "lima", "1e3"])
def test_pieces_that_are_no_count_are_refused_at_their_box(typed, funded, operator, as_user):
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p50000": typed}
    page = as_user(operator).post(reverse("cash-count-new", args=[funded.pk]), facts)
    assert list(page.context["form"].errors) == ["p50000"]
    assert "<title>Galat: " in page.content.decode()


def test_change_leads_back_with_everything_typed(funded, operator, as_user):
    facts = {"uuid": str(uuid4()), "counted_on": "20-7-2026", "p50000": "7", "edit": "1"}
    page = as_user(operator).post(reverse("cash-count-new", args=[funded.pk]), facts).content.decode()
    assert re.search(r'name="p50000" value="7"', page)
    assert facts["uuid"] in page


def test_only_meetings_of_the_group_are_offered(funded, operator, as_user, pandulangan):
    own, other = build.meeting(funded, title="Rapat bulan Juli"), build.meeting(build.group(pandulangan), title="Lain")
    form = as_user(operator).get(reverse("cash-count-new", args=[funded.pk])).context["form"]
    assert [label for _, label in form.fields["meeting"].choices] == [
        "Di luar pertemuan", "Rapat bulan Juli (10-09-2026)",
    ]  # fmt: skip
    facts = {"uuid": str(uuid4()), "counted_on": "10-9-2026", "p100000": "5"}
    url = reverse("cash-count-new", args=[funded.pk])
    assert "meeting" in as_user(operator).post(url, facts | {"meeting": other.pk}).context["form"].errors
    as_user(operator).post(url, facts | {"meeting": own.pk, "save": "1"})
    assert CashCount.objects.get().meeting == own


def test_the_record_and_its_paper_tell_the_count(funded, operator, as_user):
    count, client = counted(funded), as_user(operator)
    record = text(client.get(count.get_absolute_url()))
    assert "Uang cocok dengan buku" in record
    assert "100.000 5 500.000" in record
    paper = text(client.get(reverse("cash-count-paper", args=[count.pk])))
    assert "BERITA ACARA HITUNGAN KAS" in paper
    assert "Rp500.000 (lima ratus ribu rupiah)" in paper


def test_the_village_closes_its_month_by_one_button(funded, operator, as_user):
    client, url = as_user(operator), reverse("month-close", args=[funded.pk])
    page = client.get(url)
    assert "Kas belum dihitung pada Juli 2026." in text(page)
    assert reverse("cash-count-new", args=[funded.pk]) in page.content.decode()
    counted(funded)
    page = client.get(url)
    assert "20 Juli 2026, dihitung Rp500.000, buku Rp500.000 Cocok" in text(page)
    assert "Tutup Juli 2026" in text(page)
    answers = [client.post(url, {"period": "202607"}) for _ in range(2)]
    assert [answer.url for answer in answers] == [reverse("months", args=[funded.pk])] * 2
    closing = MonthClosing.objects.get()
    assert (closing.period, closing.closed_by) == (202607, operator)
    listed = client.get(reverse("months", args=[funded.pk]))
    assert "Bulan Juli 2026 ditutup." in text(listed)
    assert "oleh Rahmah, hitungan kas Tertutup" in text(listed)


def test_a_month_that_does_not_close_says_why(funded, operator, as_user):
    answer = as_user(operator).post(reverse("month-close", args=[funded.pk]), {"period": "202607"})
    assert "Kas belum dihitung pada Juli 2026." in text(answer)
    assert MonthClosing.objects.count() == 0


@pytest.mark.parametrize("period", ["202613", "202611", "0", "x", ""])
def test_a_month_that_the_page_does_not_offer_is_refused(period, funded, operator, as_user):
    counted(funded)
    answer = as_user(operator).post(reverse("month-close", args=[funded.pk]), {"period": period})
    assert (answer.status_code, MonthClosing.objects.count()) == (200, 0)


def test_the_list_begins_with_the_first_month_and_names_the_next(closed, operator, as_user):
    page = as_user(operator).get(reverse("months", args=[closed.pk]))
    assert [(one["name"], one["is_closed"]) for one in page.context["months"]] == [
        ("September 2026", False), ("Agustus 2026", False), ("Juli 2026", True),
    ]  # fmt: skip
    assert page.context["next_month"] == "Agustus 2026"
    assert reverse("month-close", args=[closed.pk]) in page.content.decode()


def test_the_list_shows_thirteen_months_of_an_old_group(group, operator, as_user):
    build.capital(group, on=date(2015, 3, 1))
    page = as_user(operator).get(reverse("months", args=[group.pk]))
    names = [one["name"] for one in page.context["months"]]
    assert (len(names), names[0], names[-1]) == (13, "September 2026", "September 2025")
    assert page.context["next_month"] == "Agustus 2026"


def test_the_kecamatan_opens_the_latest_month_again(closed, district_officer, as_user):
    client, url = as_user(district_officer), reverse("month-reopen", args=[closed.pk])
    assert "Buka lagi Juli 2026" in text(client.get(url))
    short = client.post(url, {"period": "202607", "reason": "lupa"})
    assert short.context["form"].errors["reason"] == [
        "Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “angsuran 28 September belum tercatat”."
    ]
    answer = client.post(url, {"period": "202607", "reason": "angsuran belum tercatat"}, follow=True)
    assert "Bulan Juli 2026 dibuka lagi. Tutup lagi sesudah dibetulkan." in text(answer)
    assert "oleh Salamah: angsuran belum tercatat Terbuka" in text(answer)


def test_the_kecamatan_lets_one_person_into_a_closed_month(closed, operator, district_officer, as_user, now):
    client, url = as_user(district_officer), reverse("month-exception", args=[closed.pk])
    form = client.get(url).context["form"]
    assert form.fields["user"].choices == [(operator.pk, "Rahmah (63.08.03.2014)")]
    facts = {"period": "202607", "user": operator.pk, "reason": "bukti pasar baru ditemukan"}
    late = client.post(url, facts | {"expires_at": "15-10-2026"})
    assert late.context["form"].errors["expires_at"] == ["Izin berlaku paling lama 14 hari: sampai 14 Oktober 2026."]
    answer = client.post(url, facts | {"expires_at": "14-10-2026"}, follow=True)
    assert "Izin Rahmah sampai 14-10-2026." in text(answer)
    assert "Rahmah untuk Juli 2026" in text(answer)
    assert MonthException.objects.get().granted_by == district_officer


@pytest.mark.parametrize("name", ["month-reopen", "month-exception", "month-close", "months"])
def test_a_group_without_a_month_says_so(name, group, operator, district_officer, as_user):
    user = operator if name == "month-close" else district_officer
    page = as_user(user).get(reverse(name, args=[group.pk]))
    assert page.status_code == 200
    assert "Belum ada bulan" in text(page)


@pytest.mark.parametrize("name", ["months", "month-close", "cash-count-new"])
def test_months_of_another_village_are_not_found(name, elsewhere, operator, as_user):
    foreign = build.group(elsewhere)
    assert as_user(operator).get(reverse(name, args=[foreign.pk])).status_code == 404


def test_the_province_sees_no_months_and_the_operator_opens_none(closed, operator, province_reader, as_user):
    assert as_user(province_reader).get(reverse("months", args=[closed.pk])).status_code == 403
    assert as_user(operator).get(reverse("month-reopen", args=[closed.pk])).status_code == 403


def test_every_closed_month_may_get_an_exception_those_before_the_first_closing_too(funded, district_officer, as_user):
    record_cash_count(
        group=funded, counted_on=date(2026, 8, 20), pieces={"100000": 5}, explanation="", uuid=uuid4(), by=None
    )
    close_month(group=funded, period=202608, by=None)
    form = as_user(district_officer).get(reverse("month-exception", args=[funded.pk])).context["form"]
    assert form.fields["period"].choices == [(202608, "Agustus 2026"), (202607, "Juli 2026")]
