"""Bantuan: twelve guides with search, whom to call, and a message about a problem. Open to whoever cannot come in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.decorators import method_decorator
from django.views import View

from up2k_portal import VERSION
from up2k_portal.help_guides import BY_SLUG, find
from up2k_portal.help_tags import problem_link
from up2k_portal.lib.access import Action

MOST_ASKED = 60  # letters of a search
MOST_PATH = 100


@method_decorator(login_not_required, name="dispatch")
class Help(View):
    def get(self, request):
        asked = request.GET.get("q", "")[:MOST_ASKED].strip()
        # The path alone: a query may hold a name that somebody searched for.
        came_from = request.GET.get("dari", "").partition("?")[0][:MOST_PATH]
        context = {
            "title": "Bantuan",
            "asked": asked,
            "guides": find(asked),
            "version": VERSION,
            "problem_url": problem_link(came_from),
            "has_steps": request.access.may(Action.RECORD_MONEY),
        }
        return render(request, "help/help.html", context)


@method_decorator(login_not_required, name="dispatch")
class HelpGuide(View):
    def get(self, request, slug):
        guide = BY_SLUG.get(slug)
        if guide is None:
            raise Http404("Panduan ini tidak ada. Pilih dari halaman Bantuan.")
        url = reverse(guide.url_name) if guide.url_name else ""
        context = {
            "title": guide.title,
            "guide": guide,
            "opens": url if url and may_open(request, url) else "",
            "back_url": reverse("help"),
        }
        return render(request, "help/guide.html", context)


def may_open(request, url: str) -> bool:
    """Whether the page of a guide is for this reader; the login is for who is not in yet."""
    action = getattr(resolve(url).func.view_class, "action", None)
    return not request.user.is_authenticated if action is None else request.access.may(action)
