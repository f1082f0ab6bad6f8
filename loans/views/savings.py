"""Pages of savings: the list, a member's saving book, paying in and taking out, and a group's money rules."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts import history
from accounts.pages import EditView, RecordView
from loans import saving_services, savings
from loans.chart import SAVINGS
from loans.ledger_services import balances
from loans.life_forms import CreditBackForm
from loans.messages import savings_message, wa_share_url
from loans.models import MoneyRules, SavingTerms
from loans.rules_services import rules_of
from loans.saving_forms import DepositForm, MoneyRulesForm, SavingTermsForm, WithdrawForm
from loans.saving_tables import SavingFilter, SavingTable
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import ListingView, VerbView
from villages.filters import day_asked
from villages.models import Group, Member
from villages.views.groups import InGroupEdit

PLACES = ("group", "village__district__regency")
Kind = SavingTerms.Kind


class SavingListing(ListingView):
    """Members, and those who left and still have savings."""

    action = Action.SEE_PEOPLE
    model = Member
    table_class = SavingTable
    filter_class = SavingFilter
    title = "Simpanan"
    empty_title = "Belum ada anggota."
    empty_text = "Simpanan dicatat dari halaman anggota: Setor simpanan."

    def rows(self):
        day = day_asked(self.request)
        rows = savings.with_savings(self.visible().select_related("village__district", "group"), day)
        return rows.filter(Q(left_on=None) | Q(left_on__gt=day) | ~Q(savings=0))

    def subtitle(self):
        return "Wajib belum disetor dihitung sampai bulan ini, menurut aturan uang kelompok."


class SavingBook(RecordView):
    """Buku simpanan anggota, on paper."""

    action = Action.SEE_PEOPLE
    model = Member
    template_name = "loans/saving_book.html"

    def rows(self):
        return self.visible().select_related(*PLACES, "poklak")

    def context(self):
        member = self.object
        kinds = worded(savings.saving_balances([member], today())[member.pk])
        return {
            "rows": savings.book_rows(member, today()),
            "kinds": kinds,
            "share_url": wa_share_url(savings_message(member, kinds[:-1], today())),
            "treasurer": member.group.officer_on("bendahara", today()),
            "back_url": member.get_absolute_url(),
            "printed_at": timezone.now(),
        }


class MemberVerb(VerbView):
    """Something done with one member's savings."""

    action = Action.RECORD_MONEY
    model = Member

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def intro(self):
        return f"{self.object.group}, {self.object.village.label}"


class SavingDeposit(MemberVerb):
    form_class = DepositForm
    submit_label = "Simpan setoran"

    @property
    def title(self):
        return f"Setor simpanan {self.object}"

    def initial(self):
        due = savings.dues(self.object, today())
        amounts = {name: due[kind] or None for kind, name in DepositForm.FIELDS.items()}
        return amounts | {"received_on": today()}

    def do(self, form):
        return saving_services.record_deposit(member=self.object, by=self.request.user, **form.facts())


class SavingWithdraw(MemberVerb):
    form_class = WithdrawForm
    template_name = "loans/saving_withdraw.html"
    submit_label = "Simpan penarikan"
    done_message = "Penarikan {} tersimpan."

    @property
    def title(self):
        return f"Tarik simpanan {self.object}"

    def load(self, pk):
        super().load(pk)
        self.withdrawable = saving_services.withdrawable(self.object, today())

    def make_form(self, **kwargs):
        offered = self.withdrawable
        if "data" in kwargs:  # a sending repeated after the last rupiah left still names its kind
            offered = dict.fromkeys(SAVINGS, 0) | offered
        return super().make_form(withdrawable=offered, **kwargs)

    def initial(self):
        return {"on": today()}

    def do(self, form):
        return saving_services.withdraw_saving(member=self.object, by=self.request.user, **form.cleaned_data)

    def context(self):
        return super().context() | {"withdrawable": self.withdrawable}

    def thank(self, done):
        """To her page, where the new balances stand."""
        messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(self.object.get_absolute_url())


