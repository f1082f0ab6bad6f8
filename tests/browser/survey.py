"""What is wrong with a page, as a table of rules on what the browser says of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
FACTS, WIDTH = ((HERE / name).read_text("utf-8") for name in ("facts.js", "width.js"))
PHONE, DESK = (320, 360, 1280), (1280,)
# Words that no Indonesian sentence of the portal has. "Filter", "status", "total", "normal" are Indonesian too,
# and so is "No" over a column of a book, which the script tells by the tab to the next heading.
ENGLISH = re.compile(
    r"""\b(?:
    the|and|of|to|by|is|are|was|not|or|from|with|for|this|that|your|you|please|all|any|none|
    save|add|edit|change|changed|delete|deleted|remove|search|home|log\ (?:in|out)|login|logout|welcome|password|
    username|user|yes|select|selected|choose|history|previous|next|first|last|submit|cancel|close|back|view|show|
    hide|go|today|yesterday|now|loading|error|results?|found|date|time|name|action|required|invalid|enter|
    download|upload|export|import|settings|help|page|member|group|loan|receipt|payment|amount|district|village|
    principal|service_fee|penalty|flat\ rate|true|false|null|undefined|nan|object|created|updated|active|inactive
    )\b(?![-\d])|\bNo\b(?![.\t])""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass
class Seen:
    """A page: what the script found on it, what the console said, what did not fit."""

    facts: dict
    console: list[str]
    wide: list[str] = field(default_factory=list)
    is_phone_first: bool = True


RULES: dict[str, Callable[[Seen], object]] = {
    "console": lambda seen: seen.console,
    "language": lambda seen: seen.facts["lang"] != "id" and seen.facts["lang"],
    "title": lambda seen: not re.fullmatch(r"\S.* \| Portal UP2K", seen.facts["title"]) and seen.facts["title"],
    "h1": lambda seen: seen.facts["headings"] != 1 and seen.facts["headings"],
    "wide": lambda seen: seen.wide,
    "small target": lambda seen: seen.is_phone_first and seen.facts["small"],
    "no focus ring": lambda seen: seen.facts["ringless"],
    "focus covered": lambda seen: seen.is_phone_first and seen.facts["covered"],
    "English": lambda seen: sorted(english_in(seen.facts["text"])),
}


def english_in(text: str) -> set[str]:
    return {found.group().lower() for found in ENGLISH.finditer(text)}


def faults(seen: Seen) -> dict[str, object]:
    """The rules that a page breaks, each with what broke it."""
    return {name: fault for name, rule in RULES.items() if (fault := rule(seen))}


def survey(page, url: str, widths: tuple[int, ...]) -> Seen:
    """Opens a page and looks at it; an error page may fail to load, nothing else may."""
    console: list[str] = []
    page.on("console", listen := lambda one: one.type in ("error", "warning") and console.append(one.text))
    page.set_viewport_size({"width": first_of(widths), "height": 760})
    answer = page.goto(url)
    seen = look_at(page, widths)
    page.remove_listener("console", listen)
    seen.console = [text for text in console if f"status of {answer.status}" not in text]
    return seen


def look_at(page, widths: tuple[int, ...] = (360,)) -> Seen:
    """Looks at the page that is open, at 360 px if it is made for phones; of the other widths only if it fits."""
    page.keyboard.press("Tab")  # from here on the focus is a keyboard's
    seen = Seen(page.evaluate(FACTS), console=[], is_phone_first=360 in widths)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 760})
        seen.wide += [f"at {width}: {fault}" for fault in page.evaluate(WIDTH)]
    page.set_viewport_size({"width": first_of(widths), "height": 760})
    return seen


def first_of(widths: tuple[int, ...]) -> int:
    return 360 if 360 in widths else widths[0]
