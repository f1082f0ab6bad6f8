from loans.models.loans import Instalment, Loan, LoanProduct
from loans.models.receipts import Receipt, ReceiptPart

__all__ = ["Instalment", "Loan", "LoanProduct", "Receipt", "ReceiptPart"]
