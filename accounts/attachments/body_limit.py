"""Refuses a request that is too large by what it says of itself, before one byte of it is read."""

from django.shortcuts import render

from accounts.attachments.contents import MEGABYTE, size_words

MAX_BODY = 64 * MEGABYTE  # ten photos of a telephone; the proxy in front must let as much through
MAX_BODY_OF_STRANGERS = 2 * MEGABYTE


class BodyLimit:
    """Stands below the middleware that knows who asks and above the one that reads the form (CSRF does)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = request.META.get("CONTENT_LENGTH") or ""
        length = int(said) if said.isdecimal() else 0  # Django reads nothing of a body without a length
        if length > MAX_BODY_OF_STRANGERS and length > self.limit(request):
            return render(request, "413.html", {"limit": size_words(self.limit(request))}, status=413)
        return self.get_response(request)

    def limit(self, request) -> int:
        return MAX_BODY if request.user.is_authenticated else MAX_BODY_OF_STRANGERS
