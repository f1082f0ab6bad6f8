"""Forms of meetings, inventory and letters."""

from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib.access import NOBODY
from up2k_portal.lib.dates import today
from up2k_portal.lib.forms import PortalVerbForm, RowsField
from villages.forms import InGroupForm
from villages.meeting_services import Visitor
from villages.models import InventoryItem, Letter, Meeting, Member

MOST_GUESTS = 40


class HourField(forms.TimeField):
    """An hour as typed: 9, 09.00 or 09:00."""

    widget = forms.TimeInput(format="%H.%M", attrs={"inputmode": "text", "autocomplete": "off"})
    default_error_messages = {"invalid": "Jam tidak dikenal. Tulis seperti 09.00."}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%H.%M", "%H:%M", "%H", "%H.%M.%S", "%H:%M:%S"], required=False, **kwargs)


class GuestForm(PortalVerbForm):
    """One visitor. A row without any word is no visitor: so one is also taken off."""

    name = forms.CharField(label="Nama tamu", max_length=100, required=False)
    institution = forms.CharField(label="Instansi", max_length=100, required=False)
    purpose = forms.CharField(label="Keperluan", max_length=120, required=False)

    def clean(self):
        told = self.cleaned_data
        if any(told.values()) and not told.get("name") and "name" not in self.errors:
            self.add_error("name", "Nama tamu belum diisi.")
        return told


class GuestFormSet(forms.BaseFormSet):
    def visitors(self) -> list[Visitor]:
        return [Visitor(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("name")]


GuestRows = forms.formset_factory(
    GuestForm, formset=GuestFormSet, extra=1, max_num=MOST_GUESTS, absolute_max=MOST_GUESTS
)


# Where there is script, another day brings its own members at once.
FOLLOW_DAY = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"list": "again"}',
    "hx-select": "#hadir",
    "hx-target": "#hadir",
    "hx-swap": "outerHTML",
}


class MeetingForm(InGroupForm):
    """The whole meeting on one page: its facts, who came, the guests (`guests`), what was said."""

    starts_at = HourField(label="Mulai pukul", help_text="Misalnya 09.00")
    ends_at = HourField(label="Selesai pukul", help_text="Misalnya 11.30")
    present = RowsField(
        queryset=Member.objects.all(), label="Anggota yang hadir", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Meeting
        fields = (
            "group", "held_on", "starts_at", "ends_at", "kind", "title", "place", "chair", "chair_office", "writer",
            "agenda", "invited_count", "minutes", "decisions",
        )  # fmt: skip
        widgets = {
            "agenda": forms.Textarea(attrs={"rows": 3}),
            "minutes": forms.Textarea(attrs={"rows": 6}),
            "decisions": forms.Textarea(attrs={"rows": 3}),
            "invited_count": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }

    def __init__(self, *args, access, action, absent=None, **kwargs):
        """`absent(group, day)` are the keys of members who are known to have been absent, where somebody knows."""
        super().__init__(*args, access=access, action=action, **kwargs)
        self.absent = absent
        data = self.data if self.is_bound else None
        self.guests = GuestRows(data, prefix="tamu", initial=self.guests_before(), form_kwargs={"access": access})
        self.guests.extra = self.initial.get("spare", 1)
        self.fields["held_on"].widget.attrs.update(FOLLOW_DAY)
        self._list_members()

    def guests_before(self) -> list[dict]:
        if "guests" in self.initial:  # what was typed, when the page is only shown again
            return self.initial["guests"]
        rows = self.instance.guests.all() if self.instance.pk else ()
        return [{"name": one.name, "institution": one.institution, "purpose": one.purpose} for one in rows]

    def _list_members(self) -> None:
        """Choices: the members of that day, and whoever is ticked besides, so that no tick gets lost unseen."""
        present = self.fields["present"]
        present.queryset = present.queryset.filter(group=self.instance.group_id)
        active = set(present.queryset.active_on(self.day()).values_list("pk", flat=True))
        away = self._away()
        if self.initial.get("everyone"):
            self.initial["present"] = active - away
        elif away and not self.instance.pk and not self.initial.get("present"):
            self.initial["present"] = active - away
            present.help_text = "Yang ditandai tidak hadir di Lembar Setoran tidak dicentang. Periksa lagi."
        elif self.instance.pk and "present" not in self.initial:
            self.initial["present"] = list(self.instance.attendances.values_list("member", flat=True))
        listed = {str(pk) for pk in active} | {str(one) for one in self["present"].value() or ()}
        rows = present.queryset.select_related("poklak").order_by("name", "pk")
        present.widget.choices = [(one.pk, _with_poklak(one)) for one in rows if str(one.pk) in listed]

    def _away(self) -> set[int]:
        known = self.absent and not self.is_bound and self.instance.group_id
        return self.absent(self.instance.group, self.day()) if known else set()

    def day(self):
        """The day as typed so far; while it is none, today."""
        field = self.fields["held_on"]
        try:
            return field.to_python(self["held_on"].value()) or today()
        except ValidationError:
            return today()

    def clean(self):
        cleaned = super().clean()
        if not self.guests.is_valid():
            for number, errors in enumerate(self.guests.errors, 1):
                for sentence in sum(errors.values(), []):
                    self.add_error(None, f"Tamu baris {number}: {sentence}")
        return cleaned


def _with_poklak(member: Member) -> str:
    return f"{member.name} ({member.poklak.name})" if member.poklak else member.name


def as_typed(data, *, asked: str) -> dict:
    """The page as it stands, as initial values: to show it again unsaved, with nothing typed lost.

    `asked` is the button pressed: "all" ticks every member of the typed day, "guests" adds an empty row.
    """
    typed = {name: data.get(name, "") for name in MeetingForm.Meta.fields if name != "group"}
    rows = GuestRows(data, prefix="tamu", form_kwargs={"access": NOBODY}).forms
    guests = [told for form in rows if any((told := {field.name: field.value() or "" for field in form}).values())]
    return typed | {
        "present": data.getlist("present"),
        "everyone": asked == "all",
        "guests": guests,
        "spare": len(rows) - len(guests) + (asked == "guests"),
    }


class InventoryForm(InGroupForm):
    class Meta:
        model = InventoryItem
        fields = ("group", "name", "origin", "acquired_on", "quantity", "place", "condition", "note", "disposed_on")
        widgets = {"quantity": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}


class LetterForm(InGroupForm):
    class Meta:
        model = Letter
        fields = (
            "group", "direction", "number", "dated_on", "received_on", "correspondent", "subject", "enclosure",
            "copies",
        )  # fmt: skip
        widgets = {"direction": forms.RadioSelect}
