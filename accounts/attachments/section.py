"""The section "Foto & berkas", on the page of every record whose model states `files_with`."""

from django.urls import reverse

from accounts.attachments.carriers import place_of
from accounts.attachments.models import Attachment


def files_of(page, record):
    """(template, context) for `RecordView`; nothing for who may not see files."""
    if not page.access.may(Attachment.seen_with):
        return "accounts/attachments/section.html", {}
    open_rows = type(record).objects.open_to(page.access, record.files_with)
    may_change = open_rows.filter(pk=record.pk).exists()
    return "accounts/attachments/section.html", {
        "is_seen": True,
        "files": Attachment.objects.of(record).present().select_related("uploaded_by"),
        "add_url": reverse("file-add", args=[place_of(record)]) if may_change else "",
    }
