"""Four kinds of page: a list, a record, an edit, a verb. Each states its action; one that states none serves nobody."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django_tables2 import RequestConfig

from up2k_portal.lib import xlsx
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.money import format_number
from up2k_portal.lib.tables import COUNT_LIMIT, CappedPaginator, records

PER_PAGE = 25


@dataclass(frozen=True)
class Link:
    label: str
    url: str


class Page(View):
    """Asks access once, by name, before anything else."""

    action: Action | None = None
    model = None

    def dispatch(self, request, *args, **kwargs):
        if self.action is None or not request.access.may(self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def access(self):
        return self.request.access

    def visible(self, model=None):
        """The rows of the model that this person sees."""
        return (model or self.model).objects.visible_to(self.access)

    def open(self, model=None):
        """The rows on which this person may do this page's action."""
        return (model or self.model).objects.open_to(self.access, self.action)


class ListingView(Page):
    """A noun's list: filter, sort, paging, search, and the same rows as Excel and JSON."""

    table_class = None
    filter_class = None
    title = ""
    template_name = "layouts/listing.html"
    empty_title = "Belum ada data."
    empty_text = ""

    def rows(self):
        return self.visible()

    def get(self, request):
        filtered = self.filter_class(request.GET, queryset=self.rows(), access=self.access)
        is_clear = filtered.form.is_valid()
        table = self.table_class(filtered.qs if is_clear else filtered.queryset.none())
        wanted = request.GET.get("format")
        if wanted is None:
            return self.page(table, filtered)
        if wanted not in ("xlsx", "json"):
            raise Http404("Bentuk yang ada: xlsx dan json.")
        if not is_clear:  # never all rows under the name of some
            return JsonResponse({"errors": filtered.form.errors}, status=400)
        table.order_by = request.GET.getlist("sort") or table.order_by
        return self.as_xlsx(table) if wanted == "xlsx" else self.as_json(table)

    def as_xlsx(self, table):
        name = f"{self.title.lower().replace(' ', '-')}-{today():%Y%m%d}.xlsx"
        return xlsx.response(table, title=self.title, filename=name, made=self.made_note())

    def as_json(self, table):
        names = [bound.name for bound in table.columns]
        results = [self._keys(row) | dict(zip(names, values, strict=True)) for row, values in records(table)]
        return JsonResponse({"count": len(results), "results": results}, json_dumps_params={"ensure_ascii": False})

    def _keys(self, row) -> dict:
        in_village = self.model.area_path == "village__code"
        return {"id": row.pk} | ({"village_code": row.village.code} if in_village else {})

    def made_note(self) -> str:
        return f"Dibuat {format_moment(timezone.now())} oleh {self.request.user.name}"

    def page(self, table, filtered):
        paginate = {"per_page": PER_PAGE, "paginator_class": CappedPaginator, "silent": True}
        RequestConfig(self.request, paginate=paginate).configure(table)
        if "village" in table.columns and self.access.serves_one_village:
            table.columns.hide("village")
        return render(self.request, self.template_name, self.context(table, filtered))

    def context(self, table, filtered) -> dict:
        set_filters = filtered.chips
        return {
            "title": self.title,
            "subtitle": self.subtitle(),
            "table": table,
            "filter": filtered,
            "search_name": "q" if "q" in filtered.filters else "",
            "chips": [{"label": words, "remove_url": self.url_without(name)} for name, words in set_filters],
            "clear_url": self.request.path,
            "xlsx_url": self.url_with(format="xlsx"),
            "json_url": self.url_with(format="json"),
            "add": self.add_link(),
            "empty": {"title": self.empty_title, "text": self.empty_text, "action": self.add_link()},
            "page_text": page_text(table),
            "as_of": format_moment(timezone.now()),
        }

    def subtitle(self) -> str:
        return ""

    def add_link(self) -> Link | None:
        return None

    def url_without(self, name: str) -> str:
        query = self.request.GET.copy()
        for key in [key for key in query if key in (name, "page") or key.startswith(f"{name}_")]:
            del query[key]
        return f"{self.request.path}?{query.urlencode()}"

    def url_with(self, **extra) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        return f"{self.request.path}?{query.urlencode()}{'&' if query else ''}{urlencode(extra)}"


def page_text(table) -> str:
    """1–25 dari 134; beyond the limit of counting: dari lebih dari 10.000."""
    paginator = table.paginator
    if not paginator.count:
        return ""
    page = table.page
    total = f"lebih dari {format_number(COUNT_LIMIT)}" if paginator.is_capped else format_number(paginator.count)
    return f"{format_number(page.start_index())}–{format_number(page.end_index())} dari {total}"


class RecordView(Page):
    """One record; another village's is 404."""

    template_name = "layouts/record.html"

    def rows(self):
        return self.visible()

    def get(self, request, pk):
        self.object = get_object_or_404(self.rows(), pk=pk)
        return render(request, self.template_name, {"object": self.object, **self.context()})

    def context(self) -> dict:
        return {}


class FormPage(Page):
    """What edit and verb pages share: show, check, do, thank."""

    form_class = None
    template_name = "layouts/form.html"
    title = ""
    intro = ""
    submit_label = "Simpan"
    done_message = ""
    danger = False

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return self.show(self.make_form())

    def post(self, request, **kwargs):
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.do(form)
        except ValidationError as error:
            add_errors(form, error)
            answer = self.show(form)
            answer.status_code = 409 if getattr(error, "code", "") == "conflict" else 200
            return answer
        return self.thank(done)

    def load(self, **kwargs) -> None:
        """Fetches what the URL names; another village's is 404."""

    def make_form(self, **kwargs):
        return self.form_class(access=self.access, action=self.action, initial=self.initial(), **kwargs)

    def initial(self) -> dict:
        return {}

    def do(self, form):
        raise NotImplementedError

    def show(self, form):
        return render(self.request, self.template_name, {"form": form, **self.context()})

    def context(self) -> dict:
        return {
            "title": self.title,
            "intro": self.intro,
            "submit_label": self.submit_label,
            "back_url": self.back_url(),
            "danger": self.danger,
        }

    def back_url(self) -> str:
        return reverse("home")

    def thank(self, done):
        if self.done_message:
            messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(done.get_absolute_url())


class EditView(FormPage):
    """Saves one row of its own model, with its history; `pk` in the URL edits, none adds."""

    save = None  # accounts.history.save, given by the app: lib knows no app

    def load(self, pk=None, **kwargs):
        self.object = get_object_or_404(self.open(), pk=pk) if pk else self.blank(**kwargs)

    def blank(self, **kwargs):
        return self.model()

    def make_form(self, **kwargs):
        return self.form_class(access=self.access, action=self.action, instance=self.object, **kwargs)

    def do(self, form):
        return type(self).save(form.save(commit=False), by=self.request.user)

    def back_url(self):
        return self.object.get_absolute_url() if self.object.pk else reverse("home")


class VerbView(FormPage):
    """A verb on one visible record: the form gives the facts, the service does it."""

    verb = None

    def load(self, pk):
        self.object = get_object_or_404(self.open(), pk=pk)

    def back_url(self):
        return self.object.get_absolute_url()


def add_errors(form, error: ValidationError) -> None:
    """Puts a service's refusal beside the field it speaks of, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages_ in error.error_dict.items():
        form.add_error(name if name in form.fields else None, messages_)


def see_other(url_name: str, *args) -> HttpResponse:
    return HttpResponseRedirect(reverse(url_name, args=args))
