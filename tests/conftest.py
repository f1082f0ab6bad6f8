"""The actors: three by name, and a village that is not theirs."""

import gc
from contextlib import ExitStack
from datetime import date
from itertools import groupby

import pytest
from django.db import connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite

from loans import guards
from tests import build
from up2k_portal.lib import dates
from up2k_portal.lib.access import Role

TODAY = date(2026, 9, 30)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session):
    """Tests on kept rows come after the others of their file, to which these rows would be foreign."""
    files = [list(items) for _, items in groupby(session.items, key=lambda item: item.path)]
    session.items[:] = [item for items in files for item in sorted(items, key=_is_on_kept_rows)]
    # What was imported and collected stays until the end: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _is_on_kept_rows(item) -> bool:
    return "keep_rows" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True, scope="session")
def _today():
    """Every test lives on 30 September 2026: no test may pass only on some days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates.timezone, "localdate", lambda *args: TODAY)
        yield


@pytest.fixture(scope="module")
def keep_rows(django_db_setup, django_db_blocker):
    """Makes rows once for many tests of a file: a fixture of its module says `yield from keep_rows(build)`.

    What a test does to them is taken back after it, for its transaction lies inside the one of the rows. Python's
    objects know no transaction: what a test may change it takes as `copy.deepcopy(kept)`. At most one in a file, and
    none beside `django_db(transaction=True)`.
    """

    def keep(build):
        with django_db_blocker.unblock(), ExitStack() as undo:
            undo.enter_context(transaction.atomic())
            made = build()
            connection.check_constraints()  # here, not at the end of each test
            undo.callback(transaction.set_rollback, True)
            whole = undo.pop_all()
        yield made
        with django_db_blocker.unblock():
            whole.close()

    return keep


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
