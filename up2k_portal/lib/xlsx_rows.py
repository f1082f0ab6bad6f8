"""The rows of a workbook, read by a child process with limits of memory and time. Pure.

What is no .xlsx file, or is too large by its own directory, is refused before a child is started (`check_file`). A
child that dies takes nothing with it: the file was too large.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from up2k_portal.lib.xlsx_file import MEGABYTE, check_file
from up2k_portal.lib.xlsx_parts import FileError

MOST_OF_A_PART = 200 * MEGABYTE  # a sheet of 100,000 rows and 12 columns has 70
MEMORY = 512 * MEGABYTE
SECONDS = 60  # of processor time; 100,000 rows take some ten
WAITED = 900  # seconds by the clock: the reader of the rows may be slower than the child
DEAD = "Berkas terlalu besar atau terlalu rumit untuk dibaca. Bagi menjadi beberapa berkas, lalu kirim lagi."
ROOT = Path(__file__).resolve().parents[2]
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " from up2k_portal.lib.xlsx_child import main; main()"
)  # fmt: skip

Cell = tuple[str, str]  # kind (t text, n number, d day, f fault) and what stands there


@dataclass(frozen=True)
class Row:
    number: int
    is_hidden: bool
    cells: dict[int, Cell]  # by column from 1


@dataclass(frozen=True)
class Head:
    """A sheet, and the rows at its top."""

    name: str
    is_hidden: bool
    top: list[Row]


class Reader:
    """`with Reader(path) as book`: its sheets at once, the rows of one of them as they come.

    Raises FileError, an Indonesian sentence, for a file that is refused and for one that its child did not survive.
    """

    def __init__(self, path: Path, *, memory: int = MEMORY, seconds: int = SECONDS) -> None:
        with path.open("rb") as stream:
            check_file(stream, most_of_a_part=MOST_OF_A_PART)
        command = [sys.executable, "-I", "-c", START, str(ROOT), str(path), str(memory), str(seconds)]
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        )
        self.clock = Timer(WAITED, self.child.kill)
        self.clock.daemon = True

    def __enter__(self) -> "Reader":
        self.clock.start()
        try:
            told = self._next()
            self.sheets = [Head(name, is_hidden, [_row(row) for row in top]) for name, is_hidden, top in told["sheets"]]
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.clock.cancel()
        self.child.kill()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                with suppress(OSError):  # what it would still write is for a child that is gone
                    pipe.close()
        self.child.wait()

    def rows(self, sheet: Head, most: int) -> Iterator[Row]:
        """All rows of a sheet that hold something, in their order; once. Raises FileError for more than `most`."""
        if self.child.stdin is None:
            raise RuntimeError("the child has no ear")
        try:
            self.child.stdin.write(json.dumps({"sheet": self.sheets.index(sheet), "most": most}) + "\n")
            self.child.stdin.flush()
        except OSError:
            raise FileError(DEAD) from None
        while True:
            told = self._next()
            if isinstance(told, dict):
                return
            yield _row(told)

    def _next(self):
        line = self.child.stdout.readline() if self.child.stdout else ""
        if not line.endswith("\n"):  # it died in mid-sentence
            raise FileError(DEAD)
        told = json.loads(line)
        if isinstance(told, dict) and "error" in told:
            raise FileError(told["error"])
        return told


def _row(told: list) -> Row:
    number, is_hidden, cells = told
    return Row(number, is_hidden, {column: (kind, text) for column, kind, text in cells})
