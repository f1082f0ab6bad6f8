"""Token baca: a person's own, made, shown once and revoked here. Every person may, as with her password."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import tokens
from accounts.models import ReadToken
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from up2k_portal.lib.views import FormPage, Page


class OwnTokens(Page):
    action = Action.SEE_REPORTS
    model = ReadToken

    def mine(self):
        return self.visible().filter(user=self.request.user)


class TokenList(OwnTokens):
    def get(self, request):
        context = {"title": "Token baca", "rows": self.mine()[:50], "back_url": reverse("open-data")}
        return render(request, "accounts/tokens.html", context)


class TokenForm(PortalVerbForm):
    name = forms.CharField(label="Dipakai untuk", max_length=60, help_text="Misalnya: dasbor data terbuka")
    expires_on = DayFormField(label="Berlaku sampai", help_text="Paling lama satu tahun")


class TokenAdd(FormPage):
    """Shows the token in the answer to the form itself: no address and no message ever holds it."""

    action = Action.SEE_REPORTS
    form_class = TokenForm
    title = "Token baca baru"
    intro = "Program yang memegang token ini membaca semua yang boleh Anda lihat. Jangan kirim lewat WhatsApp."
    submit_label = "Buat token"

    def load(self, **kwargs):
        if self.access.is_practice:  # a token would outlive the visit
            raise PermissionDenied("Di Desa Latihan token baca tidak dibuat.")

    def initial(self):
        return {"expires_on": today() + timedelta(days=90)}

    def do(self, form):
        return tokens.make_token(**form.cleaned_data, by=self.request.user)

    def thank(self, done):
        row, token = done
        context = {
            "title": "Token baca baru",
            "row": row,
            "token": token,
            "until": format_day(row.expires_on),
            "example": self.request.build_absolute_uri(f"{reverse('indicators')}?format=json"),
            "back_url": self.back_url(),
        }
        return render(self.request, "accounts/token_made.html", context)

    def back_url(self):
        return reverse("tokens")


class TokenRevoke(OwnTokens):
    """A button of the list; its bare address leads back there."""

    def get(self, request, pk):
        get_object_or_404(self.mine(), pk=pk)
        return HttpResponseRedirect(reverse("tokens"))

    def post(self, request, pk):
        row = tokens.revoke_token(token=get_object_or_404(self.mine(), pk=pk), by=request.user)
        messages.success(request, f"Token {row} dicabut.")
        return HttpResponseRedirect(reverse("tokens"))
