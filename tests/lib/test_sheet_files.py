"""The built files of the Lembar Setoran: what their parts give, and light enough for a weak signal."""

import gzip
import runpy
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"


def build_script() -> dict:
    return runpy.run_path(str(STATIC / "src/build.py"))


def test_the_sheets_style_is_what_its_part_gives():
    assert (STATIC / "sheet.css").read_text("utf-8") == build_script()["sheet_style"]()


def test_what_the_sheet_alone_needs_weighs_at_most_21_kilobytes():
    """Once: a phone keeps these files. The page itself with forty lines is below 5 KB."""
    assert sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in ("sheet.css", "sheet.js")) <= 21 * 1024
