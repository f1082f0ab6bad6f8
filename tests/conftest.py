"""The actors: three by name, and a village that is not theirs."""

from datetime import date

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite

from loans import guards
from tests import build
from up2k_portal.lib import dates
from up2k_portal.lib.access import Role

TODAY = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Every test lives on 30 September 2026: no test may pass only on some days."""
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: TODAY)


@pytest.fixture(autouse=True, scope="session")
def _flush_without_guards():
    """SQLite empties tables by DELETE, which the ledger's guards refuse: off before a flush, which makes them anew."""
    flush = Sqlite.ops_class.execute_sql_flush

    def execute(self, sql_list):
        guards.drop_guards(using=self.connection.alias)
        flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sqlite.ops_class, "execute_sql_flush", execute)
        yield


@pytest.fixture
def pandulangan(db):
    return build.village()


@pytest.fixture
def elsewhere(db):
    """The other Pandulangan, in another kecamatan."""
    return build.village(build.OTHER_PANDULANGAN)


@pytest.fixture
def group(pandulangan):
    return build.group(pandulangan, name="UP2K As Syifa")


@pytest.fixture
def member(group):
    return build.member(group, name="Norhasanah")


@pytest.fixture
def operator(pandulangan):
    return build.user(Role.OPERATOR, pandulangan.code, username="63.08.03.2014", name="Rahmah")


@pytest.fixture
def district_officer(pandulangan):
    return build.user(Role.DISTRICT, "63.08.03", username="63.08.03", name="Salamah")


@pytest.fixture
def staff(db):
    return build.user(Role.STAFF, "63.08", username="63.08", name="Noor Hayati")


@pytest.fixture
def regency_admin(db):
    return build.user(Role.ADMIN, "63.08", username="admin", name="Mastura")


@pytest.fixture
def province_reader(db):
    return build.user(Role.PROVINCE, "63", username="63", name="Hj. Rusdiana")


@pytest.fixture
def as_user(client):
    """A client signed in as the given user."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
