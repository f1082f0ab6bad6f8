"""Forms of the cash count and of closed months."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from enterprises.months import month_name
from loans.forms import DAY_HINT, CountField, OnceForm
from loans.models.months import DENOMINATIONS
from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from up2k_portal.lib.money import format_rupiah
from villages.models import Meeting

MOST_MEETINGS = 12  # the latest ones: an older count is rare, and the meeting may stay empty


class PeriodField(forms.TypedChoiceField):
    """A month (202609) among those that the page offers."""

    def __init__(self, **kwargs):
        super().__init__(label="Bulan", coerce=int, **kwargs)

    def offer(self, periods) -> None:
        self.choices = [(one, month_name(one)) for one in periods]


class CashCountForm(OnceForm):
    """How many of each note and coin lie on the table; the explanation is asked on the second page."""

    counted_on = DayFormField(label="Tanggal dihitung", help_text=DAY_HINT)
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(), label="Pada pertemuan", required=False, empty_label="Di luar pertemuan"
    )
    explanation = forms.CharField(
        label="Penjelasan selisih", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        meetings = self.fields["meeting"].queryset.filter(group=group)
        self.fields["meeting"].queryset = meetings
        self.fields["meeting"].choices = [
            ("", "Di luar pertemuan"),
            *(
                (one.pk, f"{one} ({one.held_on:%d-%m-%Y})")
                for one in meetings.order_by("-held_on", "-pk")[:MOST_MEETINGS]
            ),
        ]
        for one in DENOMINATIONS:
            box = forms.TextInput(attrs={"class": "big"})
            self.fields[f"p{one}"] = CountField(label=format_rupiah(one), min_value=0, required=False, widget=box)

    @property
    def boxes(self):
        """One box a denomination, the largest first."""
        return [self[f"p{one}"] for one in DENOMINATIONS]

    def pieces(self) -> dict[str, int]:
        return {str(one): self.cleaned_data[f"p{one}"] or 0 for one in DENOMINATIONS}

    def facts(self) -> dict:
        """What the verb asks for."""
        told = {name: self.cleaned_data[name] for name in ("counted_on", "meeting", "explanation", "seen", "uuid")}
        return told | {"pieces": self.pieces()}


class CloseForm(PortalVerbForm):
    """The month stands in the form: sent twice, it is still this one that is closed."""

    period = PeriodField(widget=forms.HiddenInput)

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].offer(periods)


class ReopenForm(CloseForm):
    reason = forms.CharField(
        label="Alasan membuka lagi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca pengurus dan pemeriksa. Misalnya “angsuran 28 September belum tercatat”.",
    )


class ExceptionForm(CloseForm):
    period = PeriodField()
    user = forms.TypedChoiceField(label="Untuk", coerce=int)
    expires_at = DayFormField(label="Berlaku sampai", help_text="Paling lama 14 hari, misalnya 07-10-2026")
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca pengurus dan pemeriksa. Misalnya “bukti pasar 28 September baru ditemukan”.",
    )

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.users = {one.pk: one for one in users}
        self.fields["user"].choices = [(one.pk, f"{one} ({one.username})") for one in users]

    def facts(self) -> dict:
        """What the verb asks for: the person, and the last moment of the day."""
        told = self.cleaned_data
        return {
            "period": told["period"],
            "user": self.users[told["user"]],
            "expires_at": timezone.make_aware(datetime.combine(told["expires_at"], time(23, 59, 59))),
            "reason": told["reason"],
        }
