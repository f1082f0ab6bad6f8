"""Where the bytes of exports lie: under MEDIA_ROOT, named by a random key alone. Nothing but `views` serves them."""

import os
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from django.conf import settings

FOLDER = "unduhan"


def keep(uuid: UUID, stream: IO[bytes]) -> tuple[int, str]:
    """Writes the stream whole, down to the disk, in place of an earlier one; returns its bytes and SHA-256."""
    path = path_of(uuid)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draf")
    stream.seek(0)
    with open(draft, "wb", opener=_for_owner_alone) as file:
        while piece := stream.read(1 << 20):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    with path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").hexdigest()


def drop(uuid: UUID) -> None:
    path_of(uuid).unlink(missing_ok=True)
    path_of(uuid).with_suffix(".draf").unlink(missing_ok=True)


def open_file(uuid: UUID) -> IO[bytes]:
    return path_of(uuid).open("rb")


def scratch() -> IO[bytes]:
    """A file that nobody else sees and that is gone when it is closed."""
    return TemporaryFile()


def path_of(uuid: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / uuid.hex


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
