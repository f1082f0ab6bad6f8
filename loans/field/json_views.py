"""What a telephone asks and sends: JSON with a status that says what became of it, never a page or a redirect."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from loans.field import device_services, offline_data, services
from loans.field.build import build_name
from loans.field.items import FORMAT, MOST_KEY, UPDATE, iso_day
from loans.models import Envelope
from up2k_portal.lib.access import Action
from villages.models import Group

MOST_BYTES = 256 * 1024
MOST_ITEMS = 60
SIGN_IN = "Ibu perlu masuk lagi. Setoran yang menunggu tetap aman di HP ini."
NO_RIGHT = "Akun ini tidak bertugas mencatat uang. Tanyakan pengurus kecamatan."
UNREADABLE = "Kiriman ini tidak dapat dibaca. Perbarui aplikasi, lalu kirim lagi."
OTHER_USER = "Kiriman ini milik akun lain di HP ini, jadi tidak dicatat. Masuklah dengan akun itu."
TOO_LARGE = "Kiriman ini terlalu besar. Kirim paling banyak 60 baris sekaligus."


def answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    found = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    found["Cache-Control"] = "private, no-store"
    return found


def refusal(status: int, code: str, words: str) -> JsonResponse:
    return answer({"error": words, "code": code}, status)


@method_decorator(login_not_required, name="dispatch")
class Answering(View):
    """Tells who is signed out, and who has no right, in JSON too."""

    action: Action | None = None

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return refusal(401, "login", SIGN_IN)
        if self.action and not request.access.may(self.action):
            return refusal(403, "right", NO_RIGHT)
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request, *args, **kwargs):
        found = refusal(405, "method", "Alamat ini dipakai aplikasi, bukan dibuka sendiri.")
        found["Allow"] = ", ".join(self._allowed_methods())
        return found


class OfflineMe(Answering):
    """Who is signed in, the token for sending, and which build of the app the server has."""

    def get(self, request):
        access, user = request.access, request.user
        (village,) = access.areas if access.serves_one_village else ("",)
        return answer(
            {
                "user": user.pk,
                "name": user.name,
                "csrf": get_token(request),
                "village": village,
                "may_record": access.may(Action.RECORD_MONEY),
                "build": build_name(),
                "now": timezone.localtime().isoformat(),
            }
        )


class OfflineData(Answering):
    """What a telephone keeps of its operator's own village; 304 while it has the same already."""

    action = Action.RECORD_MONEY

    def get(self, request):
        told = offline_data.village_data(request.user, request.access)
        tag = f'"{offline_data.fingerprint(told)}"'
        is_known = request.headers.get("If-None-Match") == tag
        found = HttpResponse(status=304) if is_known else answer(told)
        found["ETag"], found["Cache-Control"] = tag, "private, no-store"
        return found


class OfflineSend(Answering):
    """Takes at most 60 items of the signed-in person; with one item alone the status is the item's."""

    action = Action.RECORD_MONEY

    def post(self, request):
        told = self.body(request)
        if isinstance(told, HttpResponse):
            return told
        results = services.receive(
            items=told["items"],
            by=request.user,
            access=request.access,
            device=told["device"],
            sent_as=Envelope.SentAs.SHEET,
        )
        self.tell(told["device"], told["waiting"])
        status = results[0].status if len(results) == 1 else 200
        return answer({"results": services.told(results)}, status)

    def body(self, request) -> dict[str, Any] | JsonResponse:
        """What was sent, or why it cannot be taken as a whole."""
        if request.content_type != "application/json":  # a form's body was read already, to look for its token
            return refusal(400, "json", UNREADABLE)
        said = request.META.get("CONTENT_LENGTH") or ""
        if (said.isdecimal() and int(said) > MOST_BYTES) or len(request.body) > MOST_BYTES:
            return refusal(413, "size", TOO_LARGE)
        try:
            told = json.loads(request.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return refusal(400, "json", UNREADABLE)
        if not isinstance(told, dict) or type(user := told.get("user")) is not int:
            return refusal(400, "json", UNREADABLE)
        if user != request.user.pk:
            return refusal(409, "user", OTHER_USER)
        if type(format_ := told.get("format")) is not int or not 1 <= format_ <= FORMAT:
            return refusal(400, "format", UPDATE)
        items, waiting = told.get("items", []), told.get("waiting", [])
        if not isinstance(items, list) or not isinstance(waiting, list):
            return refusal(400, "json", UNREADABLE)
        if len(items) > MOST_ITEMS or len(waiting) > MOST_ITEMS:
            return refusal(413, "size", TOO_LARGE)
        items = [{"format": format_} | one if isinstance(one, dict) else one for one in items]
        return {"items": items, "waiting": waiting, "device": _uuid(told.get("device"))}

    def tell(self, device: UUID | None, waiting: Iterable[Any]) -> None:
        """Keeps what the telephone tells of its queue. It is told again with each sending, so what is no such thing is
        passed over."""
        told = [one for one in map(_waiting, waiting) if one] if device else []
        keys = {one["group"] for one in told}
        rows = Group.objects.open_to(self.request.access, Action.RECORD_MONEY)
        groups = {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}
        for one in told:
            if group := groups.get(one.pop("group")):
                device_services.tell(group=group, device=device, user=self.request.user, **one)


def _waiting(told: Any) -> dict[str, Any] | None:
    if not isinstance(told, dict):
        return None
    group, count, along = told.get("group"), told.get("count", 0), told.get("along", False)
    is_known = type(group) is int and 0 < group < MOST_KEY and type(count) is int and 0 <= count < MOST_KEY
    day = iso_day(told.get("on"))
    if not is_known or not isinstance(along, bool) or day is None:
        return None
    return {"group": group, "on": day, "waiting": count, "is_along": along}


def _uuid(told: Any) -> UUID | None:
    try:
        return UUID(told) if isinstance(told, str) and len(told) == 36 else None
    except ValueError:
        return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
