"""Forms of the import of a yearly book: the file with how it is meant, and the choices on the page that checks it."""

from collections import Counter
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError

from loans.book_import_people import NEW, SKIP, Person
from loans.book_import_plan import Choices, Plan
from loans.forms import DAY_HINT
from loans.models import BookImport, LoanProduct
from up2k_portal.lib.dates import format_day_short
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.xlsx_file import MOST_BYTES, TOO_MANY_BYTES

TYPES = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_HELP = (
    "Buku setahun dari Excel (.xlsx), paling banyak 10 MB, dengan kolom nomor, tanggal, nama, untuk keperluan usaha,"
    " jumlah pinjaman, tanda tangan, lalu angsuran, iuran, dan simpanan tiap bulan. Urutan kolom bebas."
    " Berkas bermakro tidak diterima."
)
MEANING_HELP = "Terisi menurut aturan uang kelompok. Buku dari aplikasi lain sering mencatat pokoknya saja."
BOXES = ("who_", "product_", "before_", "saved_")  # the fields of single rows
KIND_HELP = "Kolom SIMPANAN di buku tidak menyebut jenisnya."


class MeaningForm(PortalVerbForm):
    """How the book is meant: for all its rows."""

    product = forms.ModelChoiceField(
        LoanProduct.objects.all(),
        label="Produk pinjaman",
        empty_label=None,
        help_text="Menentukan jadwal dan jasa pinjaman; yang berbeda dipilih di barisnya saat diperiksa.",
    )
    meaning = forms.ChoiceField(
        label="Kolom ANGSURAN berisi",
        choices=BookImport.Meaning.choices,
        widget=forms.RadioSelect,
        help_text=MEANING_HELP,
    )
    saving_kind = forms.ChoiceField(
        label="Kolom SIMPANAN berisi", choices=BookImport.SavingKind.choices, help_text=KIND_HELP
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = self.fields["product"].queryset.filter(group=group)
        self.fields["on"].widget.attrs["data-day"] = "far"


class FileForm(MeaningForm):
    file = forms.FileField(
        label="Berkas buku",
        widget=forms.FileInput(attrs={"accept": TYPES}),
        help_text=FILE_HELP,
        error_messages={"empty": "Berkas kosong (0 byte). Kirim sekali lagi."},
    )
    on = DayFormField(
        label="Tanggal awal buku",
        required=False,
        help_text="Kosongkan: 31 Desember tahun buku; bila tahunnya masih berjalan, akhir bulan terakhir yang terisi.",
    )
    year = forms.IntegerField(
        label="Tahun buku",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text="Hanya bila tahunnya tidak tertulis di judul berkas.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={
            "invalid": "Tulis tahun dengan empat angka, misalnya 2025.",
            "min_value": "Tulis tahun dengan empat angka, misalnya 2025.",
            "max_value": "Tulis tahun dengan empat angka, misalnya 2025.",
        },
    )
    field_order = ("file", "product", "meaning", "saving_kind", "on", "year")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(TOO_MANY_BYTES)
        return file


class ChoicesForm(MeaningForm):
    """The choices of the page that checks a book: for all rows, and a box a row where the book cannot tell."""

    on = DayFormField(label="Tanggal awal buku", help_text=DAY_HINT)
    by_schedule = forms.BooleanField(
        label="Pinjaman tahun lalu yang kotaknya kosong: anggap dibayar tepat menurut jadwal", required=False
    )
    all_new = forms.BooleanField(label="Yang belum tercatat: semuanya menjadi anggota baru", required=False)
    replace = forms.BooleanField(label="Setuju, angka di atas diganti", required=False)
    field_order = ("product", "meaning", "saving_kind", "on", "by_schedule", "all_new", "replace")

    def __init__(self, *args, rows: Sequence[int], people: Sequence[Person], products: Sequence[LoanProduct], **kwargs):
        super().__init__(*args, **kwargs)
        whose = [("", "Pilih…"), (SKIP, "Lewati baris ini"), (NEW, "Anggota baru"), *_named(people)]
        terms = [("", "Sama dengan baris lain"), *((one.pk, str(one)) for one in products)]
        self.savers = [one.key for one in people if one.is_member] + [f"n{row}" for row in rows]
        self.has_products = len(products) > 1
        for row in rows:
            self.fields[f"who_{row}"] = forms.ChoiceField(label=f"Orangnya, baris {row}", choices=whose, required=False)
            self.fields[f"product_{row}"] = forms.TypedChoiceField(
                label=f"Produk, baris {row}", choices=terms, coerce=int, empty_value=None, required=False
            )
            self.fields[f"before_{row}"] = self._rupiah(f"Dibayar sebelumnya, baris {row}")
            self.fields[f"saved_n{row}"] = self._rupiah(f"Simpanan tahun lalu, baris {row}")
        for person in people:
            if person.is_member:
                self.fields[f"saved_{person.key}"] = self._rupiah(f"Simpanan tahun lalu {person.name}")
        self.rows = rows

    @staticmethod
    def _rupiah(label: str) -> RupiahFormField:
        return RupiahFormField(label=label, required=False, max_value=MAX_RUPIAH)

    def choices(self, otherwise: Choices) -> Choices:
        """What was said; a field that is wrong counts as left out, and one of all rows as it was."""
        said = getattr(self, "cleaned_data", {})
        return Choices(
            on=said.get("on") or otherwise.on,
            meaning=said.get("meaning") or otherwise.meaning,
            by_schedule=bool(said.get("by_schedule")),
            all_new=bool(said.get("all_new")),
            who={row: said[f"who_{row}"] for row in self.rows if said.get(f"who_{row}")},
            products={row: said[f"product_{row}"] for row in self.rows if said.get(f"product_{row}")},
            before={row: said[f"before_{row}"] for row in self.rows if said.get(f"before_{row}") is not None},
            saved_before={key: said[f"saved_{key}"] for key in self.savers if said.get(f"saved_{key}")},
        )

    def boxes(self, plan: Plan) -> list[dict]:
        """The lines of a plan with the boxes that each asks for; savings of earlier years once a member."""
        seen: set[str] = set()
        found = []
        for line in plan.lines:
            row, is_open = line.row.number, not line.is_skipped
            saver = line.person.key if line.person and line.person.is_member and line.saved and is_open else ""
            found.append(
                {
                    "line": line,
                    "who": self[f"who_{row}"] if line.asks_who else None,
                    "product": self[f"product_{row}"] if self.has_products and line.principal and is_open else None,
                    "before": self[f"before_{row}"] if line.asks_before and is_open else None,
                    "saved": self[f"saved_{saver}"] if saver and saver not in seen else None,
                }
            )
            seen.add(saver)
        return found

    def __iter__(self):
        """For the summary of errors: the fields of all rows and the boxes with errors, not hundreds of boxes."""
        own = [name for name in self.fields if not name.startswith(BOXES)]
        wrong = [name for name in self.errors if name in self.fields and name not in own]
        return (self[name] for name in [*own, *wrong])


def _named(people: Sequence[Person]) -> list[tuple[str, str]]:
    """Key and name of each; of one name that several have with the day each came."""
    names = Counter(person.name for person in people)
    return [
        (person.key, f"{person.name} (masuk {format_day_short(person.joined_on)})")
        if names[person.name] > 1 and person.joined_on
        else (person.key, person.name)
        for person in people
    ]
