"""Who leads a group: offices held for a term. What is printed names who was in office on the paper's day."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.fields import DayField
from villages.models.groups import Group
from villages.models.members import Member
from villages.models.regions import Village


class Office(models.TextChoices):
    KETUA = "ketua", "Ketua"
    SEKRETARIS = "sekretaris", "Sekretaris"
    BENDAHARA = "bendahara", "Bendahara"


class OfficerQuerySet(ScopedQuerySet):
    def in_office(self, day):
        """Who held an office on the day; the last day of a term belongs to it."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def past(self, day):
        return self.filter(until__lt=day)


class Officer(models.Model):
    """One person in one office, from a day until a day. The name stands as it was then, member or not."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="officers", verbose_name="kelompok")
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name="anggota",
        help_text="Kosongkan bila pengurus bukan anggota kelompok.",
    )
    name = models.CharField(
        "nama", max_length=100, blank=True, help_text="Seperti dicetak di kuitansi; dari anggota bila dikosongkan."
    )
    office = models.CharField("jabatan", max_length=10, choices=Office.choices)
    since = DayField("sejak")
    until = DayField("sampai", null=True, blank=True, help_text="Hari terakhir menjabat; kosong selama masih menjabat.")

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "pengurus"
        verbose_name_plural = "pengurus"
        ordering = ["group", "-since", "pk"]
        indexes = [models.Index(fields=["group", "office", "-since"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="officer_until_after_since",
                violation_error_message="Tanggal sampai harus sama dengan atau sesudah tanggal sejak.",
            ),
            models.UniqueConstraint(
                fields=["group", "office"],
                condition=Q(until=None),
                name="one_officer_without_end",
                violation_error_message="Jabatan ini masih dipegang orang lain. Akhiri dulu masa jabatannya.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.name}"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()

    @property
    def term_words(self) -> str:
        if self.until:
            return f"{format_day(self.since)} sampai {format_day(self.until)}"
        return f"sejak {format_day(self.since)}"

    def clean(self):
        self._check_member()
        self.name = self.name.strip() or (self.member.name if self.member else "")
        if not self.name:
            raise ValidationError({"name": "Pilih anggota, atau tulis namanya."})
        if self.since and (other := self.overlapping().first()):
            raise ValidationError(
                {"office": f"{other} sudah menjabat {other.term_words}. Dua orang sekaligus tidak boleh."}
            )

    def _check_member(self):
        left_on = self.member and self.member.left_on
        if self.member and self.member.group_id != self.group_id:
            raise ValidationError({"member": "Anggota ini dari kelompok lain. Pilih dari kelompok yang sama."})
        if left_on and (self.until is None or self.until > left_on):
            words = f"{self.member} sudah keluar pada {format_day(left_on)}: isi sampai, paling lama hari itu."
            raise ValidationError({"member": words})

    def overlapping(self):
        """The terms of others in the same office of the group that share a day with this one."""
        others = Officer.objects.filter(group=self.group_id, office=self.office).exclude(pk=self.pk)
        others = others.filter(Q(until=None) | Q(until__gte=self.since))
        return others.filter(since__lte=self.until) if self.until else others


class TeamOfficer(models.Model):
    """Who leads a TP PKK, of a village up to the province, from a day until a day: the names under official reports."""

    class Office(models.TextChoices):
        CHAIR = "chair", "Ketua TP PKK"
        POKJA_2 = "pokja_2", "Ketua Pokja II"

    area_code = models.CharField("kode wilayah", max_length=13, help_text="Misalnya 63.08 atau 63.08.03")
    office = models.CharField("jabatan", max_length=7, choices=Office.choices)
    name = models.CharField("nama", max_length=100)
    since = DayField("sejak")
    until = DayField("sampai", null=True, blank=True, help_text="Hari terakhir menjabat; kosong selama masih menjabat.")

    area_path = "area_code"
    seen_with = Action.SEE_REPORTS
    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "pengurus TP PKK"
        verbose_name_plural = "pengurus TP PKK"
        ordering = ["area_code", "office", "-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="team_officer_until_after_since",
                violation_error_message="Tanggal sampai harus sama dengan atau sesudah tanggal sejak.",
            ),
            models.UniqueConstraint(
                fields=["area_code", "office"],
                condition=Q(until=None),
                name="one_team_officer_without_end",
                violation_error_message="Jabatan ini masih dipegang orang lain. Akhiri dulu masa jabatannya.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.name}"
