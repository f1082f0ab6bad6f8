"""The backup file of a telephone's queue: chosen, looked at, then sent in one act."""

from django.core.exceptions import ValidationError
from django.shortcuts import render

from loans.field import file_services
from loans.field.forms import QueueFileForm
from loans.field.services import State
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import FormPage, add_errors

KIND_WORDS = {"row": "Baris lembar", "total": "Setoran tunggal", "absent": "Tidak hadir", "count": "Hitung uang"}
# State of an item: the words of the preview, those of the result, and the badge's look.
WORDS = {
    State.SAVED: ("Akan dicatat", "Tercatat", "ok quiet"),
    State.THERE: ("Sudah diterima", "Sudah diterima", "ok quiet"),
    State.CONFLICT: ("Isinya berbeda", "Isinya berbeda", "bad"),
    State.FOREIGN: ("Milik akun lain", "Milik akun lain", "bad"),
    State.LOCKED: ("Terkunci", "Terkunci", "warn"),
    State.REFUSED: ("Ditolak", "Ditolak", "bad"),
}


class QueueFile(FormPage):
    """Sent twice it is recorded once: each item carries its own key."""

    action = Action.SEND_FOR_OTHERS
    form_class = QueueFileForm
    template_name = "loans/field/queue_file.html"
    title = "Kirim berkas antrean"
    intro = "Untuk antrean HP yang akunnya sudah ditutup. Setoran tercatat atas nama Ibu, dengan nama pemilik HP-nya."
    submit_label = "Lanjut: periksa isinya"

    def make_form(self, **kwargs):
        return super().make_form(files=self.request.FILES if kwargs else None, **kwargs)

    def post(self, request):
        form = self.make_form(data=request.POST)
        if not form.is_valid():
            return self.show(form)
        is_sending, facts = "save" in request.POST, {"by": request.user, "access": self.access}
        try:
            queue = file_services.read_file(form.cleaned_data["bytes"], self.access)
            act = file_services.send_file if is_sending else file_services.preview
            found = act(queue, **facts)
        except ValidationError as error:
            add_errors(form, ValidationError({"file": error.messages}))
            return self.show(form)
        return self.told(form, found, is_done=is_sending)

    def told(self, form, found: file_services.Preview, *, is_done: bool):
        """The items with what becomes of each; a second button sends them."""
        context = {
            "found": found,
            "is_done": is_done,
            "rows": [self._row(item, one, is_done) for item, one in found.rows],
            "content": form.cleaned_data["bytes"].decode("utf-8", "replace"),
            "title": "Berkas antrean terkirim" if is_done else "Sudah benar?",
        }
        return render(self.request, "loans/field/queue_file_check.html", {**self.context(), **context})

    def _row(self, item, one, is_done: bool) -> dict:
        words, done_words, look = WORDS[one.state]
        return {
            "who": one.who or "Tidak dikenal",
            "kind": KIND_WORDS.get(item.kind, "") if item else "",
            "on": item and item.on,
            "amount": file_services.brought(item) if item else 0,
            "state": done_words if is_done else words,
            "look": look,
            "message": one.message,
            "number": one.number if is_done or one.state == State.THERE else "",
            "url": one.url if is_done or one.state == State.THERE else "",
        }