class MemberCreditBack(MemberVerb):
    """What the old book kept for her, handed back."""

    form_class = CreditBackForm
    submit_label = "Kembalikan titipan"
    done_message = "Bukti {} tersimpan."

    @property
    def title(self):
        return f"Kembalikan titipan {self.object}"

    def initial(self):
        return {"amount": saving_services.member_credit(self.object, today()) or None, "on": today()}

    def do(self, form):
        return saving_services.give_member_credit_back(member=self.object, by=self.request.user, **form.cleaned_data)

    def thank(self, done):
        messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(self.object.get_absolute_url())


class MoneyRulesView(RecordView):
    """What a group agreed on about money: the terms of savings with their history, and where the iuran goes."""

    action = Action.SEE_GROUPS
    model = Group
    template_name = "loans/money_rules.html"

    def rows(self):
        return self.visible().select_related("village__district__regency")

    def context(self):
        group = self.object
        terms = list(self.visible(SavingTerms).filter(group=group).order_by("kind", "-since"))
        rules = rules_of(group)
        in_force = savings.terms_among(terms, group, today())
        return {
            "rules": rules,
            "kinds": [
                {"terms": in_force[kind], "history": [row for row in terms if row.kind == kind]} for kind in Kind
            ],
            "may_edit": self.access.may_in(Action.EDIT_GROUPS, group.village),
            "village_url": reverse("village-rules", args=[group.village_id]),
            "changes": history.changes_of(rules, self.access) if rules.pk else [],
            "back_url": group.get_absolute_url(),
        }


class MoneyRulesEdit(EditView):
    """Where the iuran goes, and the group's own due day. Changes what is recorded from now on."""

    action = Action.EDIT_GROUPS
    model = MoneyRules
    form_class = MoneyRulesForm
    title = "Ubah aturan uang"
    done_message = "{} tersimpan."

    def load(self, pk):
        self.group = get_object_or_404(self.open(Group).select_related("village__district"), pk=pk)
        found = self.open().filter(group=self.group).first()
        self.object = found or MoneyRules(group=self.group, village=self.group.village)

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}. Iuran yang sudah dicatat tidak berubah."

    def back_url(self):
        return self.object.get_absolute_url()


class SavingTermsEdit(InGroupEdit):
    """New terms from a day on; old ones stay as history, and are mended where they were typed wrong."""

    action = Action.EDIT_GROUPS
    model = SavingTerms
    form_class = SavingTermsForm
    adds = "Tambah ketentuan simpanan"
    done_message = "{} tersimpan."

    def back_url(self):
        return reverse("money-rules", args=[self.group.pk])


def worded(amounts: dict[str, int]) -> list[tuple[str, int]]:
    """("Simpanan pokok", 50000), and what they make together."""
    return [*((Kind(kind).label, amount) for kind, amount in amounts.items()), ("Jumlah", sum(amounts.values()))]


def member_savings(page, member: Member):
    """The section "Simpanan" of a member's page."""
    may_record = page.access.may_in(Action.RECORD_MONEY, member.village)
    due = savings.dues(member, today())
    return "loans/member_savings.html", {
        "kinds": worded(savings.saving_balances([member], today())[member.pk]),
        "due": [(Kind(kind).label, amount) for kind, amount in due.items() if amount],
        "book_url": reverse("saving-book", args=[member.pk]),
        "credit": saving_services.member_credit(member, today()),
        "credit_url": reverse("member-credit-back", args=[member.pk]) if may_record else "",
        "deposit_url": reverse("saving-deposit", args=[member.pk]) if may_record and not member.left_on else "",
        "withdraw_url": reverse("saving-withdraw", args=[member.pk]) if may_record else "",
    }


def group_savings(page, group: Group):
    """The section "Simpanan" of a group's page: what its members saved, and the way to its money rules."""
    sees_people = page.access.may(Action.SEE_PEOPLE)
    saved = balances(group, today(), codes=tuple(SAVINGS.values())) if sees_people else {}
    return "loans/saving_group.html", {
        "kinds": worded({kind: saved[account] for kind, account in SAVINGS.items()}) if saved else [],
        "list_url": f"{reverse('saving-list')}?group={group.pk}" if sees_people else "",
        "rules_url": reverse("money-rules", args=[group.pk]),
    }
