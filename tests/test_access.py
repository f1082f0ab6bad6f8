"""Every URL × every role × an own and a foreign row. A URL that is missing from the table fails the first test."""

from dataclasses import dataclass
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.attachments.carriers import place_of
from accounts.models import Assignment, Change
from loans import services
from loans.models import Loan, Receipt
from tests import build
from tests.enterprises.build import with_details
from up2k_portal.lib.access import Role
from villages.models import Member

ROLES = (Role.OPERATOR, Role.DISTRICT, Role.STAFF, Role.ADMIN, Role.PROVINCE)
AREAS = {
    Role.OPERATOR: build.PANDULANGAN,
    Role.DISTRICT: "63.08.03",
    Role.STAFF: "63.08",
    Role.ADMIN: "63.08",
    Role.PROVINCE: "63",
}
# A village outside the area of each role.
FOREIGN = {
    Role.OPERATOR: build.OTHER_PANDULANGAN,
    Role.DISTRICT: build.OTHER_PANDULANGAN,
    Role.STAFF: "63.09.01.2001",
    Role.ADMIN: "63.09.01.2001",
    Role.PROVINCE: "62.01.01.2001",
}
SEE, PEOPLE = "200 200 200 200 200", "200 200 200 200 403"
REGISTRY, GROUPS = "200 403 200 200 403", "403 403 200 200 403"
SETTINGS = "403 403 403 200 403"
MONEY, APPROVE = "200 403 403 403 403", "403 200 200 403 403"
# A kecamatan has the action (in villages it assists), but here not on this village: 404, as for a foreign row.
REGISTRY_ROW, MONEY_ROW = "200 404 200 200 403", "200 404 403 403 403"

