"""Pages of bulk entry: paste, check, result. Nothing is stored before "Simpan"."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.pages import RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import FormPage, Page, VerbView
from up2k_portal.lib.xlsx import CONTENT_TYPE
from villages import bulk_services
from villages.bulk import COLUMNS, MOST_LINES, Line
from villages.bulk_forms import Grid, GridForm, PasteForm, UndoForm, fingerprint, lines_of, said_in
from villages.bulk_template import write_template
from villages.models import BulkEntry, Group

EXAMPLE = (
    "Mastura", "6308035203852514", "P", "12-03-1985", "RT 02, Anjir", "0812-0000-1111", "Melati", "01-09-2026",
)  # fmt: skip


class MemberPaste(FormPage):
    """Step 1 is the text, step 2 the grid; the grid comes back until what it has is what was checked."""

    action = Action.EDIT_REGISTRY
    form_class = PasteForm
    template_name = "villages/bulk/paste.html"
    title = "Tempel anggota dari Excel"
    submit_label = "Periksa"

    def load(self, pk):
        self.group = get_object_or_404(self.open(Group).select_related("village__district"), pk=pk)

    def post(self, request, pk):
        self.load(pk)
        if "rows" in request.POST:
            return self.mend(GridForm(request.POST, access=self.access, action=self.action))
        form = self.make_form(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        bulk_services.check_block(group=self.group, lines=form.block.lines)
        return self.grid(form.block.lines, unused=form.block.unused)

    def mend(self, form):
        """The second step, sent: checked anew, and saved where it is what the page had shown as checked."""
        try:
            lines = lines_of(self.request.POST)
        except ValidationError as error:
            messages.error(self.request, error.message)
            return self.show(self.make_form())
        is_clear = form.is_valid()
        was_seen = form.cleaned_data.get("seen") == fingerprint(lines, said_in(self.request.POST))
        bulk_services.check_block(group=self.group, lines=lines, **form.facts)
        if "save" not in self.request.POST or not is_clear:
            return self.grid(lines, form)
        if not was_seen:
            messages.warning(self.request, "Isian berubah sejak diperiksa. Lihat hasilnya, lalu simpan.")
            return self.grid(lines, form)
        return self.save(lines, form)

    def save(self, lines: list[Line], form):
        try:
            uuid = form.cleaned_data["uuid"]
            entry = bulk_services.save_block(group=self.group, lines=lines, uuid=uuid, by=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.grid(lines, form)
        wrong = [line for line in lines if line.state == "wrong"]
        if not wrong:
            return HttpResponseRedirect(entry.get_absolute_url())
        return self.grid(wrong, GridForm(self.left(form), access=self.access, action=self.action), entry=entry)

    def left(self, form) -> dict:
        """What holds for the lines that are left, under a key of their own."""
        return {**{name: form[name].value() or "" for name in form.facts}, "uuid": uuid4(), "seen": ""}

    def grid(self, lines: list[Line], form=None, **extra):
        form = form or GridForm(access=self.access, action=self.action)
        grid = Grid(lines, form)
        context = self.context() | {"form": form, "grid": grid, "title": "Periksa sebelum disimpan"}
        return render(self.request, "villages/bulk/grid.html", context | extra)

    def context(self):
        return super().context() | {
            "group": self.group,
            "intro": f"{self.group}, {self.group.village.label}",
            "headings": COLUMNS.values(),
            "columns": zip(COLUMNS.values(), EXAMPLE, strict=True),
            "most": MOST_LINES,
        }

    def back_url(self):
        return self.group.get_absolute_url()


class MemberTemplate(Page):
    action = Action.EDIT_REGISTRY

    def get(self, request):
        name = 'attachment; filename="anggota-up2k.xlsx"'
        return HttpResponse(write_template(), content_type=CONTENT_TYPE, headers={"Content-Disposition": name})


class BulkEntryView(RecordView):
    """Step 3: what became of each row, with the way back."""

    action = Action.EDIT_REGISTRY
    model = BulkEntry
    template_name = "villages/bulk/result.html"

    def rows(self):
        return self.open().select_related("group", "village__district", "recorded_by")

    def context(self):
        members = self.object.members.select_related("poklak").order_by("name", "pk")
        return super().context() | {"members": members, "back_url": self.object.group.get_absolute_url()}


class BulkUndo(VerbView):
    action = Action.EDIT_REGISTRY
    model = BulkEntry
    form_class = UndoForm
    title = "Batalkan penambahan ini"
    submit_label = "Batalkan penambahan"
    danger = True

    @property
    def intro(self):
        return (
            f"{self.object.stored} anggota dari tempelan ini dicatat keluar pada hari masuknya, jadi tidak dihitung di "
            "laporan mana pun. Yang sudah punya catatan lain tetap. Tidak ada yang dihapus."
        )

    def do(self, form):
        back, kept = bulk_services.undo_block(entry=self.object, by=self.request.user)
        said = f"{back} anggota dibatalkan."
        messages.success(self.request, said + (f" {kept} tetap karena sudah punya catatan lain." if kept else ""))
        return self.object

    def back_url(self):
        return reverse("bulk-entry", args=[self.object.pk])
