"""Makes static/up2k.css from Bootstrap's reset and the parts in this folder, and the scripts of the offline work from
idb and the parts in static/offline (development only).

Run `python static/src/build.py` after a change there; a test compares the results. One file is one request.
"""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESET = HERE.parent / "vendor/bootstrap-5.3.9/bootstrap-reboot.min.css"
PARTS = ("theme.css", "shell.css", "parts.css", "tables.css", "forms.css", "enterprises.css", "files.css", "bulk.css")
TARGET = HERE.parent / "up2k.css"
SHEET_STYLE = HERE.parent / "sheet.css"
OFFLINE = HERE.parent / "offline"
IDB = HERE.parent / "vendor/idb-8.0.3/umd.js"
# offline.js is on every page, offline-pages.js on those that also work without signal.
SCRIPTS = {
    HERE.parent / "offline.js": (
        IDB, *(OFFLINE / f"{name}.js" for name in ("store", "queue", "sender", "village", "banner", "register")),
    ),
    HERE.parent / "offline-pages.js": tuple(
        OFFLINE / f"{name}.js"
        for name in ("queue_acts", "views", "item_form", "queue_page", "payment", "receipt", "shell")
    ),
    # sheet.js on the page of the sheet and in the shell, after offline-pages.js.
    HERE.parent / "sheet.js": tuple(
        OFFLINE / f"{name}.js"
        for name in (
            "sheet_model", "sheet_rows", "sheet_more", "sheet_acts", "sheet_keys", "sheet_count", "sheet_along",
            "sheet_talk", "sheet_news", "sheet",
        )
    ),
}  # fmt: skip


def squeeze(css: str) -> str:
    """Without comments, indents and the blanks around braces, colons and commas that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return re.sub(r"(?<=[a-z-]): (?=[^{}]*[;}])", ":", css).replace(";}", "}").replace("}", "}\n").strip()


def sheet_style() -> str:
    """The sheet's own style, loaded by its page and the shell alone."""
    return squeeze((HERE / "sheet.css").read_text("utf-8")) + "\n"


def reset() -> str:
    """The reset with its licence head, without the pointer to a map that the built file has not."""
    return RESET.read_text("utf-8").split("/*# sourceMappingURL")[0].strip()


def built() -> str:
    parts = (squeeze((HERE / name).read_text("utf-8")) for name in PARTS)
    return "\n".join([reset(), "/* Built by static/src/build.py: edit the parts there. */", *parts]) + "\n"


def bare(script: str) -> str:
    """Without the comments that begin or end a line, and without indents. No text of ours goes over two lines."""
    script = re.sub(r"^ *" + re.escape("/*") + r".*?\*/ *\n", "", script, flags=re.S | re.M)
    script = re.sub(r" +/\*[^*\n]*\*/$", "", script, flags=re.M)
    return re.sub(r"^ +|\n(?=\n)", "", script, flags=re.M).strip()


def script(parts: tuple[Path, ...]) -> str:
    """The vendored part as it is: its licence lies beside it."""
    texts = (part.read_text("utf-8") for part in parts)
    bodies = [text.strip() if part == IDB else bare(text) for part, text in zip(parts, texts, strict=True)]
    return "\n".join(["/* Built by static/src/build.py: edit the parts in static/offline. */", *bodies]) + "\n"


if __name__ == "__main__":
    styles = {TARGET: built(), SHEET_STYLE: sheet_style()}
    results = styles | {target: script(parts) for target, parts in SCRIPTS.items()}
    for target, text in results.items():
        target.write_text(text, "utf-8")
        print(f"{target.name}: {target.stat().st_size} bytes")
