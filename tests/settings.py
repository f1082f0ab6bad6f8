"""The portal's settings under test: the same on every machine, whatever its environment says.

Only DATABASE_URL is taken from outside, so that the suite runs on PostgreSQL too.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

SCRATCH = TemporaryDirectory(prefix="up2k-tests-")  # gone when the tests end
os.environ.update(
    SECRET_KEY="only-for-tests-" + "x" * 50,
    DEMO="0",
    DEBUG="0",
    HTTPS="0",
    ALLOWED_HOSTS="localhost,127.0.0.1",
    CSRF_TRUSTED_ORIGINS="",
    HELP_PHONE="",
    MEDIA_ROOT=str(Path(SCRATCH.name) / "media"),
    FILES_PER_VILLAGE_MB="500",
    EXPORTS_KEPT_DAYS="7",
    IMPORTS_KEPT_DAYS="30",
    UP2K_STATE=SCRATCH.name,
)

from up2k_portal.settings import *  # noqa: E402, F403
from up2k_portal.settings import DATABASES, STORAGES  # noqa: E402

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # done where it is asked for
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a login in microseconds
# Static files straight from their folders: no collectstatic before a test.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

if os.environ.get("UP2K_SYSTEM") == "1" and "sqlite" in DATABASES["default"]["ENGINE"]:
    # A browser and its server share a database as in real life: a file, not one connection's memory.
    DATABASES["default"]["TEST"] = {"NAME": Path(SCRATCH.name) / "test.sqlite3"}
