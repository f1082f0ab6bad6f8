"""The grid: one month of all enterprises of a group, two cells each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from enterprises.models import Enterprise
from enterprises.services import Figures, field_of, overtaken
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah

CELLS = {"turnover": "Omzet", "cost": "Biaya"}


@dataclass(frozen=True)
class Line:
    """A row of the grid: the enterprise, last month's figures as a hint, and its cells with their captions."""

    enterprise: Enterprise
    last: Figures | None
    cells: list[tuple[str, BoundField]]

    @property
    def errors(self) -> list[str]:
        return [error for _, cell in self.cells for error in cell.errors]


class MonthForm(PortalVerbForm):
    """`typed` and `seen` are what the service asks for. Blank is not asked, 0 is nihil; half a row is an error."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, enterprises, stored: Mapping[int, Figures], last: Mapping[int, Figures], **kwargs):
        self.enterprises, self.stored, self.last = enterprises, stored, last
        super().__init__(*args, **kwargs)
        for enterprise in enterprises:
            for name, words in CELLS.items():
                figures = stored.get(enterprise.pk)
                self.fields[field_of(name, enterprise.pk)] = RupiahFormField(
                    label=f"{words} {enterprise}",
                    required=False,
                    max_value=MAX_RUPIAH,
                    initial=figures and getattr(figures, name),
                )

    @property
    def lines(self) -> list[Line]:
        return [
            Line(one, self.last.get(one.pk), [(words, self[field_of(name, one.pk)]) for name, words in CELLS.items()])
            for one in self.enterprises
        ]

    @property
    def shown_now(self) -> str:
        """What the page shows as stored, to be sent back with what is typed: 17:500000:200000,18:0:0"""
        return ",".join(f"{pk}:{figures.turnover}:{figures.cost}" for pk, figures in sorted(self.stored.items()))

    def clean(self):
        cleaned = super().clean()
        self.seen = _read(cleaned.get("shown", ""))
        self.typed = {}
        for enterprise in self.enterprises:
            self._clean_line(enterprise.pk, *(cleaned.get(field_of(name, enterprise.pk)) for name in CELLS))
        for name, sentence in overtaken(self.stored, self._changed(), self.seen).items():
            self.add_error(name, sentence)
        return cleaned

    def _clean_line(self, pk: int, turnover: int | None, cost: int | None) -> None:
        if any(field_of(name, pk) in self.errors for name in CELLS):
            return
        if turnover is None and cost is None:
            if pk in self.seen:
                was = format_rupiah(self.seen[pk].turnover)
                self.add_error(field_of("turnover", pk), f"Sudah tercatat {was}. Tulis angkanya, atau 0 bila nihil.")
        elif turnover is None:
            self.add_error(field_of("turnover", pk), "Omzet belum diisi. Tulis 0 bila nihil.")
        elif cost is None:
            self.add_error(field_of("cost", pk), "Biaya belum diisi. Tulis 0 bila tidak ada biaya.")
        else:
            self.typed[pk] = Figures(turnover, cost)

    def _changed(self) -> dict[int, Figures]:
        return {pk: figures for pk, figures in self.typed.items() if figures != self.seen.get(pk)}


def _read(shown: str) -> dict[int, Figures]:
    """The reverse of `shown_now`. What is not in that shape was not shown by us: nothing was seen."""
    try:
        rows = [map(int, part.split(":")) for part in shown.split(",") if part]
        return {pk: Figures(turnover, cost) for pk, turnover, cost in rows}
    except ValueError:
        return {}
