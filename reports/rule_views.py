"""Rules of checking: what is tried on every report, and how a kabupaten changes it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts import history
from reports.models import ValidationRule
from reports.models.validation import KINDS
from reports.shipped_rules import BY_CODE, SHIPPED
from reports.validation import Kind, Rule
from up2k_portal.lib.access import Action
from up2k_portal.lib.forms import PortalModelForm
from up2k_portal.lib.money import format_number
from up2k_portal.lib.views import EditView, Page

KIND_WORDS = dict(KINDS)


class RuleForm(PortalModelForm):
    """Of a shipped rule its weight and limits; of an own one everything."""

    class Meta:
        model = ValidationRule
        fields = ("code", "name", "kind", "left", "sign", "right", "severity", "threshold", "least", "is_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.code in BY_CODE:
            shipped = BY_CODE[self.instance.code]
            for name in ("code", "kind", "left", "sign", "right"):
                del self.fields[name]
            if shipped.kind is Kind.COMPARE:
                del self.fields["threshold"], self.fields["least"]
        else:
            own = [choice for choice in KINDS if choice[0] != Kind.ROWS]
            self.fields["kind"] = forms.ChoiceField(label="Jenis", choices=own)
            if self.instance.pk:
                self.fields["code"].disabled = True

    def clean_code(self):
        """A shipped rule is changed where it stands in the list, not by a new one of its name."""
        code = self.cleaned_data["code"]
        if not self.instance.pk and code in BY_CODE:
            raise forms.ValidationError(
                f"Kode {code} milik aturan bawaan. Ubah aturan itu di daftar, atau pilih kode lain."
            )
        return code


class RuleList(Page):
    action = Action.MANAGE_SETTINGS
    model = ValidationRule

    def get(self, request):
        changed = {row.code: row for row in self.visible()}
        shipped = [changed.get(rule.code) or blank(rule.code) for rule in SHIPPED]
        own = [row for code, row in changed.items() if code not in BY_CODE]
        context = {
            "title": "Aturan pemeriksaan",
            "subtitle": "Dicoba pada setiap laporan sebelum diajukan",
            "rules": [_line(row) for row in (*shipped, *own)],
            "add_url": reverse("report-rule-add"),
        }
        return render(request, "reports/rules.html", context)


class RuleEdit(EditView):
    """A shipped rule has no row until it is changed."""

    action = Action.MANAGE_SETTINGS
    model = ValidationRule
    form_class = RuleForm
    title = "Aturan pemeriksaan"
    intro = "Berlaku untuk laporan yang diajukan sesudah ini."
    save = staticmethod(history.save)

    def load(self):
        code = self.request.GET.get("kode", "")
        found = self.open().filter(code=code).first()
        if found is None and code not in BY_CODE:
            raise Http404
        self.object = found or blank(code)

    def context(self):
        return {**super().context(), "title": self.object.name or "Aturan baru"}

    def back_url(self):
        return reverse("report-rules")

    def thank(self, done):
        messages.success(self.request, f"Aturan “{done}” tersimpan.")
        return HttpResponseRedirect(self.back_url())


class RuleAdd(RuleEdit):
    def load(self):
        self.object = ValidationRule()


def _line(row: ValidationRule) -> dict:
    rule = row.as_rule()
    address = f"{reverse('report-rule')}?kode={row.code}"
    return {"row": row, "kind": KIND_WORDS[rule.kind], "limit": limit_words(rule), "url": address}


def limit_words(rule: Rule) -> str:
    """The limits of a rule with their unit; "" for one without."""
    if rule.kind is Kind.JUMP:
        return f"lebih dari {rule.threshold}% dan paling sedikit {format_number(rule.least)}"
    if rule.kind is Kind.OUTLIER:
        return f"skor di atas {rule.threshold // 10},{rule.threshold % 10}"
    units = {
        "age": f"di bawah {rule.least} atau di atas {rule.threshold} tahun",
        "silent": f"lebih dari {rule.threshold} hari",
    }
    percent = f"lebih dari {rule.threshold}% anggota" if rule.threshold else ""
    return units.get(rule.code, percent)


def blank(code: str) -> ValidationRule:
    """The row that a shipped rule would have, unsaved."""
    rule = BY_CODE[code]
    return ValidationRule(
        code=code, name=rule.name, kind=rule.kind.value, severity=rule.severity.value, left=rule.left, sign=rule.sign,
        right=rule.right, threshold=rule.threshold, least=rule.least, is_on=rule.is_on,
    )  # fmt: skip
