"""Makes the icons of the installed portal from static/favicon.svg, with Chromium (development only).

Run `python static/src/icons.py` after a change of the mark; the pictures are committed.
"""

import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent
MARK = (STATIC / "favicon.svg").read_text("utf-8")
GROUND = "#073f3d"
# name, side in pixels, share of the side that the mark takes: a phone may cut a fifth off a maskable one
ICONS = (("icon-192", 192, 1), ("icon-512", 512, 1), ("icon-maskable-512", 512, 0.78))


def page_of(side: int, share: float) -> str:
    ground = GROUND if share < 1 else "transparent"
    box = f"width:{side}px;height:{side}px;display:grid;place-items:center;background:{ground}"
    mark = MARK.replace("<svg ", f'<svg width="{side * share}" height="{side * share}" ', 1)
    return f'<body style="margin:0"><div style="{box}">{mark}</div></body>'


if __name__ == "__main__":
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, side, share in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(page_of(side, share))
            target = STATIC / "icons" / f"{name}.png"
            page.screenshot(path=target, omit_background=True)
            few = Image.open(target).convert("RGBA").quantize(32, Image.Quantize.FASTOCTREE)  # a third of the bytes
            few.save(target, optimize=True)
        browser.close()
