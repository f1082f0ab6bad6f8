"""Makes static/up2k.css from Bootstrap's reset and the parts in this folder (development only).

Run `python static/src/build.py` after a change here; a test compares the result. One file is one request.
"""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESET = HERE.parent / "vendor/bootstrap-5.3.9/bootstrap-reboot.min.css"
PARTS = ("theme.css", "shell.css", "parts.css", "tables.css", "forms.css", "enterprises.css", "files.css", "bulk.css")
TARGET = HERE.parent / "up2k.css"


def squeeze(css: str) -> str:
    """Without comments, indents and the blanks around braces, colons and commas that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return re.sub(r"(?<=[a-z-]): (?=[^{}]*[;}])", ":", css).replace(";}", "}").replace("}", "}\n").strip()


def reset() -> str:
    """The reset with its licence head, without the pointer to a map that the built file has not."""
    return RESET.read_text("utf-8").split("/*# sourceMappingURL")[0].strip()


def built() -> str:
    parts = (squeeze((HERE / name).read_text("utf-8")) for name in PARTS)
    return "\n".join([reset(), "/* Built by static/src/build.py: edit the parts there. */", *parts]) + "\n"


if __name__ == "__main__":
    TARGET.write_text(built(), "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
