"""One year's surplus: the draft counted anew, the members' meeting's approval, the payments, the berita acara."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import surplus_payment_services, surplus_services
from loans.models import SurplusDistribution
from loans.month_services import first_open_month
from loans.surplus_forms import SECTIONS, ApproveForm, PayForm, TakeBackForm, WeightsForm
from loans.surplus_plans import SHARED_BY, Payee, payees_of, recorded_plan, sharers_of, shown_plan
from loans.views.receipts import METERAI_ABOVE
from loans.views.surplus import BADGES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.views import Link, VerbView
from villages.models import Meeting, Office
from villages.models.placements import village_on

RELATED = (
    "village__district__regency", "group", "voucher", "meeting", "drafted_by", "approved_by", "cancelled_by",
)  # fmt: skip
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class SurplusYear(RecordView):
    """The year's figures, its posts, and for everyone in one line how her part comes about; paid or not."""

    action = Action.SEE_PEOPLE
    model = SurplusDistribution
    template_name = "loans/surplus_year.html"

    def rows(self):
        return self.visible().select_related(*RELATED)

    def context(self):
        one = self.object
        plan = shown_plan(one)
        self.payees = payees_of(one, plan)
        unpaid = sum(payee.left for payee in self.payees)
        return super().context() | {
            "title": str(one),
            "subtitle": f"{one.group}, {one.village.label}",
            "back_url": reverse("surplus", args=[one.group_id]),
            "status": "dibayar_semua" if one.is_approved and self.payees and not unpaid else BADGES[one.status],
            "plan": plan,
            "lists": payout_lists(self.payees),
            "unpaid": unpaid,
            "paid": sum(payee.paid for payee in self.payees),
            "meterai_above": METERAI_ABOVE,
        }

    def actions(self):
        """By the draft's or the approved sharing's next steps; the approver is told in `SurplusApprove` why not."""
        one, pk = self.object, self.object.pk
        may_record = self.access.may_in(Action.RECORD_MONEY, one.village)
        may_approve = may_record or self.access.may_in(Action.APPROVE_LOANS, one.village)
        draft_url = f"{reverse('surplus-draft', args=[one.group_id])}?tahun={one.year}"
        links = [
            (one.is_draft and may_approve, Link("Catat keputusan rapat", reverse("surplus-approve", args=[pk]))),
            (one.is_draft and may_record, Link("Ubah rancangan", draft_url)),
            (one.is_draft and may_record, Link("Atur bagian", reverse("surplus-weights", args=[pk]))),
            (one.is_draft and may_record, Link("Ubah skema", reverse("surplus-scheme", args=[one.group_id]))),
            (one.is_approved and may_record, Link("Bayar", reverse("surplus-pay", args=[pk]))),
            (True, Link("Cetak berita acara", reverse("surplus-minutes", args=[pk]))),
            (
                one.is_approved and self.access.may_in(Action.APPROVE_LOANS, one.village),
                Link("Batalkan pembagian", reverse("surplus-take-back", args=[pk])),
            ),
        ]
        return [link for may, link in links if may]


def payout_lists(payees: list[Payee]) -> list[tuple[str, list[Payee], int]]:
    """(name, payees, rupiah) of each list that has anyone."""
    lists = [(label, [one for one in payees if one.section == section]) for section, label in SECTIONS.items()]
    return [(label, found, sum(one.amount for one in found)) for label, found in lists if found]


class YearVerb(VerbView):
    model = SurplusDistribution

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*RELATED), pk=pk)

    @property
    def intro(self):
        return f"{self.object}, {self.object.group}, {self.object.village.label}"


class SurplusWeights(YearVerb):
    """Officers and PAUD teachers share equally unless the group says otherwise, before the meeting decides."""

    action = Action.RECORD_MONEY
    form_class = WeightsForm
    template_name = "loans/surplus_weights.html"
    title = "Atur bagian pengurus dan guru"
    submit_label = "Simpan dan hitung ulang"
    done_message = "Bagian tersimpan. {} dihitung ulang."

    def load(self, pk):
        super().load(pk)
        found = [(SECTIONS[kind], sharers_of(self.object, kind)) for kind in SHARED_BY]
        self.lists = [one for one in found if one[1]] if self.object.is_draft else []

    def make_form(self, **kwargs):
        return super().make_form(lists=self.lists, **kwargs)

    def context(self):
        return super().context() | {"object": self.object, "state": self.object.get_status_display().lower()}

    def do(self, form):
        facts = {"weights": form.weights(), "by": self.request.user}
        return surplus_services.set_weights(distribution=self.object, **facts)


