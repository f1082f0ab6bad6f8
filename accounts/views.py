"""Coming in, going out, a new password; in the demo also the change of role by one button."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views import View

from accounts import history
from accounts.forms import LoginForm, PasswordForm
from accounts.models import FIRST_STEPS, User

# One button a role: (user name, role in words, what she does).
DEMO_ROLES = (
    ("63.08.03.2014", "Operator Desa Pandulangan", "mencatat angsuran dan pinjaman UP2K As Syifa"),
    ("63.08.03", "Kecamatan Sungai Pandan", "menyetujui pinjaman di atas batas"),
    ("63.08", "Staf Kabupaten HSU", "melihat semua desa, menilai kelompok"),
    ("admin", "Admin Kabupaten HSU", "mengatur pengguna dan batas"),
    ("63", "Provinsi Kalimantan Selatan", "mengunduh buku kerja, tanpa nama orang"),
)


class Login(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs):
        roles = [{"username": u, "label": label, "hint": hint} for u, label, hint in DEMO_ROLES]
        return super().get_context_data(demo_roles=roles if settings.DEMO else [], **kwargs)


@method_decorator(login_not_required, name="dispatch")
class DemoLogin(View):
    """Comes in as a demo user without a password; outside the demo the page does not exist."""

    def post(self, request):
        names = [username for username, _, _ in DEMO_ROLES]
        if not settings.DEMO or request.POST.get("username") not in names:
            raise Http404
        user = get_object_or_404(User, username=request.POST["username"], is_active=True)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")


class FirstSteps(View):
    """On to the next of the first steps, past all of them, or back to the first; every person her own."""

    def get(self, request):
        return redirect("home")

    def post(self, request):
        user, verb = request.user, request.POST.get("verb")
        to = {"next": min(user.first_step + 1, FIRST_STEPS), "skip": FIRST_STEPS, "again": 0}
        user.first_step = to.get(verb, user.first_step)
        user.save(update_fields=["first_step"])
        return redirect("home")


class Password(auth_views.PasswordChangeView):
    """Every person may change her own password; that needs no action."""

    template_name = "accounts/password.html"
    form_class = PasswordForm
    extra_context = {"title": "Ganti kata sandi"}
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        messages.success(self.request, "Kata sandi baru tersimpan.")
        history.record_new_password(self.request.user, by=self.request.user)
        return super().form_valid(form)
