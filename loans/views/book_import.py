"""Pages of the import of a yearly book: the file, then what it says and what becomes of it. Nothing is posted."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from loans import book_import_services
from loans.book_import import from_json
from loans.book_import_forms import ChoicesForm, FileForm
from loans.book_import_plan import Choices
from loans.models import BookImport, LoanProduct, Opening
from loans.rules_services import rules_of
from up2k_portal.lib.access import Action
from up2k_portal.lib.forms import PortalVerbForm
from up2k_portal.lib.views import FormPage, add_errors, see_other
from villages.models import Group

PLACES = ("village__district__regency",)


class BookImportStart(FormPage):
    """The file, and how its columns are meant. An opened book is only shown."""

    action = Action.RECORD_MONEY
    model = Group
    form_class = FileForm
    template_name = "loans/book_import.html"
    title = "Ambil dari buku tahunan (Excel)"
    submit_label = "Baca berkas"

    def load(self, pk):
        self.group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)
        self.draft = self.visible(Opening).filter(group=self.group).first()

    def get(self, request, **kwargs):
        self.load(**kwargs)
        if self.draft and self.draft.opened_at:
            return see_other("opening", self.group.pk)
        if not self.visible(LoanProduct).filter(group=self.group).exists():
            return render(request, "loans/no_product.html", self.context())
        return self.show(self.make_form())

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}"

    def make_form(self, **kwargs):
        files = self.request.FILES if kwargs else None
        return super().make_form(group=self.group, files=files, **kwargs)

    def initial(self):
        """ANGSURAN as the group's rules say; the rest as its last book was meant."""
        last = self.visible(BookImport).filter(group=self.group).first()
        said = {"product": last.product_id, "saving_kind": last.saving_kind} if last else {}
        usual = {"meaning": rules_of(self.group).book_instalments, "saving_kind": BookImport.SavingKind.MANDATORY}
        return usual | said | {"on": self.draft.on if self.draft else None}

    def context(self):
        used = self.visible(BookImport).filter(group=self.group, used_at__isnull=False)
        return super().context() | {"used": used.select_related("used_by").defer("book")}

    def do(self, form):
        facts = dict(form.cleaned_data)
        stream = facts.pop("file")
        return book_import_services.read_file(
            group=self.group, stream=stream, name=stream.name, by=self.request.user, **facts
        )

    def back_url(self):
        return reverse("opening", args=[self.group.pk])


