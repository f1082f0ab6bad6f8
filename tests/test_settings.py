"""What the server does with its environment: it starts safe or not at all."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

KEY = "k" * 60


def start(**environment) -> subprocess.CompletedProcess:
    """`manage.py check` in an environment of its own."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", PRINT]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=clean | environment, capture_output=True, text=True)


PRINT = """
from django.conf import settings as s
engine = s.DATABASES["default"]["ENGINE"].rsplit(".")[-1]
print(s.DEBUG, s.ALLOWED_HOSTS, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, engine)
"""


@pytest.mark.parametrize("key", [None, "", "django-insecure-" + KEY, "short"])
def test_without_a_good_key_the_server_refuses_to_start(key):
    refused = start(**({} if key is None else {"SECRET_KEY": key}))
    assert refused.returncode == 1
    assert "SECRET_KEY belum diisi atau terlalu pendek" in refused.stderr


def test_with_a_key_it_starts_without_debug_and_without_redirect():
    assert start(SECRET_KEY=KEY, ALLOWED_HOSTS="up2k.example").stdout.split("\n")[0] == (
        "False ['up2k.example'] False False sqlite3"
    )


def test_https_is_asked_for_and_then_whole():
    assert start(SECRET_KEY=KEY, HTTPS="1").stdout.startswith("False ['localhost', '127.0.0.1', '[::1]'] True True")


def test_postgresql_is_one_variable_away():
    assert start(SECRET_KEY=KEY, DATABASE_URL="postgres://u:p@db/up2k").stdout.strip().endswith("postgresql")


@pytest.mark.parametrize(
    ("asked", "options"),
    [("", {"options": "-c jit=off"}), ("?sslmode=require", {"options": "-c jit=off", "sslmode": "require"})],
)
def test_postgresql_compiles_no_question_and_keeps_what_its_address_asks(asked, options):
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    environment |= {"SECRET_KEY": KEY, "DATABASE_URL": f"postgres://u:p@db/up2k{asked}"}
    told = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", told]
    shown = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert shown.stdout.strip() == str(options)


def test_the_demo_keeps_its_own_key_and_listens_to_this_machine_alone(tmp_path):
    first = start(DEMO="1", UP2K_STATE=str(tmp_path), ALLOWED_HOSTS="*")
    assert first.stdout.startswith("False ['localhost', '127.0.0.1', '[::1]']")
    key = (tmp_path / "secret-key").read_text()
    assert len(key) > 50
    start(DEMO="1", UP2K_STATE=str(tmp_path))
    assert (tmp_path / "secret-key").read_text() == key
    assert oct((tmp_path / "secret-key").stat().st_mode)[-3:] == "600"
