from loans.models.ledger import Entry
from loans.models.loans import Instalment, Loan, LoanProduct
from loans.models.months import CashCount, MonthClosing, MonthException
from loans.models.receipts import Receipt, ReceiptPart
from loans.models.rules import MoneyRules, SavingTerms
from loans.models.vouchers import Voucher

__all__ = [
    "CashCount",
    "Entry",
    "Instalment",
    "Loan",
    "LoanProduct",
    "MoneyRules",
    "MonthClosing",
    "MonthException",
    "Receipt",
    "ReceiptPart",
    "SavingTerms",
    "Voucher",
]
