"""What the access test holds every page against: URL name → which row its key names, and the status by role."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from accounts.attachments.carriers import place_of
from accounts.models import ReadToken
from loans.models import Handover, PaudTeacher, Settlement, SurplusDistribution
from reports.models import FormVersion, SentFile
from tests import build
from tests.enterprises.build import with_details
from tests.imports import build as build_imports
from tests.loans import build_book, build_entrusted, build_life
from tests.reports import build_reports
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
VERIFY = ENTRUST = "200 200 200 403 403"
# A kecamatan has the action (in villages it assists), but here not on this village: 404, as for a foreign row.
REGISTRY_ROW, MONEY_ROW = "200 404 200 200 403", "200 404 403 403 403"

# URL name → (which row its pk names, status by role on an own row)
TABLE = {
    "home": ("", SEE),
    "search": ("", SEE),
    "first-steps": ("", "302 302 302 302 302"),
    "simulation": ("", SEE),
    "password": ("", SEE),
    "export": ("", SEE),
    "books": ("group", PEOPLE),
    "book": ("group", PEOPLE),
    "book-loans": ("group", PEOPLE),
    "book-sizes": ("group", PEOPLE),
    "book-bundle": ("group", PEOPLE),
    "book-receipts": ("group", PEOPLE),
    "export-download": ("", SEE),
    "indicators": ("", SEE),
    "figure-groups": ("", SEE),
    "figure-rows": ("group", PEOPLE),
    "definitions": ("", SEE),
    "open-data": ("", SEE),
    "exports": ("", SEE),
    "export-file": ("export", "404 404 404 404 404"),  # its owner's alone: tests/reports/test_exports.py
    "export-retry": ("export", "404 404 404 404 404"),
    "export-delete": ("export", "404 404 404 404 404"),
    "tokens": ("", SEE),
    "token-add": ("", SEE),
    "token-revoke": ("token", "404 404 404 404 404"),  # its owner's alone: tests/accounts/test_tokens.py
    "village-report": ("reported", SEE),
    "report-changes": ("reported", SEE),
    "report-changed": ("", SEE),
    "check-file": ("", SEE),
    "narrative": ("", SEE),
    "narrative-print": ("", SEE),
    "narrative-file": ("", SEE),
    "narrative-edit": ("", PEOPLE),
    "narrative-final": ("", PEOPLE),
    "narrative-reopen": ("", PEOPLE),
    "report-verify": ("reported", "403 200 200 403 403"),
    "report-approve": ("reported", "403 403 200 200 403"),
    "report-return": ("reported", "403 200 200 200 403"),
    "report-withdraw": ("reported", "200 404 403 403 403"),
    "report-queue": ("", "403 200 200 200 403"),
    "report-bulk-approve": ("", "403 403 302 302 403"),
    "report-sendings": ("", SETTINGS),
    "report-send": ("", SETTINGS),
    "report-rules": ("", SETTINGS),
    "report-rule-add": ("", SETTINGS),
    "report-rule": ("", SETTINGS),
    "sent-file": ("sent_file", "404 404 200 200 200"),
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
    "member-settle": ("member", MONEY_ROW),
    "settlement": ("settlement", PEOPLE),
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
    "waiting-list": ("group", PEOPLE),
    "loan-list": ("", PEOPLE),
    "loan": ("loan", PEOPLE),
    "loan-card": ("loan", PEOPLE),
    "loan-new": ("", "200 200 403 403 403"),
    "loan-propose": ("member", MONEY_ROW),
    "loan-propose-poklak": ("poklak", MONEY_ROW),
    "loan-disburse": ("proposal", MONEY_ROW),
    "loan-withdraw": ("proposal", MONEY_ROW),
    "loan-verify": ("proposal", VERIFY),
    "loan-approve": ("proposal", APPROVE),
    "loan-reject": ("proposal", APPROVE),
    "loan-reschedule": ("loan", APPROVE),
    "reschedule-undo": ("reschedule", APPROVE),
    "loan-waive": ("loan", MONEY_ROW),
    "loan-write-off": ("loan", APPROVE),
    "loan-recovery": ("loan", MONEY_ROW),
    "loan-credit-back": ("loan", MONEY_ROW),
    "shift-list": ("", PEOPLE),
    "shift-new": ("", APPROVE),
    "shift": ("shift", PEOPLE),
    "shift-letter": ("shift", PEOPLE),
    "shift-undo": ("shift", APPROVE),
    "quality": ("", PEOPLE),
    "quality-loans": ("", PEOPLE),
    "poklak-arrears": ("poklak", PEOPLE),
    "follow-up-list": ("", PEOPLE),
    "follow-up-add": ("loan", MONEY_ROW),
    "loan-payoff": ("loan", MONEY_ROW),
    "loan-payoff-paper": ("loan", PEOPLE),
    "payment-pick": ("", "200 200 403 403 403"),
    "payment-add": ("loan", MONEY_ROW),
    "receipt-list": ("", PEOPLE),
    "receipt": ("receipt", PEOPLE),
    "receipt-paper": ("receipt", PEOPLE),
    "receipt-reverse": ("receipt", "200 200 200 403 403"),  # the old ones are the kecamatan's
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
    "opening": ("group", PEOPLE),
    "opening-start": ("group", MONEY_ROW),
    "opening-figures": ("opening", MONEY_ROW),
    "opening-savings": ("opening", MONEY_ROW),
    "opening-loan-add": ("opening", MONEY_ROW),
    "opening-capital-add": ("opening", MONEY_ROW),
    "opening-open": ("opening", MONEY_ROW),
    "opening-take-back": ("opening", "403 302 302 403 403"),  # a draft: only shown
    "opening-line-edit": ("opening_line", MONEY_ROW),
    "opening-line-remove": ("opening_line", MONEY_ROW),
    "book-import": ("group", MONEY_ROW),
    "book-import-check": ("book_import", MONEY_ROW),
    "book-import-undo": ("used_book_import", MONEY_ROW),
    "confirmations": ("group", PEOPLE),
    "confirmation-slips": ("group", PEOPLE),
    "confirmation-answers": ("group", MONEY_ROW),
    "handovers": ("group", PEOPLE),
    "handover-new": ("group", APPROVE),
    "handover-draft": ("group", PEOPLE),
    "handover-paper": ("handover", PEOPLE),
    "loan-agreement": ("loan", MONEY_ROW),
    "receipt-paper-58": ("receipt", PEOPLE),
    "receipt-sheet": ("receipt", PEOPLE),
    "loan-agreement-sheet": ("loan", MONEY_ROW),
    "report-card": ("group", SEE),
    "sheet-start": ("", "200 200 403 403 403"),
    "sheet": ("group", MONEY_ROW),
    "sheet-print": ("group", MONEY_ROW),
    "queue": ("", SEE),
    "queue-file": ("", "403 200 200 403 403"),
    "offline-me": ("", SEE),
    "offline-data": ("", "200 200 403 403 403"),
    "offline-send": ("", "405 405 403 403 403"),
    "surplus": ("group", PEOPLE),
    "surplus-scheme": ("group", MONEY_ROW),
    "surplus-draft": ("group", MONEY_ROW),
    "paud-teachers": ("group", PEOPLE),
    "paud-teacher-add": ("group", MONEY_ROW),
    "paud-teacher-edit": ("teacher", MONEY_ROW),
    "surplus-year": ("distribution", PEOPLE),
    "surplus-weights": ("distribution", MONEY_ROW),
    "surplus-approve": ("distribution", "200 200 200 403 403"),  # another person in the village, or the kecamatan
    "surplus-pay": ("distribution", MONEY_ROW),
    "surplus-take-back": ("distribution", APPROVE),
    "surplus-minutes": ("distribution", PEOPLE),
    "saving-list": ("", PEOPLE),
    "saving-book": ("member", PEOPLE),
    "saving-deposit": ("member", MONEY_ROW),
    "saving-withdraw": ("member", MONEY_ROW),
    "member-credit-back": ("member", MONEY_ROW),
    "money-rules": ("group", SEE),
    "money-rules-edit": ("group", GROUPS),
    "village-rules": ("village", SEE),
    "village-rules-edit": ("village", REGISTRY_ROW),
    "saving-terms-add": ("group", GROUPS),
    "saving-terms-edit": ("saving_terms", GROUPS),
    "member-paste": ("group", REGISTRY_ROW),
    "member-paste-template": ("", "200 200 200 200 403"),
    "bulk-entry": ("entry", REGISTRY_ROW),
    "bulk-undo": ("entry", REGISTRY_ROW),
    "entrusted-list": ("", PEOPLE),
    "entrusted-new": ("", "302 302 302 403 403"),
    "entrusted-add": ("group", ENTRUST),
    "entrusted": ("entrusted", PEOPLE),
    "entrusted-type": ("entrusted", APPROVE),
    "entrusted-record": ("entrusted", ENTRUST),
    "entrusted-return": ("entrusted", ENTRUST),
    "entrusted-refuse": ("entrusted", APPROVE),
    "imports": ("", PEOPLE),
    "import-new": ("", PEOPLE),
    "import-template": ("", "200 302 302 302 403"),
    "import": ("imported", PEOPLE),
    "import-file": ("imported", REGISTRY_ROW),
    "import-save": ("imported", "302 404 302 302 403"),
    "import-resume": ("imported", "302 404 302 302 403"),
    "import-slips": ("imported", "302 404 302 302 403"),
    "import-undo": ("imported", REGISTRY_ROW),
    "import-discard": ("imported", "302 404 302 302 403"),
    "report-board": ("", SEE),
    "report-villages": ("", SEE),
    "report-reminders": ("", SEE),
    "report-calendar": ("", SEE),
    "report-calendar-edit": ("regency", SETTINGS),
    "report-due-day": ("regency", SETTINGS),
    "due-exception-list": ("", SEE),
    "due-exception-add": ("", APPROVE),
    "form-versions": ("", SETTINGS),
    "form-version-add": ("", SETTINGS),
    "form-variant": ("", SETTINGS),
    "form-version": ("form_version", SETTINGS),
    "form-version-preview": ("form_version", "403 403 403 302 403"),
    "form-version-force": ("form_version", SETTINGS),
    "form-layout": ("", SETTINGS),
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
# See accounts/test_login.py, loans/test_receipt_codes.py.
OPEN = {
    "login", "demo-login", "logout", "check", "receipt-check", "offline-shell", "service-worker", "manifest",
    "help", "help-guide", "practice",
}  # fmt: skip
TOLD = {"offline-me", "offline-data", "offline-send"}  # JSON, which says 401 to a stranger: loans/field/test_json.py
PAPERS = {name for name in TABLE if name.startswith("book-")} | {
    "sheet-print",
    "group-books",
    "meeting-minutes",
    "meeting-attendance",
    "production-book",
    "voucher-paper",
    "cash-book",
    "cash-count-paper",
    "settlement",
    "loan-payoff-paper",
    "shift-letter",
    "surplus-minutes",
    "confirmation-slips",
    "handover-draft",
    "handover-paper",
    "loan-agreement",
    "receipt-paper-58",
    "receipt-sheet",
    "loan-agreement-sheet",
    "report-card",
}
LISTS = (
    "meeting-list",
    "inventory-list",
    "letter-list",
    "administration",
    "entrusted-list",
    "group-list",
    "member-list",
    "income-list",
    "enterprise-list",
    "loan-list",
    "quality-loans",
    "follow-up-list",
    "receipt-list",
    "voucher-list",
    "saving-list",
)
READ = PAPERS | {
    "figure-rows",
    "entrusted",
    "sheet",
    "sent-file",
    "export-file",
    "import",
    "import-file",
    "books",
    "book",
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
    "waiting-list",
    "poklak-arrears",
    "money-rules",
    "village-rules",
    "opening",
    "surplus",
    "confirmations",
    "handovers",
    "surplus-year",
    "paud-teachers",
    "shift",
    "file",
    "file-small",
    "form-version",
}
VERBS = [name for name, (kind, _) in TABLE.items() if kind and name not in READ]


QUERIES = {"report-rule": "?kode=cash", "form-layout": "?formulir=r-3"}  # what a page needs besides its path
REPORT_PAGES = {
    "village-report",
    "report-changes",
    "report-verify",
    "report-approve",
    "report-return",
    "report-withdraw",
}


def args_of(name: str, pk) -> list:
    """What the URL of a page takes: the key of its row, and which book where it shows one."""
    if name in REPORT_PAGES:
        return [pk, "2026-TW2"]
    if name in ("sheet", "sheet-print"):
        return [pk, "2026-09-25"]
    return [pk, "buku-simpanan"] if name == "book" else [pk]


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
    entrusted: object

    @property
    def village(self):
        return self.group.village

    @property
    def regency(self):
        return self.village.district.regency

    @property
    def reported(self):
        """A village with a submitted report, which its pages name by."""
        if not self.village.reports.exists():
            build_reports.kept(self.village)
        return self.village

    @property
    def sent_file(self):
        return SentFile.objects.first() or build_reports.sent_file(self.village.district.regency)

    @property
    def form_version(self):
        found = FormVersion.objects.filter(regency=self.regency).first()
        return found or build_reports.form_version(self.regency)

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
    def opening_line(self):
        """A figure of the group's draft, as its group would have it before any money was recorded."""
        return build.opening_line(self.group)

    @property
    def opening(self):
        """The group of a draft, which its pages name by."""
        return self.opening_line.opening.group

    @property
    def book_import(self):
        return build_book.kept(self.group)

    @property
    def used_book_import(self):
        return build_book.kept(self.group, used_at=timezone.now(), used_by=build.user())

    @property
    def imported(self):
        """A workbook of one member that was saved, another of its rows refused."""
        return build_imports.done(self.group)

    @property
    def settlement(self):
        """The paper of a member who left without money in the group."""
        gone = build.member(self.group)
        facts = {"saved": 0, "paid_on_loans": 0, "paid_out": 0, "still_owed": 0}
        return Settlement.objects.create(village=self.village, member=gone, on=gone.joined_on, **facts)

    @property
    def reschedule(self):
        return build_life.reschedule_row(self.loan)

    @property
    def shift(self):
        """A decision for the village, without loans."""
        return build_life.decision(self.group)

    @property
    def distribution(self):
        """The draft of a year's surplus."""
        return SurplusDistribution.objects.get_or_create(group=self.group, village=self.village, year=2025)[0]

    @property
    def handover(self):
        """The signed paper of one treasurer's going and another's coming."""
        count, facts = self.cash_count, {"group": self.group, "village": self.village, "office": "bendahara"}
        left = build.officer(self.group, "bendahara", "Siti", since=date(2014, 1, 1), until=date(2014, 12, 31))
        came = build.officer(self.group, "bendahara", "Nor", since=date(2015, 1, 1), until=date(2015, 12, 31))
        return Handover.objects.create(**facts, on=came.since, outgoing=left, incoming=came, cash_count=count)

    @property
    def teacher(self):
        return PaudTeacher.objects.get_or_create(
            group=self.group, village=self.village, institution="PAUD Melati", name="Siti"
        )[0]

    @property
    def export(self):
        """A download that another person asked for."""
        return build_reports.export(self.village)

    @property
    def token(self):
        """Another person's read token."""
        facts = {"name": "dasbor", "digest": "0" * 64, "hint": "abcd", "expires_on": date(2026, 12, 31)}
        return ReadToken.objects.first() or ReadToken.objects.create(**facts, user=build.user())

    @property
    def file(self):
        """A photo, which its key names and not its number."""
        return SimpleNamespace(pk=self.photo.uuid)

    @property
    def carrier(self):
        return SimpleNamespace(pk=place_of(self.member))

    def url(self, name: str) -> str:
        kind, _ = TABLE[name]
        query = (
            f"?period=2026-TW2&area={self.group.village.code}" if name == "export-download" else QUERIES.get(name, "")
        )
        return reverse(name, args=args_of(name, getattr(self, kind).pk) if kind else []) + query


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
        entrusted=build_entrusted.sheet(group),
    )
