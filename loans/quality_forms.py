"""Forms of the quality of loans: what was done about a late one."""

from django import forms

from loans.forms import DAY_HINT, OnceForm
from loans.models import FollowUp
from up2k_portal.lib.forms import DayFormField, RupiahFormField


class FollowUpForm(OnceForm):
    on = DayFormField(label="Tanggal", help_text=DAY_HINT)
    way = forms.ChoiceField(label="Cara", choices=FollowUp.Way.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="Hasil pembicaraan",
        min_length=5,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya “dagangan sepi sejak banjir, sanggup mencicil separuh”. Dibaca pengurus dan pemeriksa.",
        error_messages={"min_length": "Terlalu singkat: tulis paling sedikit 5 huruf, misalnya “belum ada uang”."},
    )
    promised_on = DayFormField(label="Janji bayar tanggal", required=False, help_text="Kosong bila tidak berjanji.")
    promised = RupiahFormField(label="Janji bayar sebesar", required=False, min_value=1)
