"""Gives every request its access, and its answers a rule for caches."""

from uuid import uuid4

from django.utils.functional import SimpleLazyObject

from accounts import history
from up2k_portal.lib.access import NOBODY
from up2k_portal.lib.dates import today


def access_of(user):
    """Read anew on every request: a moved or closed assignment counts at once."""
    return user.access_on(today()) if user.is_authenticated else NOBODY


class AccessMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.access = SimpleLazyObject(lambda: access_of(request.user))
        token = history.request_id.set(uuid4())
        try:
            response = self.get_response(request)
        finally:
            history.request_id.reset(token)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
