"""Pages of the import: templates and upload, what a workbook would do, what became of it, all imports."""

from itertools import islice

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from imports import annotated, services, storage, tasks
from imports.columns import Column, Type
from imports.filters import ImportFilter
from imports.forms import UploadForm
from imports.kinds import KINDS
from imports.kinds.base import Kind
from imports.lines import Line, Outcome
from imports.models import Import
from imports.places import may_act
from imports.tables import ImportTable
from imports.template_book import write_template
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.privacy import mask_number
from up2k_portal.lib.views import FormPage, Link, ListingView, Page
from up2k_portal.lib.xlsx import CONTENT_TYPE
from villages.models import Village

FIRST_ROWS = 20
MOST_FAULTS = 300  # on the page; the workbook that goes back has all
RELATED = ("village__district", "sent_by", "saved_by", "undone_by")
State = Import.State
OUTCOMES = {Outcome.NEW: "baru", Outcome.CHANGED: "diubah", Outcome.SKIPPED: "dilewati", Outcome.REFUSED: "ditolak"}


def kinds_of(access: Access) -> list[Kind]:
    return [kind for kind in KINDS.values() if access.may(kind.action)]


class ImportListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Import
    table_class = ImportTable
    filter_class = ImportFilter
    title = "Pusat impor"
    empty_title = "Belum ada impor."
    empty_text = "Unduh templat terisi, isi tanpa sinyal di Excel, lalu unggah di sini."

    def rows(self):
        return self.visible().select_related("sent_by")

    def add_link(self):
        if not self.access.may(Action.EDIT_REGISTRY):
            return None
        return Link("Impor dari Excel", reverse("import-new"))


class ImportStart(FormPage):
    """Step 1: the filled template to download, the workbook to upload."""

    action = Action.EDIT_REGISTRY
    form_class = UploadForm
    template_name = "imports/start.html"
    title = "Impor dari Excel"
    intro = "Unduh templat yang sudah terisi data desa, isi di Excel tanpa sinyal, lalu unggah."
    submit_label = "Unggah dan periksa"

    def make_form(self, **kwargs):
        return super().make_form(files=self.request.FILES if kwargs else None, **kwargs)

    def context(self):
        one = self.access.serves_one_village
        kinds = kinds_of(self.access)
        of_one = [kind for kind in kinds if not kind.is_of_many]
        of_many = [kind for kind in kinds if kind.is_of_many]
        return super().context() | {"of_one": of_one, "of_many": of_many, "serves_one": one}

    def do(self, form):
        file = form.cleaned_data["file"]
        imported = services.receive(
            stream=file,
            name=file.name,
            by=self.request.user,
            access=self.access,
            village=form.cleaned_data.get("village"),
        )
        if imported.size > services.AT_ONCE:
            tasks.check_import.enqueue(imported.pk)
            return imported
        try:
            return services.check(imported, access=self.access)
        except ValidationError:
            services.throw_away(imported=imported)
            raise

    def back_url(self):
        return reverse("imports")


class ImportTemplate(Page):
    """The template of a kind, filled with the data of a village: `jenis` and, where one serves many, `desa`."""

    action = Action.EDIT_REGISTRY

    def get(self, request):
        kind = KINDS.get(request.GET.get("jenis", "anggota"))
        if kind is None or not self.access.may(kind.action):
            raise Http404
        village = None if kind.is_of_many else self.village(kind, request.GET.get("desa", ""))
        if village is None and not kind.is_of_many:
            return HttpResponseRedirect(reverse("import-new"))
        name = f"{kind.key}-{village.code if village else 'banyak-desa'}.xlsx"
        stream = write_template(kind, village, today())
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(stream, content_type=CONTENT_TYPE, headers=headers)

    def village(self, kind: Kind, code: str) -> Village | None:
        rows, code = Village.objects.visible_to(self.access).select_related("district"), code.replace("\0", "").strip()
        if self.access.serves_one_village:
            village = rows.first()
        elif not code:
            return None
        else:
            village = get_object_or_404(rows, code=code[:13])
        if village is None or not self.access.may_in(kind.action, village):
            raise Http404
        return village