class SurplusApprove(YearVerb):
    """What the meeting decided, confirmed by another person than who drafted: in the village, or the kecamatan."""

    action = Action.RECORD_MONEY
    form_class = ApproveForm
    template_name = "loans/surplus_approve.html"
    title = "Keputusan rapat anggota"
    submit_label = "Sahkan dan bukukan"
    done_message = "{} disahkan dan dibukukan. Daftar penerima dapat dicetak dan dibayar."

    def dispatch(self, request, *args, **kwargs):
        """The kecamatan comes by its right to decide, the village by hers on money."""
        if request.access.may(Action.APPROVE_LOANS):
            self.action = Action.APPROVE_LOANS
        return super().dispatch(request, *args, **kwargs)

    def load(self, pk):
        super().load(pk)
        self.plan = shown_plan(self.object)

    def make_form(self, **kwargs):
        return super().make_form(group=self.object.group, **kwargs)

    def initial(self):
        """From the minutes book where the meeting stands there already."""
        one = self.object
        meetings = self.visible(Meeting).with_attendance().filter(group=one.group, kind=Meeting.Kind.MEMBERS)
        meeting = meetings.filter(held_on__year__gt=one.year).order_by("-held_on").first()
        met_on = meeting.held_on if meeting else today()
        found = {"seen": self.plan.fingerprint, "met_on": met_on, "pays_from": today()}
        found["on"] = first_open_month(one.group, met_on)
        if meeting:
            found |= {"meeting": meeting, "place": meeting.place, "chair": meeting.chair, "writer": meeting.writer}
            found["present_count"] = meeting.present_count or None
        return found

    def context(self):
        is_maker = self.object.drafted_by_id == self.request.user.pk
        return super().context() | {
            "object": self.object,
            "plan": self.plan,
            "is_maker": is_maker,
            "may_approve": self.object.is_draft and not is_maker and not self.plan.problem,
            "state": self.object.get_status_display().lower(),
        }

    def do(self, form):
        facts = form.cleaned_data
        return surplus_services.approve_distribution(distribution=self.object, by=self.request.user, **facts)


class SurplusPay(YearVerb):
    """Pays who is ticked, a voucher each; those who were paid stand below with their vouchers."""

    action = Action.RECORD_MONEY
    form_class = PayForm
    template_name = "loans/surplus_pay.html"
    title = "Bayar SHU"
    submit_label = "Bayar yang dicentang"

    def load(self, pk):
        super().load(pk)
        one = self.object
        self.payees = payees_of(one, recorded_plan(one)) if one.is_approved else []

    def make_form(self, **kwargs):
        """An earlier sending's payees stay known, so that sending it twice is answered as the first time."""
        payees = self.payees if "data" in kwargs else [payee for payee in self.payees if payee.left]
        return super().make_form(payees=payees, **kwargs)

    def initial(self):
        return {"on": today()}

    def post(self, request, **kwargs):
        """“Centang semua” ticks a whole list and shows the page again."""
        ticked = request.POST.get("all")
        if ticked not in SECTIONS:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        unpaid = [payee for payee in self.payees if payee.left]
        names = ("uuid", "on", "till", "party", "amount")
        typed = {name: request.POST[name] for name in names if request.POST.get(name)}
        chosen = {section: request.POST.getlist(section) for section in SECTIONS}
        chosen[ticked] = [payee.key for payee in unpaid if payee.section == ticked]
        form = self.form_class(
            access=self.access, action=self.action, payees=unpaid, initial=self.initial() | typed | chosen
        )
        return self.show(form)

    def context(self):
        unpaid = [payee for payee in self.payees if payee.left]
        return super().context() | {
            "object": self.object,
            "paid": [(payee, voucher) for payee in self.payees for voucher in payee.vouchers],
            "unpaid": sum(payee.left for payee in unpaid),
        }

    def do(self, form):
        return surplus_payment_services.pay_out(distribution=self.object, by=self.request.user, **form.facts())

    def thank(self, done):
        papers = f"{done[0]} sampai {done[-1]}" if len(done) > 1 else done[0]
        messages.success(self.request, f"{len(done)} pembayaran tersimpan, bukti {papers}.")
        return HttpResponseRedirect(self.object.get_absolute_url())


class SurplusTakeBack(YearVerb):
    action = Action.APPROVE_LOANS
    form_class = TakeBackForm
    template_name = "loans/surplus_take_back.html"
    title = "Batalkan pembagian SHU"
    submit_label = "Batalkan pembagian"
    danger = True
    done_message = "{} dibatalkan. Tahun ini dapat disusun lagi."

    def initial(self):
        voucher = self.object.voucher
        return {"on": first_open_month(self.object.group, voucher.on)} if voucher else {}

    def context(self):
        return super().context() | {"object": self.object}

    def do(self, form):
        facts = form.cleaned_data
        return surplus_services.take_back_distribution(distribution=self.object, by=self.request.user, **facts)


class SurplusMinutes(SurplusYear):
    """Berita acara of the members' meeting on paper; of a draft with dots to fill in."""

    template_name = "loans/surplus_minutes.html"

    def context(self):
        one = self.object
        met_on = one.met_on or today()
        plan = shown_plan(one)
        return {
            "plan": plan,
            "met_on": one.met_on,
            "weekday": WEEKDAYS[one.met_on.weekday()] if one.met_on else "",
            "met_words": format_day(one.met_on) if one.met_on else "",
            "leader": one.group.officer_on(Office.KETUA, met_on),
            "village": village_on(one.group, met_on),
            "books": [
                Link(label, f"{reverse('book', args=[one.group_id, code])}?periode={one.year}")
                for label, code in (
                    ("Tabel pos", "ba-shu-pos"),
                    ("Daftar anggota", "shu-anggota"),
                    ("Daftar guru PAUD", "shu-paud"),
                )
            ],
            "back_url": one.get_absolute_url(),
            "printed_at": timezone.now(),
        }
