"""Error pages that need more than Django gives."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Mostly an old page or blocked cookies: what was typed is told to be safe in the browser's Back."""
    return render(request, "403_csrf.html", status=403)
