"""Titip isi: nothing is entered twice, nobody checks her own typing, and the photos stay with what was typed."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.attachments.models import Attachment
from accounts.attachments.services import add_files, remove_file
from loans.closing_services import close_month
from loans.entrusted import services
from loans.entrusted.twice import others_of
from loans.entrusted.views import told_lines
from loans.models import EntrustedSheet, Receipt
from loans.services import reverse_payment
from tests import build
from tests.loans import build_entrusted
from tests.loans.field.build_field import row as item
from tests.loans.field.build_field import send
from tests.loans.test_entrusted import ON, photo, row, sent, typed
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today

pytestmark = pytest.mark.django_db
Status = EntrustedSheet.Status
TWICE = (
    "Norhasanah sudah punya AS-2026-0001 pada 25 September 2026. Kosongkan barisnya bila itu setoran yang sama; bila"
    " memang setoran lain, centang Setoran lain."
)

ALREADY_TYPED = (
    "Norhasanah sudah tercatat dari lembar titipan dengan AS-2026-0001. Hapus kiriman ini bila itu setoran yang sama;"
    " bila memang setoran lain, catat lewat Catat angsuran."
)


@pytest.fixture
def second_officer(pandulangan):
    return build.user(Role.DISTRICT, "63.08.03", name="Hj. Mastura")


@pytest.fixture
def sheet(group, operator):
    return sent(group, operator)


def recorded(member, by, amount: int = 10_000):
    (answer,) = send(item(member, savings={"mandatory": amount}), by=by)
    return answer.receipt


def check(sheet, by) -> EntrustedSheet:
    return services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=by)


class TestTwice:
    def test_what_is_recorded_that_day_is_not_handed_on_again_unless_told(
        self, sheet, member, operator, district_officer, second_officer
    ):
        recorded(member, operator)
        rows = [row(member, mandatory=10_000)]
        with pytest.raises(ValidationError) as refusal:
            typed(sheet, rows, district_officer)
        assert refusal.value.message_dict == {"is_twice": [TWICE]}
        told = {"typed": rows, "paper_total": 10_000, "by": district_officer, "is_done": True, "is_twice": True}
        done = services.type_rows(sheet=sheet, **told)
        assert [one["besides"] for one in told_lines(done)] == ["AS-2026-0001"]
        check(done, second_officer)
        assert Receipt.objects.count() == 2

    def test_what_came_between_typing_and_check_is_not_recorded_twice(
        self, sheet, member, operator, district_officer, second_officer
    ):
        done = typed(sheet, [row(member, mandatory=10_000)], district_officer)
        recorded(member, operator)
        with pytest.raises(ValidationError, match="Norhasanah sudah punya AS-2026-0001 pada 25 September 2026"):
            check(done, second_officer)
        assert Receipt.objects.count() == 1

    def test_what_a_telephone_sends_after_its_photo_was_recorded_is_asked_about(
        self, sheet, member, operator, district_officer, second_officer
    ):
        loan, other = build.loan(member), build.member(member.group, name="Aminah")
        check(typed(sheet, [row(member, loan, 50_000, mandatory=10_000)], district_officer), second_officer)
        same, saved, hers = send(
            item(loan, amount=50_000),
            item(member, savings={"mandatory": 10_000}),
            item(other, savings={"mandatory": 10_000}),
            by=operator,
        )
        assert same.message == saved.message == ALREADY_TYPED
        assert (str(same.state), str(hers.state), Receipt.objects.count()) == ("refused", "saved", 2)
        reverse_payment(
            receipt=Receipt.objects.earliest("pk"),
            reason="salah ketik jumlah",
            reversed_on=ON,
            by=operator,
            uuid=uuid4(),
        )
        (again,) = send(item(loan, amount=50_000), by=operator)
        assert str(again.state) == "saved"

    def test_another_loan_or_day_and_what_was_taken_back_is_no_double(self, sheet, member, operator, district_officer):
        paid, other = build.loan(member), build.loan(member, product=build.product(member.group))
        build.payment(paid, 50_000, ON)
        build.payment(other, 50_000, ON.replace(day=24))
        assert typed(sheet, [row(member, other, 50_000)], district_officer).status == Status.TYPED

    def test_two_photos_of_one_sheet_are_recorded_once(self, group, member, operator, district_officer, second_officer):
        rows = [row(member, mandatory=10_000)]
        first, second = (typed(sent(group, operator), rows, district_officer) for _ in range(2))
        assert others_of(second) == [first]
        check(first, second_officer)
        with pytest.raises(ValidationError, match="Norhasanah sudah punya"):
            check(second, second_officer)

    def test_the_typing_page_shows_it_beside_the_line(self, sheet, group, member, operator, district_officer, as_user):
        recorded(member, operator)
        build_entrusted.sheet(group, by=operator)
        client, address = as_user(district_officer), reverse("entrusted-type", args=[sheet.pk])
        page = client.get(address).content.decode()
        assert "Sudah tercatat hari itu: AS-2026-0001" in page
        assert "1 lembar titipan lain untuk pertemuan ini" in page
        data = {f"mandatory-m{member.pk}": "10.000", "paper_total": "10.000"}
        assert "Kosongkan barisnya bila itu setoran yang sama" in client.post(address, data).content.decode()
        assert client.post(address, data | {"is_twice": "on"}).status_code == 302

    def test_the_sheet_tells_that_its_photo_waits(self, sheet, group, operator, as_user):
        address = reverse("sheet", args=[group.pk, ON.isoformat()])
        page = as_user(operator).get(address)
        told = page.context["entrusted"]
        assert told in page.content.decode()
        assert f"/titip/?group={group.pk}" in page.content.decode()
        assert told == (
            "1 lembar titipan untuk pertemuan ini menunggu diketik. Jangan isi lagi di sini yang sudah ada di fotonya."
        )
        services.refuse_sheet(sheet=sheet, reason="foto buram sekali", by=operator)
        assert as_user(operator).get(address).context["entrusted"] == ""

    def test_where_a_sheet_begins_leads_to_its_photo(self, group, operator, as_user):
        assert "Titip foto lembar" in as_user(operator).get(reverse("sheet-start")).content.decode()

    def test_who_closes_the_month_is_told_of_it_and_the_check_of_the_closing(
        self, sheet, group, member, operator, district_officer, second_officer, as_user
    ):
        build.capital(group, 1_000, on=ON)
        build.cash_count(group)
        done = typed(sheet, [row(member, mandatory=10_000)], district_officer)
        page = as_user(operator).get(reverse("month-close", args=[group.pk])).content.decode()
        assert "1 lembar titipan bulan ini menunggu diperiksa." in page
        close_month(group=group, period=202609, by=operator)
        with pytest.raises(ValidationError, match="Norhasanah: Bulan September 2026 sudah ditutup"):
            check(done, second_officer)
        assert services.return_sheet(sheet=done, reason="bulannya ditutup dulu", by=operator).status == Status.RETURNED


class TestPersons:
    def test_who_typed_before_another_handed_on_does_not_check(
        self, sheet, member, district_officer, second_officer, operator
    ):
        rows = [row(member, mandatory=10_000)]
        draft = typed(sheet, rows, district_officer, is_done=False)
        done = typed(draft, rows, second_officer)
        with pytest.raises(ValidationError, match="Mintalah orang kedua"):
            check(done, district_officer)
        assert check(done, operator).status == Status.RECORDED

    def test_who_typed_what_another_typed_anew_may_check(self, sheet, member, district_officer, second_officer):
        draft = typed(sheet, [row(member, mandatory=1_000)], district_officer, is_done=False)
        done = typed(draft, [row(member, mandatory=10_000)], second_officer)
        assert check(done, district_officer).status == Status.RECORDED

    def test_the_typing_of_who_serves_no_more_goes_back(self, sheet, member, district_officer, second_officer):
        done = typed(sheet, [row(member, mandatory=10_000)], district_officer)
        district_officer.assignments.update(ends_on=today().replace(day=1))
        with pytest.raises(ValidationError) as refusal:
            check(done, second_officer)
        assert refusal.value.messages == [
            f"{district_officer}, yang mengetik, tidak bertugas lagi di sini. Kembalikan lembarnya, supaya orang lain"
            " mengetiknya."
        ]
        back = services.return_sheet(sheet=done, reason="pengetik sudah pindah", by=second_officer)
        assert typed(back, [row(member, mandatory=10_000)], second_officer).typed_by == second_officer

    def test_two_who_type_at_once_do_not_write_over_each_other(self, sheet, member, district_officer, second_officer):
        seen = services.mark_of(sheet)
        typed(sheet, [row(member, mandatory=10_000)], district_officer, is_done=False)
        told = {"typed": [], "paper_total": None, "by": second_officer, "is_done": False}
        with pytest.raises(ValidationError, match="diketik orang lain sejak dibuka") as refusal:
            services.type_rows(sheet=sheet, seen=seen, **told)
        assert refusal.value.code == "conflict"

    def test_who_types_anew_sees_why_it_came_back(self, sheet, member, district_officer, second_officer, as_user):
        done = typed(sheet, [row(member, mandatory=1_000)], district_officer)
        services.return_sheet(sheet=done, reason="baris 1 di kertas 10.000", by=second_officer)
        page = as_user(district_officer).get(reverse("entrusted-type", args=[sheet.pk])).content.decode()
        assert "baris 1 di kertas 10.000" in page

    def test_a_recorded_sheet_is_not_checked_again(self, sheet, member, operator, district_officer, second_officer):
        done = check(typed(sheet, [row(member, mandatory=10_000)], district_officer), second_officer)
        with pytest.raises(ValidationError, match="Lembar ini tercatat, jadi tidak dapat diperiksa lagi"):
            check(done, operator)


class TestPhotos:
    def test_the_photos_of_a_typed_sheet_stay(self, sheet, member, operator, district_officer):
        kept = Attachment.objects.of(sheet).get()
        typed(sheet, [row(member, mandatory=10_000)], district_officer)
        words = "Lembar ini sudah diketik, jadi fotonya tetap di sini. Foto lain dikirim sebagai titipan baru."
        with pytest.raises(ValidationError) as removal:
            remove_file(attachment=kept, reason="salah foto lembar", by=operator)
        with pytest.raises(ValidationError) as adding:
            add_files(record=EntrustedSheet.objects.get(), contents=[photo()], by=operator)
        assert (removal.value.messages, adding.value.messages) == ([words], [words])

    def test_a_wrong_photo_goes_before_it_is_typed(self, sheet, operator):
        kept = remove_file(attachment=Attachment.objects.of(sheet).get(), reason="salah foto lembar", by=operator)
        assert kept.removed_by == operator

    def test_a_dissolved_group_holds_no_meeting(self, group, operator):
        group.closed_on = ON
        group.save()
        facts = {"on": ON, "note": "", "photos": [photo()], "uuid": uuid4(), "by": operator}
        with pytest.raises(ValidationError, match="bubar 25 September 2026"):
            services.entrust_sheet(group=group, **facts)


class TestWaiting:
    def test_the_home_page_tells_how_many_wait_for_whom(self, group, operator, district_officer):
        user = build.user()
        for status in (Status.SENT, Status.RETURNED, Status.SENT, Status.TYPED, Status.RECORDED):
            reason = "foto buram" if status == Status.RETURNED else ""
            build_entrusted.sheet(group, by=user, status=status, reason=reason)
        told = services.waiting_words(district_officer.access_on(today()))
        assert told == [
            ("2 lembar titipan menunggu diketik", "/titip/?status=sent"),
            ("1 lembar titipan dikembalikan ke pengetik", "/titip/?status=returned"),
            ("1 lembar titipan menunggu diperiksa", "/titip/?status=typed"),
        ]
        assert services.waiting_words(operator.access_on(today())) == told[2:]

    def test_it_says_nothing_where_none_waits_or_none_is_hers(self, group, pandulangan, district_officer, elsewhere):
        assert services.waiting_words(district_officer.access_on(today())) == []
        build_entrusted.sheet(group)
        assert services.waiting_words(build.user(Role.OPERATOR, elsewhere.code).access_on(today())) == []
