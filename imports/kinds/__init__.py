"""The kinds of sheets that come in, each declared in a module of its own."""

from imports.kinds.base import Kind
from imports.kinds.members import MEMBERS, MEMBERS_OF_MANY
from imports.kinds.operators import OPERATORS
from imports.kinds.payments import PAYMENTS
from imports.kinds.results import RESULTS
from imports.kinds.running_loans import RUNNING_LOANS
from imports.kinds.savings import SAVINGS

KINDS: dict[str, Kind] = {
    kind.key: kind for kind in (MEMBERS, RESULTS, RUNNING_LOANS, PAYMENTS, SAVINGS, OPERATORS, MEMBERS_OF_MANY)
}
