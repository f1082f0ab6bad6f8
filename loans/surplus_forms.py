"""Forms of the surplus: the scheme as a grid of posts, the draft, the meeting's decision, who is paid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from loans.forms import DAY_HINT, OnceForm, TillField
from loans.models import SurplusScheme
from loans.models.surplus import KINDS
from loans.surplus import Post, PostKind, SurplusError, check_posts, percent_words
from loans.surplus_plans import MAX_WEIGHT, Payee, Sharer
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah
from villages.models import Meeting

MOST_POSTS = 10
SECTIONS = {
    "members": "Anggota",
    "officers": "Pengurus",
    "teachers": "Guru PAUD",
    "fund": "Dana",
}
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
# An example to start from, after the usual split of a cooperative with its members and reserve first.
EXAMPLE = (
    ("Cadangan modal", PostKind.RESERVE, Decimal(40), True),
    ("Anggota menurut jasa", PostKind.BY_FEE, Decimal(25), False),
    ("Anggota menurut simpanan", PostKind.BY_SAVINGS, Decimal(15), False),
    ("Pengurus", PostKind.OFFICERS, Decimal(5), False),
    ("Insentif guru PAUD", PostKind.TEACHERS, Decimal(5), False),
    ("Pendidikan", PostKind.EDUCATION, Decimal(5), False),
    ("Dana sosial", PostKind.SOCIAL, Decimal(5), False),
)


def example_posts() -> list[Post]:
    return [Post(str(at), *facts) for at, facts in enumerate(EXAMPLE, 1)]


class PercentFormField(forms.CharField):
    """A percent with at most two decimals: 25, 12,5 or 33.33."""

    def to_python(self, value):
        text = str(value or "").strip().removesuffix("%").rstrip()
        if not text:
            return None
        match = _PERCENT.fullmatch(text)
        if not match:
            raise ValidationError(f"Persen “{text[:12]}” tidak jelas; tulis misalnya 25 atau 12,5.")
        return Decimal(f"{match[1]}.{match[2] or 0}")

    def prepare_value(self, value):
        return percent_words(value).removesuffix("%") if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class PostRow:
    """A row of the grid: its number and its cells with their captions."""

    number: int
    cells: list[tuple[str, BoundField]]

    @property
    def errors(self) -> list[str]:
        return [error for _, cell in self.cells for error in cell.errors]


class SchemeForm(PortalVerbForm):
    """A row a post; rows left blank are none."""

    since_year = forms.IntegerField(
        label="Berlaku sejak tahun buku", min_value=2000, max_value=2100, help_text="Misalnya 2025"
    )
    savings_basis = forms.ChoiceField(
        label="Bagian menurut simpanan dihitung dari",
        choices=SurplusScheme.SavingsBasis.choices,
        widget=forms.RadioSelect,
    )
    leavers_take_part = forms.BooleanField(label="Anggota yang keluar pada tahun itu ikut menerima", required=False)
    rest = forms.TypedChoiceField(
        label="Sisa pembulatan masuk ke pos nomor",
        choices=[(at, str(at)) for at in range(1, MOST_POSTS + 1)],
        coerce=int,
        help_text="Beberapa rupiah yang tidak habis dibagi, misalnya ke cadangan modal.",
    )

    def __init__(self, *args, posts: Sequence[Post] = (), **kwargs):
        super().__init__(*args, **kwargs)
        for at in range(1, MOST_POSTS + 1):
            post = posts[at - 1] if at <= len(posts) else None
            self.fields[f"name_{at}"] = forms.CharField(
                label=f"Nama pos {at}", max_length=60, required=False, initial=post and post.name
            )
            self.fields[f"kind_{at}"] = forms.ChoiceField(
                label=f"Untuk siapa pos {at}",
                choices=[("", "—"), *KINDS],
                required=False,
                initial=post.kind.value if post else "",
            )
            self.fields[f"percent_{at}"] = PercentFormField(
                label=f"Persen pos {at}",
                required=False,
                initial=post and post.percent,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            if post and post.takes_rest:
                self.fields["rest"].initial = at

    @property
    def about_fields(self) -> list[BoundField]:
        return [self[name] for name in ("since_year", "savings_basis", "leavers_take_part", "rest")]

    @property
    def rows(self) -> list[PostRow]:
        captions = (("Nama pos", "name"), ("Untuk", "kind"), ("Persen", "percent"))
        return [
            PostRow(at, [(caption, self[f"{name}_{at}"]) for caption, name in captions])
            for at in range(1, MOST_POSTS + 1)
        ]

    def clean(self):
        cleaned = super().clean()
        for at in range(1, MOST_POSTS + 1):
            self._check_row(at, *(cleaned.get(f"{name}_{at}") for name in ("name", "kind", "percent")))
        if not self.errors:
            names = [post.name.casefold() for post in self.posts()]
            if len(set(names)) < len(names):
                raise ValidationError("Dua pos bernama sama. Beri nama yang berbeda.")
            try:
                check_posts(self.posts())
            except SurplusError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def _check_row(self, at: int, name: str | None, kind: str | None, percent: Decimal | None) -> None:
        if not any((name, kind, percent is not None)) or f"percent_{at}" in self.errors:
            return
        for field, value, words in (
            ("name", name, f"Tulis nama pos {at}."),
            ("kind", kind, f"Pilih untuk siapa pos {at}."),
            ("percent", percent, f"Isi persen pos {at}, misalnya 25."),
        ):
            if not value:
                self.add_error(f"{field}_{at}", words)

    def posts(self) -> list[Post]:
        """The posts as typed, their keys the numbers of their rows."""
        typed = self.cleaned_data
        return [
            Post(
                str(at),
                typed[f"name_{at}"],
                PostKind(typed[f"kind_{at}"]),
                typed[f"percent_{at}"],
                typed.get("rest") == at,
            )
            for at in range(1, MOST_POSTS + 1)
            if typed.get(f"name_{at}")
        ]

    def facts(self) -> dict:
        names = ("since_year", "savings_basis", "leavers_take_part")
        return {name: self.cleaned_data[name] for name in names} | {"posts": self.posts()}


class DraftForm(PortalVerbForm):
    year = forms.TypedChoiceField(label="Tahun buku", coerce=int)
    withheld = RupiahFormField(
        label="Disisihkan dulu",
        required=False,
        max_value=MAX_RUPIAH,
        help_text="Misalnya menutup rugi tahun lalu. Cadangan kerugian pinjaman sudah termasuk biaya tutup tahun.",
    )

    def __init__(self, *args, years: Sequence[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def clean_withheld(self):
        return self.cleaned_data["withheld"] or 0


class ApproveForm(OnceForm):
    seen = forms.CharField(widget=forms.HiddenInput)
    minutes_number = forms.CharField(
        label="Nomor berita acara", max_length=60, help_text="Misalnya 01/BA-SHU/AS/II/2026"
    )
    met_on = DayFormField(label="Tanggal rapat anggota", help_text=DAY_HINT)
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(),
        label="Pertemuan di buku notulen",
        required=False,
        empty_label="Tidak dicatat di portal",
    )
    place = forms.CharField(label="Tempat rapat", max_length=100)
    chair = forms.CharField(label="Pimpinan rapat", max_length=100)
    writer = forms.CharField(label="Notulis", max_length=100)
    present_count = forms.IntegerField(label="Anggota yang hadir", min_value=1, max_value=9999)
    pays_from = DayFormField(label="Dibayar mulai tanggal", help_text=DAY_HINT)
    on = DayFormField(label="Dibukukan tanggal", help_text="Biasanya hari rapat; bulannya harus masih terbuka.")

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        meetings = self.fields["meeting"].queryset
        newest = meetings.filter(group=group).order_by("-held_on").values_list("pk", flat=True)[:24]
        self.fields["meeting"].queryset = meetings.filter(pk__in=list(newest)).order_by("-held_on")


class PayForm(OnceForm):
    """Who is paid, list by list; those who were paid are not offered."""

    on = DayFormField(label="Tanggal bayar", help_text=DAY_HINT)
    till = TillField(label="Dibayar dari", widget=forms.RadioSelect)
    party = forms.CharField(
        label="Penerima uang dana",
        max_length=100,
        required=False,
        help_text="Hanya untuk dana sosial, pendidikan dan lain-lain: siapa yang menerima uangnya.",
    )
    amount = RupiahFormField(
        label="Jumlah dari dana",
        required=False,
        min_value=1,
        max_value=MAX_RUPIAH,
        help_text="Hanya bila satu dana dibayar sebagian. Kosongkan bila seluruh sisanya dibayar.",
    )

    def __init__(self, *args, payees: Sequence[Payee], **kwargs):
        super().__init__(*args, **kwargs)
        self.payees = payees
        for section, label in SECTIONS.items():
            choices = [(one.key, _payee_words(one)) for one in payees if one.section == section]
            if choices:
                self.fields[section] = forms.MultipleChoiceField(
                    label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
                )
        if "fund" not in self.fields:
            del self.fields["party"], self.fields["amount"]

    @property
    def lists(self) -> list[BoundField]:
        return [self[section] for section in SECTIONS if section in self.fields]

    @property
    def about_fields(self) -> list[BoundField]:
        return [self[name] for name in ("on", "till", "party", "amount") if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self._keys():
            raise ValidationError("Centang dulu siapa yang dibayar.")
        return cleaned

    def _keys(self) -> list[str]:
        return [key for section in SECTIONS for key in self.cleaned_data.get(section) or ()]

    def facts(self) -> dict:
        typed = self.cleaned_data
        about = {name: typed[name] for name in ("on", "till", "party", "amount", "uuid") if name in typed}
        return about | {"keys": self._keys()}


def _payee_words(payee: Payee) -> str:
    if payee.paid and payee.left:
        return f"{payee.name}, sisa {format_rupiah(payee.left)} dari {format_rupiah(payee.amount)}"
    return f"{payee.name}, {format_rupiah(payee.amount)}"


class WeightsForm(PortalVerbForm):
    """A number for everyone who shares a post: by these numbers, or percents, the post is divided."""

    def __init__(self, *args, lists: Sequence[tuple[str, Sequence[Sharer]]], **kwargs):
        super().__init__(*args, **kwargs)
        self.of_lists = [(label, [one.key for one in sharers]) for label, sharers in lists]
        for one in (one for _, sharers in lists for one in sharers):
            self.fields[one.key] = forms.IntegerField(
                label=f"{one.name}, {one.about}", min_value=0, max_value=MAX_WEIGHT, initial=one.weight
            )
            self.fields[one.key].error_messages["required"] = f"Isi bagian {one.name}, 0 bila tidak menerima."

    @property
    def lists(self) -> list[tuple[str, list[BoundField]]]:
        return [(label, [self[key] for key in keys]) for label, keys in self.of_lists]

    def weights(self) -> dict[str, int]:
        return dict(self.cleaned_data)


class TakeBackForm(PortalVerbForm):
    on = DayFormField(label="Tanggal pembatalan", help_text=DAY_HINT)
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya “pos PAUD salah dicatat”",
    )


class TeacherForm(PortalVerbForm):
    institution = forms.CharField(label="Lembaga PAUD", max_length=100, help_text="Misalnya PAUD Melati")
    name = forms.CharField(label="Nama guru", max_length=100)
    address = forms.CharField(label="Alamat", max_length=200, required=False)
    is_active = forms.BooleanField(
        label="Masih mengajar", required=False, initial=True, help_text="Hanya yang masih mengajar ikut menerima."
    )
