"""Users, their assignments and the history of changes in the admin."""

from itertools import combinations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth import models as auth_models
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import BaseUserCreationForm, SetPasswordForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.debug import sensitive_post_parameters
from django_tasks_db.models import DBTaskResult

from accounts import history
from accounts.admin_cells import NOTHING
from accounts.attachments import admin as attachments_admin  # noqa: F401 it registers itself
from accounts.models import Assignment, Change, User
from accounts.scoped_admin import RowForm, ScopedAdmin, ScopedInline
from up2k_portal.lib.access import EVERYWHERE, Action, Role

# Attempts hold addresses and names from everywhere; Django's groups decide nothing here, and tasks are the worker's.
for model in (AccessAttempt, AccessFailureLog, AccessLog, auth_models.Group, DBTaskResult):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

# The length of the region code at which a role serves, with an example.
LEVELS = {
    Role.OPERATOR: (13, "desa, misalnya 63.08.03.2014"),
    Role.DISTRICT: (8, "kecamatan, misalnya 63.08.03"),
    Role.STAFF: (5, "kabupaten, misalnya 63.08"),
    Role.ADMIN: (5, "kabupaten, misalnya 63.08"),
    Role.PROVINCE: (2, "provinsi, misalnya 63"),
}


class AssignmentForm(RowForm):
    """Gives no one more than the giver has: the area lies in her own, and fits the role."""

    def clean(self):
        cleaned = super().clean()
        role, code = cleaned.get("role"), cleaned.get("area_code")
        if role and code and (fault := self._fault(Role(role), code)):
            self.add_error("area_code", fault)
        return cleaned

    def _fault(self, role: Role, code: str) -> str:
        if not self.access.covers(code):
            own = ", ".join(sorted(self.access.areas))
            return f"Wilayah {code} di luar wilayah Anda. Pakai kode di dalam {own}."
        if code == EVERYWHERE and role == Role.ADMIN:
            return ""
        length, example = LEVELS[role]
        if len(code) != length:
            return f"{role.label} memakai kode {example}."
        if code not in admin.site.region_names([code], self.access):
            return f"Tidak ada wilayah berkode {code}. Cari kodenya di daftar wilayah."
        return ""


class AssignmentFormSet(BaseInlineFormSet):
    """One role at a time, also among rows that are saved together."""

    def clean(self):
        super().clean()
        rows = [form.instance for form in self.forms if form.is_valid() and form.has_changed()]
        if any(one.role != other.role and _overlap(one, other) for one, other in combinations(rows, 2)):
            raise ValidationError("Seorang pengguna hanya boleh punya satu peran pada satu waktu.")


def _overlap(one: Assignment, other: Assignment) -> bool:
    first, second = sorted((one, other), key=lambda row: row.starts_on)
    return first.ends_on is None or first.ends_on >= second.starts_on


class AssignmentInline(ScopedInline):
    model = Assignment
    form, formset = AssignmentForm, AssignmentFormSet
    edit_action = Action.MANAGE_USERS
    fields = ("role", "area_code", "place", "starts_on", "ends_on")
    readonly_fields = ("place",)
    min_num, validate_min = 1, True

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, validate_min=True, **kwargs)
        self.access = request.access
        return formset

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request.access, obj)

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields

    @admin.display(description="wilayah")
    def place(self, row):
        return admin.site.region_names([row.area_code], self.access).get(row.area_code, NOTHING)


class NewUserForm(BaseUserCreationForm, RowForm):
    pass


@admin.register(User)
class UserAdmin(ScopedAdmin):
    edit_action = Action.MANAGE_USERS
    inlines = [AssignmentInline]
    list_display = ("username", "name", "phone", "roles", "is_active", "last_login")
    list_filter = ("is_active", "assignments__role")
    search_fields = ("username", "name", "assignments__area_code__startswith")
    search_help_text = "Nama, nama pengguna atau kode wilayah"
    date_hierarchy = "created_at"
    readonly_fields = ("last_login", "created_at")
    fields = ("username", "name", "phone", "is_active", "last_login", "created_at")
    new_fields = ("username", "name", "phone", "password1", "password2")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("assignments")

    def may_edit(self, access, row) -> bool:
        """Who serves beyond the admin's own areas is not hers: a new password would lend her those."""
        codes = [one.area_code for one in row.assignments.all()] if row else []
        return super().may_edit(access, row) and all(map(access.covers, codes))

    @admin.display(description="peran dan wilayah")
    def roles(self, row):
        return ", ".join(str(one) for one in row.assignments.all())

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": self.new_fields})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def get_urls(self):
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:pk>/sandi/", view, name="accounts_user_password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request, pk):
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = SetPasswordForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._set_password(request, user, form)
        context = {
            **self.admin_site.each_context(request),
            "title": "Ganti kata sandi",
            "subtitle": f"{user.name} ({user.username})",
            "form": form,
            "original": user,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/user/password.html", context)

    def _set_password(self, request, user, form):
        with transaction.atomic():
            form.save()
            history.record_new_password(user, by=request.user)
        if user == request.user:
            update_session_auth_hash(request, user)
        messages.success(request, f"Kata sandi {user.name} diganti. Beri tahu orangnya langsung.")
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[user.pk]))


@admin.register(Assignment)
class AssignmentAdmin(ScopedAdmin):
    edit_action = Action.MANAGE_USERS
    form = AssignmentForm
    related = ("user",)
    fixed_fields = ("user",)
    list_display = ("user", "role", "area_code", "starts_on", "ends_on")
    list_filter = ("role",)
    search_fields = ("user__name", "user__username", "area_code__startswith")
    search_help_text = "Nama, nama pengguna atau kode wilayah"
    date_hierarchy = "starts_on"
    fields = ("user", "role", "area_code", "starts_on", "ends_on")


class KindOfRowFilter(admin.SimpleListFilter):
    title = "jenis"
    parameter_name = "jenis"

    def lookups(self, request, model_admin):
        models = model_admin.admin_site._registry
        names = [(one._meta.label_lower, capfirst(one._meta.verbose_name)) for one in models if one is not Change]
        return sorted(names, key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(model=self.value()) if self.value() in dict(self.lookup_choices) else queryset


@admin.register(Change)
class ChangeAdmin(ScopedAdmin):
    list_display = ("at", "user_name", "kind", "kind_of_row", "object_name", "area_code")
    list_filter = ("kind", KindOfRowFilter)
    search_fields = ("user_name", "object_name", "area_code__startswith")
    search_help_text = "Nama orang, nama catatan atau kode wilayah"
    date_hierarchy = "at"
    fields = (*list_display, "object_id", "changes", "reason")

    @admin.display(description="jenis", ordering="model")
    def kind_of_row(self, row):
        return capfirst(apps.get_model(row.model)._meta.verbose_name)

    @admin.display(description="perubahan")
    def changes(self, row):
        return "\n".join(row.summary_lines or [f"{name}: {row._shown(value)}" for name, value in row.after.items()])

    def history_view(self, request, object_id, extra_context=None):
        raise Http404  # the history has no history