class BookImportCheck(FormPage):
    """What the file says, row by row, and what becomes of it; used only as it was shown."""

    action = Action.RECORD_MONEY
    model = BookImport
    form_class = ChoicesForm
    template_name = "loans/book_import_check.html"
    title = "Periksa isi buku"

    def load(self, pk):
        rows = self.open().select_related("product", "group__village__district__regency", "used_by", "read_by")
        self.object = get_object_or_404(rows, pk=pk)
        self.group = self.object.group
        self.book = from_json(self.object.book)
        self.people = book_import_services.people_of(self.group)
        self.products = list(self.visible(LoanProduct).filter(group=self.group))

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return see_other("opening", self.group.pk) if self.object.used_at else self.show(self.make_form())

    def post(self, request, **kwargs):
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        is_clear = form.is_valid()
        if is_clear and "save" in request.POST:
            try:
                return self.thank(self.do(form))
            except ValidationError as error:
                add_errors(form, error)
        return self.show(form)

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}. Berkas {self.object.file_name}, lembar {self.book.sheet}."

    def make_form(self, **kwargs):
        rows = [row.number for row in self.book.rows]
        of_rows = {"rows": rows, "people": self.people, "products": self.products}
        return super().make_form(group=self.group, **of_rows, **kwargs)

    def initial(self):
        kept = self.object
        return {"product": kept.product, "on": kept.on, "meaning": kept.meaning, "saving_kind": kept.saving_kind}

    def said(self, form) -> tuple[Choices, LoanProduct, str]:
        said = getattr(form, "cleaned_data", {})
        choices = form.choices(Choices(self.object.on, self.object.meaning))
        return choices, said.get("product") or self.object.product, said.get("saving_kind") or self.object.saving_kind

    def do(self, form):
        choices, product, saving_kind = self.said(form)
        return book_import_services.use_book(
            kept=self.object,
            choices=choices,
            product=product,
            saving_kind=saving_kind,
            seen=self.request.POST.get("seen", ""),
            may_replace=form.cleaned_data["replace"],
            by=self.request.user,
        )

    def show(self, form):
        choices, product, saving_kind = self.said(form)
        plan = book_import_services.plan_of(self.object, choices, product, self.people, self.book, self.products)
        lines = form.boxes(plan)
        context = self.context() | {
            "form": form,
            "object": self.object,
            "book": self.book,
            "plan": plan,
            "lines": lines,
            "wrong": [line for line in plan.lines if line.state == "wrong"],
            "totals": totals_of(plan),
            "savings": sum(plan.savers.values()),
            "places": places_words(self.book.titles, self.group),
            "replaced": book_import_services.replaced_words(self.object, plan, choices.on, saving_kind),
            "asks_new": choices.all_new or any(line.is_unknown for line in plan.lines),
            "asks_before": any(line.asks_before for line in plan.lines),
        }
        return render(self.request, self.template_name, context)

    def back_url(self):
        return reverse("book-import", args=[self.group.pk])

    def thank(self, done):
        made = self.object.members.count()
        new = f" {made} anggota baru ditambahkan: lengkapi datanya di daftar anggota." if made else ""
        messages.success(
            self.request,
            f"Buku {self.object.year} masuk ke saldo awal.{new} Lengkapi kas, bank dan modalnya, lalu buka buku.",
        )
        return HttpResponseRedirect(done.get_absolute_url())


class BookImportUndo(FormPage):
    """Takes the figures of a used book out of the draft, and the members it made; then it can be checked anew."""

    action = Action.RECORD_MONEY
    model = BookImport
    form_class = PortalVerbForm
    title = "Batalkan impor"
    submit_label = "Batalkan impor"
    danger = True
    done_message = "{} dibatalkan. Angkanya keluar dari saldo awal."

    def load(self, pk):
        rows = self.open().select_related("group__village__district__regency", "used_by").defer("book")
        self.object = get_object_or_404(rows, pk=pk)
        self.group = self.object.group

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return self.show(self.make_form()) if self.object.used_at else see_other("book-import", self.group.pk)

    @property
    def intro(self):
        figures, people = self.object.lines.count(), self.object.members.count()
        new = (
            f" {people} anggota baru dari buku itu ikut dibatalkan, kecuali yang sudah punya catatan." if people else ""
        )
        return f"{self.object}: {figures} angka keluar dari saldo awal.{new} Sesudahnya berkas dapat diperiksa lagi."

    def do(self, form):
        return book_import_services.undo_book(kept=self.object, by=self.request.user)

    def back_url(self):
        return reverse("book-import", args=[self.group.pk])


def totals_of(plan) -> dict[str, int]:
    names = ("principal", "paid", "left", "fee_left", "saved", "contributed")
    return {name: plan.total(name) for name in names}


def places_words(titles: list[str], group: Group) -> str:
    """What to say where the file's titles name another village than the group's; "" where they do not."""
    village = group.village
    for title in titles:
        found = re.search(r"\b(?:DESA|KELURAHAN|KEL)\b[.: ]+(.+?)(?:\s+KEC\b|\s+KECAMATAN\b|$)", title.upper())
        name = found[1].strip(" .:/") if found else ""
        if name and name != village.name.upper() and "DESA" not in name:
            return f"Judul berkas menyebut {name.title()}, bukan {village.label}. Periksa apakah berkasnya benar."
    return ""