# URL name → (which row its pk names, status by role on an own row)
TABLE = {
    "home": ("", SEE),
    "search": ("", SEE),
    "simulation": ("", SEE),
    "password": ("", SEE),
    "export": ("", SEE),
    "export-download": ("", SEE),
    "group-list": ("", SEE),
    "group": ("group", SEE),
    "group-add": ("", GROUPS),
    "group-edit": ("group", GROUPS),
    "assessment-add": ("group", GROUPS),
    "poklak-add": ("group", REGISTRY_ROW),
    "poklak-edit": ("poklak", REGISTRY_ROW),
    "officer-appoint": ("group", GROUPS),
    "officer-edit": ("officer", GROUPS),
    "legal-status-add": ("group", GROUPS),
    "legal-status-edit": ("legal_status", GROUPS),
    "income-list": ("", PEOPLE),
    "income-pick": ("", PEOPLE),
    "income-add": ("member", REGISTRY_ROW),
    "income-edit": ("income", REGISTRY_ROW),
    "member-list": ("", PEOPLE),
    "member": ("member", PEOPLE),
    "member-new": ("", "302 302 302 302 403"),
    "member-add": ("group", REGISTRY_ROW),
    "member-edit": ("member", REGISTRY_ROW),
    "member-leave": ("member", REGISTRY_ROW),
    "member-transfer": ("member", GROUPS),
    "people-doubles": ("", GROUPS),
    "people-decisions": ("", GROUPS),
    "people-case": ("case", GROUPS),
    "people-merge": ("case", GROUPS),
    "people-dismiss": ("case", GROUPS),
    "people-undo": ("decision", GROUPS),
    "enterprise-list": ("", PEOPLE),
    "enterprise": ("enterprise", PEOPLE),
    "enterprise-new": ("", "302 302 302 302 403"),
    "enterprise-add": ("group", REGISTRY_ROW),
    "enterprise-edit": ("enterprise", REGISTRY_ROW),
    "product-add": ("enterprise", REGISTRY_ROW),
    "product-edit": ("product", REGISTRY_ROW),
    "permit-add": ("enterprise", REGISTRY_ROW),
    "permit-edit": ("permit", REGISTRY_ROW),
    "result-add": ("enterprise", REGISTRY_ROW),
    "result-edit": ("result", REGISTRY_ROW),
    "month-entry": ("group", REGISTRY_ROW),
    "production-book": ("group", PEOPLE),
    "meeting-list": ("", PEOPLE),
    "meeting": ("meeting", PEOPLE),
    "meeting-new": ("", "302 302 302 302 403"),
    "meeting-add": ("group", REGISTRY_ROW),
    "meeting-edit": ("meeting", REGISTRY_ROW),
    "meeting-minutes": ("meeting", PEOPLE),
    "meeting-attendance": ("meeting", PEOPLE),
    "inventory-list": ("", PEOPLE),
    "inventory": ("item", PEOPLE),
    "inventory-new": ("", "302 302 302 302 403"),
    "inventory-add": ("group", REGISTRY_ROW),
    "inventory-edit": ("item", REGISTRY_ROW),
    "letter-list": ("", PEOPLE),
    "letter": ("letter", PEOPLE),
    "letter-new": ("", "302 302 302 302 403"),
    "letter-add": ("group", REGISTRY_ROW),
    "letter-edit": ("letter", REGISTRY_ROW),
    "group-books": ("group", PEOPLE),
    "book-minutes": ("group", PEOPLE),
    "book-attendance": ("group", PEOPLE),
    "book-guests": ("group", PEOPLE),
    "book-activities": ("group", PEOPLE),
    "book-inventory": ("group", PEOPLE),
    "book-letters": ("group", PEOPLE),
    "administration": ("", SEE),
    "loan-list": ("", PEOPLE),
    "loan": ("loan", PEOPLE),
    "loan-card": ("loan", PEOPLE),
    "loan-new": ("", "200 200 403 403 403"),
    "loan-propose": ("member", MONEY_ROW),
    "loan-propose-poklak": ("poklak", MONEY_ROW),
    "loan-disburse": ("proposal", MONEY_ROW),
    "loan-withdraw": ("proposal", MONEY_ROW),
    "loan-approve": ("proposal", APPROVE),
    "loan-reject": ("proposal", APPROVE),
    "payment-pick": ("", "200 200 403 403 403"),
    "payment-add": ("loan", MONEY_ROW),
    "receipt-list": ("", PEOPLE),
    "receipt": ("receipt", PEOPLE),
    "receipt-paper": ("receipt", PEOPLE),
    "receipt-reverse": ("receipt", MONEY_ROW),
    "voucher-list": ("", PEOPLE),
    "voucher-new": ("", "302 302 403 403 403"),
    "voucher": ("voucher", PEOPLE),
    "voucher-paper": ("voucher", PEOPLE),
    "voucher-reverse": ("voucher", MONEY_ROW),
    "voucher-start": ("group", MONEY_ROW),
    "voucher-income": ("group", MONEY_ROW),
    "voucher-expense": ("group", MONEY_ROW),
    "voucher-capital": ("group", MONEY_ROW),
    "voucher-capital-back": ("group", MONEY_ROW),
    "voucher-transfer": ("group", MONEY_ROW),
    "cash-book": ("group", PEOPLE),
    "months": ("group", PEOPLE),
    "month-close": ("group", MONEY_ROW),
    "month-reopen": ("group", APPROVE),
    "month-exception": ("group", APPROVE),
    "cash-count-new": ("group", MONEY_ROW),
    "cash-count": ("cash_count", PEOPLE),
    "cash-count-paper": ("cash_count", PEOPLE),
    "saving-list": ("", PEOPLE),
    "saving-book": ("member", PEOPLE),
    "saving-deposit": ("member", MONEY_ROW),
    "saving-withdraw": ("member", MONEY_ROW),
    "money-rules": ("group", SEE),
    "money-rules-edit": ("group", GROUPS),
    "saving-terms-add": ("group", GROUPS),
    "saving-terms-edit": ("saving_terms", GROUPS),
    "member-paste": ("group", REGISTRY_ROW),
    "member-paste-template": ("", "200 200 200 200 403"),
    "bulk-entry": ("entry", REGISTRY_ROW),
    "bulk-undo": ("entry", REGISTRY_ROW),
    "region-list": ("", SETTINGS),
    "region": ("village", SETTINGS),
    "region-rename": ("village", SETTINGS),
    "region-recode": ("village", SETTINGS),
    "region-merge": ("village", SETTINGS),
    "region-split": ("village", SETTINGS),
    "file": ("file", PEOPLE),
    "file-small": ("file", PEOPLE),
    "file-remove": ("file", REGISTRY_ROW),
    "file-add": ("carrier", REGISTRY_ROW),
}
OPEN = {"login", "demo-login", "logout"}  # their own tests stand in accounts/test_login.py
PAPERS = {name for name in TABLE if name.startswith("book-")} | {
    "group-books",
    "meeting-minutes",
    "meeting-attendance",
    "production-book",
    "voucher-paper",
    "cash-book",
    "cash-count-paper",
}
LISTS = (
    "meeting-list",
    "inventory-list",
    "letter-list",
    "administration",
    "group-list",
    "member-list",
    "income-list",
    "enterprise-list",
    "loan-list",
    "receipt-list",
    "voucher-list",
    "saving-list",
)
READ = PAPERS | {
    "bulk-entry",
    "region",
    "meeting",
    "inventory",
    "letter",
    "group",
    "member",
    "people-case",
    "enterprise",
    "loan",
    "loan-card",
    "receipt",
    "receipt-paper",
    "voucher",
    "voucher-start",
    "cash-count",
    "months",
    "saving-book",
    "money-rules",
    "file",
    "file-small",
}
VERBS = [name for name, (kind, _) in TABLE.items() if kind and name not in READ]


