"""Buttons of an import: save, go on, take back, throw away. Their bare addresses lead back to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from imports import services, tasks
from imports.first_passwords import make_first_passwords
from imports.forms import UndoForm
from imports.kinds.operators import OPERATORS
from imports.models import Import
from imports.views.imports import ImportPage
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import FormPage

State = Import.State


class ImportVerb(ImportPage):
    action = Action.EDIT_REGISTRY

    def get(self, request, pk):
        self.open_one(pk)
        return self.back()

    def post(self, request, pk):
        self.open_one(pk)
        try:
            return self.act() or self.back()
        except ValidationError as error:
            for words in error.messages:
                messages.error(request, words)
            return self.back()

    def open_one(self, pk) -> None:
        self.load(pk)
        is_own = self.object.sent_by_id == self.request.user.pk
        if not (self.may_act or (self.kind is None and is_own)):
            raise Http404

    def back(self):
        return HttpResponseRedirect(self.object.get_absolute_url())

    def run(self) -> None:
        """Saves at once what takes no longer than a page may; the rest is the worker's."""
        if self.object.to_save > services.ROWS_AT_ONCE:
            tasks.save_import.enqueue(self.object.pk)
            return
        imported = services.save(self.object, access=self.access)
        messages.success(self.request, f"{imported.done} baris tersimpan sebagai {str(imported).lower()}.")


class ImportSave(ImportVerb):
    def act(self):
        is_partial = self.request.POST.get("cara") == "benar"
        begun = services.begin(imported=self.object, is_partial=is_partial, by=self.request.user)
        if begun.state == State.QUEUED:
            self.object = begun
            self.run()


class ImportResume(ImportVerb):
    def act(self):
        before = self.object.state
        self.object = services.resume(imported=self.object, by=self.request.user)
        if self.object.state == State.QUEUED:
            self.run()
        elif self.object.state == State.WAITING and before != State.WAITING:
            tasks.check_import.enqueue(self.object.pk)


class ImportDiscard(ImportVerb):
    def act(self):
        services.throw_away(imported=self.object)
        messages.success(self.request, "Tidak ada yang disimpan. Berkasnya sudah dihapus.")
        return HttpResponseRedirect(reverse("import-new"))


class ImportSlips(ImportVerb):
    """First passwords of the operators that came in, on slips; made by the button, shown that once."""

    def act(self):
        if self.kind is None or self.object.kind != OPERATORS.key or self.object.state != State.DONE:
            raise Http404
        slips = make_first_passwords(imported=self.object, by=self.request.user)
        context = {
            "object": self.object,
            "title": "Slip sandi awal",
            "slips": [{"user": slip.user, "password": slip.password} for slip in slips],
            "back_url": self.object.get_absolute_url(),
        }
        return render(self.request, "imports/slips.html", context)


class ImportUndo(FormPage, ImportPage):
    """Takes back what an import saved, with a reason."""

    action = Action.EDIT_REGISTRY
    form_class = UndoForm
    title = "Batalkan impor"
    submit_label = "Batalkan impor"
    danger = True

    def load(self, pk):
        ImportPage.load(self, pk)
        if not self.may_act:
            raise Http404

    def get(self, request, **kwargs):
        self.load(**kwargs)
        is_saved = self.object.state in (State.DONE, State.CUT) and self.object.parts.exists()
        return self.show(self.make_form()) if is_saved else HttpResponseRedirect(self.back_url())

    @property
    def intro(self):
        facts = f"{self.object}, {self.object.area_name}: {self.object.done} baris {self.kind.words}."
        return f"{facts} {self.kind.undo_words}"

    def do(self, form):
        reason = form.cleaned_data["reason"]
        return services.undo(imported=self.object, reason=reason, by=self.request.user, access=self.access)

    def thank(self, done):
        back, kept = done
        words = f" {kept} tetap karena sudah punya catatan lain." if kept else ""
        messages.success(self.request, f"{self.object} dibatalkan: {back} catatan diambil kembali.{words}")
        return HttpResponseRedirect(self.back_url())

    def back_url(self):
        return self.object.get_absolute_url()
