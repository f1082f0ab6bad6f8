"""Every page of every role in a browser: sound, readable, reachable, Indonesian; and one payment by other ways."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse

from loans import services
from loans.models import Receipt
from tests import build
from tests.browser.conftest import act
from tests.browser.survey import DESK, PHONE, Seen, faults, survey
from tests.test_access import AREAS, LISTS, ROLES, TABLE, Rows
from up2k_portal.lib.access import Role
from villages.models import Member

pytestmark = pytest.mark.system

LONG = "Hj. Siti Rabiatul Adawiyah binti H. Muhammad Syahransyah"
ASKED = (
    "?method=flat&principal=1.000.000&rate=1,5&instalments=10&every=month&start=31-01-2026&grace=2&step=500"
    "&rounding=up&round_what=total&difference=last"
)
