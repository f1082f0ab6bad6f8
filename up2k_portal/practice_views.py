"""The way into a practice village: one button of the login page, no password, some times an hour from one address."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from accounts.addresses import client_address
from seeds.practice import PracticeFullError, enter

PER_HOUR = 10  # from one address; a training room of a kabupaten may share one
AN_HOUR = 3600
WELCOME = "Selamat berlatih. Semua data di sini karangan; catat apa saja."


@method_decorator(login_not_required, name="dispatch")
class PracticeEntry(View):
    def get(self, request):
        return redirect("login")

    def post(self, request):
        if request.user.is_authenticated:  # whoever is signed in would leave her own account without a word
            messages.warning(request, "Keluar dulu dari akun ini, lalu masuk ke Desa Latihan dari halaman masuk.")
            return redirect("home")
        if self.is_too_often(client_address(request)):
            return render(request, "accounts/practice_wait.html", status=429)
        try:
            user = enter()
        except PracticeFullError as error:
            messages.warning(request, str(error))
            return redirect("login")
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(request, WELCOME)
        return redirect("home")

    @staticmethod
    def is_too_often(address: str) -> bool:
        key = f"practice-{address}"
        cache.add(key, 0, AN_HOUR)
        try:
            return cache.incr(key) > PER_HOUR
        except ValueError:  # it ran out between the two
            return False
