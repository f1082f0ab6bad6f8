"""The village that a row carries is its group's; the audit finds every one that is not."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from loans.models import Loan
from tests import build
from villages.models import Member
from villages.models.placements import below_group


def test_every_kind_of_row_below_a_group_is_audited():
    assert {model.__name__ for model, _ in below_group()} == {
        "Attendance",
        "BookImport",
        "BulkEntry",
        "CashCount",
        "Confirmation",
        "Enterprise",
        "EntrustedSheet",
        "Entry",
        "Envelope",
        "FollowUp",
        "GroupAssessment",
        "GroupPlacement",
        "Guest",
        "Handover",
        "HouseholdIncome",
        "Instalment",
        "InventoryItem",
        "LegalStatus",
        "Letter",
        "Loan",
        "LoanProduct",
        "LoanShare",
        "Meeting",
        "Member",
        "MoneyRules",
        "MonthClosing",
        "MonthException",
        "MonthLock",
        "MonthlyResult",
        "Officer",
        "Opening",
        "OpeningLine",
        "PaudTeacher",
        "Penalty",
        "Permit",
        "Poklak",
        "Product",
        "Receipt",
        "ReceiptPart",
        "Reschedule",
        "SavingTerms",
        "Settlement",
        "SharePayment",
        "SheetAbsence",
        "SheetDevice",
        "SurplusAllotment",
        "SurplusDistribution",
        "SurplusLine",
        "SurplusPayment",
        "SurplusPost",
        "SurplusScheme",
        "Voucher",
    }


def test_rows_made_by_the_services_pass(member):
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    build.enterprise(member)
    said = StringIO()
    call_command("audit_scope", stdout=said)
    assert said.getvalue() == "Semua baris berada di desa kelompoknya.\n"


def test_a_row_in_the_wrong_village_is_named(member, elsewhere):
    loan = build.loan(member)
    Loan.objects.filter(pk=loan.pk).update(village=elsewhere)
    Member.objects.filter(pk=member.pk).update(village=elsewhere)
    said = StringIO()
    with pytest.raises(CommandError, match="2 baris berada di desa yang salah"):
        call_command("audit_scope", stdout=said)
    assert f"pinjaman {loan.pk}: tercatat di 63.08.07.2004, kelompoknya di 63.08.03.2014" in said.getvalue()
