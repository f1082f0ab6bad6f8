"""Django's admin as a part of the portal: the same login, the same access, the same names of villages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from up2k_portal.lib.access import Access, Action


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = "Portal UP2K"
    index_title = "Admin"
    # This file knows no app, so apps give what the site shows of them:
    # `reports` the five figures, the workbook's address and the moment, by `request`;
    index_context: Callable = staticmethod(lambda request: {})
    # `villages` the names of regions, {code: name}, of those codes that exist where this access reaches.
    region_names: Callable = staticmethod(lambda codes, access: {code: code for code in codes})

    def __init__(self, name="admin"):
        super().__init__(name)
        self.disable_action("delete_selected")  # members leave, money is corrected: nothing here is deleted

    def has_permission(self, request) -> bool:
        return request.access.may(Action.USE_ADMIN)

    def admin_view(self, view, cacheable=False):
        """A signed-in person who may not use the admin is told so; a login form would mislead her."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """There is one door: the portal's."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("password"))

    def get_urls(self):
        # Django's "view on site" redirect asks nobody's scope and so tells which records exist.
        return [one for one in super().get_urls() if getattr(one, "name", None) != "view_on_site"]

    def get_app_list(self, request, app_label=None):
        """Reports and money first, users last, the models of an app in the order in which it registers them."""
        return list(reversed(self._build_app_dict(request, app_label).values()))

    def index(self, request, extra_context=None):
        return super().index(request, {**type(self).index_context(request), **(extra_context or {})})

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """Offers the rows that the asking form accepts, named with their village."""

    # As Django sets them; its type stubs know them not.
    admin_site: Any
    source_field: Any
    request: Any

    def get_queryset(self):
        asking = self.admin_site.get_model_admin(self.source_field.model)
        return choices_for(super().get_queryset(), self.request.access, asking.edit_action)

    def serialize_result(self, obj, to_field_name):
        return {"id": str(getattr(obj, to_field_name)), "text": placed_name(obj)}


def choices_for(rows, access: Access, action: Action | None):
    """The rows that a form may name: those on which its action may be done."""
    return rows.open_to(access, action) if action else rows.none()


def placed_name(row) -> str:
    """As Syifa — Desa Pandulangan — Kec. Sungai Pandan: a name alone would be ambiguous."""
    village = getattr(row, "village", None)
    return f"{row} — {village.label}" if village else str(row)
