"""Pages of vouchers: the list, recording the five kinds, the voucher, its paper, its correction."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import ledger_services, voucher_services
from loans.chart import CHART, DEBT, FIELD_CASH, GRANTS, TILLS
from loans.models import Entry, Voucher
from loans.views.receipts import METERAI_ABOVE, Correction
from loans.voucher_filters import VoucherFilter
from loans.voucher_forms import CapitalBackForm, CapitalForm, ExpenseForm, IncomeForm, TransferForm
from loans.voucher_tables import VoucherTable
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import FormPage, Link, ListingView
from villages.models import Group, Office
from villages.models.placements import village_on
from villages.views.members import MemberNew

# The five kinds that are recorded by hand: words, what it is, icon, URL name.
TILES = (
    ("Penerimaan lain", "Uang masuk yang bukan setoran anggota", "plus", "voucher-income"),
    ("Pengeluaran", "Alat tulis, transport, konsumsi rapat, biaya lain", "send", "voucher-expense"),
    ("Modal masuk", "Hibah, swadaya, pinjaman atau dana bergulir", "rise", "voucher-capital"),
    ("Pengembalian modal", "Membayar kembali pinjaman atau dana bergulir", "back", "voucher-capital-back"),
    ("Pindah kas–bank", "Setor ke bank atau ambil dari bank", "wallet", "voucher-transfer"),
)
PAPER_TITLES = {"M": "BUKTI KAS MASUK", "K": "BUKTI KAS KELUAR", "J": "BUKTI MEMORIAL"}


class VoucherListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Voucher
    table_class = VoucherTable
    filter_class = VoucherFilter
    title = "Bukti kas"
    empty_title = "Belum ada bukti kas."
    empty_text = "Catat modal, pengeluaran, atau penerimaan lain; buktinya langsung dapat dicetak."

    def rows(self):
        return self.visible().select_related("village__district", "group").annotate(
            money_in=Case(When(series="M", then=F("amount"))),
            money_out=Case(When(series="K", then=F("amount"))),
            correction=Case(
                When(reverses__isnull=False, then=Concat(Value("Koreksi atas "), F("reverses__number"))),
                When(reversal__isnull=False, then=Concat(Value("BATAL, dikoreksi oleh "), F("reversal__number"))),
            ),
        )  # fmt: skip

    def add_link(self):
        return Link("Catat kas", reverse("voucher-new")) if self.access.may(Action.RECORD_MONEY) else None


class VoucherNew(MemberNew):
    action = Action.RECORD_MONEY
    target = "voucher-start"
    what = "Catat kas"


class VoucherStart(RecordView):
    """The five kinds as tiles."""

    action = Action.RECORD_MONEY
    model = Group
    template_name = "loans/voucher_start.html"

    def rows(self):
        return self.open().select_related("village__district")

    def context(self):
        group = self.object
        return {
            "title": "Catat kas",
            "subtitle": f"{group}, {group.village.label}",
            "tiles": [(words, about, icon, reverse(name, args=[group.pk])) for words, about, icon, name in TILES],
            "balances": till_balances(group),
            "back_url": group.get_absolute_url(),
        }


class VoucherAdd(FormPage):
    """Records one voucher of a group."""

    action = Action.RECORD_MONEY
    done_message = "Bukti {} tersimpan."

    def load(self, pk):
        self.group = get_object_or_404(self.open(Group).select_related("village__district"), pk=pk)

    @property
    def intro(self):
        tills = ", ".join(f"{name.lower()} {format_rupiah(amount)}" for name, amount in till_balances(self.group))
        return f"{self.group}, {self.group.village.label}. Saldo hari ini: {tills}."

    def initial(self):
        return {"on": today()}

    def do(self, form):
        return ledger_services.record_voucher(group=self.group, by=self.request.user, **form.facts())

    def back_url(self):
        return reverse("voucher-start", args=[self.group.pk])


class IncomeAdd(VoucherAdd):
    form_class = IncomeForm
    title = "Penerimaan lain"
    submit_label = "Simpan penerimaan"


class ExpenseAdd(VoucherAdd):
    form_class = ExpenseForm
    title = "Pengeluaran"
    submit_label = "Simpan pengeluaran"


class CapitalAdd(VoucherAdd):
    form_class = CapitalForm
    title = "Modal masuk"
    submit_label = "Simpan modal"


class CapitalBackAdd(VoucherAdd):
    form_class = CapitalBackForm
    title = "Pengembalian modal"
    submit_label = "Simpan pengembalian"

    @property
    def intro(self):
        owed = ledger_services.account_balance(self.group, DEBT, today())
        return f"{super().intro} Utang dan dana bergulir: {format_rupiah(owed)}."

    def do(self, form):
        return voucher_services.return_capital(group=self.group, by=self.request.user, **form.typed())


class TransferAdd(VoucherAdd):
    form_class = TransferForm
    title = "Pindah kas–bank"
    submit_label = "Simpan pemindahan"


class VoucherView(RecordView):
    action = Action.SEE_PEOPLE
    model = Voucher
    template_name = "loans/voucher.html"

    def rows(self):
        related = (
            "village__district__regency", "group", "member", "loan", "reverses", "reversal", "recorded_by",
        )  # fmt: skip
        return self.visible().select_related(*related)

    def context(self):
        voucher = self.object
        may_record = self.access.may_in(Action.RECORD_MONEY, voucher.village)
        stands = not voucher.is_reversal and not voucher.is_cancelled
        return super().context() | {
            "moves": moves_of(voucher.entries.all()),
            "may_record": may_record,
            "may_reverse": may_record and stands and voucher.kind not in ledger_services.NOT_REVERSED,
        }


@dataclass(frozen=True)
class Move:
    """One side of an entry in words: "Debet 1.1 Kas", "bertambah"."""

    side: str
    account: str
    change: str
    amount: int


def moves_of(entries: Iterable[Entry]) -> list[Move]:
    return [move for entry in entries for move in (_move(entry, "debit"), _move(entry, "credit"))]


def _move(entry: Entry, side: str) -> Move:
    account = CHART[getattr(entry, side)]
    grows = account.side.grows_by_debit == (side == "debit")
    words = "Debet" if side == "debit" else "Kredit"
    return Move(words, f"{account.code} {account.name}", "bertambah" if grows else "berkurang", entry.amount)


class VoucherPaper(VoucherView):
    """Bukti kas on paper, A5 landscape."""

    template_name = "loans/voucher_paper.html"

    def context(self):
        voucher, group = self.object, self.object.group
        return {
            "heading": "BUKTI KOREKSI" if voucher.is_reversal else PAPER_TITLES[voucher.series],
            "post": "; ".join(post_of(entry) for entry in voucher.entries.all()),
            "party_label": {"M": "Diterima dari", "K": "Dibayar kepada"}.get(voucher.series, "Pihak"),
            "party_role": {"M": "Penyetor", "K": "Penerima"}.get(voucher.series, ""),
            "village": village_on(group, voucher.on),
            "leader": group.officer_on(Office.KETUA, voucher.on),
            "treasurer": group.officer_on(Office.BENDAHARA, voucher.on),
            "needs_meterai": voucher.series == "K" and voucher.amount > METERAI_ABOVE,
            "back_url": voucher.get_absolute_url(),
            "printed_at": timezone.now(),
        }


def post_of(entry: Entry) -> str:
    """Transport dari Kas"""
    return f"{CHART[entry.debit].name} dari {CHART[entry.credit].name}"


class VoucherReverse(Correction):
    model = Voucher
    done_message = "Bukti koreksi {} tersimpan. Bukti lama tetap ada, bertanda BATAL."

    def initial(self):
        """On the voucher's own day, so that no balance in between counts money that never moved."""
        return {"reversed_on": self.object.on}

    def do(self, form):
        return ledger_services.reverse_voucher(voucher=self.object, by=self.request.user, **form.cleaned_data)


