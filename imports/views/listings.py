"""Lists of lower rooms, which this one lends the question what came in with an import: ?impor=17."""

from enterprises.views import EnterpriseListing
from imports.filters import EnterpriseCameInFilter, MemberCameInFilter, ReceiptCameInFilter, VoucherCameInFilter
from loans.views.loans import MemberMoneyListing
from loans.views.receipts import ReceiptListing
from loans.views.vouchers import VoucherListing


class CameInMembers(MemberMoneyListing):
    filter_class = MemberCameInFilter


class CameInReceipts(ReceiptListing):
    filter_class = ReceiptCameInFilter


class CameInVouchers(VoucherListing):
    filter_class = VoucherCameInFilter


class CameInEnterprises(EnterpriseListing):
    filter_class = EnterpriseCameInFilter
