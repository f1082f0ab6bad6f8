"""What is typed from the old book: its last day, figures that stand there once, savings as a grid, loans, capital."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from loans.forms import DAY_HINT, OnceForm
from loans.models import LoanProduct, OpeningLine
from loans.models.vouchers import Nature, Source
from loans.opening_services import Whose
from loans.voucher_forms import BORROWED
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from villages.models import Member, Poklak

Kind = OpeningLine.Kind
HELP = {
    Kind.CASH: "Uang yang ada di bendahara pada akhir hari itu",
    Kind.BANK: "Jumlah semua rekening, menurut buku tabungan",
    Kind.STOCK: "Barang dagangan atau bahan, menurut harga belinya",
    Kind.GOODS: "Lemari, mesin jahit dan sejenisnya, menurut harga di buku lama",
    Kind.ALLOWANCE: "Yang disisihkan untuk pinjaman macet; mengurangi harta",
    Kind.SURPLUS_TO_SHARE: "SHU tahun-tahun lalu yang belum dibagikan",
    Kind.SURPLUS: "Sejak awal tahun ini sampai tanggal awal buku",
    Kind.LOSS: "Isi ini, bukan SHU, bila tahun ini rugi; mengurangi modal",
}
# Under the words Simpanan dan titipan.
SHORT = {Kind.INITIAL: "Pokok", Kind.MANDATORY: "Wajib", Kind.VOLUNTARY: "Sukarela", Kind.CREDIT: "Titipan"}
NOTE_HELP = "Misalnya Buku Kas hal. 12"


def rupiah_field(label: str, **kwargs) -> RupiahFormField:
    return RupiahFormField(label=label, max_value=MAX_RUPIAH, **kwargs)


class StartForm(PortalVerbForm):
    on = DayFormField(
        label="Tanggal awal buku",
        help_text="Angka-angka diisi menurut buku lama pada akhir hari itu, misalnya 31-12-2025."
        " Mulai besoknya semua dicatat di portal.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["data-day"] = "far"


class FiguresForm(PortalVerbForm):
    """What the old book has once. Blank or 0 is nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in OpeningLine.SINGLE:
            self.fields[kind.value] = rupiah_field(kind.label, required=False, help_text=HELP.get(kind, ""))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get(Kind.SURPLUS) and cleaned.get(Kind.LOSS):
            raise ValidationError({Kind.LOSS: "Isi salah satu: SHU bila untung, rugi bila rugi."})
        return cleaned

    def amounts(self) -> dict[Whose, int]:
        return {(kind, None): self.cleaned_data[kind] or 0 for kind in OpeningLine.SINGLE}


@dataclass(frozen=True)
class Line:
    """A row of the grid: the member and her cells with their captions."""

    member: Member
    cells: list[tuple[str, BoundField]]

    @property
    def errors(self) -> list[str]:
        return [error for _, cell in self.cells for error in cell.errors]


class SavingsForm(PortalVerbForm):
    """A row a member, a cell a kind of saving and one of titipan, all saved at once. Blank or 0 is nothing."""

    def __init__(self, *args, members: Sequence[Member], stored: Mapping[Whose, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            for kind in OpeningLine.OF_MEMBER:
                field = rupiah_field(f"{kind.label} {member}", required=False, initial=stored.get((kind, member.pk)))
                self.fields[_name(kind, member.pk)] = field

    @property
    def lines(self) -> list[Line]:
        return [
            Line(member, [(short, self[_name(kind, member.pk)]) for kind, short in SHORT.items()])
            for member in self.members
        ]

    def amounts(self) -> dict[Whose, int]:
        return {
            (kind, member.pk): self.cleaned_data[_name(kind, member.pk)] or 0
            for member in self.members
            for kind in OpeningLine.OF_MEMBER
        }


def _name(kind: str, key: int) -> str:
    return f"{kind}_{key}"


class FigureForm(PortalVerbForm):
    """One figure that stands there already."""

    amount = rupiah_field("Jumlah", min_value=1, widget=forms.TextInput(attrs={"class": "big"}))
    note = forms.CharField(label="Halaman buku lama", max_length=100, required=False, help_text=NOTE_HELP)

    def put(self, line: OpeningLine) -> OpeningLine:
        """The line with what was typed, unsaved. One that is there keeps its key."""
        for name, value in self.cleaned_data.items():
            if name != "uuid" or line.pk is None:
                setattr(line, name, value)
        return line

    @classmethod
    def typed_in(cls, line: OpeningLine) -> dict:
        """What the form shows of a line that is there."""
        return {name: getattr(line, name) for name in cls.base_fields}


class CapitalForm(OnceForm, FigureForm):
    source = forms.ChoiceField(label="Sumber modal", choices=Source.choices)
    nature = forms.ChoiceField(
        label="Sifat",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        help_text="Hibah, juga swadaya, menjadi modal sendiri. Pinjaman dan bergulir: isi yang belum dikembalikan.",
    )
    field_order = ("source", "nature", "amount", "note")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("source") == Source.SWADAYA and cleaned.get("nature") in BORROWED:
            raise ValidationError(
                {"nature": "Swadaya tidak dipinjam: pilih sifat Hibah, atau sumber lain bila harus dikembalikan."}
            )
        return cleaned


class LoanForm(OnceForm, FigureForm):
    member = forms.ModelChoiceField(Member.objects.all(), label="Peminjam", required=False, empty_label="Pilih anggota")
    poklak = forms.ModelChoiceField(
        Poklak.objects.all(),
        label="Atau poklak",
        required=False,
        empty_label="Bukan poklak",
        help_text="Bila yang meminjam poklak, bukan satu anggota",
    )
    product = forms.ModelChoiceField(LoanProduct.objects.all(), label="Produk pinjaman", empty_label=None)
    principal = rupiah_field("Pokok semula", min_value=1, help_text="Yang dicairkan dulu, misalnya 1.500.000")
    disbursed_on = DayFormField(label="Tanggal cair", help_text=DAY_HINT)
    amount = rupiah_field("Sisa pokok", min_value=1, help_text="Yang belum dibayar pada tanggal awal buku")
    service_fee_left = rupiah_field(
        "Sisa jasa", required=False, help_text="Kosongkan, maka diisi menurut jadwal produk; cocokkan sesudahnya."
    )
    purpose = forms.CharField(label="Untuk keperluan usaha", max_length=120, help_text="Misalnya beli benang bordir")
    field_order = (
        "member", "poklak", "product", "principal", "disbursed_on", "amount", "service_fee_left", "purpose", "note",
    )  # fmt: skip

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disbursed_on"].widget.attrs["data-day"] = "far"
        for name in ("member", "poklak", "product"):
            self.fields[name].queryset = self.fields[name].queryset.filter(group=group)
        self.fields["member"].queryset = self.fields["member"].queryset.order_by("name", "pk")
        if not self.fields["poklak"].queryset.exists():
            del self.fields["poklak"]
            self.fields["member"].required = True

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("member")) == bool(cleaned.get("poklak")):
            raise ValidationError({"member": "Pilih satu peminjam: anggota atau poklak."})
        return cleaned


class TakeBackForm(OnceForm):
    reason = forms.CharField(
        label="Alasan",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya “angka bank salah baca”",
    )


FORM_OF = {Kind.CAPITAL: CapitalForm, Kind.LOAN: LoanForm}
