"""Admin pages under the portal's access: a person's own rows, her own actions, every save in the history.

Nothing is ever deleted here, and choices are searched for instead of listed.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from accounts import history
from accounts.admin_cells import NOTHING, shown
from accounts.admin_download import Download
from up2k_portal.lib.access import NOBODY, Access, Action
from up2k_portal.lib.admin import choices_for, placed_name
from up2k_portal.lib.fields import DayField, RupiahField
from up2k_portal.lib.forms import DayFormField
from up2k_portal.lib.tables import CappedPaginator

HISTORY_LIMIT = 200
FILTER_LOOKUPS = ("", "__exact", "__isnull", "__isempty", "__id__exact")
HIERARCHY_LOOKUPS = ("__year", "__month", "__day")


class PlacedChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return placed_name(obj)


class ShownText(forms.TextInput):
    """What stands fixed, as text: the disabled field below it takes nothing from the request."""

    template_name = "admin/shown_text.html"

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def get_context(self, name, value, attrs):
        return {"text": self.text}


class RowForm(forms.ModelForm):
    access = NOBODY  # set for each request by the admin

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, label_suffix="")
        for field in self.fields.values():
            field.error_messages["required"] = f"{capfirst(field.label or 'Bagian ini')} belum diisi."


class Scoped:
    """What a list of rows and an inline share."""

    edit_action: Action | None = None  # None: read only
    related: tuple[str, ...] = ()  # what each row needs besides itself
    fixed_fields: tuple[str, ...] = ()  # asked when adding, then shown: they stay in the form for its constraints
    form = RowForm
    formfield_overrides = {
        RupiahField: {},
        DayField: {},
        models.DecimalField: {"localize": True},  # typed "1,5"; a number input would show 1.500
    }  # their own form fields, not those of their base classes

    def get_queryset(self, request):
        rows = with_related(self.model.objects.visible_to(request.access), self.related)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_view_permission(self, request, obj=None):
        return request.access.may(self.model.seen_with)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request, obj=None):
        return self.may_edit(request.access, obj)

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request.access, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def may_edit(self, access: Access, row) -> bool:
        if self.edit_action is None or not access.may(self.edit_action):
            return False
        village = village_of(row)
        return village is None or access.may_in(self.edit_action, village)

    def get_autocomplete_fields(self, request):
        return [one.name for one in self.model._meta.fields if one.is_relation and one.editable]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # without its pop-up windows
        if isinstance(field, DayFormField):
            field.widget.attrs["size"] = 12
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        other = db_field.remote_field.model
        rows = choices_for(other.objects.all(), request.access, self.edit_action)
        kwargs["queryset"] = with_related(rows, self.admin_site.get_model_admin(other).related)
        return super().formfield_for_foreignkey(db_field, request, form_class=PlacedChoice, **kwargs)

    def shown_names(self, names, *, in_list: bool):
        """The names, with those of amounts, days and villages replaced by what writes them our way."""
        return [shown(self.model, name, in_list) if self.field_of(name) else name for name in names]

    def field_of(self, name):
        try:
            return self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None


class ScopedInline(Scoped, admin.TabularInline):
    """Rows under their parent: read, and added where the action allows; what is written stays."""

    extra = 0
    can_delete = False
    view_on_site = False

    def has_change_permission(self, request, obj=None):
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField):
            field.widget = forms.TextInput(attrs={"size": min(db_field.max_length, 24)})  # a row must fit the page
        return field

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.access = request.access
        return formset

    def get_readonly_fields(self, request, obj=None):
        return self.shown_names(self.fields, in_list=True) if self.edit_action is None else ()

    def get_fields(self, request, obj=None):
        return self.shown_names(self.fields, in_list=True) if self.edit_action is None else self.fields


class ScopedAdmin(Scoped, Download, admin.ModelAdmin):
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    empty_value_display = NOTHING
    shown_later: tuple[str, ...] = ("village",)  # follows from another field, so shown once there is a row

    # What one sees

    def get_list_display(self, request):
        return self.shown_names(self.list_display, in_list=True)

    def get_fieldsets(self, request, obj=None):
        may_edit = self.has_change_permission(request, obj) if obj else True
        return [
            (title, options | {"fields": self._fields_now(options["fields"], obj, may_edit)})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _fields_now(self, names, row, may_edit: bool):
        names = [one for one in names if row or one not in self.shown_later]
        return names if may_edit else self.shown_names(names, in_list=False)

    def get_readonly_fields(self, request, obj=None):
        fields = self.fields or [name for _, options in self.fieldsets or () for name in options["fields"]]
        return [*self.readonly_fields, *(one for one in self.shown_later if one in fields)]

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.access = request.access
        for name in self.fixed_fields if obj else ():
            if field := form.base_fields.get(name):
                fixed = getattr(obj, name)
                field.disabled, field.help_text = True, ""
                field.queryset = type(fixed)._default_manager.filter(pk=fixed.pk)  # also where it lies above
                field.widget = ShownText(placed_name(fixed))
        return form

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the page itself offers: any other lookup would be a way to feel for what is not shown."""
        return lookup in self._offered_lookups()

    def _offered_lookups(self) -> set[str]:
        dates = {f"{self.date_hierarchy}{end}" for end in HIERARCHY_LOOKUPS} if self.date_hierarchy else set()
        return dates.union(*map(_lookups_of, self.list_filter))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404(f"Tidak ada {opts.verbose_name} dengan nomor ini.")

    # What one does

    def save_model(self, request, obj, form, change):
        self._save(request, obj)

    def save_formset(self, request, form, formset, change):
        for row in formset.save(commit=False):
            self._save(request, row)

    def _save(self, request, row):
        if hasattr(row, "group_id"):
            row.village_id = row.group.village_id
        history.save(row, by=request.user)

    def log_addition(self, request, obj, message):
        """`accounts.history` keeps the only record of changes."""

    log_change = log_addition

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": "Riwayat",
            "subtitle": str(row),
            "changes": history.changes_of(row, request.access, limit=HISTORY_LIMIT),
            "object": row,
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def with_related(rows, related: tuple[str, ...]):
    return rows.select_related(*related) if related else rows  # without arguments it would join everything


def village_of(row):
    """The village whose rules hold for a row: its own, or itself; None for what lies above villages."""
    return row if hasattr(row, "is_assisted") else getattr(row, "village", None)


def _lookups_of(one) -> set[str]:
    if isinstance(one, type):
        return {one.parameter_name}
    name = one if isinstance(one, str) else one[0]
    return {f"{name}{end}" for end in FILTER_LOOKUPS}
