"""A group's surplus (SHU): its years, the rule by which it is shared, the PAUD teachers, the draft of a year."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from loans import surplus_services
from loans.closing_services import first_period
from loans.models import PaudTeacher, SurplusDistribution, SurplusScheme
from loans.month_services import closed_through
from loans.surplus_forms import DraftForm, SchemeForm, TeacherForm, example_posts
from loans.surplus_plans import figures_of
from loans.year_close import december
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, Link, RecordView
from villages.models import Group

Status = SurplusDistribution.Status
PLACES = ("village__district__regency",)
YEARS_SHOWN = 5
BADGES = {Status.DRAFT: "rancangan", Status.APPROVED: "disahkan", Status.CANCELLED: "dibatalkan"}


class SurplusYears(RecordView):
    """The years of a group: what was earned, what became of it; and the rule for the sharing."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/surplus.html"

    def rows(self):
        return self.open().select_related(*PLACES)

    def context(self):
        group = self.object
        rows = self.visible(SurplusDistribution).filter(group=group)
        return {
            "title": "SHU",
            "subtitle": f"{group}, {group.village.label}",
            "back_url": group.get_absolute_url(),
            "distributions": [(one, BADGES[one.status]) for one in rows.select_related("voucher").order_by("-year")],
            "to_draft": [
                (year, surplus) for year in years_to_draft(rows, group) if (surplus := figures_of(group, year).surplus)
            ],
            "schemes": self.visible(SurplusScheme).filter(group=group).prefetch_related("posts"),
            "teacher_count": self.visible(PaudTeacher).filter(group=group, is_active=True).count(),
            "may_record": self.access.may_in(Action.RECORD_MONEY, group.village),
        }


def years_to_draft(distributions, group: Group) -> list[int]:
    """The closed years of the books without a standing draft or sharing, the latest first; the last five at most."""
    closed, first = closed_through(group), first_period(group) // 100
    last = closed // 100 if closed >= december(closed // 100) else closed // 100 - 1
    done = set(distributions.exclude(status=Status.CANCELLED).values_list("year", flat=True))
    years = range(last, max(first, last - YEARS_SHOWN + 1) - 1, -1) if first else ()
    return [year for year in years if year not in done]


class GroupForm(FormPage):
    """A form about a group's surplus; it leads back to the list of its years."""

    action = Action.RECORD_MONEY
    model = Group

    def load(self, pk):
        self.group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}"

    def back_url(self):
        return reverse("surplus", args=[self.group.pk])


class SchemeEdit(GroupForm):
    """The rule from a year on; shown as it is now, or an example to start from."""

    form_class = SchemeForm
    template_name = "loans/surplus_scheme.html"
    title = "Skema pembagian SHU"
    submit_label = "Simpan skema"
    done_message = "{} tersimpan. Rancangan yang belum disahkan dihitung ulang."

    def load(self, pk):
        super().load(pk)
        schemes = self.visible(SurplusScheme).filter(group=self.group).prefetch_related("posts")
        self.scheme = schemes.order_by("-since_year").first()

    def make_form(self, **kwargs):
        posts = [post.as_post() for post in self.scheme.posts.all()] if self.scheme else example_posts()
        return super().make_form(posts=posts, **kwargs)

    def initial(self):
        if self.scheme:
            return {name: getattr(self.scheme, name) for name in ("since_year", "savings_basis", "leavers_take_part")}
        return {"since_year": today().year - 1, "savings_basis": SurplusScheme.SavingsBasis.AVERAGE}

    def context(self):
        return super().context() | {"is_example": self.scheme is None}

    def do(self, form):
        return surplus_services.save_scheme(group=self.group, by=self.request.user, **form.facts())


class DraftEdit(GroupForm):
    """Which year, and what is set aside first: a draft that may be changed until the meeting decides."""

    form_class = DraftForm
    template_name = "loans/surplus_draft.html"
    title = "Susun pembagian SHU"
    submit_label = "Hitung rancangan"

    def load(self, pk):
        super().load(pk)
        rows = self.visible(SurplusDistribution).filter(group=self.group)
        self.drafts = {one.year: one for one in rows.filter(status=Status.DRAFT)}
        self.years = sorted([*self.drafts, *years_to_draft(rows, self.group)], reverse=True)

    def make_form(self, **kwargs):
        return super().make_form(years=self.years, **kwargs)

    def initial(self):
        asked = self.request.GET.get("tahun", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
        year = year if year in self.years else next(iter(self.years), None)
        if year is None:
            return {}
        draft = self.drafts.get(year)
        return {"year": year, "withheld": draft.withheld if draft else None}

    def context(self):
        return super().context() | {"years": self.years, "months_url": reverse("months", args=[self.group.pk])}

    def do(self, form):
        return surplus_services.draft_distribution(group=self.group, by=self.request.user, **form.cleaned_data)


class TeacherListing(RecordView):
    """The PAUD teachers of a group's village, those who left last."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/surplus_teachers.html"

    def rows(self):
        return self.open().select_related(*PLACES)

    def context(self):
        group = self.object
        rows = self.visible(PaudTeacher).filter(group=group)
        return {
            "title": "Guru PAUD",
            "subtitle": f"{group}, {group.village.label}",
            "back_url": reverse("surplus", args=[group.pk]),
            "teachers": rows.order_by("-is_active", "institution", "name", "pk"),
            "may_record": self.access.may_in(Action.RECORD_MONEY, group.village),
        }


class TeacherForms(FormPage):
    action = Action.RECORD_MONEY
    form_class = TeacherForm
    done_message = "{} tersimpan."

    def do(self, form):
        for name, value in form.cleaned_data.items():
            setattr(self.teacher, name, value)
        return surplus_services.save_teacher(teacher=self.teacher, by=self.request.user)

    def back_url(self):
        return reverse("paud-teachers", args=[self.teacher.group_id])

    def thank(self, done):
        messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(self.back_url())


class TeacherAdd(TeacherForms):
    model = Group
    title = "Tambah guru PAUD"

    def load(self, pk):
        group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)
        self.teacher = PaudTeacher(group=group, village=group.village)


class TeacherEdit(TeacherForms):
    model = PaudTeacher
    title = "Ubah guru PAUD"

    def load(self, pk):
        self.teacher = get_object_or_404(self.open().select_related("group", "village"), pk=pk)

    def initial(self):
        return {name: getattr(self.teacher, name) for name in self.form_class.base_fields}


def group_surplus(page, group: Group):
    """The section of a group's page that leads to its surplus, with the latest year."""
    if not page.access.may(Action.SEE_PEOPLE):
        return "loans/surplus_section.html", {}
    latest = page.visible(SurplusDistribution).filter(group=group).exclude(status=Status.CANCELLED).first()
    return "loans/surplus_section.html", {
        "latest": latest,
        "status": BADGES[latest.status] if latest else "",
        "link": Link("SHU", reverse("surplus", args=[group.pk])),
    }
