"""A file on a record of any app, named by label and number as the history names it: no key points upward."""

from datetime import date
from functools import reduce
from operator import or_
from pathlib import PurePath
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.attachments.carriers import carriers
from accounts.attachments.contents import MAX_NAME, THUMBNAIL_SIDE
from up2k_portal.lib.access import Access, Action, ScopedQuerySet


class AttachmentQuerySet(ScopedQuerySet):
    def present(self):
        return self.filter(removed_at=None)

    def of(self, record: models.Model):
        return self.filter(model=record._meta.label_lower, object_id=record.pk)

    def visible_to(self, access: Access):
        """Those whose record this person sees: asked of the record, so a file moves with it at once."""
        if not access.may(self.model.seen_with):
            return self.none()
        return self._on(lambda carrier: carrier.objects.visible_to(access))

    def open_to(self, access: Access, action: Action):
        return self.visible_to(access)._on(lambda carrier: carrier.objects.open_to(access, action))

    def changeable_by(self, access: Access):
        """Those whose record is open to the action that adds files to it."""
        return self._on(lambda carrier: carrier.objects.open_to(access, carrier.files_with))

    def _on(self, rows_of):
        record = OuterRef("object_id")
        conditions = (Q(Exists(rows_of(one).filter(pk=record)), model=label) for label, one in carriers().items())
        return self.filter(reduce(or_, conditions, Q(pk__in=[])))


class Attachment(models.Model):
    """A photo or a document. Removing hides it; row and file stay until they may go."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "Foto"
        DOCUMENT = "document", "Dokumen"

    uuid = models.UUIDField("kode", unique=True, default=uuid4)
    model = models.CharField("jenis catatan", max_length=50)
    object_id = models.BigIntegerField("nomor catatan")
    area_code = models.CharField("kode wilayah", max_length=13)  # when it came: whose room it takes
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    title = models.CharField("keterangan", max_length=100, blank=True)
    original_name = models.CharField("nama berkas", max_length=MAX_NAME)
    size = models.PositiveIntegerField("ukuran (byte)")
    sha256 = models.CharField("SHA-256", max_length=64)
    width = models.PositiveSmallIntegerField("lebar (piksel)", null=True, blank=True)
    height = models.PositiveSmallIntegerField("tinggi (piksel)", null=True, blank=True)
    uploaded_at = models.DateTimeField("ditambah", default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ditambah oleh"
    )
    removed_at = models.DateTimeField("dihapus", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dihapus oleh"
    )
    removed_reason = models.CharField("alasan dihapus", max_length=300, blank=True)

    area_path = "area_code"
    seen_with = Action.SEE_PEOPLE  # a photo shows faces, a document names: never for who sees sums alone
    untold_fields = frozenset({"model"})
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "foto atau berkas"
        verbose_name_plural = "foto dan berkas"
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(fields=["model", "object_id"]),
            models.Index(fields=["area_code"]),
            models.Index(fields=["-uploaded_at", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "sha256"],
                condition=Q(removed_at=None),
                name="file_once_on_record",
                violation_error_message="Berkas yang sama sudah ada di catatan ini.",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_reason="") | (Q(removed_at__isnull=False) & ~Q(removed_reason="")),
                name="file_removed_with_reason",
                violation_error_message="Tulis alasan berkas ini dihapus.",
            ),
            models.CheckConstraint(
                condition=Q(kind="document") | Q(width__gt=0, height__gt=0), name="photo_has_its_size"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.uuid])

    def told_besides(self) -> dict[str, str]:
        return {"jenis catatan": str(carriers()[self.model]._meta.verbose_name)}

    @property
    def record(self) -> models.Model:
        return carriers()[self.model]._base_manager.get(pk=self.object_id)

    @property
    def uploaded_on(self) -> date:
        return timezone.localtime(self.uploaded_at).date()

    @property
    def is_photo(self) -> bool:
        return self.kind == self.Kind.PHOTO

    @property
    def thumbnail_size(self) -> tuple[int, int]:
        """Of a photo; so that a page stays still while it loads."""
        longest = max(self.width, self.height, THUMBNAIL_SIDE)
        return tuple(max(1, round(side * THUMBNAIL_SIDE / longest)) for side in (self.width, self.height))

    @property
    def content_type(self) -> str:
        return "image/jpeg" if self.is_photo else "application/pdf"

    @property
    def download_name(self) -> str:
        """Its ending says what the file is, whatever its old name said."""
        return PurePath(self.original_name).stem + (".jpg" if self.is_photo else ".pdf")
