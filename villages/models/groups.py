"""UP2K groups (poksus) and their producing sub-groups (poklak)."""

from django.apps import apps
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models.regions import Village


class Programme(models.TextChoices):
    """Only UP2K is counted; the others share the village but not the reports."""

    UP2K = "up2k", "UP2K-PKK"
    UPPKA = "uppka", "UPPKA (BKKBN)"
    KUBE = "kube", "KUBE"
    OTHER = "other", "Lainnya"


class Level(models.TextChoices):
    """The four levels of form 4.22, in rising order."""

    PEMULA = "PEMULA", "Pemula"
    MADYA = "MADYA", "Madya"
    UTAMA = "UTAMA", "Utama"
    MANDIRI = "MANDIRI", "Mandiri"


class GroupQuerySet(ScopedQuerySet):
    def counted(self, as_of, since=None):
        """What reports count on a day: UP2K groups that exist then, without those for practice; and with `since` those
        that were dissolved on that day or later.
        """
        return self.filter(
            Q(founded_on=None) | Q(founded_on__lte=as_of),
            Q(closed_on=None) | (Q(closed_on__gte=since) if since else Q(closed_on__gt=as_of)),
            programme=Programme.UP2K,
            is_practice=False,
        )

    def with_level(self, as_of):
        """`level`: as assessed last on or before the day; None when never assessed."""
        assessed = GroupAssessment.objects.filter(group=OuterRef("pk"), assessed_on__lte=as_of)
        return self.annotate(level=Subquery(assessed.order_by("-assessed_on", "-pk").values("level")[:1]))

    def with_legal_status(self, as_of):
        """`legal_status`: the one in force on the day, as `LegalStatus.Status`; none while nothing is recorded."""
        known = LegalStatus.objects.filter(group=OuterRef("pk"), since__lte=as_of).order_by("-since").values("status")
        return self.annotate(legal_status=Coalesce(Subquery(known[:1]), Value(LegalStatus.Status.NONE.value)))

    def with_leader(self, as_of):
        """`leader`: the name of the ketua in office on the day; None where there is none."""
        officers = apps.get_model("villages", "Officer").objects.in_office(as_of).order_by("-since")
        return self.annotate(leader=Subquery(officers.filter(group=OuterRef("pk"), office="ketua").values("name")[:1]))

    def with_sizes(self, as_of):
        """`member_count` of active members and `poklak_count` of standing poklak on the day."""
        members = apps.get_model("villages", "Member").objects.active_on(as_of)
        poklaks = Poklak.objects.standing_on(as_of)
        return self.annotate(member_count=_count(members), poklak_count=_count(poklaks))


