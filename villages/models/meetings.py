"""Meetings of a group: who came, who visited, what was said and decided. One meeting fills four books."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.fields import DayField
from villages.models.groups import Group
from villages.models.members import Member
from villages.models.regions import Village


class MeetingQuerySet(ScopedQuerySet):
    def with_attendance(self):
        """`present_count` members and `guest_count` guests that came."""
        return self.annotate(present_count=_count(Attendance), guest_count=_count(Guest))


def _count(model):
    counted = model.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


class Meeting(models.Model):
    """A gathering of the group on a day; saved with its attendance by `meeting_services.record_meeting`."""

    class Kind(models.TextChoices):
        MEMBERS = "members", "Rapat anggota"
        MONTHLY = "monthly", "Pertemuan bulanan"
        TRAINING = "training", "Kegiatan/pelatihan"
        VISIT = "visit", "Kunjungan/pembinaan"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="meetings", verbose_name="kelompok")
    held_on = DayField("tanggal")
    starts_at = models.TimeField("mulai pukul", null=True, blank=True)
    ends_at = models.TimeField("selesai pukul", null=True, blank=True)
    place = models.CharField("tempat", max_length=100)
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices, default=Kind.MONTHLY)
    title = models.CharField("judul", max_length=120, help_text="Misalnya Pertemuan bulanan September")
    agenda = models.TextField("acara", blank=True, help_text="Satu baris satu acara.")
    chair = models.CharField("pimpinan", max_length=100)
    chair_office = models.CharField(
        "jabatan pimpinan", max_length=60, blank=True, help_text="Misalnya Ketua Poksus, Ketua Pokja II"
    )
    writer = models.CharField("notulis", max_length=100, blank=True, help_text="Yang membuat notulen.")
    invited_count = models.PositiveSmallIntegerField(
        "banyaknya diundang", blank=True, help_text="Kosongkan bila semua anggota aktif diundang."
    )
    minutes = models.TextField("uraian", blank=True, help_text="Apa yang dibicarakan.")
    decisions = models.TextField("kesimpulan", blank=True, help_text="Apa yang diputuskan.")

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.EDIT_REGISTRY
    objects = MeetingQuerySet.as_manager()

    # Columns of MeetingQuerySet.with_attendance; a meeting read plainly has none of them.
    present_count: int
    guest_count: int

    class Meta:
        verbose_name = "pertemuan"
        verbose_name_plural = "pertemuan"
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["-held_on", "-id"]),
            models.Index(fields=["village", "-held_on", "-id"]),
            models.Index(fields=["group", "-held_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "held_on", "title"],
                name="meeting_title_once_a_day",
                violation_error_message="Pertemuan dengan judul ini sudah tercatat pada tanggal yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message="Jam selesai harus sesudah jam mulai.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def attendance_words(self) -> str:
        """28 dari 40"""
        return f"{self.present_count} dari {self.invited_count}"

    @property
    def absent_count(self) -> int:
        return max(0, self.invited_count - self.present_count)

    def clean(self):
        if self.held_on is None or self.group_id is None:
            return
        founded_on = self.group.founded_on
        if self.held_on > today():
            raise ValidationError({"held_on": f"Tanggal tidak boleh sesudah hari ini, {format_day(today())}."})
        if founded_on and self.held_on < founded_on:
            raise ValidationError({"held_on": f"Kelompok baru berdiri pada {format_day(founded_on)}."})

    def told_besides(self) -> dict[str, str]:
        """What the history keeps of the rows below: who came, in words."""
        present = [str(one.member) for one in self.attendances.select_related("member")]
        guests = [str(one) for one in self.guests.all()]
        return {"hadir": _listed(present), "tamu": _listed(guests)}


def _listed(names: list[str]) -> str:
    return f"{len(names)} orang: {', '.join(names)}" if names else ""


class Attendance(models.Model):
    """A member who came."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances", verbose_name="pertemuan")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances", verbose_name="anggota")

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "kehadiran"
        verbose_name_plural = "kehadiran"
        ordering = ["member__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="member_present_once")]

    def __str__(self) -> str:
        return str(self.member)


class Guest(models.Model):
    """Somebody who came and is no member."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests", verbose_name="pertemuan")
    name = models.CharField("nama tamu", max_length=100)
    institution = models.CharField("instansi", max_length=100, blank=True)
    purpose = models.CharField("keperluan", max_length=120, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "tamu"
        verbose_name_plural = "tamu"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.institution})" if self.institution else self.name
