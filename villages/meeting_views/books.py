"""Inventory and letters: lists, records, forms; and the page of all books of a group."""

from django.urls import reverse

from accounts.pages import RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Link, ListingView
from villages.meeting_filters import InventoryFilter, LetterFilter
from villages.meeting_forms import InventoryForm, LetterForm
from villages.meeting_tables import InventoryTable, LetterTable
from villages.models import InventoryItem, Letter
from villages.views import InGroupEdit, MemberNew


class InventoryListing(ListingView):
    action = Action.SEE_PEOPLE
    model = InventoryItem
    table_class = InventoryTable
    filter_class = InventoryFilter
    title = "Inventaris"
    empty_title = "Belum ada barang inventaris."
    empty_text = "Catat barang milik kelompok: lemari arsip, mesin jahit, timbangan, kursi …"

    def rows(self):
        return self.visible().select_related("village__district", "group")

    def add_link(self):
        return Link("Tambah barang", reverse("inventory-new")) if self.access.may(Action.EDIT_REGISTRY) else None


class InventoryView(RecordView):
    action = Action.SEE_PEOPLE
    model = InventoryItem
    template_name = "villages/meetings/item.html"
    edit_label, edit_name = "Ubah barang", "inventory-edit"

    def rows(self):
        return self.visible().select_related("village__district", "group")

    def actions(self):
        if not self.access.may_in(Action.EDIT_REGISTRY, self.object.village):
            return []
        return [Link(self.edit_label, reverse(self.edit_name, args=[self.object.pk]))]


class InventoryEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = InventoryItem
    form_class = InventoryForm
    adds = "Tambah barang inventaris"
    done_message = "{} tersimpan di inventaris."


class InventoryNew(MemberNew):
    target = "inventory-add"
    what = "Tambah barang"


class LetterListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Letter
    table_class = LetterTable
    filter_class = LetterFilter
    title = "Agenda surat"
    empty_title = "Belum ada surat."
    empty_text = "Catat surat masuk dan surat keluar kelompok; agendanya tercetak sendiri."

    def rows(self):
        return self.visible().select_related("village__district", "group").with_day().order_by("-entered_on", "-pk")

    def add_link(self):
        return Link("Catat surat", reverse("letter-new")) if self.access.may(Action.EDIT_REGISTRY) else None


class LetterView(InventoryView):
    model = Letter
    template_name = "villages/meetings/letter.html"
    edit_label, edit_name = "Ubah surat", "letter-edit"


class LetterEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = Letter
    form_class = LetterForm
    adds = "Catat surat"
    done_message = "Surat “{}” tersimpan."


class LetterNew(MemberNew):
    target = "letter-add"
    what = "Catat surat"