def _count(rows):
    counted = rows.filter(group=OuterRef("pk")).order_by().values("group").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Group(models.Model):
    """A kelompok UP2K (poksus): as a rule one per village; it manages the revolving fund."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="groups", verbose_name="desa/kelurahan")
    name = models.CharField("nama kelompok", max_length=100)
    programme = models.CharField("program", max_length=10, choices=Programme.choices, default=Programme.UP2K)
    initials = models.CharField(
        "singkatan",
        max_length=6,
        help_text="Awal nomor kuitansi, misalnya AS untuk As Syifa",
        validators=[RegexValidator(r"^[A-Z0-9]+\Z", "Tulis dengan huruf besar tanpa spasi, misalnya AS.")],
    )
    decree_number = models.CharField("nomor SK", max_length=80, blank=True)
    decree_on = DayField("tanggal SK", null=True, blank=True)
    founded_on = DayField("tanggal berdiri", null=True, blank=True)
    closed_on = DayField("tanggal bubar", null=True, blank=True)
    contact_phone = models.CharField("nomor HP kelompok", max_length=20, blank=True)
    is_practice = models.BooleanField(
        "kelompok latihan", default=False, help_text="Untuk belajar; tidak dihitung di laporan mana pun."
    )

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    files_with = Action.EDIT_REGISTRY  # the operator's photos; the rest of the group is the kabupaten's
    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "kelompok UP2K"
        verbose_name_plural = "kelompok UP2K"
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "name"],
                name="group_name_once_in_village",
                violation_error_message="Kelompok dengan nama ini sudah ada di desa yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(founded_on=None) | Q(closed_on__gte=models.F("founded_on")),
                name="group_closed_after_founded",
                violation_error_message="Tanggal bubar harus sesudah tanggal berdiri.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.pk])

    def told_besides(self) -> dict:
        """For the history: two villages may have one name, and a new code may come with the old name."""
        return {"kode desa/kelurahan": self.village.code}

    def officer_on(self, office: str, day):
        """Who held the office on the day (`Officer`), None where nobody did."""
        return self.officers.in_office(day).filter(office=office).order_by("-since").first()

    def legal_status_on(self, day):
        """The legal status in force on the day (`LegalStatus`), None while nothing is recorded."""
        return self.legal_statuses.filter(since__lte=day).order_by("-since").first()

    @property
    def choice_label(self) -> str:
        """In a list to choose from, names repeat between villages; select village and district with the row."""
        return f"{self.name}, {self.village.label}"


class GroupAssessment(AppendOnlyModel):
    """A level given to a group: who judged, when and why. Written once: these rows are the history of the level."""

    row_words = "Penilaian"
    instead = "catat penilaian baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="assessments", verbose_name="kelompok")
    level = models.CharField("klasifikasi", max_length=8, choices=Level.choices)
    assessed_on = DayField("tanggal penilaian")
    assessor = models.CharField("penilai", max_length=100)
    reason = models.CharField("alasan", max_length=300)

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "penilaian klasifikasi"
        verbose_name_plural = "penilaian klasifikasi"
        ordering = ["-assessed_on", "-pk"]
        indexes = [models.Index(fields=["group", "-assessed_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "assessed_on"],
                name="one_assessment_a_day",
                violation_error_message="Kelompok ini sudah dinilai pada tanggal itu. Pakai tanggal lain.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.level}"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()


class LegalStatus(models.Model):
    """What a group was before the law since a day: until a first row says otherwise, no legal body."""

    class Status(models.TextChoices):
        NONE = "none", "Belum berbadan hukum"
        COOPERATIVE = "cooperative", "Koperasi berbadan hukum"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="legal_statuses", verbose_name="kelompok")
    status = models.CharField("badan hukum", max_length=12, choices=Status.choices)
    since = DayField("sejak")
    number = models.CharField("nomor badan hukum", max_length=80, blank=True, help_text="Seperti di akta pengesahan.")
    note = models.CharField("keterangan", max_length=200, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "badan hukum"
        verbose_name_plural = "badan hukum"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "since"],
                name="one_legal_status_a_day",
                violation_error_message="Badan hukum pada tanggal itu sudah tercatat. Ubah catatan itu.",
            )
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()


class PoklakQuerySet(ScopedQuerySet):
    def standing_on(self, day):
        return self.filter(Q(formed_on=None) | Q(formed_on__lte=day), Q(dissolved_on=None) | Q(dissolved_on__gt=day))


class Poklak(models.Model):
    """Kelompok pelaksana: a few women of one group with a like business, who may borrow together."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="poklaks", verbose_name="kelompok")
    name = models.CharField("nama poklak", max_length=80)
    business = models.CharField("jenis usaha", max_length=80, blank=True)
    formed_on = DayField("tanggal dibentuk", null=True, blank=True)
    dissolved_on = DayField("tanggal bubar", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = PoklakQuerySet.as_manager()

    class Meta:
        verbose_name = "poklak"
        verbose_name_plural = "poklak"
        ordering = ["group", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="poklak_name_once_in_group",
                violation_error_message="Poklak dengan nama ini sudah ada di kelompok yang sama.",
            )
        ]

    def __str__(self) -> str:
        return f"Poklak {self.name}"

    @property
    def choice_label(self) -> str:
        """Every group has its Melati; select the group with the row."""
        return f"{self.name}, {self.group.name}"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()
