"""Adding files to a record and removing them. What a person can mend raises ValidationError."""

import errno
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import history
from accounts.attachments import storage
from accounts.attachments.carriers import carriers
from accounts.attachments.contents import MEGABYTE, Content, size_words
from accounts.attachments.models import Attachment
from accounts.models import User
from up2k_portal.lib.access import is_practice
from up2k_portal.lib.reasons import check_reason

MAX_PER_RECORD = 20
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@transaction.atomic
def add_files(
    *, record: models.Model, contents: Sequence[Content], by: User | None, title: str = ""
) -> list[Attachment]:
    """Keeps the files on the record; one that is there already is not added again. Returns the new rows.

    Raises KeyError for a record whose model carries no files.
    """
    carrier = carriers()[record._meta.label_lower]
    # Counts and doubles are asked one after the other.
    _check_files_may_change(carrier._base_manager.select_for_update().get(pk=record.pk))
    new = _without_doubles(record, contents)
    _check_count(record, len(new))
    area_code = history.area_code_of(record)
    if is_practice(area_code):  # anyone may enter there: the portal keeps no stranger's pictures
        raise ValidationError("Di Desa Latihan foto dan berkas tidak disimpan. Langkah lainnya dapat dicoba semua.")
    _check_room(area_code, sum(map(_size, new)))
    rows = [_build(record, area_code, content, title, by) for content in new]
    _keep_all(rows, new)
    for row in rows:
        history.save(row, by=by)
    return rows


@transaction.atomic
def remove_file(*, attachment: Attachment, reason: str, by: User) -> Attachment:
    """Hides the file from now on. The row, its history and its bytes stay."""
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.removed_at:
        raise ValidationError("Berkas ini sudah dihapus.")
    check_reason(reason)
    _check_files_may_change(carriers()[attachment.model]._base_manager.filter(pk=attachment.object_id).first())
    attachment.removed_at, attachment.removed_by, attachment.removed_reason = timezone.now(), by, reason.strip()
    return history.save(attachment, by=by, reason=attachment.removed_reason)


def _check_files_may_change(record: models.Model | None) -> None:
    """Raises ValidationError where the record says that its files are a proof by now (`why_files_stay`)."""
    if words := getattr(record, "why_files_stay", ""):
        raise ValidationError(words)


def _without_doubles(record: models.Model, contents: Sequence[Content]) -> list[Content]:
    there = set(Attachment.objects.of(record).present().values_list("sha256", flat=True))
    return [content for key, content in {one.sha256: one for one in contents}.items() if key not in there]


def _check_count(record: models.Model, adding: int) -> None:
    there = Attachment.objects.of(record).present().count()
    if there + adding > MAX_PER_RECORD:
        left = max(MAX_PER_RECORD - there, 0)
        raise ValidationError(
            f"Satu catatan memuat paling banyak {MAX_PER_RECORD} foto dan berkas; di sini sudah ada {there}. "
            + (f"Kirim paling banyak {left} lagi." if left else "Hapus yang tidak perlu, lalu kirim lagi.")
        )


def _check_room(area_code: str, adding: int) -> None:
    """Removed files count too while their bytes are kept. Two senders at the same moment may pass by one sending."""
    room = settings.FILES_PER_VILLAGE_MB * MEGABYTE
    used = Attachment.objects.filter(area_code=area_code).aggregate(sum=Sum("size"))["sum"] or 0
    if used + adding > room:
        raise ValidationError(
            f"Ruang untuk foto dan berkas desa ini tidak cukup: terpakai {size_words(used)} dari {size_words(room)}, "
            f"sedangkan kiriman ini {size_words(adding)}. Minta kabupaten menambah ruangnya."
        )


def _size(content: Content) -> int:
    return len(content.main) + len(content.thumbnail)


def _build(record: models.Model, area_code: str, content: Content, title: str, by: User | None) -> Attachment:
    return Attachment(
        model=record._meta.label_lower,
        object_id=record.pk,
        area_code=area_code,
        kind=Attachment.Kind.PHOTO if content.is_picture else Attachment.Kind.DOCUMENT,
        title=title,
        original_name=content.name,
        size=_size(content),
        sha256=content.sha256,
        width=content.width,
        height=content.height,
        uploaded_by=by,
    )


def _keep_all(rows: list[Attachment], contents: list[Content]) -> None:
    """All or none; what a killed process leaves behind has no row and is never shown."""
    try:
        for row, content in zip(rows, contents, strict=True):
            storage.keep(row.uuid, content)
    except BaseException as error:
        for row in rows:
            storage.drop(row.uuid)
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            raise ValidationError(
                "Ruang simpan di server penuh, jadi tidak ada yang tersimpan. Hubungi kabupaten."
            ) from error
        raise
