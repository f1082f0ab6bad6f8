"""Sending the photos of a sheet; typing its lines beside them; the second person's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from accounts.attachments.forms import HINT, AttachmentForm
from loans.entrusted.twice import Papers, numbers_for
from loans.field.lines import SheetLine
from loans.forms import DAY_HINT, OnceForm
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField

SAVED = ("mandatory", "contribution", "voluntary")
CELLS = {
    "amount": "Angsuran",
    "mandatory": "Wajib",
    "contribution": "Iuran",
    "voluntary": "Sukarela",
    "withdraw": "Tarik",
}  # in the order of the paper


class EntrustForm(AttachmentForm, OnceForm):
    """The day of the meeting, a message, and the photos."""

    field_order = ["uuid", "on", "files", "note"]
    title = None
    on = DayFormField(label="Tanggal pertemuan", help_text=DAY_HINT)
    note = forms.CharField(
        label="Pesan", max_length=200, required=False, help_text="Misalnya: dikirim Ibu Aminah lewat WA"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].label, self.fields["files"].help_text = "Foto lembar", HINT

    def facts(self) -> dict:
        """What the verb asks for."""
        told = {name: self.cleaned_data[name] for name in ("on", "note", "uuid")}
        return told | {"photos": self.cleaned_data["files"]}


@dataclass(frozen=True)
class TypedLine:
    """A line of the grid: who, what is due, whether she was absent, its cells with their captions."""

    line: SheetLine
    absent: BoundField | None
    cells: list[tuple[str, BoundField]]
    papers: list[str]  # numbers of what is recorded of her on that day already

    @property
    def errors(self) -> list[str]:
        boxes = [cell for _, cell in self.cells] + ([self.absent] if self.absent else [])
        return [error for box in boxes for error in box.errors]


class TypingForm(PortalVerbForm):
    """One line of boxes a line of the sheet, in the order of the paper. A box left blank is nothing paid."""

    paper_total = RupiahFormField(
        label="Jumlah di kertas", required=False, max_value=MAX_RUPIAH, help_text="Yang tertulis di bawah lembar."
    )
    is_twice = forms.BooleanField(
        label="Setoran lain",
        required=False,
        help_text="Centang hanya bila uang di kertas ini memang lain daripada yang sudah tercatat hari itu.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args, lines: Sequence[SheetLine], rows: Sequence[dict], papers: Papers, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet_lines, self.papers = lines, papers
        if not papers:
            del self.fields["is_twice"]
        self.first_keys = {line.member.pk: line.key for line in reversed(lines) if line.member}
        typed = {(row["kind"], row["member"], row["loan"]): row for row in rows}
        for line in lines:
            row = typed.get(("row", *_whose(line)), {})
            for name, words in self.cells_of(line).items():
                self.fields[f"{name}-{line.key}"] = RupiahFormField(
                    label=f"{words} {line.name}",
                    required=False,
                    max_value=MAX_RUPIAH,
                    initial=_value(row, name) or None,
                )
            if self.is_first(line):
                absent = ("absent", _whose(line)[0], None) in typed
                label = f"{line.name} tidak hadir"
                self.fields[f"absent-{line.key}"] = forms.BooleanField(label=label, required=False, initial=absent)

    def is_first(self, line: SheetLine) -> bool:
        """Whether it is a member's first line: the one on which she saves, or is absent."""
        return bool(line.member) and self.first_keys[line.member.pk] == line.key

    def cells_of(self, line: SheetLine) -> dict[str, str]:
        """The boxes that the line has: a poklak saves nothing, who has no loan pays none back."""
        names = [name for name in CELLS if (line.loan if name == "amount" else self.is_first(line))]
        return {name: CELLS[name] for name in names}

    @property
    def lines(self) -> list[TypedLine]:
        return [
            TypedLine(
                line,
                self[f"absent-{line.key}"] if self.is_first(line) else None,
                [(words, self[f"{name}-{line.key}"]) for name, words in self.cells_of(line).items()],
                numbers_for(self.papers, member=_whose(line)[0] if self.is_first(line) else None, loan=_whose(line)[1]),
            )
            for line in self.sheet_lines
        ]

    def clean(self):
        cleaned = super().clean()
        self.typed = [row for line in self.sheet_lines if (row := self._row_of(line))]
        here = {row["member"] for row in self.typed if row["kind"] == "row"}
        for line in self.sheet_lines:
            if cleaned.get(f"absent-{line.key}") and _whose(line)[0] in here:
                self.add_error(
                    f"absent-{line.key}",
                    f"{line.name} ditandai tidak hadir tetapi ada uangnya. Hapus tandanya, atau kosongkan jumlahnya.",
                )
        return cleaned

    def _row_of(self, line: SheetLine) -> dict | None:
        amounts = {name: self.cleaned_data.get(f"{name}-{line.key}") or 0 for name in self.cells_of(line)}
        member, loan = _whose(line)
        if any(amounts.values()):
            return {
                "kind": "row",
                "member": member,
                "loan": loan,
                "amount": amounts.get("amount", 0),
                "savings": {name: amounts[name] for name in SAVED if amounts.get(name)},
                "withdraw": {"voluntary": amounts["withdraw"]} if amounts.get("withdraw") else {},
                "note": "",
            }
        if self.cleaned_data.get(f"absent-{line.key}"):
            return {"kind": "absent", "member": member, "loan": None, "absent": True}
        return None


def _whose(line: SheetLine) -> tuple[int | None, int | None]:
    """The keys of the member and the loan, as an item names them."""
    return (line.member.pk if line.member else None, line.loan.pk if line.loan else None)


def _value(row: dict, name: str) -> int:
    if name == "amount":
        return row.get("amount", 0)
    if name == "withdraw":
        return row.get("withdraw", {}).get("voluntary", 0)
    return row.get("savings", {}).get(name, 0)


class CheckForm(PortalVerbForm):
    """ "Cocok": what was seen travels with the press of the button."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


class SendBackForm(PortalVerbForm):
    reason = forms.CharField(label="Apa yang tidak cocok", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self):
        if not (reason := self.cleaned_data["reason"].strip()):
            raise ValidationError("Tulis apa yang tidak cocok.")
        return reason
