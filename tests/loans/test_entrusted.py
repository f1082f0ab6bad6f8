"""Titip isi: photos are typed by one person, checked by another, and recorded once or not at all."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.attachments.contents import read_file
from accounts.attachments.models import Attachment
from loans.entrusted import services
from loans.models import EntrustedSheet, Envelope, Receipt
from tests import build
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 25)
Status = EntrustedSheet.Status


@pytest.fixture
def second_officer(pandulangan):
    return build.user(Role.DISTRICT, "63.08.03", name="Hj. Mastura")


@pytest.fixture
def loan(member):
    return build.loan(member, 1_000_000, date(2026, 8, 25))


def photo(name: str = "lembar.jpg"):
    return read_file(BytesIO(build.picture()), name)


def sent(group, by) -> EntrustedSheet:
    return services.entrust_sheet(group=group, on=ON, note="lewat WA", photos=[photo()], uuid=uuid4(), by=by)


def row(member=None, loan=None, amount=0, **savings) -> dict:
    keys = {"member": member and member.pk, "loan": loan and loan.pk}
    return {"kind": "row", **keys, "amount": amount, "savings": savings, "withdraw": {}, "note": ""}


def typed(sheet, rows, by, total=None, is_done=True) -> EntrustedSheet:
    total = services.total_of(rows) if total is None else total
    return services.type_rows(sheet=sheet, typed=rows, paper_total=total, by=by, is_done=is_done)


class TestSending:
    def test_the_photo_waits_to_be_typed_and_nothing_counts(self, group, operator):
        sheet = sent(group, operator)
        assert (sheet.status, Attachment.objects.of(sheet).count(), Receipt.objects.count()) == (Status.SENT, 1, 0)

    def test_sent_twice_it_is_one_sheet(self, group, operator):
        facts = {"group": group, "on": ON, "note": "", "photos": [photo()], "uuid": uuid4(), "by": operator}
        assert services.entrust_sheet(**facts) == services.entrust_sheet(**facts)
        assert EntrustedSheet.objects.count() == 1

    def test_it_needs_a_photo_and_a_day_that_has_come(self, group, operator):
        facts = {"group": group, "note": "", "uuid": uuid4(), "by": operator}
        with pytest.raises(ValidationError, match="Lampirkan foto lembarnya"):
            services.entrust_sheet(on=ON, photos=[], **facts)
        with pytest.raises(ValidationError, match="paling lambat hari ini, 30 September 2026"):
            services.entrust_sheet(on=date(2026, 10, 1), photos=[photo()], **facts)


class TestTyping:
    def test_a_sum_that_differs_from_the_paper_is_not_handed_on(self, group, member, operator, district_officer):
        sheet = sent(group, operator)
        with pytest.raises(ValidationError, match="diketik Rp15.000, di kertas Rp20.000: selisih Rp5.000"):
            typed(sheet, [row(member, mandatory=15_000)], district_officer, total=20_000)
        sheet.refresh_from_db()
        assert (sheet.status, sheet.rows) == (Status.SENT, [])

    def test_a_draft_may_be_short_and_keeps_its_keys(self, group, member, operator, district_officer):
        sheet = typed(sent(group, operator), [row(member, mandatory=15_000)], district_officer, 0, is_done=False)
        assert sheet.status == Status.SENT
        again = typed(sheet, [row(member, mandatory=20_000)], district_officer)
        assert (again.status, again.rows[0]["uuid"]) == (Status.TYPED, sheet.rows[0]["uuid"])

    def test_a_row_that_could_not_be_recorded_is_told_while_typing(self, group, member, operator, district_officer):
        nothing_saved = row(member, mandatory=10_000) | {"withdraw": {"voluntary": 5_000}}
        with pytest.raises(ValidationError) as told:
            typed(sent(group, operator), [nothing_saved], district_officer)
        assert told.value.messages[0].startswith(f"{member.name}: ")
        assert Receipt.objects.count() == 0

    def test_rehearsing_leaves_nothing(self, group, member, loan, operator, district_officer):
        typed(sent(group, operator), [row(member, loan, 115_000, mandatory=10_000)], district_officer)
        assert (Receipt.objects.count(), Envelope.objects.count()) == (0, 0)


class TestChecking:
    def test_a_second_person_records_all_rows_at_once(
        self, group, member, loan, operator, district_officer, second_officer
    ):
        other = build.member(group, name="Aminah")
        rows = [row(member, loan, 115_000, mandatory=10_000), row(other, voluntary=25_000)]
        sheet = typed(sent(group, operator), rows, district_officer)
        done = services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=second_officer)
        found = list(Receipt.objects.order_by("serial").values_list("member", "amount", "till", "recorded_by"))
        assert found == [
            (member.pk, 125_000, "field", district_officer.pk),
            (other.pk, 25_000, "field", district_officer.pk),
        ]
        assert (done.status, done.checked_by) == (Status.RECORDED, second_officer)
        assert set(Envelope.objects.values_list("sent_as", flat=True)) == {"entrusted"}

    def test_checked_twice_it_is_recorded_once(self, group, member, operator, district_officer, second_officer):
        sheet = typed(sent(group, operator), [row(member, mandatory=10_000)], district_officer)
        for _ in range(2):
            services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=second_officer)
        assert Receipt.objects.count() == 1

    def test_who_typed_does_not_check(self, group, member, operator, district_officer):
        sheet = typed(sent(group, operator), [row(member, mandatory=10_000)], district_officer)
        with pytest.raises(ValidationError, match="Mintalah orang kedua"):
            services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=district_officer)

    def test_rows_that_changed_since_are_looked_at_again(
        self, group, member, operator, district_officer, second_officer
    ):
        sheet = typed(sent(group, operator), [row(member, mandatory=10_000)], district_officer)
        seen = services.mark_of(sheet)
        typed(sheet, [row(member, mandatory=20_000)], district_officer)
        with pytest.raises(ValidationError, match="berubah sejak dibuka") as told:
            services.record_sheet(sheet=sheet, seen=seen, by=second_officer)
        assert (told.value.code, Receipt.objects.count()) == ("conflict", 0)

    def test_one_row_that_is_refused_leaves_none_recorded(
        self, group, member, operator, district_officer, second_officer
    ):
        leaving = build.member(group, name="Zubaidah")
        rows = [row(member, mandatory=10_000), row(leaving, mandatory=10_000)]
        sheet = typed(sent(group, operator), rows, district_officer)
        leaving.left_on, leaving.left_reason = date(2026, 9, 1), "pindah desa"
        leaving.save()
        with pytest.raises(ValidationError, match="Zubaidah"):
            services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=second_officer)
        sheet.refresh_from_db()
        assert (Receipt.objects.count(), sheet.status) == (0, Status.TYPED)

    def test_what_does_not_agree_goes_back_with_its_reason(
        self, group, member, operator, district_officer, second_officer
    ):
        sheet = typed(sent(group, operator), [row(member, mandatory=1_000)], district_officer)
        back = services.return_sheet(sheet=sheet, reason="baris 1 di kertas 10.000", by=second_officer)
        assert (back.status, back.reason) == (Status.RETURNED, "baris 1 di kertas 10.000")
        assert typed(back, [row(member, mandatory=10_000)], district_officer).status == Status.TYPED

    def test_photos_that_nobody_can_read_are_refused_with_a_reason(self, group, operator, district_officer):
        sheet = sent(group, operator)
        with pytest.raises(ValidationError, match="paling sedikit 10 huruf"):
            services.refuse_sheet(sheet=sheet, reason="buram", by=district_officer)
        assert (
            services.refuse_sheet(sheet=sheet, reason="foto buram sekali", by=district_officer).status == Status.REFUSED
        )
        with pytest.raises(ValidationError, match="ditolak, jadi tidak dapat diketik"):
            typed(sheet, [row(mandatory=1)], district_officer)


class TestPages:
    def post(self, client, name, pk, **data):
        return client.post(reverse(name, args=[pk]), data)

    def test_from_the_photo_to_the_receipts(
        self, group, member, loan, operator, district_officer, second_officer, as_user
    ):
        client = as_user(operator)
        upload = SimpleUploadedFile("lembar.jpg", build.picture(), "image/jpeg")
        address = reverse("entrusted-add", args=[group.pk])
        uuid = client.get(address).context["form"]["uuid"].value()
        client.post(address, {"uuid": uuid, "on": "25-09-2026", "note": "", "files": upload})
        sheet = EntrustedSheet.objects.get()
        client = as_user(district_officer)
        key = f"m{member.pk}-l{loan.pk}"
        page = client.get(reverse("entrusted-type", args=[sheet.pk])).content.decode()
        assert f'name="amount-{key}"' in page
        assert "Foto lembar, halaman 1 dari 1" in page
        typed = {f"amount-{key}": "115.000", f"mandatory-{key}": "10.000", "paper_total": "125.000"}
        assert self.post(client, "entrusted-type", sheet.pk, **typed).status_code == 302
        sheet.refresh_from_db()
        page = as_user(second_officer).get(sheet.get_absolute_url()).content.decode()
        assert "Cocok, catat semua" in page
        answer = self.post(as_user(second_officer), "entrusted-record", sheet.pk, seen=services.mark_of(sheet))
        assert (answer.status_code, Receipt.objects.get().amount) == (302, 125_000)

    def test_money_of_who_is_marked_absent_is_asked_about(self, group, member, operator, district_officer, as_user):
        sheet = sent(group, operator)
        data = {f"mandatory-m{member.pk}": "10.000", f"absent-m{member.pk}": "on", "paper_total": "10.000"}
        answer = self.post(as_user(district_officer), "entrusted-type", sheet.pk, **data)
        assert f"{member.name} ditandai tidak hadir tetapi ada uangnya." in answer.content.decode()

    def test_an_absence_is_kept_with_the_sheet(
        self, group, member, operator, district_officer, second_officer, as_user
    ):
        other = build.member(group, name="Aminah")
        sheet = sent(group, operator)
        data = {f"absent-m{member.pk}": "on", f"mandatory-m{other.pk}": "10.000", "paper_total": "10.000"}
        self.post(as_user(district_officer), "entrusted-type", sheet.pk, **data)
        sheet.refresh_from_db()
        services.record_sheet(sheet=sheet, seen=services.mark_of(sheet), by=second_officer)
        assert sorted(Envelope.objects.values_list("kind", flat=True)) == ["absent", "row"]

    def test_who_typed_sees_that_another_must_check(self, group, member, operator, district_officer, as_user):
        sheet = typed(sent(group, operator), [row(member, mandatory=10_000)], district_officer)
        page = as_user(district_officer).get(sheet.get_absolute_url()).content.decode()
        assert "Mintalah orang kedua" in page
        assert "Cocok, catat semua" not in page

    def test_the_operator_sees_why_it_was_refused(self, group, operator, district_officer, as_user):
        sheet = services.refuse_sheet(sheet=sent(group, operator), reason="foto buram sekali", by=district_officer)
        assert "Ditolak: foto buram sekali" in as_user(operator).get(sheet.get_absolute_url()).content.decode()

    def test_the_start_goes_straight_to_the_only_group(self, group, operator, as_user):
        answer = as_user(operator).get(reverse("entrusted-new"))
        assert answer.headers["Location"] == reverse("entrusted-add", args=[group.pk])


def test_today_is_in_the_open_month_of_these_tests():
    assert today() == date(2026, 9, 30)
