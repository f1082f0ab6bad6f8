"""The pages on a running loan: what each role finds, what a preview shows, what a mistake says."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans.models import Penalty, Receipt, Reschedule, Voucher
from tests import build
from tests.loans import build_life as life

SEPTEMBER = date(2026, 9, 10)
RESCHEDULE, WAIVE, WRITE_OFF = "Jadwal ulang", "Bebaskan denda", "Hapus buku"
RECOVER, GIVE_BACK = "Catat tagihan hapus buku", "Kembalikan titipan"


@pytest.fixture
def loan(member, operator):
    """Rp1.000.000, 10 kali, denda Rp5.000: three rows paid, five late."""
    product = build.product(member.group, penalty_kind="fixed", penalty_amount=5_000)
    made = build.loan(member, by=operator, product=product)
    for on in (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)):
        build.payment(made, 115_000, on)
    return made


def test_the_card_says_how_many_instalments_there_are_and_how_many_were_agreed(loan, operator, as_user):
    client = as_user(operator)
    assert "<dt>Lama</dt><dd>10 kali</dd>" in text_of(client.get(loan.get_absolute_url()))
    life.reschedule(loan, "extra_instalments", 2, 4, on=SEPTEMBER)
    assert "<dt>Lama</dt><dd>12 kali, disepakati 10 kali</dd>" in text_of(client.get(loan.get_absolute_url()))


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def url(name: str, row) -> str:
    return reverse(name, args=[row.pk])


def offered(client, loan) -> set[str]:
    labels = {link.label for link in client.get(loan.get_absolute_url()).context["actions"]}
    return labels & {RESCHEDULE, WAIVE, WRITE_OFF, RECOVER, GIVE_BACK}


class TestWhatALoanOffers:
    def test_the_kecamatan_decides_and_the_village_handles_money(
        self, loan, operator, district_officer, staff, regency_admin, as_user
    ):
        decides = {RESCHEDULE, WRITE_OFF}
        found = [offered(as_user(one), loan) for one in (operator, district_officer, staff, regency_admin)]
        assert found == [{WAIVE}, decides, decides, set()]

    def test_an_assisting_kecamatan_does_both(self, loan, district_officer, as_user):
        loan.village.is_assisted = True
        loan.village.save()
        assert offered(as_user(district_officer), loan) == {RESCHEDULE, WAIVE, WRITE_OFF}

    def test_one_written_off_takes_recoveries_alone(self, loan, operator, district_officer, as_user):
        life.write_off(loan)
        assert [offered(as_user(one), loan) for one in (operator, district_officer)] == [{RECOVER}, set()]

    def test_one_paid_off_offers_nothing_but_its_credit(self, member, operator, staff, as_user):
        loan = build.loan(member, by=operator)
        build.payment(loan, 1_200_000, SEPTEMBER)
        assert [offered(as_user(one), loan) for one in (operator, staff)] == [{GIVE_BACK}, set()]

    def test_a_proposal_offers_nothing_of_it(self, member, staff, as_user):
        assert offered(as_user(staff), build.proposal(member)) == set()


class TestReschedule:
    FACTS = {"kind": "grace", "from_instalment": "4", "instalments": "2", "on": "30-9-2026", "reason": life.WHY}

    def typed(self, **fields) -> dict:
        return self.FACTS | {"uuid": str(uuid4())} | fields

    def test_the_form_begins_at_the_first_instalment_without_money(self, loan, staff, as_user):
        form = as_user(staff).get(url("loan-reschedule", loan)).context["form"]
        assert (form["from_instalment"].value(), form["on"].value()) == (4, "30-09-2026")

    def test_the_preview_shows_both_schedules_and_writes_nothing(self, loan, staff, as_user):
        answer = as_user(staff).post(url("loan-reschedule", loan), self.typed())
        page = text_of(answer)
        assert answer.context["sums"] == [
            ("Pokok", 1_000_000, 1_000_000), ("Jasa", 150_000, 180_000), ("Pokok dan jasa", 1_150_000, 1_180_000),
        ]  # fmt: skip
        assert [is_changed for *_, is_changed in answer.context["pairs"]] == (
            [False] * 3 + [True] * 2 + [False] * 5 + [True] * 2
        )
        assert ("Simpan jadwal baru" in page, page.count('class="next"'), page.count("baru</span>")) == (True, 4, 2)
        assert (Reschedule.objects.count(), len(life.rows_of(loan))) == (0, 10)

    def test_saved_it_stands_on_the_loans_page_and_can_be_undone(self, loan, staff, operator, as_user):
        client, facts = as_user(staff), self.typed()
        assert client.post(url("loan-reschedule", loan), facts | {"edit": "1"}).context["form"]["reason"].value()
        first, second = (client.post(url("loan-reschedule", loan), facts | {"save": "1"}) for _ in range(2))
        row = Reschedule.objects.get()
        assert (first.url, second.url, row.recorded_by) == (loan.get_absolute_url(), loan.get_absolute_url(), staff)
        page = text_of(client.get(loan.get_absolute_url()))
        assert "Masa tenggang mulai angsuran ke-4</b>: 2 angsuran" in page
        assert url("reschedule-undo", row) in page
        assert url("reschedule-undo", row) not in text_of(as_user(operator).get(loan.get_absolute_url()))
        client = as_user(staff)
        answer = client.post(url("reschedule-undo", row), {"undone_on": "30-9-2026", "reason": "salah pilih angsuran"})
        assert (answer.url, len(life.rows_of(loan))) == (loan.get_absolute_url(), 10)
        page = text_of(client.get(loan.get_absolute_url()))
        assert "Diurungkan 30 September 2026 oleh Noor Hayati: salah pilih angsuran" in page
        assert url("reschedule-undo", row) not in page

    def test_once_something_was_recorded_it_offers_no_undo_and_refuses_one(self, loan, staff, as_user):
        row = life.reschedule(loan, "grace", 2, first=4)
        build.payment(loan, 50_000, life.TODAY)
        client = as_user(staff)
        assert url("reschedule-undo", row) not in text_of(client.get(loan.get_absolute_url()))
        answer = client.post(url("reschedule-undo", row), {"undone_on": "30-9-2026", "reason": "salah pilih angsuran"})
        assert "sudah ada catatan lain, jadi tidak dapat diurungkan lagi" in text_of(answer)

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"instalments": ""}, "instalments", "Isi berapa kali masa tenggangnya, misalnya 2."),
            ({"kind": "rate"}, "rate", "Isi jasa barunya, misalnya 1,5."),
            ({"kind": "rate", "rate": "satu"}, "rate", "tulis persen per angsuran, misalnya 1,5."),
            ({"kind": "rate", "rate": "1,2345"}, "rate", "paling banyak tiga angka"),
            ({"kind": "new_due_on"}, "new_due_on", "Isi jatuh tempo barunya, misalnya 31-10-2026."),
            ({"kind": "sulap"}, "kind", "sulap"),
            ({"reason": "banjir"}, "reason", "paling sedikit 10 huruf"),
            ({"from_instalment": "3"}, "__all__", "Angsuran ke-3 sudah dibayar"),
            ({"on": "1-10-2026"}, "on", "Tanggal tidak boleh sesudah hari ini"),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_above_the_form(self, typed, field, words, loan, staff, as_user):
        answer = as_user(staff).post(url("loan-reschedule", loan), self.typed(**typed))
        page = text_of(answer)
        assert list(answer.context["form"].errors) == [field]
        assert words in page.split("data-errors")[1]

    def test_where_every_instalment_has_money_there_is_no_form(self, loan, staff, as_user):
        build.payment(loan, 830_000, SEPTEMBER)
        page = text_of(as_user(staff).get(url("loan-reschedule", loan)))
        assert ("Semua angsuran sudah dibayar" in page, 'name="reason"' in page) == (True, False)


class TestWaive:
    def test_it_shows_each_instalment_with_what_the_rule_asks_today(self, loan, operator, as_user):
        """Rows 4 to 7 fell due before 30 September and were not fined yet: 4 x 5.000."""
        client, page_url = as_user(operator), url("loan-waive", loan)
        answer = client.get(page_url)
        assert [(fine.number, fine.amount) for fine in answer.context["fines"]] == [(n, 5_000) for n in range(4, 8)]
        assert "Rp20.000" in text_of(answer)
        assert Penalty.objects.count() == 0
        answer = client.post(page_url, {"on": "30-9-2026", "reason": "suaminya sakit, rapat"}, follow=True)
        page = text_of(answer)
        assert "Denda Rp20.000 dibebaskan." in page
        assert "dikenakan Rp5.000, dibayar Rp0, dibebaskan Rp5.000" in page
        assert 'name="reason"' not in text_of(client.get(page_url))

    def test_the_loans_page_tells_what_a_fine_became(self, loan, operator, as_user):
        build.payment(loan, 3_000, SEPTEMBER)
        page = text_of(as_user(operator).get(loan.get_absolute_url()))
        assert 'dikenakan Rp5.000, dibayar Rp3.000</small></div><b class="rp t-bad">Rp2.000' in page

    def test_a_short_reason_is_told_at_its_field(self, loan, operator, as_user):
        answer = as_user(operator).post(url("loan-waive", loan), {"on": "30-9-2026", "reason": "sakit"})
        assert (list(answer.context["form"].errors), Penalty.objects.count()) == (["reason"], 0)


class TestWriteOffAndAfter:
    def test_it_says_what_the_allowance_bears_before_it_is_done(self, loan, staff, as_user):
        life.allowance(loan.group, 300_000)
        client, facts = as_user(staff), {"on": "30-9-2026", "reason": "peminjam wafat, rapat", "uuid": str(uuid4())}
        page = text_of(client.post(url("loan-write-off", loan), facts))
        for words in ("Rp700.000", "Ditanggung cadangan", "Rp300.000", "Menjadi kerugian", "Rp400.000", "Rp105.000"):
            assert words in page
        assert ("btn-danger" in page, Voucher.objects.filter(kind="write_off").count()) == (True, 0)
        answer = client.post(url("loan-write-off", loan), facts | {"save": "1"})
        page = text_of(client.get(answer.url))
        assert 'Pokok dihapus buku</dt><dd class="rp">Rp700.000' in page
        assert ("Hapus buku</span>" in page, ">telat<" in page) == (True, False)

    def test_an_operator_may_not(self, loan, operator, as_user):
        assert as_user(operator).post(url("loan-write-off", loan), {"save": "1"}).status_code == 403

    def test_a_recovery_leads_to_its_receipt_and_is_counted_on_the_page(self, loan, operator, as_user):
        client, facts = as_user(operator), {"amount": "125.000", "received_on": "30-9-2026", "till": "cash"}
        facts |= {"uuid": str(uuid4())}
        assert "tidak dihapus buku" in text_of(client.post(url("loan-recovery", loan), facts))
        life.write_off(loan)
        answer = client.post(url("loan-recovery", loan), facts)
        receipt = Receipt.objects.get(parts__kind="recovery")
        assert (answer.url, text_of(client.get(answer.url)).count("Rp125.000") > 0) == (
            receipt.get_absolute_url(), True,
        )  # fmt: skip
        page = text_of(client.get(loan.get_absolute_url()))
        assert 'Sudah tertagih kembali</dt><dd class="rp">Rp125.000' in page

    def test_credit_is_given_back_with_a_voucher(self, member, operator, as_user):
        loan = build.loan(member, by=operator)
        build.payment(loan, 1_200_000, SEPTEMBER)
        client = as_user(operator)
        form = client.get(url("loan-credit-back", loan)).context["form"]
        assert form["amount"].value() == "50.000"
        facts = {"amount": "50.001", "on": "30-9-2026", "till": "cash", "uuid": str(uuid4())}
        assert list(client.post(url("loan-credit-back", loan), facts).context["form"].errors) == ["amount"]
        answer = client.post(url("loan-credit-back", loan), facts | {"amount": "50.000"})
        assert answer.url == Voucher.objects.get(kind="credit_back").get_absolute_url()

    def test_a_foreign_loan_does_not_exist(self, loan, elsewhere, operator, as_user):
        foreign = build.loan(build.member(build.group(elsewhere)))
        assert as_user(operator).get(url("loan-waive", foreign)).status_code == 404
