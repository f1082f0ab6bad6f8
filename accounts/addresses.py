"""Where a request comes from, for the throttle of wrong passwords."""

from django.conf import settings


def client_address(request) -> str:
    """The address that the proxy in front saw (HTTPS=1), else that of the connection.

    Only the last entry of X-Forwarded-For is our proxy's own word; those before it anyone may have written.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