@dataclass
class Rows:
    """One row of each kind in one village."""

    group: object
    poklak: object
    member: object
    officer: object
    legal_status: object
    income: object
    enterprise: object
    loan: object
    proposal: object
    receipt: object
    voucher: object
    cash_count: object
    saving_terms: object
    meeting: object
    item: object
    letter: object
    decision: object
    entry: object
    photo: object

    @property
    def village(self):
        return self.group.village

    @property
    def product(self):
        return self.enterprise.products.get()

    @property
    def permit(self):
        return self.enterprise.permits.get()

    @property
    def result(self):
        return self.enterprise.results.get()

    @property
    def case(self):
        """Two rows of members, which their page names by both."""
        return SimpleNamespace(pk=self.decision.pair)

    @property
    def file(self):
        """A photo, which its key names and not its number."""
        return SimpleNamespace(pk=self.photo.uuid)

    @property
    def carrier(self):
        return SimpleNamespace(pk=place_of(self.member))

    def url(self, name: str) -> str:
        kind, _ = TABLE[name]
        query = f"?period=2026-TW2&area={self.group.village.code}" if name == "export-download" else ""
        return reverse(name, args=[getattr(self, kind).pk] if kind else []) + query


def rows_in(code: str) -> Rows:
    group = build.group(build.village(code))
    return rows_of(group, build.member(group))


def rows_of(group, member, **fields) -> Rows:
    """One row of each kind around a group and a member; the loan, proposal and receipt may be given."""
    loan = fields.pop("loan", None) or build.loan(member)
    return Rows(
        group=group,
        poklak=build.poklak(group),
        member=member,
        officer=build.officer(group),
        legal_status=build.legal_status(group),
        income=build.income(member),
        enterprise=with_details(build.enterprise(member)),
        loan=loan,
        proposal=fields.pop("proposal", None) or build.proposal(member, 9_000_000),
        receipt=fields.pop("receipt", None) or build.payment(loan, 115_000, loan.disbursed_on),
        voucher=build.capital(group, on=loan.disbursed_on),
        cash_count=build.cash_count(group),
        saving_terms=build.saving_terms(group),
        meeting=build.meeting(group, present=[member], guests=["Noor"]),
        item=build.item(group),
        letter=build.letter(group),
        entry=build.bulk_entry(group),
        decision=build.decision(member, build.member(group)),
        photo=build.photo(member),
    )


def status_of(client, url: str) -> int:
    answer = client.get(url)
    assert b"".join(answer) or answer.status_code == 302  # a file is read to its end, which closes it
    return answer.status_code


def names_of(patterns) -> set[str]:
    found = set()
    for one in patterns:
        if isinstance(one, URLResolver) and one.namespace != "admin":
            found |= names_of(one.url_patterns)
        elif isinstance(one, URLPattern):
            found.add(one.name)
    return found


def test_every_url_stands_in_the_table():
    assert names_of(get_resolver().url_patterns) == set(TABLE) | OPEN


@pytest.fixture
def sign_in(client, db):
    def _sign_in(role):
        user = build.user(role, AREAS[role])
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _sign_in


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_on_its_own_rows_what_the_table_says(role, sign_in):
    rows, client = rows_in(build.PANDULANGAN), sign_in(role)
    expected = {name: int(statuses.split()[ROLES.index(role)]) for name, (_, statuses) in TABLE.items()}
    assert {name: status_of(client, rows.url(name)) for name in TABLE} == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_row_is_404_and_a_missing_right_403(role, sign_in):
    rows, client = rows_in(FOREIGN[role]), sign_in(role)
    names = [name for name, (kind, _) in TABLE.items() if kind]
    expected = {name: 403 if TABLE[name][1].split()[ROLES.index(role)] == "403" else 404 for name in names}
    assert {name: status_of(client, rows.url(name)) for name in names} == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_post_on_a_foreign_row_changes_nothing(role, sign_in):
    rows, client = rows_in(FOREIGN[role]), sign_in(role)
    before = Change.objects.count()
    facts = {
        "uuid": uuid4(),
        "amount": "50.000",
        "received_on": "30-09-2026",
        "save": "1",
        "name": "Bukan",
        "note": "x" * 20,
        "reason": "x" * 20,
        "reversed_on": "30-09-2026",
        "disbursed_on": "30-09-2026",
        "left_on": "30-09-2026",
        "left_reason": "pindah",
    }
    expected = {name: 403 if TABLE[name][1].split()[ROLES.index(role)] == "403" else 404 for name in VERBS}
    assert {name: client.post(rows.url(name), facts).status_code for name in VERBS} == expected
    assert Change.objects.count() == before


