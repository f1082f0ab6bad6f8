from loans.models.book_imports import BookImport
from loans.models.confirmations import Confirmation
from loans.models.entrusted import EntrustedSheet
from loans.models.field import Envelope, SheetAbsence, SheetDevice
from loans.models.handover import Handover
from loans.models.ledger import Entry
from loans.models.life import LoanShare, Penalty, Reschedule, Settlement, SharePayment, ShiftDecision
from loans.models.loans import Instalment, Loan, LoanProduct
from loans.models.months import CashCount, MonthClosing, MonthException, MonthLock
from loans.models.opening import Opening, OpeningLine
from loans.models.quality import AllowanceRate, CollectabilityLevel, CollectabilityScheme, FollowUp
from loans.models.receipts import Receipt, ReceiptPart
from loans.models.rules import MoneyRules, SavingTerms, VillageRules
from loans.models.surplus import (
    PaudTeacher,
    SurplusAllotment,
    SurplusDistribution,
    SurplusLine,
    SurplusPayment,
    SurplusPost,
    SurplusScheme,
)
from loans.models.vouchers import Voucher

__all__ = [
    "AllowanceRate",
    "BookImport",
    "CashCount",
    "CollectabilityLevel",
    "CollectabilityScheme",
    "Confirmation",
    "EntrustedSheet",
    "Entry",
    "Envelope",
    "FollowUp",
    "Handover",
    "Instalment",
    "Loan",
    "LoanProduct",
    "LoanShare",
    "MoneyRules",
    "MonthClosing",
    "MonthException",
    "MonthLock",
    "Opening",
    "OpeningLine",
    "PaudTeacher",
    "Penalty",
    "Receipt",
    "ReceiptPart",
    "Reschedule",
    "SavingTerms",
    "Settlement",
    "SharePayment",
    "SheetAbsence",
    "SheetDevice",
    "ShiftDecision",
    "SurplusAllotment",
    "SurplusDistribution",
    "SurplusLine",
    "SurplusPayment",
    "SurplusPost",
    "SurplusScheme",
    "VillageRules",
    "Voucher",
]
