"""What people add to a report: explanations, a signature, a reason for sending it back, remarks on values."""

from django import forms
from django.core.exceptions import ValidationError

from reports.indicators import ALL
from reports.report_services import Draft, Remark, Signing
from reports.snapshot import Snapshot
from up2k_portal.lib.forms import PortalVerbForm

REMARKS = 5  # lines for remarks on a return
SENTENCE = 300


class SubmitForm(PortalVerbForm):
    """One field a warning, named by the finding's key, then nihil and the signature."""

    seen = forms.CharField(widget=forms.HiddenInput)
    is_nil = forms.BooleanField(
        label="Nihil: tidak ada kegiatan pada periode ini", required=False,
        help_text="Laporan tetap masuk dan dihitung, dengan angka keadaan terakhir.",
    )  # fmt: skip
    nil_reason = forms.CharField(
        label="Alasan nihil", max_length=SENTENCE, required=False, help_text="Wajib bila nihil; selain itu kosongkan."
    )
    name = forms.CharField(
        label="Nama penanda tangan", max_length=100, help_text="Ketua kelompok atau ketua TP PKK desa/kelurahan"
    )

    def __init__(self, *args, draft: Draft, may_be_nil: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft
        if not may_be_nil:
            del self.fields["is_nil"], self.fields["nil_reason"]
        for one in draft.warnings:
            self.fields[one.key] = forms.CharField(
                label=one.words,
                max_length=SENTENCE,
                initial=draft.explained.get(one.key, ""),
                help_text="Jelaskan mengapa angkanya tetap benar.",
            )
        self.order_fields([*(one.key for one in draft.warnings), "is_nil", "nil_reason", "name"])

    def signing(self) -> Signing:
        data = self.cleaned_data
        return Signing(
            name=data["name"],
            is_nil=data.get("is_nil", False),
            nil_reason=data.get("nil_reason", ""),
            explanations={one.key: data[one.key] for one in self.draft.warnings},
        )


class SeenForm(PortalVerbForm):
    """Agreeing with the version that was on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ReturnForm(SeenForm):
    reason = forms.CharField(
        label="Mengapa dikembalikan", max_length=SENTENCE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Satu kalimat yang dimengerti desa, misalnya: jumlah anggota tidak sama dengan buku.",
    )  # fmt: skip

    def __init__(self, *args, snapshot: Snapshot, **kwargs):
        super().__init__(*args, **kwargs)
        self.values = _value_choices(snapshot)
        for at in range(1, REMARKS + 1):
            self.fields[f"value_{at}"] = forms.ChoiceField(
                label=f"Catatan {at}: angka yang mana", choices=self.values, required=False
            )
            self.fields[f"words_{at}"] = forms.CharField(label="Apa yang perlu diperbaiki", max_length=SENTENCE)
            self.fields[f"words_{at}"].required = False

    def clean(self):
        data = super().clean()
        for at in range(1, REMARKS + 1):
            value, words = data.get(f"value_{at}"), (data.get(f"words_{at}") or "").strip()
            if value and len(words) < 10:
                self.add_error(f"words_{at}", "Tulis apa yang perlu diperbaiki, paling sedikit 10 huruf.")
            if words and not value:
                self.add_error(f"value_{at}", "Pilih angka yang dimaksud, atau kosongkan catatannya.")
        return data

    def remarks(self) -> list[Remark]:
        found = []
        for at in range(1, REMARKS + 1):
            if value := self.cleaned_data.get(f"value_{at}"):
                group, key = value.split(":")
                found.append(Remark(self.cleaned_data[f"words_{at}"], int(group) or None, key))
        return found

    def pairs(self):
        """Each remark's two fields, for the page."""
        return [(self[f"value_{at}"], self[f"words_{at}"]) for at in range(1, REMARKS + 1)]


def _value_choices(snapshot: Snapshot) -> list:
    """ "12:members" by group; a village without several groups has one list."""
    whole = ("Seluruh desa", [(f"0:{key}", one.label) for key, one in ALL.items()])
    if len(snapshot.groups) < 2:
        return [("", "Pilih angka"), *whole[1]]
    groups = [
        (row.group_name, [(f"{row.group_id}:{key}", one.label) for key, one in ALL.items()]) for row in snapshot.groups
    ]
    return [("", "Pilih angka"), *groups, whole]


class BulkApproveForm(forms.Form):
    """Ticked reports, each with the fingerprint that stood on the page: "41:9f86d0…"."""

    def __init__(self, data, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.chosen = data.getlist("laporan")

    def picks(self) -> list[tuple[int, str]]:
        """Raises ValidationError when nothing is ticked or a tick is none of the page's."""
        if not self.chosen:
            raise ValidationError("Centang dulu laporan yang disetujui.")
        found = []
        for one in self.chosen:
            pk, _, seen = one.partition(":")
            if not pk.isascii() or not pk.isdigit() or len(pk) > 18 or len(seen) != 64:
                raise ValidationError("Pilihan tidak dikenal. Muat ulang halaman, lalu centang lagi.")
            found.append((int(pk), seen))
        return found
