"""Products, permits and single months of an enterprise, and its page."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import Change
from enterprises.models import MonthlyResult, Permit, Product
from tests import build
from tests.enterprises import build as made

NOT_OFFERED = "Masukkan pilihan yang valid. 202610 bukan salah satu dari pilihan yang tersedia."
ENDS_FIRST = "Berlaku sampai harus sesudah tanggal terbit."


@pytest.fixture
def enterprise(member):
    return build.enterprise(member, name="Bordir Norhasanah")


def add(client, page, enterprise, **facts):
    return client.post(reverse(page, args=[enterprise.pk]), facts)


def test_a_product_has_unit_and_price(enterprise, operator, as_user):
    add(as_user(operator), "product-add", enterprise, name="kain bordir", unit="lembar", price="175.000")
    one = Product.objects.get()
    assert (one.enterprise, one.village, one.unit, one.price) == (enterprise, enterprise.village, "lembar", 175_000)


def test_the_same_product_twice_is_refused(enterprise, operator, as_user):
    made.product(enterprise, name="kain bordir")
    page = add(as_user(operator), "product-add", enterprise, name="kain bordir", unit="lembar")
    words = "Produk dengan nama ini sudah ada di usaha yang sama."
    assert page.context["form"].non_field_errors() == [words]


@pytest.mark.parametrize(
    ("expires_on", "state"),
    [
        (None, "berlaku"),
        (date(2026, 12, 30), "berlaku"),
        (date(2026, 12, 29), "hampir_habis"),
        (date(2026, 9, 30), "hampir_habis"),
        (date(2026, 9, 29), "kedaluwarsa"),
    ],
)
def test_a_permit_is_nearly_over_in_its_last_ninety_days_and_good_on_its_last_day(expires_on, state, enterprise):
    assert made.permit(enterprise, expires_on=expires_on).state_on(date(2026, 9, 30)) == state
    assert Permit.objects.valid_on(date(2026, 9, 30)).exists() is (state != "kedaluwarsa")


def test_a_permit_not_issued_yet_does_not_hold(enterprise):
    made.permit(enterprise, issued_on=date(2026, 10, 1))
    assert not Permit.objects.valid_on(date(2026, 9, 30)).exists()


def test_a_permit_is_entered_and_its_badge_stands_on_the_page(enterprise, operator, as_user):
    client = as_user(operator)
    facts = {"kind": "pirt", "number": "2063271", "issued_on": "1-9-2021", "expires_on": "29-9-2026"}
    page = client.post(reverse("permit-add", args=[enterprise.pk]), facts, follow=True).content.decode()
    assert "Kedaluwarsa" in page
    assert "2063271, terbit 1 Sep 2021, sampai 29 Sep 2026" in page


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"issued_on": "1-10-2026"}, "issued_on", "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        ({"issued_on": "1-9-2026", "expires_on": "31-8-2026"}, "__all__", ENDS_FIRST),
    ],
)
def test_days_that_cannot_be_are_refused(facts, field, words, enterprise, operator, as_user):
    page = add(as_user(operator), "permit-add", enterprise, kind="nib", number="1", **facts)
    assert page.context["form"].errors == {field: [words]}


# single months


def test_a_month_is_recorded_with_its_volume(enterprise, operator, as_user):
    product = made.product(enterprise)
    facts = {"period": "202609", "turnover": "600.000", "cost": "650.000", "product": product.pk, "volume": "1.250"}
    add(as_user(operator), "result-add", enterprise, **facts)
    one = MonthlyResult.objects.get()
    assert (one.group, one.village, one.period) == (enterprise.group, enterprise.village, 202609)
    assert (one.net_income, one.volume, one.product) == (-50_000, 1_250, product)


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"volume": "5"}, "__all__", "Pilih produknya, supaya volume punya satuan."),
        ({"volume": "5,5"}, "volume", "Tulis angka bulat, misalnya 1.250."),
        ({"cost": ""}, "cost", "Biaya belum diisi."),
        ({"turnover": "-5"}, "turnover", "Jumlah “-5” tidak boleh negatif; tulis misalnya 50.000."),
        ({"period": "202610"}, "period", NOT_OFFERED),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(facts, field, words, enterprise, operator, as_user):
    entry = {"period": "202608", "turnover": "1", "cost": "0"} | facts
    page = add(as_user(operator), "result-add", enterprise, **entry)
    assert page.context["form"].errors == {field: [words]}
    assert not MonthlyResult.objects.exists()


def test_a_month_stands_once(enterprise, operator, as_user):
    made.result(enterprise, 202608)
    page = add(as_user(operator), "result-add", enterprise, period="202608", turnover="1", cost="0")
    words = "Bulan ini sudah tercatat untuk usaha ini. Ubah catatannya."
    assert page.context["form"].non_field_errors() == [words]


def test_a_product_of_another_enterprise_is_not_offered(enterprise, operator, as_user):
    other = made.product(build.enterprise(enterprise.member))
    page = add(as_user(operator), "result-add", enterprise, period="202608", turnover="1", cost="0", product=other.pk)
    assert "product" in page.context["form"].errors


def test_editing_a_month_leaves_both_figures_in_the_history_of_the_page(enterprise, operator, as_user):
    client, result = as_user(operator), made.result(enterprise, 202608, 500_000, 300_000)
    facts = {"period": "202607", "turnover": "550.000", "cost": "300.000"}
    page = client.post(reverse("result-edit", args=[result.pk]), facts, follow=True)
    result.refresh_from_db()
    assert (result.period, result.turnover) == (202608, 550_000)  # the month stands fixed
    change = Change.objects.get()
    assert (change.before, change.after) == ({"omzet": 500_000}, {"omzet": 550_000})
    assert list(page.context["changes"]) == [change]


@pytest.mark.parametrize("fields", [{"period": 202613}, {"period": 199901}, {"turnover": -1}])
def test_the_model_itself_refuses_what_no_month_can_be(fields, enterprise):
    row = made.result(enterprise)
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError):
        row.full_clean()


def test_the_database_refuses_a_second_row_of_a_month(enterprise):
    made.result(enterprise)
    with pytest.raises(IntegrityError):
        made.result(enterprise)


# the page


def page_of(client, enterprise):
    return client.get(enterprise.get_absolute_url())


def test_the_page_sets_the_same_months_of_two_years_side_by_side(enterprise, operator, as_user):
    for period, turnover in ((202507, 400_000), (202508, 400_000), (202607, 450_000), (202608, 550_000)):
        made.result(enterprise, period, turnover)
    made.result(enterprise, 202603, 1_000_000)
    text = " ".join(page_of(as_user(operator), enterprise).content.decode().split())
    assert (
        '<b class="t-ok">25,0%</b> dari setahun sebelumnya: <span class="rp">Rp1.000.000</span> banding '
        '<span class="rp">Rp800.000</span> pada 2 bulan yang sama.' in text
    )


def test_a_month_that_lost_has_a_real_minus(enterprise, operator, as_user):
    made.result(enterprise, 202608, 100_000, 250_000)
    assert ">−150.000<" in page_of(as_user(operator), enterprise).content.decode()


def test_the_twelve_months_end_with_the_last_closed_one_unless_the_running_one_is_recorded(
    enterprise, operator, as_user
):
    client = as_user(operator)
    assert page_of(client, enterprise).context["last_month"] == "Agu 2026"
    made.result(enterprise, 202609)
    context = page_of(client, enterprise).context
    assert (context["first_month"], context["last_month"]) == ("Okt 2025", "Sep 2026")


def test_the_chart_says_in_words_what_it_shows(enterprise, operator, as_user):
    made.result(enterprise, 202608, 500_000)
    page = page_of(as_user(operator), enterprise).content.decode()
    assert 'role="img" aria-label="Omzet sebulan dari Sep 2025 sampai Agu 2026, jumlah Rp500.000.' in page
    assert page.count("<rect") == 1 + page.split('class="cols"')[0].count("<rect")
    assert page.count('<line class="gap"') == 11


def test_the_page_costs_the_same_queries_for_any_number_of_rows(
    enterprise, operator, as_user, django_assert_num_queries
):
    client = as_user(operator)
    for months in (range(202601, 202602), range(202602, 202609)):
        for period in months:
            made.result(enterprise, period, product=made.product(enterprise, name=f"kain {period}"))
            made.permit(enterprise, number=str(period))
        with django_assert_num_queries(11):
            page_of(client, enterprise)


def test_who_may_not_edit_sees_no_links_to_do_so(enterprise, district_officer, as_user):
    made.result(enterprise)
    made.product(enterprise)
    page = page_of(as_user(district_officer), enterprise).content.decode()
    assert ("/ubah/" in page, "Tambah produk" in page) == (False, False)
