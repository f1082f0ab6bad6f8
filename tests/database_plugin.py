"""`--database-only` leaves out the tests that cannot tell one database from another: those that ask for none.

pytest-django refuses the database to them, so on PostgreSQL they would only do again what they did on SQLite.
"""

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}  # the last: rows of a whole file


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="only tests that use the database")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if asks_for_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_for_the_database(item)])
    items[:] = kept


def asks_for_the_database(item) -> bool:
    names = getattr(item, "fixturenames", ())
    return not DATABASE.isdisjoint(names) or item.get_closest_marker("django_db") is not None