def test_a_foreign_row_and_one_that_does_not_exist_answer_alike(sign_in):
    rows, client = rows_in(build.OTHER_PANDULANGAN), sign_in(Role.OPERATOR)
    foreign = client.get(reverse("member", args=[rows.member.pk]))
    missing = client.get(reverse("member", args=[10**9]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_stranger_is_sent_to_the_login(name, client, db):
    kind, _ = TABLE[name]
    url = reverse(name, args=[uuid4() if kind == "file" else 1] if kind else [])
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"/masuk/?next={url}")


@pytest.mark.parametrize("name", LISTS)
def test_lists_filters_and_exports_show_no_foreign_row(name, sign_in):
    own, foreign = rows_in(build.PANDULANGAN), rows_in(build.OTHER_PANDULANGAN)
    client = sign_in(Role.OPERATOR)
    listed = client.get(reverse(name), {"format": "json"}).json()
    assert {row["village_code"] for row in listed["results"]} == {build.PANDULANGAN}
    page = client.get(reverse(name)).content.decode()
    for text in (foreign.group.name, foreign.member.name, "Kec. Banjang"):
        assert text not in page
    assert own.group.name in page or own.member.name in page


def test_a_foreign_area_gets_no_workbook(sign_in):
    client = sign_in(Role.OPERATOR)
    build.village()
    response = client.get(reverse("export-download"), {"period": "2026-TW2", "area": "63.08"})
    assert response.status_code == 404


def test_the_kecamatan_enters_money_only_for_villages_it_assists(sign_in):
    rows, client = rows_in(build.PANDULANGAN), sign_in(Role.DISTRICT)
    url = rows.url("payment-add")
    assert client.get(url).status_code == 404
    village = rows.group.village
    village.is_assisted = True
    village.save()
    assert client.get(url).status_code == 200


def test_who_serves_two_villages_sees_both_and_no_third(client, db):
    served = [build.PANDULANGAN, build.OTHER_PANDULANGAN]
    for code in (*served, "63.08.03.2001"):
        rows_in(code)
    client.force_login(build.user(Role.OPERATOR, *served), backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(reverse("loan-list"), {"format": "json"}).json()["results"]
    assert {row["village_code"] for row in listed} == set(served)


def test_a_closed_assignment_counts_at_the_next_request(sign_in):
    client = sign_in(Role.OPERATOR)
    build.village()
    assert client.get(reverse("member-list")).status_code == 200
    Assignment.objects.update(ends_on="2026-09-29")
    assert client.get(reverse("member-list")).status_code == 403


def test_a_foreign_group_smuggled_into_a_form_is_refused(sign_in):
    own, foreign = rows_in(build.PANDULANGAN), rows_in(build.OTHER_PANDULANGAN)
    client = sign_in(Role.OPERATOR)
    facts = {
        "group": foreign.group.pk,
        "name": "Selundupan",
        "sex": "P",
        "joined_on": "1-9-2026",
        "welfare": "poor",
        "nik_missing_reason": "belum rekam",
        "poklak": foreign.poklak.pk,
    }
    response = client.post(reverse("member-add", args=[own.group.pk]), facts)
    assert response.status_code == 200
    assert not Member.objects.filter(name="Selundupan").exists()


def test_a_foreign_product_cannot_be_lent_on(sign_in):
    own, foreign = rows_in(build.PANDULANGAN), rows_in(build.OTHER_PANDULANGAN)
    client = sign_in(Role.OPERATOR)
    before = Loan.objects.count()
    facts = {
        "uuid": uuid4(),
        "product": foreign.loan.product.pk,
        "principal": "500.000",
        "purpose": "x",
        "proposed_on": "1-9-2026",
    }
    response = client.post(reverse("loan-propose", args=[own.member.pk]), facts)
    assert (response.status_code, Loan.objects.count()) == (200, before)


def test_a_key_of_another_village_replays_nothing_of_it(db):
    own, foreign = rows_in(build.PANDULANGAN), rows_in(build.OTHER_PANDULANGAN)
    key, before = foreign.receipt.uuid, Receipt.objects.count()
    with pytest.raises(services.ValidationError):
        build.payment(own.loan, foreign.receipt.amount, foreign.receipt.received_on, uuid=key)
    assert Receipt.objects.count() == before
