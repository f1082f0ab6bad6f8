"""What the access test holds every page against: URL name → which row its key names, and the status by role."""

from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse

from accounts.attachments.carriers import place_of
from tests import build
from tests.enterprises.build import with_details
from up2k_portal.lib.access import Role

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
