"""Read tokens: with one a program reads what its owner may see, as JSON or Excel, and does nothing."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from up2k_portal.lib.access import Access, Action, ScopedQuerySet
from up2k_portal.lib.dates import today
from up2k_portal.lib.fields import DayField


class ReadTokenQuerySet(ScopedQuerySet):
    def visible_to(self, access: Access):
        """All of them where tokens are asked for at all; whose they are, `of` says."""
        return self.all() if access.may(self.model.seen_with) else self.none()

    def of(self, user):
        return self.filter(user=user)

    def valid(self, day: date):
        return self.filter(revoked_at=None, expires_on__gte=day, user__is_active=True)


class ReadToken(models.Model):
    """The token itself is shown once and never kept: only its SHA-256, which leads to nobody's password."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="read_tokens", verbose_name="pemilik"
    )
    name = models.CharField("dipakai untuk", max_length=60, help_text="Misalnya: dasbor data terbuka")
    digest = models.CharField("sidik", max_length=64, unique=True)
    hint = models.CharField("empat huruf terakhir", max_length=4)
    created_at = models.DateTimeField("dibuat", default=timezone.now)
    expires_on = DayField("berlaku sampai")
    last_used_at = models.DateTimeField("terakhir dipakai", null=True, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)

    area_path = ""
    seen_with = Action.SEE_REPORTS
    untold_fields = frozenset({"digest", "last_used_at"})
    objects = ReadTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "token baca"
        verbose_name_plural = "token baca"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")), name="token_revoked_after_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    def get_absolute_url(self) -> str:
        return reverse("tokens")

    @property
    def state(self) -> str:
        """A badge: berlaku, kedaluwarsa or dicabut."""
        if self.revoked_at:
            return "dicabut"
        return "berlaku" if self.expires_on >= today() else "kedaluwarsa"
