"""The page for whoever holds a kuitansi, without signing in: is it recorded, for how much, on which day."""

import segno
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views import View

from loans import payment_services, receipt_codes
from loans.models import Receipt


@method_decorator(login_not_required, name="dispatch")
class ReceiptCheck(View):
    """Says of a code what its paper says, and no name, number or place. A wrong code finds nothing out."""

    http_method_names = ("get", "head", "options")

    def get(self, request, code=""):
        typed = code or request.GET.get("kode", "")
        found = payment_services.checked_receipt(typed) if typed else None
        status = 404 if typed and found is None else 200
        context = {"title": "Cek kuitansi", "typed": typed[: 2 * receipt_codes.MOST_LENGTH], "found": found}
        response = render(request, "loans/check.html", context, status=status)
        response["X-Robots-Tag"] = "noindex"
        return response


def printed_code(request, receipt: Receipt) -> dict[str, str]:
    """What a kuitansi carries: the code for the eye, its address, and both as a QR. A correction carries none."""
    if receipt.is_reversal:
        return {}
    code = receipt_codes.code_of(receipt.pk)
    url = request.build_absolute_uri(reverse("receipt-check", args=[code]))
    start = request.build_absolute_uri(reverse("check"))
    return {"code": receipt_codes.grouped(code), "check_url": url, "check_start": start, "qr": _qr(url)}


def _qr(text: str) -> SafeString:
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title="Kode kuitansi"))
