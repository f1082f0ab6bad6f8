"""The guides are found by what one wants to do: an index that leads to each, and links that land on a heading."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "docs/panduan"
INDEX = FOLDER / "README.md"
GUIDES = sorted(FOLDER.glob("*.md"))


def anchors_of(page: Path) -> set[str]:
    """As a page's headings are addressed: small letters, blanks as hyphens, other signs left out."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_of(page: Path) -> list[tuple[str, str]]:
    """(file, anchor) of each link to another guide."""
    return re.findall(r"\]\(([\w-]+\.md)(?:#([\w-]+))?\)", page.read_text(encoding="utf-8"))


def test_the_index_leads_to_every_guide():
    assert {name for name, _ in links_of(INDEX)} == {page.name for page in GUIDES if page != INDEX}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_link_between_guides_lands_on_a_heading(page):
    missing = [(name, anchor) for name, anchor in links_of(page) if anchor and anchor not in anchors_of(FOLDER / name)]
    assert missing == []
