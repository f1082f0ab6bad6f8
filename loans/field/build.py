"""Which build of the app's files this server serves: a telephone that has another one fetches it anew."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

OF_THE_APP = ("*.js", "*.css")


@cache
def build_name() -> str:
    """A short hash of the portal's own scripts and styles as they were when the server started."""
    base = Path(settings.BASE_DIR) / "static"
    digest = sha256()
    for path in sorted(one for pattern in OF_THE_APP for one in base.rglob(pattern)):
        digest.update(path.relative_to(base).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
