"""Rules of checking as a kabupaten set them: the shipped ones changed, and its own."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import models

from reports import validation
from reports.findings import Severity
from reports.shipped_rules import BY_CODE, SHIPPED
from up2k_portal.lib.access import Action, ScopedQuerySet

KINDS = [
    (validation.Kind.COMPARE.value, "Perbandingan dua angka"),
    (validation.Kind.JUMP.value, "Lonjakan sejak periode lalu"),
    (validation.Kind.OUTLIER.value, "Jauh dari desa lain di kecamatan"),
    (validation.Kind.ROWS.value, "Pemeriksaan catatan"),
]


class ValidationRuleQuerySet(ScopedQuerySet):
    def in_force(self) -> list[validation.Rule]:
        """The rules that are on: the shipped ones as changed here, then the own ones; one query."""
        rows = {row.code: row for row in self.order_by("pk")}
        shipped = [rows.pop(rule.code).as_rule() if rule.code in rows else rule for rule in SHIPPED]
        return [rule for rule in (*shipped, *(row.as_rule() for row in rows.values())) if rule.is_on]


class ValidationRule(models.Model):
    """One rule; of a shipped one only what was changed is read: weight, limits, whether it is on."""

    code = models.SlugField("kode", max_length=40, unique=True)
    name = models.CharField("aturan", max_length=100)
    kind = models.CharField("jenis", max_length=8, choices=KINDS, default=validation.Kind.COMPARE.value)
    severity = models.CharField(
        "bila terjadi",
        max_length=4,
        choices=[(Severity.HARD.value, "Harus diperbaiki"), (Severity.SOFT.value, "Perlu dijelaskan")],
        default=Severity.SOFT.value,
    )
    left = models.CharField("angka", max_length=300, blank=True, help_text="Misalnya balance_1 + balance_2")
    sign = models.CharField(
        "tanda", max_length=2, choices=[(one, words) for one, (words, _) in validation.SIGNS.items()], default="="
    )
    right = models.CharField("dibandingkan dengan", max_length=300, blank=True)
    threshold = models.PositiveIntegerField(
        "batas",
        default=0,
        help_text="Lonjakan: persen. Jauh dari desa lain: skor kali sepuluh. Catatan: hari, tahun atau persen.",
    )
    least = models.PositiveBigIntegerField("paling sedikit", default=0, help_text="Perubahan di bawah ini diabaikan.")
    is_on = models.BooleanField("dipakai", default=True)

    area_path = ""
    seen_with = Action.SEE_REPORTS
    objects = ValidationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "aturan pemeriksaan"
        verbose_name_plural = "aturan pemeriksaan"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def as_rule(self) -> validation.Rule:
        """What is tried of it: a shipped rule keeps what it looks at."""
        own = validation.Rule(
            self.code, self.name, validation.Kind(self.kind), Severity(self.severity), self.left, self.sign, self.right,
            self.threshold, self.least, self.is_on,
        )  # fmt: skip
        shipped = BY_CODE.get(self.code)
        if shipped is None:
            return own
        return replace(own, kind=shipped.kind, left=shipped.left, sign=shipped.sign, right=shipped.right)

    def clean(self):
        if self.kind == validation.Kind.ROWS and self.code not in BY_CODE:
            raise ValidationError({"kind": "Pemeriksaan catatan hanya yang dibawa portal; pilih jenis lain."})
        if found := list(validation.problems(self.as_rule())):
            raise ValidationError({"left": found})
