"""Forms of what keeps a group's figures believed: balances confirmed by members, an office handed over."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from accounts.models import User
from loans.confirmation_services import LEAST_NOTE, Answer, Asked
from loans.forms import DAY_HINT, CountField, OnceForm
from loans.handover_services import DOCUMENTS, OFFICES
from loans.models.months import DENOMINATIONS
from up2k_portal.lib.forms import DayFormField
from up2k_portal.lib.money import format_rupiah
from villages.models import Group, Member, Office

ANSWERS = [("", "Belum dijawab"), ("yes", "Cocok"), ("no", "Tidak cocok")]


@dataclass(frozen=True)
class AnswerRow:
    """A member's line of the form: her figures, her answer, what does not fit."""

    asked: Asked
    answer: BoundField
    note: BoundField


class AnswersForm(OnceForm):
    """All members with a balance in one form; who has not answered stays blank."""

    answered_on = DayFormField(label="Dijawab tanggal", help_text=DAY_HINT)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, asked: Sequence[Asked], **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for row in asked:
            standing = row.answer if row.state in ("yes", "no") else None
            pk, name = row.member.pk, row.member.name
            self.fields[f"answer_{pk}"] = forms.ChoiceField(
                label=f"Jawaban {name}", choices=ANSWERS, required=False, initial=row.state if standing else ""
            )
            self.fields[f"note_{pk}"] = forms.CharField(
                label=f"Catatan {name}", max_length=200, required=False, initial=standing.note if standing else ""
            )

    @property
    def rows(self) -> list[AnswerRow]:
        return [AnswerRow(row, self[f"answer_{row.member.pk}"], self[f"note_{row.member.pk}"]) for row in self.asked]

    def clean(self):
        cleaned = super().clean()
        for row in self.asked:
            name, note = row.member.name, (cleaned.get(f"note_{row.member.pk}") or "").strip()
            answer = cleaned.get(f"answer_{row.member.pk}")
            if answer == "no" and len(note) < LEAST_NOTE:
                words = f"Tulis apa yang tidak cocok bagi {name}, misalnya “simpanan kurang 10.000”."
                self.add_error(f"note_{row.member.pk}", words)
            elif note and not answer and f"answer_{row.member.pk}" not in self.errors:
                self.add_error(f"answer_{row.member.pk}", f"Pilih jawaban {name}: cocok atau tidak cocok.")
        if not self.errors and not self.answers():
            raise ValidationError("Belum ada jawaban. Pilih cocok atau tidak cocok, paling sedikit untuk satu anggota.")
        return cleaned

    def answers(self) -> dict[Member, Answer]:
        typed = self.cleaned_data
        return {
            row.member: Answer(typed[f"answer_{row.member.pk}"] == "yes", typed[f"note_{row.member.pk}"].strip())
            for row in self.asked
            if typed[f"answer_{row.member.pk}"]
        }

    def facts(self) -> dict:
        """What the verb asks for."""
        told = {name: self.cleaned_data[name] for name in ("answered_on", "seen", "uuid")}
        return told | {"answers": self.answers()}


class HandOverForm(OnceForm):
    """Who hands over to whom, the cash on the table, the documents, and which account ends."""

    office = forms.ChoiceField(label="Jabatan", choices=[(one.value, one.label) for one in OFFICES])
    on = DayFormField(label="Tanggal serah terima", help_text=DAY_HINT)
    member = forms.ModelChoiceField(
        Member.objects.all(), label="Penerima jabatan", required=False, empty_label="Bukan anggota: tulis namanya"
    )
    name = forms.CharField(label="Nama penerima, bila bukan anggota", max_length=100, required=False)
    documents = forms.MultipleChoiceField(
        label="Dokumen yang diserahkan",
        choices=list(DOCUMENTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    documents_note = forms.CharField(label="Dokumen lain dan catatan", max_length=300, required=False)
    closed_user = forms.TypedChoiceField(
        label="Akun portal yang ditutup",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Akun pengurus lama. Ia langsung tidak dapat masuk lagi.",
    )
    explanation = forms.CharField(
        label="Penjelasan selisih", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, group: Group, users: Sequence[User], day, **kwargs):
        super().__init__(*args, **kwargs)
        members = self.fields["member"].queryset.filter(group=group).active_on(day)
        self.fields["member"].queryset = members
        self.users = {one.pk: one for one in users}
        self.fields["closed_user"].choices = [
            ("", "Tidak ada: pengurus lama tidak punya akun"),
            *((one.pk, f"{one} ({one.username})") for one in users),
        ]
        for one in DENOMINATIONS:
            box = forms.TextInput(attrs={"class": "big"})
            self.fields[f"p{one}"] = CountField(label=format_rupiah(one), min_value=0, required=False, widget=box)

    @property
    def boxes(self) -> list[BoundField]:
        """One box a denomination, the largest first."""
        return [self[f"p{one}"] for one in DENOMINATIONS]

    @property
    def about_fields(self) -> list[BoundField]:
        return [self[name] for name in ("office", "on", "member", "name")]

    @property
    def given_fields(self) -> list[BoundField]:
        return [self[name] for name in ("documents", "documents_note", "closed_user")]

    def clean(self):
        cleaned = super().clean()
        member, name = cleaned.get("member"), (cleaned.get("name") or "").strip()
        if "member" not in self.errors and not member and not name:
            self.add_error("member", "Pilih anggota yang menerima jabatan, atau tulis namanya.")
        if member and name and name != member.name:
            self.add_error("name", f"Sudah memilih {member}. Kosongkan nama, atau pilih “Bukan anggota”.")
        return cleaned

    def pieces(self) -> dict[str, int]:
        return {str(one): self.cleaned_data[f"p{one}"] or 0 for one in DENOMINATIONS}

    @property
    def receiver(self) -> str:
        return self.cleaned_data["name"].strip() or str(self.cleaned_data["member"])

    @property
    def office_words(self) -> str:
        return Office(self.cleaned_data["office"]).label.lower()

    @property
    def account(self) -> User | None:
        return self.users.get(self.cleaned_data["closed_user"])

    @property
    def document_words(self) -> list[str]:
        return [DOCUMENTS[code] for code in self.cleaned_data["documents"]]

    def facts(self) -> dict:
        """What the verb asks for."""
        names = ("office", "on", "member", "name", "documents", "documents_note", "explanation", "seen", "uuid")
        told = {name: self.cleaned_data[name] for name in names}
        return told | {"pieces": self.pieces(), "closed_user": self.account}
