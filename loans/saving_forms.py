"""Forms of savings: paid in, taken out, and the terms a group agreed on."""

from django import forms
from django.core.exceptions import ValidationError

from loans.forms import DAY_HINT, OnceForm
from loans.models import MoneyRules, SavingTerms, VillageRules
from loans.models.receipts import Till
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalModelForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah


class DepositForm(OnceForm):
    """What she pays in, a field a kind, prefilled with what is due."""

    initial_saving = RupiahFormField(label="Simpanan pokok", required=False, max_value=MAX_RUPIAH)
    mandatory = RupiahFormField(
        label="Simpanan wajib",
        required=False,
        max_value=MAX_RUPIAH,
        help_text="Sudah diisi sesuai yang belum disetor. Ubah jika berbeda.",
    )
    voluntary = RupiahFormField(label="Simpanan sukarela", required=False, max_value=MAX_RUPIAH)
    contribution = RupiahFormField(label="Iuran", required=False, max_value=MAX_RUPIAH)
    received_on = DayFormField(label="Tanggal setor", help_text=DAY_HINT)
    till = forms.ChoiceField(label="Masuk ke", choices=Till.offered(), initial=Till.CASH)
    note = forms.CharField(label="Catatan", max_length=200, required=False)

    FIELDS = {
        "initial": "initial_saving",  # a form has an `initial` of its own
        "mandatory": "mandatory",
        "voluntary": "voluntary",
        "contribution": "contribution",
    }

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned[name] for name in self.FIELDS.values()):
            raise ValidationError(
                "Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya simpanan wajib 10.000."
            )
        return cleaned

    def facts(self) -> dict:
        """What the verb asks for: the amounts as one."""
        facts = dict(self.cleaned_data)
        return {"parts": {kind: facts.pop(name) or 0 for kind, name in self.FIELDS.items()}} | facts


class WithdrawForm(OnceForm):
    kind = forms.ChoiceField(label="Simpanan")
    amount = RupiahFormField(
        label="Jumlah ditarik",
        min_value=1,
        max_value=MAX_RUPIAH,
        help_text="Misalnya 50.000",
        widget=forms.TextInput(attrs={"class": "big"}),
    )
    on = DayFormField(label="Tanggal tarik", help_text=DAY_HINT)
    till = forms.ChoiceField(label="Dibayar dari", choices=Till.offered(), initial=Till.CASH)

    def __init__(self, *args, withdrawable: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        words = SavingTerms.Kind
        self.fields["kind"].choices = [
            (kind, f"{words(kind).label}, dapat ditarik {format_rupiah(amount)}")
            for kind, amount in withdrawable.items()
        ]
        self.fields["kind"].error_messages["invalid_choice"] = (
            "Simpanan ini tidak dapat ditarik sekarang. Pilih yang ada di daftar."
        )


class SavingTermsForm(PortalModelForm):
    class Meta:
        model = SavingTerms
        fields = ("kind", "since", "amount", "is_locked", "returned_on_leaving")


class MoneyRulesForm(PortalModelForm):
    class Meta:
        model = MoneyRules
        fields = (
            "contribution_to",
            "total_covers",
            "due_day",
            "cutoff_day",
            "needs_verification",
            "member_arrears",
            "poklak_arrears",
            "most_running",
            "too_many_running",
            "most_share",
            "too_large",
            "no_decree",
            "iptw_percent",
            "iptw_free_days",
            "book_instalments",
        )
        labels = {
            "too_many_running": "Lebih banyak pinjaman berjalan dari itu",
            "too_large": "Pinjaman lebih besar dari itu",
        }
        help_texts = {
            "due_day": "Hanya bila berbeda dari desa; kosong: seperti yang diatur desa. Berlaku untuk pinjaman baru.",
            "cutoff_day": "Bagian dari tanggal di atas. Cair pada atau sesudah tanggal ini: angsuran pertama sebulan"
            " lebih lambat.",
        }


class VillageRulesForm(PortalModelForm):
    class Meta:
        model = VillageRules
        fields = ("due_day", "cutoff_day")
        help_texts = {
            "due_day": "Tanggal yang sama tiap bulan untuk semua kelompok di desa, misalnya 10; kosong bila mengikuti"
            " tanggal cair. Berlaku untuk pinjaman baru.",
        }
