"""Forms of bulk entry: the pasted text, and the grid in which its lines are mended."""

import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from villages.bulk import COLUMNS, MOST_LINES, Block, Line, clean_cell, read_block

ASKED_TO_SKIP = "ditandai untuk dilewati"


class PasteForm(PortalVerbForm):
    text = forms.CharField(
        label="Tempel dari Excel",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
        help_text="Salin barisnya di Excel (Ctrl+C), ketuk kotak ini, lalu tempel (Ctrl+V).",
    )

    def clean_text(self):
        try:
            self.block: Block = read_block(self.cleaned_data["text"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["text"]


@dataclass(frozen=True)
class Cell:
    """One box of the grid: its name in the request, heading, text and what is wrong with it."""

    name: str
    column: str
    heading: str
    value: str
    errors: list[str]


class GridForm(PortalVerbForm):
    """The lines themselves are read by `lines_of`: they are many, and no two pages have the same."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    joined_on = DayFormField(label="Masuk tanggal, untuk baris yang kosong", required=False)
    nik_reason = forms.CharField(
        label="Alasan belum ada NIK, untuk baris yang kosong",
        max_length=100,
        required=False,
        help_text="Misalnya belum rekam KTP. Kosongkan bila NIK-nya akan diisi.",
    )
    new_poklaks = forms.BooleanField(label="Buat poklak baru", required=False)

    def __init__(self, *args, initial=None, **kwargs):
        super().__init__(*args, initial={"uuid": uuid4()} | (initial or {}), **kwargs)

    @property
    def facts(self) -> dict:
        """What holds for the whole block, as far as it is right."""
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in ("joined_on", "nik_reason", "new_poklaks") if name in cleaned}


def lines_of(data) -> list[Line]:
    """The lines of a grid that was sent. Raises ValidationError for one that no page of ours has made."""
    numbers = [number for number in data.get("rows", "").split(",") if number.isdigit()]
    if not numbers or len(numbers) > MOST_LINES:
        raise ValidationError("Isian tidak lengkap sampai. Tempel sekali lagi.")
    return [_line(data, number) for number in numbers]


def _line(data, number: str) -> Line:
    typed = {column: clean_cell(data.get(f"{column}-{number}", "")) for column in COLUMNS}
    return Line(int(number), typed, skipped=ASKED_TO_SKIP if f"skip-{number}" in data else "")


def cells_of(line: Line) -> list[Cell]:
    return [
        Cell(f"{column}-{line.number}", column, heading, line.typed[column], line.errors.get(column, []))
        for column, heading in COLUMNS.items()
    ]


class Grid:
    """What the page of the second step shows of checked lines; boxes for all lines only where a line asks for them."""

    def __init__(self, lines: list[Line], form: GridForm):
        self.form = form
        self.lines = [(line, cells_of(line)) for line in lines]
        self.rows = ",".join(str(line.number) for line in lines)
        by_state = Counter(line.state for line in lines)
        self.ready, self.skipped = by_state["ready"], by_state["skipped"]
        self.wrong = [line for line in lines if line.state == "wrong"]
        asked = [line for line in lines if not line.skipped]
        self.new_poklaks = sorted(Counter(line.new_poklak for line in asked if line.new_poklak).items())
        self.asks_nik = any(not line.typed["nik"] for line in asked)
        self.asks_day = any(not line.typed["joined_on"] for line in asked)
        self.seen = fingerprint(lines, self._said())

    def _said(self) -> dict:
        """What the boxes for all lines will send back unchanged."""
        value = {name: self.form[name].value() for name in ("joined_on", "nik_reason", "new_poklaks")}
        return {
            "joined_on": value["joined_on"] or "" if self.asks_day else "",
            "nik_reason": value["nik_reason"] or "" if self.asks_nik else "",
            "new": bool(value["new_poklaks"] and self.new_poklaks),
        }


def fingerprint(lines: list[Line], said: dict) -> str:
    """What was checked, in short: only this is saved. `said` is what held for all lines."""
    texts = [(line.number, line.skipped == ASKED_TO_SKIP, line.typed) for line in lines]
    return sha256(json.dumps([texts, said], sort_keys=True).encode()).hexdigest()


def said_in(data) -> dict:
    return {name: data.get(name, "") for name in ("joined_on", "nik_reason")} | {"new": "new_poklaks" in data}


class UndoForm(PortalVerbForm):
    """Asks for nothing but yes."""