class ImportPage(Page):
    action = Action.SEE_PEOPLE
    model = Import

    def load(self, pk) -> Import:
        self.object = get_object_or_404(self.visible().select_related(*RELATED), pk=pk)
        self.kind = KINDS.get(self.object.kind)
        return self.object

    @property
    def may_act(self) -> bool:
        return self.kind is not None and may_act(self.access, self.kind, self.object)


class ImportView(ImportPage):
    """Where an import stands: being read, to be checked, being saved, saved, undone; the parts of the page follow."""

    def get(self, request, pk):
        imported = self.load(pk)
        context = {
            "object": imported,
            "kind": self.kind,
            "title": f"{imported}: {self.kind.title}" if self.kind else str(imported),
            "may_act": self.may_act,
            "back_url": reverse("imports"),
            "is_slow": imported.is_moving and timezone.now() - imported.moved_at > services.STILL,
            "is_cut_off": services.is_cut_off(imported),
        }
        if self.kind and imported.is_kept and imported.read:
            context |= self.rows(imported)
        if self.kind and imported.state == State.DONE:
            context["list_url"] = self.kind.list_url(imported)
        return render(request, "imports/import.html", context)

    def rows(self, imported: Import) -> dict:
        first = list(islice(services.lines_of(imported), FIRST_ROWS)) if imported.state == State.CHECKED else []
        refused = services.lines_of(imported, Outcome.REFUSED) if imported.refused else iter(())
        faults = list(islice(services.faults_of(imported, refused), MOST_FAULTS + 1))
        late = [row for rows in imported.parts.values_list("refused", flat=True) for row in rows]
        return {
            "first": [shown_line(line, self.kind) for line in first],
            "faults": faults[:MOST_FAULTS],
            "has_more": len(faults) > MOST_FAULTS,
            "late": late,
            "totals": totals_of(imported, self.kind),
            "may_mend": bool(faults),
        }


def shown_line(line: Line, kind: Kind) -> dict:
    """A row of the preview: what becomes of it, its first words, the rest in one line."""
    cells = [
        (column, words_of(line, column)) for column in kind.columns if column.key in line.typed and not column.is_hidden
    ]
    name = next((words for column, words in cells if column.key in ("name", "member")), "")
    return {
        "number": line.number,
        "outcome": line.outcome.value,
        "words": OUTCOMES[line.outcome],
        "name": name or (cells[0][1] if cells else ""),
        "rest": ", ".join(f"{column.heading} {words}" for column, words in cells if words != name),
        "changes": line.changes,
        "note": line.note,
    }


def words_of(line: Line, column: Column) -> str:
    """What a cell says, as pages show it: rupiah with dots, numbers of persons masked."""
    value, typed = line.values.get(column.key), line.typed[column.key]
    if column.type in (Type.NIK, Type.FAMILY_CARD):
        return mask_number(typed)
    return format_rupiah(value) if column.type == Type.RUPIAH and isinstance(value, int) else typed


def totals_of(imported: Import, kind: Kind) -> list[dict]:
    """Rupiah by column and outcome, and of all rows that were read."""
    found = []
    for column in kind.columns:
        if sums := imported.totals.get(column.key):
            found.append({"heading": column.heading, "read": sum(sums.values()), **sums})
    return found


class ImportFile(ImportPage):
    """The workbook back: red cells, comments and a column Keterangan; only to who may import there."""

    action = Action.EDIT_REGISTRY

    def get(self, request, pk):
        imported = self.load(pk)
        if not (self.may_act and imported.is_kept and storage.lines_path(imported.uuid).exists()):
            raise Http404
        stream = annotated.write(imported)
        name = f"diperiksa-{imported.pk}.xlsx"
        answer = FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
        answer["Cache-Control"] = "private, no-store"
        return answer
