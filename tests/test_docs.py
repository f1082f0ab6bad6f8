"""The documents say what the code does: access, files, commands, settings, buttons, pictures."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from up2k_portal.lib.access import MAY, MAY_WHERE_ASSISTED, Action, Role

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "deploy/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = [path for path in PAGES if path.parent.name == "panduan"]
LAUNCHER_WORDS = {"run", "test", "check", "format", "setup"}
DJANGO_WORDS = {"Tambah", "Tambahkan pengguna", "Tambahkan produk pinjaman", "Tambahkan Penugasan lagi", "Riwayat"}
PICTURES_AT_MOST = 1_500_000  # bytes


def each(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: str(page.relative_to(ROOT)))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def access_table() -> list[str]:
    """The rights in force as a table, a line each."""
    heads = ["perbuatan", "`Action`", *(role.label for role in Role)]
    return [
        f"| {' | '.join(heads)} |",
        f"|---|---|{':-:|' * len(Role)}",
        *(f"| {action} | `{action.name}` | {' | '.join(_mark(role, action) for role in Role)} |" for action in Action),
    ]


def _mark(role: Role, action: Action) -> str:
    if action in MAY[role]:
        return "ya"
    return "dibantu" if action in MAY_WHERE_ASSISTED.get(role, ()) else "–"


def test_the_printed_access_table_is_the_one_in_force():
    """After a change of rights: replace the table in docs/architecture.md by what this test expects."""
    printed = re.search(r"<!-- access table.*?-->(.*?)<!-- end -->", read(ROOT / "docs/architecture.md"), re.S)
    assert printed[1].strip().splitlines() == access_table()


@each(PAGES)
def test_every_link_and_picture_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)\)|src=\"([^\"]+)\"", read(page))
    local = ["".join(pair) for pair in targets if not "".join(pair).startswith(("http:", "https:"))]
    assert [target for target in local if not (page.parent / target).exists()] == []


@each(PAGES)
def test_every_file_that_a_page_names_exists(page):
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|css|js|json|md|toml|txt|in|env\.example))`", read(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


@each(PAGES)
def test_every_command_that_a_page_names_exists(page):
    words = set(re.findall(r"(?:\./up2k|manage\.py) ([a-z]\w*)", read(page)))
    assert words - LAUNCHER_WORDS - set(get_commands()) == set()


def test_every_variable_that_the_settings_read_is_explained():
    read_names = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", read(ROOT / "up2k_portal/settings.py")))
    explained = read(ROOT / "deploy/README.md")
    assert [name for name in sorted(read_names) if f"`{name}`" not in explained] == []


@pytest.fixture(scope="module")
def shown() -> str:
    """All words that the portal can show: its templates, its Python, its scripts, and the layouts of the forms."""
    apps = ("accounts", "villages", "enterprises", "loans", "imports", "reports", "up2k_portal")
    sources = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for app in apps for path in (ROOT / app).rglob("*.py")),
        *(ROOT / "static/offline").glob("*.js"),
        *(ROOT / "reports/forms").glob("*.json"),
    ]
    return "\n".join(map(read, sources))


@each(GUIDES)
def test_a_guide_prints_in_bold_only_words_that_stand_on_the_screen(page, shown):
    bold = set(re.findall(r"\*\*(.+?)\*\*", read(page)))
    assert [words for words in sorted(bold - DJANGO_WORDS) if words.lower() not in shown.lower()] == []


def test_every_picture_is_shown_and_all_together_are_light():
    pictures = list((ROOT / "docs/pictures").glob("*.png"))
    text = "".join(map(read, PAGES))
    assert [picture.name for picture in pictures if picture.name not in text] == []
    assert sum(picture.stat().st_size for picture in pictures) < PICTURES_AT_MOST


def test_decisions_are_numbered_without_a_gap_and_none_twice():
    numbers = sorted(int(path.name[:3]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
