"""What the demo keeps outside the repository: its secret key and the password of its users.

The demo listens on the loopback address only. A real installation sets SECRET_KEY and never comes here.
"""

import os
import secrets
from pathlib import Path

WORDS = ("itik", "purun", "bordir", "lampit", "telur", "rawa", "jukung", "haruan", "wadai", "sasirangan")


def state_dir() -> Path:
    """The folder of this user's own state: UP2K_STATE, else where the system keeps such things."""
    if chosen := os.environ.get("UP2K_STATE"):
        return Path(chosen)
    home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(home) / "up2k_portal"


def kept(name: str, make) -> str:
    """The text kept under `name`, made once by `make()` and readable by its owner alone."""
    path = state_dir() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="utf-8")
        os.replace(fresh, path)  # two starts at once: the last one wins whole, none reads half a key
    return path.read_text(encoding="utf-8").strip()


def secret_key() -> str:
    return kept("secret-key", lambda: secrets.token_urlsafe(64))


def password() -> str:
    """The demo users' password: easy to type on a phone, different on every machine."""
    return os.environ.get("DEMO_PASSWORD") or kept(
        "demo-password",
        lambda: "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(9000) + 1000}",
    )
