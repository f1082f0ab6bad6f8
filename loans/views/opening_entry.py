"""Entering a group's old book: the cut-off day, its figures; opening the books with them, and taking that back."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.attachments.section import files_of
from enterprises.months import last_day, months_before
from loans import opening, opening_services, opening_undo_services
from loans.models import LoanProduct, Opening, OpeningLine
from loans.opening_forms import (
    FORM_OF,
    SHORT,
    CapitalForm,
    FigureForm,
    FiguresForm,
    LoanForm,
    SavingsForm,
    StartForm,
    TakeBackForm,
)
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.forms import PortalVerbForm
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import FormPage, see_other
from villages.models import Group, Member

Kind = OpeningLine.Kind
PLACES = ("village__district__regency",)


class OpeningStart(FormPage):
    """The cut-off day: begins the draft, or moves its day."""

    action = Action.RECORD_MONEY
    model = Group
    form_class = StartForm
    title = "Tanggal awal buku"
    submit_label = "Lanjut: isi angka"

    def load(self, pk):
        self.group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)
        self.draft = self.open(Opening).filter(group=self.group).first()

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}"

    def initial(self):
        return {"on": self.draft.on if self.draft else last_day(months_before(period_of(today()), 1))}

    def do(self, form):
        return opening_services.start_opening(group=self.group, by=self.request.user, **form.cleaned_data)

    def back_url(self):
        return reverse("opening", args=[self.group.pk])


class DraftPage(FormPage):
    """A page that enters figures of a draft; one that was opened is only shown."""

    action = Action.RECORD_MONEY
    model = Group

    def load(self, pk):
        self.group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)
        self.draft = get_object_or_404(self.open(Opening).select_related("opened_by"), group=self.group)

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return see_other("opening", self.group.pk) if self.draft.opened_at else self.show(self.make_form())

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}. Menurut buku lama pada akhir {format_day(self.draft.on)}."

    def back_url(self):
        return reverse("opening", args=[self.group.pk])

    def thank(self, done):
        if self.done_message:
            messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(self.back_url())


class OpeningFigures(DraftPage):
    form_class = FiguresForm
    title = "Angka buku lama"
    done_message = "Angka tersimpan."

    def initial(self):
        return dict(self.draft.lines.filter(kind__in=OpeningLine.SINGLE).values_list("kind", "amount"))

    def do(self, form):
        return opening_services.save_amounts(opening=self.draft, amounts=form.amounts(), by=self.request.user)


class OpeningSavings(DraftPage):
    """A row a member, a cell a kind."""

    template_name = "loans/opening_savings.html"
    title = "Simpanan dan titipan anggota menurut buku lama"
    submit_label = "Simpan simpanan"
    done_message = "Simpanan tersimpan."

    def make_form(self, **kwargs):
        members = self.open(Member).filter(group=self.group).active_on(self.draft.on).order_by("name", "pk")
        lines = self.draft.lines.filter(kind__in=OpeningLine.OF_MEMBER)
        self.stored = {(kind, key): amount for kind, key, amount in lines.values_list("kind", "member", "amount")}
        return SavingsForm(access=self.access, members=list(members), stored=self.stored, **kwargs)

    def do(self, form):
        return opening_services.save_amounts(opening=self.draft, amounts=form.amounts(), by=self.request.user)

    def context(self):
        sums = dict.fromkeys(OpeningLine.OF_MEMBER, 0)
        for (kind, _), amount in self.stored.items():
            sums[Kind(kind)] += amount
        return super().context() | {"group": self.group, "sums": [(short, sums[kind]) for kind, short in SHORT.items()]}


class LineAdd(DraftPage):
    """One more loan or capital."""

    kind = Kind.CAPITAL

    def do(self, form):
        line = form.put(OpeningLine(opening=self.draft, kind=self.kind))
        return opening_services.save_line(line=line, by=self.request.user)


class OpeningCapitalAdd(LineAdd):
    form_class = CapitalForm
    title = "Modal menurut sumbernya"
    done_message = "{} tersimpan."


class OpeningLoanAdd(LineAdd):
    kind = Kind.LOAN
    form_class = LoanForm
    title = "Pinjaman yang masih berjalan"

    def make_form(self, **kwargs):
        return super().make_form(group=self.group, **kwargs)

    def show(self, form):
        if not self.visible(LoanProduct).filter(group=self.group).exists():
            return render(self.request, "loans/no_product.html", self.context())
        return super().show(form)

    def thank(self, done):
        messages.success(self.request, loan_kept(done))
        return HttpResponseRedirect(self.back_url())


def loan_kept(line: OpeningLine) -> str:
    left, fee = format_rupiah(line.amount), format_rupiah(line.service_fee_left)
    return f"{line} tersimpan: sisa pokok {left}, sisa jasa {fee}. Cocokkan dengan buku lama."


class LinePage(DraftPage):
    """A page about one figure of a draft."""

    model = OpeningLine

    def load(self, pk):
        rows = self.open().select_related("opening__group__village__district__regency", "opening__opened_by")
        self.object = get_object_or_404(rows.select_related(*opening_services.RELATED), pk=pk)
        self.draft, self.group = self.object.opening, self.object.opening.group

    @property
    def title(self):
        return str(self.object)


class OpeningLineEdit(LinePage):
    template_name = "loans/opening_line.html"
    done_message = "{} tersimpan."

    @property
    def form_class(self):
        return FORM_OF.get(self.object.kind, FigureForm)

    def initial(self):
        return self.form_class.typed_in(self.object)

    def make_form(self, **kwargs):
        of_group = {"group": self.group} if self.object.kind == Kind.LOAN else {}
        return super().make_form(**of_group, **kwargs)

    def do(self, form):
        return opening_services.save_line(line=form.put(self.object), by=self.request.user)

    def context(self):
        return super().context() | {"object": self.object, "files": files_of(self, self.object)[1]}


class OpeningLineRemove(LinePage):
    form_class = PortalVerbForm
    submit_label = "Keluarkan"
    danger = True
    done_message = "Angka dikeluarkan dari saldo awal."

    @property
    def title(self):
        return f"Keluarkan {self.object} {format_rupiah(self.object.amount)}"

    def do(self, form):
        return opening_services.remove_line(line=self.object, by=self.request.user)


class OpeningOpen(DraftPage):
    """Both sides once more, and the button that posts all of it."""

    form_class = PortalVerbForm
    template_name = "loans/opening_open.html"
    title = "Buka buku"
    submit_label = "Buka buku"
    done_message = "Buku kelompok dibuka. Semua angka sudah masuk buku besar."

    def do(self, form):
        return opening_services.open_books(group=self.group, by=self.request.user)

    def context(self):
        figures = [line.figure for line in self.draft.lines.all()]
        totals = opening.totals(figures)
        return super().context() | {
            "totals": totals,
            "words": opening.difference_words(totals.difference),
            "hint": opening.what_to_look_for(figures),
            "may_open": figures and not totals.difference,
        }


class OpeningTakeBack(DraftPage):
    """Taking the opening back while nothing rests on it; one that is not opened is only shown."""

    action = Action.APPROVE_LOANS
    form_class = TakeBackForm
    title = "Batalkan pembukaan buku"
    submit_label = "Batalkan pembukaan"
    danger = True
    done_message = "Pembukaan buku dibatalkan. Angkanya dapat diubah lagi."

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return self.show(self.make_form()) if self.draft.opened_at else see_other("opening", self.group.pk)

    @property
    def intro(self):
        return (
            f"{self.group}, {self.group.village.label}. Hanya selama belum ada catatan lain. Bukti saldo awal tetap"
            " tersimpan, bertanda BATAL."
        )

    def do(self, form):
        return opening_undo_services.take_back_opening(group=self.group, by=self.request.user, **form.cleaned_data)
