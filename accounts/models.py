"""Users, what they are allowed where and when, and the history of every change.

Regions are named by their code, without a foreign key: this app stands below `villages`.
"""

import re
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.attachments.models import Attachment as Attachment  # Django looks for an app's models here
from accounts.token_models import ReadToken as ReadToken
from up2k_portal.lib.access import EVERYWHERE, NOBODY, Access, Action, Role, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.fields import DayField

FIRST_STEPS = 4  # of the guide on an operator's first visit
DAY = re.compile(r"\d{4}-\d\d-\d\d")  # a day as the history keeps it


class UserQuerySet(ScopedQuerySet):
    def visible_to(self, access: Access):
        assignments = Assignment.objects.visible_to(access)
        return self.filter(pk__in=assignments.values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username: str, password: str | None = None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields):
        """The first admin of an installation: everywhere, from today on."""
        user = self.create_user(username, password, **fields)
        Assignment.objects.create(user=user, role=Role.ADMIN, area_code=EVERYWHERE, starts_on=today())
        return user


class User(AbstractBaseUser):
    username = models.CharField(
        "nama pengguna",
        max_length=40,
        unique=True,
        error_messages={"unique": "Nama pengguna ini sudah dipakai."},
        help_text="Untuk operator: kode desa, misalnya 63.08.03.2014",
    )
    name = models.CharField("nama", max_length=100)
    phone = models.CharField("nomor HP", max_length=20, blank=True)
    is_active = models.BooleanField("aktif", default=True)
    created_at = models.DateTimeField("dibuat", default=timezone.now, editable=False)
    # Which of the first steps she is shown next, from 0; FIRST_STEPS once they are over or left out.
    first_step = models.PositiveSmallIntegerField("langkah pertama", default=0, editable=False)

    untold_fields = frozenset({"first_step"})
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    area_path = "assignments__area_code"
    seen_with = Action.MANAGE_USERS
    objects = UserManager()

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def access_on(self, day: date) -> Access:
        """Role and areas by the assignments in force; two roles at once are no role."""
        if not self.is_active:
            return NOBODY
        in_force = list(self.assignments.in_force(day))
        roles = {one.role for one in in_force}
        if len(roles) != 1:
            return NOBODY
        return Access(Role(roles.pop()), frozenset(one.area_code for one in in_force))

    # Django's admin asks these; lib.access alone decides, so the framework's own answer is always no.
    is_staff = False

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class AssignmentQuerySet(ScopedQuerySet):
    def in_force(self, day: date):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Assignment(models.Model):
    """A user serves an area in a role, from a day until a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name="pengguna")
    role = models.CharField("peran", max_length=10, choices=Role.choices)
    area_code = models.CharField("kode wilayah", max_length=13, help_text="Misalnya 63.08.03.2014 atau 63.08.03")
    starts_on = DayField("sejak", default=today)
    ends_on = DayField("sampai", null=True, blank=True)

    area_path = "area_code"
    seen_with = Action.MANAGE_USERS
    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"
        ordering = ["area_code", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
                violation_error_message="Tanggal sampai harus sama dengan atau sesudah tanggal sejak.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.area_code}"

    def clean(self):
        if self.user_id is None or self.starts_on is None:
            return
        others = Assignment.objects.filter(user=self.user_id).exclude(pk=self.pk).exclude(role=self.role)
        overlapping = others.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on))
        if self.ends_on:
            overlapping = overlapping.filter(starts_on__lte=self.ends_on)
        if overlapping.exists():
            raise ValidationError({"role": "Seorang pengguna hanya boleh punya satu peran pada satu waktu."})


class Change(AppendOnlyModel):
    """One change of one row: who, when, before, after. NIK and KK numbers are masked before they get here."""

    class Kind(models.TextChoices):
        CREATED = "created", "Dibuat"
        CHANGED = "changed", "Diubah"
        SEEDED = "seeded", "Diisi data contoh"

    at = models.DateTimeField("waktu", default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="pengguna")
    user_name = models.CharField("nama pengguna", max_length=100)
    request_id = models.UUIDField("nomor permintaan", null=True)
    kind = models.CharField("perbuatan", max_length=10, choices=Kind.choices)
    model = models.CharField("jenis", max_length=50)
    object_id = models.BigIntegerField("nomor")
    object_name = models.CharField("catatan", max_length=200)
    area_code = models.CharField("kode wilayah", max_length=13)
    before = models.JSONField("sebelum", default=dict)
    after = models.JSONField("sesudah", default=dict)
    reason = models.CharField("alasan", max_length=300, blank=True)

    row_words = "Riwayat"
    instead = "simpan perubahan yang baru"
    area_path = "area_code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "riwayat"
        verbose_name_plural = "riwayat"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["model", "object_id", "-at"]),
            models.Index(fields=["area_code", "-at"]),
            models.Index(fields=["-at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.object_name}"

    @property
    def action_label(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}" if self.reason else self.get_kind_display()

    @property
    def summary_lines(self) -> list[str]:
        """The changed fields in words, for the history on a page."""
        if self.kind != self.Kind.CHANGED:
            return []
        return [
            f"{name}: {self._shown(self.before.get(name))} → {self._shown(new)}" for name, new in self.after.items()
        ]

    @staticmethod
    def _shown(value) -> str:
        if value in (None, ""):
            return "kosong"
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        return format_day(date.fromisoformat(value)) if DAY.fullmatch(str(value)) else str(value)
