"""Where the bytes lie: under MEDIA_ROOT, named by a random key alone. Nothing but `views` serves this folder."""

import os
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from accounts.attachments.contents import Content


def keep(uuid: UUID, content: Content) -> None:
    """Writes the file and its thumbnail, down to the disk: a row is committed only after its bytes are safe."""
    _write(path_of(uuid), content.main)
    if content.thumbnail:
        _write(path_of(uuid, small=True), content.thumbnail)


def drop(uuid: UUID) -> None:
    path_of(uuid).unlink(missing_ok=True)
    path_of(uuid, small=True).unlink(missing_ok=True)


def open_file(uuid: UUID, *, small: bool = False) -> IO[bytes]:
    return path_of(uuid, small=small).open("rb")


def path_of(uuid: UUID, *, small: bool = False) -> Path:
    return Path(settings.MEDIA_ROOT) / uuid.hex[:2] / (f"{uuid.hex}-kecil" if small else uuid.hex)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "xb", opener=_for_owner_alone) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
