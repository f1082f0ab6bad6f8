"""Pages of household incomes: the list, whom to ask next, one answer."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.pages import EditView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import Link, ListingView, see_other
from villages.filters import IncomeFilter, day_asked
from villages.forms import IncomeForm
from villages.models import HouseholdIncome, Member
from villages.tables import IncomePickTable, IncomeTable


class IncomeListing(ListingView):
    """Active members, first and latest answer."""

    action = Action.SEE_PEOPLE
    model = Member
    table_class = IncomeTable
    filter_class = IncomeFilter
    title = "Pendapatan keluarga"
    empty_title = "Belum ada anggota."
    empty_text = "Pendapatan dicatat untuk anggota aktif: saat masuk, lalu setahun sekali atau bila ditanya."

    def rows(self):
        day = day_asked(self.request)
        rows = self.visible().active_on(day).select_related("village__district", "group")
        return rows.with_incomes(day)

    def subtitle(self):
        return "Rupiah sebulan: sebelum adalah jawaban pertama, sesudah yang terakhir."

    def add_link(self):
        return Link("Catat pendapatan", reverse("income-pick")) if self.access.may(Action.EDIT_REGISTRY) else None


class IncomePick(ListingView):
    """Whom to ask: never asked first, then who was asked longest ago."""

    action = Action.EDIT_REGISTRY
    model = Member
    table_class = IncomePickTable
    filter_class = IncomeFilter
    title = "Catat pendapatan: pilih anggota"
    empty_title = "Belum ada anggota aktif."
    empty_text = "Tambahkan anggota dulu, lalu catat pendapatan keluarganya."

    def rows(self):
        rows = self.open().active_on(today()).select_related("village__district", "group").with_incomes(today())
        return rows.order_by(F("income_latest_on").asc(nulls_first=True), "name", "pk")


class IncomeEdit(EditView):
    """One answer; whoever came from the list goes back to it, for the next family."""

    action = Action.EDIT_REGISTRY
    model = HouseholdIncome
    form_class = IncomeForm
    done_message = "{} tercatat."

    def blank(self, member_pk):
        member = get_object_or_404(self.open(Member), pk=member_pk)
        user = self.request.user
        return HouseholdIncome(
            village=member.village, member=member, asked_on=today(), asked_by=user.name, recorded_by=user
        )

    @property
    def title(self):
        return f"Pendapatan keluarga {self.object.member}"

    @property
    def intro(self):
        earlier = self.object.member.incomes.exclude(pk=self.object.pk).filter(asked_on__lte=self.object.asked_on)
        last = earlier.order_by("-asked_on").first()
        return f"Sebelumnya {format_rupiah(last.amount)}, {format_day(last.asked_on)}." if last else ""

    @property
    def is_from_list(self) -> bool:
        return self.request.GET.get("dari") == "daftar"

    def back_url(self):
        return reverse("income-pick") if self.is_from_list else self.object.get_absolute_url()

    def thank(self, done):
        if not self.is_from_list:
            return super().thank(done)
        messages.success(self.request, self.done_message.format(done))
        return see_other("income-pick")
