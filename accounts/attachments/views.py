"""Adding, removing and handing out files. Every answer is asked of the record on which the file hangs."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from accounts.attachments import services, storage
from accounts.attachments.carriers import carriers, read_place
from accounts.attachments.forms import AttachmentForm, RemovalForm
from accounts.attachments.models import Attachment
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import FormPage, Page

logger = logging.getLogger(__name__)


class FileDownload(Page):
    """The file for saving; `small`: the thumbnail, shown on the page of its record.

    `private, no-store`, as every page: a kept picture would still be there for the next person at the phone.
    """

    action = Action.SEE_PEOPLE
    model = Attachment
    small = False

    def get(self, request, uuid):
        row = get_object_or_404(self.visible().present(), uuid=uuid)
        try:
            stream = storage.open_file(row.uuid, small=self.small)
        except FileNotFoundError as error:
            if row.is_photo or not self.small:
                logger.error("The bytes of file %s are missing.", row.uuid)
            raise Http404 from error
        return FileResponse(
            stream, as_attachment=not self.small, filename=row.download_name, content_type=row.content_type
        )


class FileAdd(FormPage):
    form_class = AttachmentForm
    title = "Tambah foto atau berkas"

    @property
    def action(self):
        """The action that the record's model names; a model that names none carries no files."""
        self.model, self.pk = read_place(self.kwargs["place"])
        if self.model is None:
            raise Http404
        return self.model.files_with

    def load(self, place):
        self.record = get_object_or_404(self.open(), pk=self.pk)

    @property
    def intro(self):
        return str(self.record)

    def make_form(self, **kwargs):
        files = self.request.FILES if kwargs else None
        return super().make_form(files=files, **kwargs)

    def do(self, form):
        chosen = form.cleaned_data["files"]
        added = services.add_files(
            record=self.record, contents=chosen, title=form.cleaned_data["title"], by=self.request.user
        )
        for sentence in form.refused:
            messages.warning(self.request, sentence)
        if double := len(chosen) - len(added):
            messages.info(self.request, f"{double} berkas sama dengan yang sudah ada, jadi tidak ditambahkan lagi.")
        return added

    def thank(self, done):
        if done:
            messages.success(self.request, f"{len(done)} foto atau berkas tersimpan.")
        return HttpResponseRedirect(self.back_url())

    def back_url(self):
        return self.record.get_absolute_url()


class FileRemove(FormPage):
    action = Action.SEE_PEOPLE  # which one removes, the record's model says
    model = Attachment
    form_class = RemovalForm
    submit_label = "Hapus"
    danger = True

    def load(self, uuid):
        self.object = get_object_or_404(self.visible().present(), uuid=uuid)
        carrier = carriers()[self.object.model]
        if not self.access.may(carrier.files_with):
            raise PermissionDenied
        self.record = get_object_or_404(self.visible(carrier), pk=self.object.object_id)
        get_object_or_404(self.visible().changeable_by(self.access), pk=self.object.pk)

    @property
    def title(self):
        return f"Hapus {self.object}"

    @property
    def intro(self):
        return f"Dari {self.record}. Sesudah ini tidak terlihat lagi; riwayatnya tetap tersimpan."

    def do(self, form):
        return services.remove_file(attachment=self.object, by=self.request.user, **form.cleaned_data)

    def thank(self, done):
        messages.success(self.request, f"{done} dihapus.")
        return HttpResponseRedirect(self.back_url())

    def back_url(self):
        return self.record.get_absolute_url()
