from loans.models.ledger import Entry
from loans.models.life import LoanShare, Penalty, Reschedule, Settlement, SharePayment, ShiftDecision
from loans.models.loans import Instalment, Loan, LoanProduct
from loans.models.months import CashCount, MonthClosing, MonthException
from loans.models.opening import Opening, OpeningLine
from loans.models.receipts import Receipt, ReceiptPart
from loans.models.rules import MoneyRules, SavingTerms
from loans.models.vouchers import Voucher

__all__ = [
    "CashCount",
    "Entry",
    "Instalment",
    "Loan",
    "LoanProduct",
    "LoanShare",
    "MoneyRules",
    "MonthClosing",
    "MonthException",
    "Opening",
    "OpeningLine",
    "Penalty",
    "Receipt",
    "ReceiptPart",
    "Reschedule",
    "SavingTerms",
    "Settlement",
    "SharePayment",
    "ShiftDecision",
    "Voucher",
]
