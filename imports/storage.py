"""Where workbooks that came in lie, and the lines read of them: under MEDIA_ROOT, named by a random key alone."""

import json
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from up2k_portal.lib.xlsx_parts import FileError

FOLDER = "impor"
MOST_OF_LINES = (
    192 * 1024 * 1024
)  # bytes; 100,000 full rows of members have 60. One shared text may stand in many cells
TOO_LONG = "Isi berkas terlalu besar untuk diperiksa sekaligus. Bagi menjadi beberapa berkas, lalu kirim satu per satu."


def keep(uuid: UUID, stream: IO[bytes]) -> tuple[int, str]:
    """Writes the workbook down to the disk; returns its bytes and SHA-256."""
    path = book_path(uuid)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = sha256(), 0
    stream.seek(0)
    with open(path, "wb", opener=_for_owner_alone) as file:
        while piece := stream.read(1 << 20):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def write_lines(uuid: UUID, lines: Iterable[dict]) -> None:
    """The lines in place of earlier ones, all or none. Raises FileError beyond MOST_OF_LINES."""
    path = lines_path(uuid)
    draft, written, encode = (
        path.with_suffix(".draf"),
        0,
        json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode,
    )
    try:
        with open(draft, "w", encoding="utf-8", opener=_for_owner_alone) as file:
            for line in lines:
                written += file.write(encode(line) + "\n")
                if written > MOST_OF_LINES:
                    raise FileError(TOO_LONG)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    os.replace(draft, path)


def read_lines(uuid: UUID) -> Iterator[dict]:
    with lines_path(uuid).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def drop(uuid: UUID) -> None:
    for path in (book_path(uuid), lines_path(uuid), lines_path(uuid).with_suffix(".draf")):
        path.unlink(missing_ok=True)


def book_path(uuid: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{uuid.hex}.xlsx"


def lines_path(uuid: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{uuid.hex}.jsonl"


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
