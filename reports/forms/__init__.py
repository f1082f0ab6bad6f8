"""The official layouts, one JSON file per form: header texts and merges, columns, totals, signatures.

A layout is a version with its own number: a form that changes becomes a new file, never an edit.
Letters in braces are rows: {r} data row, {f} and {l} first and last data row, {t} total row.
Other braces are words that the writer fills in.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

Layout = dict[str, Any]


@cache
def layout(code: str) -> Layout:
    """The layout of a form by its file's name: "r-1", "rekap-kec", "4.22"; "_common" is what all share.

    The answer is shared between callers: read it, never change it.
    """
    path = Path(__file__).parent / f"{code}.json"
    return json.loads(path.read_text(encoding="utf-8"))
