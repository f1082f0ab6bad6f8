"""`Authorization: Bearer up2k_…`: the request is its owner's, for reading JSON or Excel and for nothing else.

Stands between the middleware that knows the session's user and the one that gives access: from there on every page
decides as for the owner herself. Whatever is no JSON and no workbook is not handed out, so that no page of HTML, no
form and no photo leaves by a token.
"""

from django.core.cache import cache
from django.http import JsonResponse

from accounts.addresses import client_address
from accounts.tokens import find_token
from up2k_portal.lib.xlsx import CONTENT_TYPE

SCHEME = "bearer "
FORMATS = ("json", "xlsx")
READING = ("GET", "HEAD")
MOST_WRONG, FORGET_AFTER = 20, 15 * 60  # wrong tokens of one address (in one process), seconds
WORDS = {
    400: "Permintaan ini tidak lengkap atau salah isi.",
    403: "Pemilik token tidak berhak membuka ini.",
    404: "Tidak ada, atau di luar wilayah pemilik token.",
}


class TokenMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.token = None
        said = request.META.get("HTTP_AUTHORIZATION", "")
        if not said.lower().startswith(SCHEME):
            return self.get_response(request)
        return self._refusal(request) or self._answer(request, said[len(SCHEME) :].strip())

    def _refusal(self, request) -> JsonResponse | None:
        if request.method not in READING:
            return refuse(405, "Token baca hanya untuk membaca (GET).", Allow=", ".join(READING))
        if request.GET.get("format") not in FORMATS:
            return refuse(406, "Tambahkan ?format=json atau ?format=xlsx.")
        if cache.get(wrong_key(request), 0) >= MOST_WRONG:
            wait = {"Retry-After": str(FORGET_AFTER)}
            return refuse(429, "Terlalu banyak token salah dari alamat ini. Tunggu 15 menit.", **wait)
        return None

    def _answer(self, request, text: str):
        token = find_token(text)
        if token is None:
            cache.add(wrong_key(request), 0, FORGET_AFTER)
            cache.incr(wrong_key(request))
            sign = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return refuse(401, "Token tidak dikenal, sudah dicabut, atau sudah lewat masanya.", **sign)
        request.token, request.user = token, token.user
        return fit_for_token(self.get_response(request))


def wrong_key(request) -> str:
    return f"wrong-token-{client_address(request)}"


def fit_for_token(response):
    """The answer if it is JSON or a workbook; else why there is none."""
    kind = response.get("Content-Type", "").split(";")[0]
    if kind in ("application/json", CONTENT_TYPE):
        return response
    for close in response._resource_closers:  # a file that nobody will read; `close()` would end the whole request
        close()
    if response.status_code >= 400:
        return refuse(response.status_code, WORDS.get(response.status_code, "Permintaan ini tidak dapat dijawab."))
    return refuse(406, "Alamat ini tidak punya bentuk JSON atau Excel.")


def refuse(status: int, words: str, **headers) -> JsonResponse:
    answer = JsonResponse({"error": words}, status=status, headers=headers)
    answer["Cache-Control"] = "private, no-store"
    return answer
