"""The service worker at the root, so that it serves every path, and the manifest of the installable app."""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from loans.field.build import build_name

SOURCE = Path(settings.BASE_DIR) / "static/offline/worker.js"
SLOW_MS = 8_000  # how long a page that works without signal waits for the network
# A browser asks for the worker on every page; once in ten minutes is soon enough for a new build.
WORKER_CACHE, MANIFEST_CACHE = "max-age=600", "max-age=86400"
ICONS = (
    ("icons/icon-192.png", "192x192", "any"),
    ("icons/icon-512.png", "512x512", "any"),
    ("icons/icon-maskable-512.png", "512x512", "maskable"),
)
SHORTCUTS = (("Lembar setoran", "sheet-start"), ("Antrean sinyal", "queue"))
GROUND, BAR = "#f2f5f2", "#073f3d"


def shell() -> str:
    """The page of whatever works without signal: the same for everybody, no name and no amount in it."""
    return render_to_string("loans/field/shell.html", {"title": "Tanpa sinyal"})


def assets(html: str) -> list[str]:
    """The files that a page names, each once: what the shell needs is written nowhere else."""
    named = re.findall(rf'(?:src|href)="({re.escape(settings.STATIC_URL)}[^"]+)"', html)
    return list(dict.fromkeys(named))


@cache
def worker() -> str:
    """The script with what it keeps. Its build changes with every file and with the shell, but not with the day."""
    html = shell()
    lasting = re.sub(r'data-today="[^"]*"', "", html)
    build = sha256(f"{build_name()}{lasting}".encode()).hexdigest()[:12]
    facts = {"BUILD": build, "SHELL": reverse("offline-shell"), "ASSETS": assets(html), "SLOW": SLOW_MS}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items())
    return head + SOURCE.read_text("utf-8")


@method_decorator(login_not_required, name="dispatch")
class ServiceWorker(View):
    http_method_names = ("get", "head", "options")

    def get(self, request):
        headers = {"Cache-Control": WORKER_CACHE, "Service-Worker-Allowed": "/"}
        return HttpResponse(worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@method_decorator(login_not_required, name="dispatch")
class Manifest(View):
    http_method_names = ("get", "head", "options")

    def get(self, request):
        headers = {"Cache-Control": MANIFEST_CACHE}
        return JsonResponse(manifest(), content_type="application/manifest+json", headers=headers)


def manifest() -> dict:
    return {
        "id": "/",
        "name": "Portal UP2K",
        "short_name": "UP2K",
        "description": "Setoran, pinjaman dan laporan kelompok UP2K PKK, juga tanpa sinyal.",
        "lang": "id",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": BAR,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [{"name": words, "url": reverse(name)} for words, name in SHORTCUTS],
    }