def till_balances(group: Group) -> list[tuple[str, int]]:
    """(name, rupiah today) of cash and bank."""
    found = ledger_services.balances(group, today(), codes=tuple(TILLS.values()))
    return [(CHART[code].name, amount) for code, amount in found.items()]


def group_cash(page, group: Group):
    """The section of a group's page that tells what lies in cash and bank, and the capital it works with."""
    if not page.access.may(Action.SEE_PEOPLE):
        return "loans/group_cash.html", {}
    found = ledger_services.balances(group, today(), codes=(*TILLS.values(), GRANTS, DEBT))
    return "loans/group_cash.html", {
        "tills": [(CHART[code].name, found[code]) for code in TILLS.values() if code != FIELD_CASH or found[code]],
        "capital": found[GRANTS] + found[DEBT],
        "debt_words": f"di dalamnya utang {format_rupiah(found[DEBT])}" if found[DEBT] else "",
        "links": cash_links(page, group),
        "opening_url": reverse("opening", args=[group.pk]),
        "may_start": not any(found.values()) and page.access.may_in(Action.RECORD_MONEY, group.village),
    }


def cash_links(page, group: Group) -> list[Link]:
    links = [
        (Action.SEE_PEOPLE, "Buku kas", "cash-book"),
        (Action.RECORD_MONEY, "Catat kas", "voucher-start"),
        (Action.RECORD_MONEY, "Hitung kas", "cash-count-new"),
        (Action.SEE_PEOPLE, "Tutup bulan", "months"),
        (Action.SEE_PEOPLE, "Cetak & unduh", "books"),
    ]
    own = [
        Link(label, reverse(name, args=[group.pk]))
        for action, label, name in links
        if page.access.may_in(action, group.village)
    ]
    return [*own, Link("Bukti kas", f"{reverse('voucher-list')}?group={group.pk}")]
