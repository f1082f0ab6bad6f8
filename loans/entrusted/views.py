"""Pages of titip isi: the list, sending the photos, the sheet beside its photos, typing, checking."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.pages import RecordView
from loans.entrusted import services
from loans.entrusted.forms import CheckForm, EntrustForm, SendBackForm, TypingForm
from loans.entrusted.tables import BADGES, EntrustedFilter, EntrustedTable
from loans.entrusted.twice import ON_THE_WAY, others_of, papers_of_day
from loans.field.lines import sheet_of
from loans.models import EntrustedSheet
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.views import FormPage, Link, ListingView, VerbView
from villages.models import Group

RELATED = ("village__district", "group", "sent_by", "typed_by", "checked_by")
Status = EntrustedSheet.Status


class EntrustedListing(ListingView):
    action = Action.SEE_PEOPLE
    model = EntrustedSheet
    table_class = EntrustedTable
    filter_class = EntrustedFilter
    title = "Titip isi"
    empty_title = "Belum ada lembar titipan."
    empty_text = "Desa tanpa sinyal mengirim foto lembar setorannya; kecamatan mengetiknya, orang kedua memeriksa."

    def rows(self):
        return self.visible().select_related(*RELATED)

    def add_link(self):
        may = self.access.may(Action.ENTRUST_SHEETS)
        return Link("Titip foto lembar", reverse("entrusted-new")) if may else None


class EntrustedGroups(RecordView):
    """Whose sheet it is: straight on where there is one group only, else by the list of groups."""

    action = Action.ENTRUST_SHEETS
    model = Group

    def get(self, request):
        groups = list(self.open()[:2])
        if len(groups) == 1:
            return HttpResponseRedirect(reverse("entrusted-add", args=[groups[0].pk]))
        messages.info(request, "Pilih kelompoknya, lalu Titip foto lembar.")
        return HttpResponseRedirect(reverse("group-list"))


class EntrustedAdd(FormPage):
    action = Action.ENTRUST_SHEETS
    model = Group
    form_class = EntrustForm
    title = "Titip foto lembar"
    submit_label = "Kirim foto"
    done_message = "{} terkirim. Kecamatan mengetiknya, orang kedua memeriksa."

    def load(self, pk):
        self.group = get_object_or_404(self.open().select_related("village__district"), pk=pk)

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}. Foto seluruh lembar, tegak dan terang; sehalaman satu foto."

    def initial(self):
        return {"on": today()}

    def make_form(self, **kwargs):
        return super().make_form(files=self.request.FILES if kwargs else None, **kwargs)

    def do(self, form):
        for sentence in form.refused:
            messages.warning(self.request, sentence)
        return services.entrust_sheet(group=self.group, by=self.request.user, **form.facts())

    def back_url(self):
        return self.group.get_absolute_url()


class EntrustedPage(RecordView):
    """The photos beside what was typed, how far the sheet is, and who does what next."""

    action = Action.SEE_PEOPLE
    model = EntrustedSheet
    template_name = "loans/entrusted/sheet.html"

    def rows(self):
        return self.visible().select_related(*RELATED)

    def context(self):
        sheet, access, user = self.object, self.access, self.request.user
        may_type = access.may_in(Action.SEND_FOR_OTHERS, sheet.village)
        may_check = sheet.status == Status.TYPED and access.may_in(Action.ENTRUST_SHEETS, sheet.village)
        locked = services.why_not_check(sheet, user) if may_check else ""
        return super().context() | {
            "title": f"Lembar titipan {format_day(sheet.on)}",
            "state": BADGES[sheet.status],
            "photos": services.photos_of(sheet),
            "lines": told_lines(sheet),
            "total": services.total_of(sheet.rows),
            "next_words": next_words(sheet),
            "may_type": may_type and (sheet.is_typable or (sheet.status == Status.TYPED and sheet.typed_by == user)),
            "may_check": may_check and not locked,
            "locked": locked,
            "others": others_of(sheet) if sheet.status in ON_THE_WAY else [],
            "check_form": CheckForm(access=access, initial={"seen": services.mark_of(sheet)}),
            "back_url": reverse("entrusted-list"),
        }


class EntrustedTyping(FormPage):
    """The photo on one side, a line of boxes a line of the paper on the other."""

    action = Action.SEND_FOR_OTHERS
    model = EntrustedSheet
    form_class = TypingForm
    template_name = "loans/entrusted/typing.html"
    submit_label = "Selesai: minta diperiksa"

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*RELATED), pk=pk)
        self.paper = sheet_of(self.object.group, self.object.on)

    @property
    def title(self):
        return f"Ketik lembar {format_day(self.object.on)}"

    @property
    def intro(self):
        return f"{self.object.group}, {self.object.village.label}"

    def initial(self):
        sheet = self.object
        is_twice = any(row.get("besides") for row in sheet.rows)
        return {"paper_total": sheet.paper_total, "is_twice": is_twice, "seen": services.mark_of(sheet)}

    def make_form(self, **kwargs):
        facts = {"lines": self.paper.lines, "rows": self.object.rows, "papers": papers_of_day(self.object)}
        return super().make_form(**facts, **kwargs)

    def do(self, form):
        is_done = "draft" not in self.request.POST
        self.done_message = (
            "Selesai diketik. Orang kedua memeriksanya." if is_done else "Tersimpan sementara, belum diperiksa."
        )
        return services.type_rows(
            sheet=self.object,
            typed=form.typed,
            paper_total=form.cleaned_data["paper_total"],
            by=self.request.user,
            is_done=is_done,
            is_twice=form.cleaned_data.get("is_twice", False),
            seen=form.cleaned_data["seen"],
        )

    def context(self):
        return super().context() | {
            "object": self.object,
            "photos": services.photos_of(self.object),
            "others": others_of(self.object),
        }

    def back_url(self):
        return self.object.get_absolute_url()


class EntrustedVerb(VerbView):
    action = Action.ENTRUST_SHEETS
    model = EntrustedSheet

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*RELATED), pk=pk)

    @property
    def intro(self):
        return f"{self.object.group}, {self.object.village.label}, {format_day(self.object.on)}"

    def do(self, form):
        return type(self).verb(sheet=self.object, by=self.request.user, **form.cleaned_data)


class EntrustedRecord(EntrustedVerb):
    """ "Cocok, catat" """

    form_class = CheckForm
    verb = staticmethod(services.record_sheet)
    title = "Catat lembar titipan"
    submit_label = "Cocok, catat semua"
    done_message = "Semua baris tercatat dan bernomor bukti."

    def initial(self):
        return {"seen": services.mark_of(self.object)}


class EntrustedReturn(EntrustedVerb):
    form_class = SendBackForm
    verb = staticmethod(services.return_sheet)
    title = "Kembalikan ke pengetik"
    submit_label = "Kembalikan"
    done_message = "Dikembalikan; pengetik melihat alasannya."


class EntrustedRefuse(EntrustedVerb):
    action = Action.SEND_FOR_OTHERS
    form_class = SendBackForm
    verb = staticmethod(services.refuse_sheet)
    title = "Tolak foto ini"
    submit_label = "Tolak"
    danger = True
    done_message = "Ditolak; desa melihat alasannya dan mengirim foto lagi."


def told_lines(sheet: EntrustedSheet) -> list[dict]:
    """The typed rows with names, for reading beside the photo."""
    if not sheet.rows:
        return []
    lines = sheet_of(sheet.group, sheet.on).lines
    by_loan = {line.loan.pk: line for line in lines if line.loan}
    by_member = {line.member.pk: line for line in lines if line.member}
    return [_told(row, by_loan.get(row["loan"]) or by_member.get(row["member"])) for row in sheet.rows]


def _told(row: dict, line) -> dict:
    savings = row.get("savings", {})
    return {
        "name": line.name if line else "(sudah tidak di lembar ini)",
        "number": line.number if line and row["loan"] else "",
        "is_absent": row["kind"] == "absent",
        "amount": row.get("amount", 0),
        "mandatory": savings.get("mandatory", 0),
        "contribution": savings.get("contribution", 0),
        "voluntary": savings.get("voluntary", 0),
        "withdraw": sum(row.get("withdraw", {}).values()),
        "besides": ", ".join(row.get("besides", ())),
    }


def next_words(sheet: EntrustedSheet) -> str:
    """Who does what next."""
    match sheet.status:
        case Status.SENT:
            return "Berikutnya: pengurus kecamatan atau staf kabupaten mengetik isinya di samping foto."
        case Status.TYPED:
            return f"Berikutnya: orang kedua, bukan {sheet.typed_by}, mencocokkan ketikan dengan foto."
        case Status.RETURNED:
            return f"Dikembalikan kepada {sheet.typed_by}: {sheet.reason}"
        case Status.REFUSED:
            return f"Ditolak: {sheet.reason} Kirim foto yang baru sebagai titipan baru."
    return f"Diketik {sheet.typed_by}, diperiksa {sheet.checked_by}. Bukti-buktinya ada di daftar angsuran."
