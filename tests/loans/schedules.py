"""Short words for agreed terms and what a schedule makes of them."""

from datetime import date
from decimal import Decimal

import pytest

from loans.schedule import (
    Difference,
    Method,
    RoundWhat,
    ScheduleError,
    Terms,
    build,
)

START = date(2026, 1, 31)
PARTS = {"round_what": RoundWhat.PARTS}
FIRST = {"difference": Difference.FIRST}


def terms(method, principal, rate, instalments, **more):
    return Terms(method, principal, Decimal(rate), instalments, **more)


def flat(principal, rate, instalments, **more):
    return terms(Method.FLAT, principal, rate, instalments, **more)


def declining(principal, rate, instalments, **more):
    return terms(Method.DECLINING, principal, rate, instalments, **more)


def annuity(principal, rate, instalments, **more):
    return terms(Method.ANNUITY, principal, rate, instalments, **more)


def bullet(principal, rate, instalments, **more):
    return terms(Method.BULLET, principal, rate, instalments, **more)


def amounts(agreed):
    return [(row.principal, row.service_fee) for row in build(agreed, START)]


def refusal(agreed, start=START):
    with pytest.raises(ScheduleError) as error:
        build(agreed, start)
    return str(error.value)
