"""Pages of villages for the kabupaten's admin: the list, the record with its changes, and the four changes."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse

from accounts.models import Assignment
from accounts.pages import RecordView
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView, VerbView
from villages import region_services
from villages.models import Village
from villages.region_forms import MergeForm, RecodeForm, RenameForm, SplitForm
from villages.region_tables import RegionFilter, RegionTable


def stale_assignments(access: Access, *codes: str):
    """Assignments in force whose village has ended: these people see nothing until they get a new area."""
    ended = Village.objects.visible_to(access).filter(active_until__lt=today())
    ended = ended.filter(code__in=codes) if codes else ended
    rows = Assignment.objects.visible_to(access).in_force(today()).filter(area_code__in=ended.values("code"))
    return rows.select_related("user")


class RegionListing(ListingView):
    action = Action.MANAGE_SETTINGS
    model = Village
    table_class = RegionTable
    filter_class = RegionFilter
    title = "Wilayah"
    template_name = "villages/regions/list.html"
    empty_title = "Belum ada desa/kelurahan."
    empty_text = "Muat daftar resminya dengan perintah seed_regions."

    def rows(self):
        return self.visible().select_related("district").annotate(group_count=Count("groups", distinct=True))

    def context(self, table, filtered):
        return super().context(table, filtered) | {"stale": stale_assignments(self.access)}


class RegionView(RecordView):
    action = Action.MANAGE_SETTINGS
    model = Village
    template_name = "villages/regions/region.html"

    def rows(self):
        return self.visible().select_related("district__regency", "successor")

    def context(self):
        village = self.object
        changes = village.changes_from.all() | village.changes_into.all()
        return super().context() | {
            "title": village.full_name,
            "back_url": reverse("region-list"),
            "region_changes": changes.select_related("recorded_by"),
            "groups": village.groups.all(),
            "stale": stale_assignments(self.access, village.code),
        }

    def actions(self):
        if self.object.active_until:
            return []
        verbs = (RenameRegion, RecodeRegion, MergeRegion, SplitRegion)
        return [Link(verb.link, reverse(verb.url_name, args=[self.object.pk])) for verb in verbs]


class RegionVerb(VerbView):
    """One change of one village: what goes along stands above the form."""

    action = Action.MANAGE_SETTINGS
    model = Village
    template_name = "villages/regions/change.html"
    submit_label = "Catat perubahan"
    danger = True
    link = url_name = says = ""

    @property
    def title(self):
        return f"{self.link}: {self.object.full_name}"

    @property
    def intro(self):
        return f"{self.object.code}, {self.object.district.label}"

    def make_form(self, **kwargs):
        return super().make_form(village=self.object, **kwargs)

    def context(self):
        serving = Assignment.objects.visible_to(self.access).in_force(today()).filter(area_code=self.object.code)
        return super().context() | {
            "village": self.object,
            "says": self.says,
            "groups": self.object.groups.all(),
            "serving": serving.select_related("user"),
        }

    def do(self, form):
        return self.verb(village=self.object, by=self.request.user, **form.cleaned_data)

    def back_url(self):
        return reverse("region", args=[self.object.pk])

    def thank(self, done):
        messages.success(self.request, f"Tercatat: {done.words}. Laporan sebelum tanggal itu tidak berubah.")
        return HttpResponseRedirect(reverse("region", args=[done.into_id or done.region_id]))


class RenameRegion(RegionVerb):
    form_class = RenameForm
    verb = staticmethod(region_services.rename_village)
    link, url_name = "Ganti nama", "region-rename"
    says = "Kode, kelompok, dan pengguna tetap. Laporan sebelum tanggal berlaku tetap memakai nama lama."


class RecodeRegion(RegionVerb):
    form_class = RecodeForm
    verb = staticmethod(region_services.recode_village)
    link, url_name = "Ganti kode", "region-recode"
    says = "Kode lama berakhir. Semua kelompok, anggota, pinjaman, dan catatannya pindah ke kode baru."


class MergeRegion(RegionVerb):
    form_class = MergeForm
    link, url_name = "Gabung", "region-merge"
    says = "Desa ini berakhir. Semua kelompok, anggota, pinjaman, dan catatannya pindah ke desa tujuan."

    def do(self, form):
        facts = form.cleaned_data
        villages = [self.object, *facts.pop("others")]
        return region_services.merge_villages(villages=villages, by=self.request.user, **facts)


class SplitRegion(RegionVerb):
    form_class = SplitForm
    verb = staticmethod(region_services.split_village)
    link, url_name = "Mekar", "region-split"
    says = "Desa baru berdiri dari desa ini. Kelompok yang dipilih pindah ke sana dengan semua catatannya."
