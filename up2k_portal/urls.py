"""Which path belongs to which app. Where a page shows another app's rows, this table gives it the section,
and where a verb should know what another app knows, the question to ask."""

from django.contrib import admin
from django.urls import include, path

from enterprises.views import group_enterprises, member_enterprises
from loans.field.absence_services import absent_on
from loans.leaving_services import latest_money
from loans.people import loan_counts, owes_nothing, still_owes
from loans.views.confirmations import group_checked
from loans.views.leaving import MemberLeaveAlone, member_leaving
from loans.views.loans import group_money, member_loans
from loans.views.savings import group_savings, member_savings
from loans.views.surplus import group_surplus
from loans.views.village_rules import village_money
from loans.views.vouchers import group_cash
from reports.report_card_views import ReportCard
from up2k_portal.help_views import Help, HelpGuide
from up2k_portal.home import Home
from up2k_portal.ledgers import LEDGERS
from up2k_portal.practice_views import PracticeEntry
from up2k_portal.search import Search
from villages import people_urls
from villages.meeting_views.administration import AdministrationListing, checklist_section
from villages.meeting_views.meetings import MeetingEdit
from villages.people_views import member_person
from villages.region_views import RegionView
from villages.views import GroupView, MemberView

group_sections = (
    group_money,
    group_cash,
    group_savings,
    group_surplus,
    group_checked,
    group_enterprises,
    checklist_section(LEDGERS),
)
member_sections = (member_loans, member_savings, member_leaving, member_enterprises, member_person)

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("bantuan/", Help.as_view(), name="help"),
    path("bantuan/<slug:slug>/", HelpGuide.as_view(), name="help-guide"),
    path("latihan/", PracticeEntry.as_view(), name="practice"),
    path("cari/", Search.as_view(), name="search"),
    path("", include("accounts.urls")),
    path("", include("villages.urls")),
    path("", include("villages.meeting_urls")),
    path("kelompok/<int:group_pk>/pertemuan/baru/", MeetingEdit.as_view(absent=absent_on), name="meeting-add"),
    path("administrasi/", AdministrationListing.as_view(ledgers=LEDGERS), name="administration"),
    path("wilayah/<int:pk>/", RegionView.as_view(sections=(village_money,)), name="region"),
    path("", include("villages.region_urls")),
    path("", include("villages.bulk_urls")),
    path("kelompok/<int:pk>/", GroupView.as_view(sections=group_sections), name="group"),
    path("", include("imports.urls")),
    path("anggota/<int:pk>/", MemberView.as_view(sections=member_sections), name="member"),
    path("anggota/<int:pk>/keluar/", MemberLeaveAlone.as_view(warnings=(still_owes,)), name="member-leave"),
    path("", include(people_urls.patterns(counts=loan_counts, guards=(owes_nothing,), latest=latest_money))),
    path("", include("enterprises.urls")),
    path("", include("loans.urls")),
    path("", include("loans.voucher_urls")),
    path("", include("loans.month_urls")),
    path("", include("loans.saving_urls")),
    path("", include("loans.proposal_urls")),
    path("", include("loans.life_urls")),
    path("", include("loans.opening_urls")),
    path("", include("loans.book_import_urls")),
    path("", include("loans.leaving_urls")),
    path("", include("loans.surplus_urls")),
    path("", include("loans.quality_urls")),
    path("", include("loans.handover_urls")),
    path("", include("loans.entrusted.urls")),
    path("", include("loans.field.urls")),
    path("kelompok/<int:pk>/rapor/", ReportCard.as_view(ledgers=LEDGERS), name="report-card"),
    path("", include("reports.urls")),
    path("laporan/", include("reports.board_urls")),
    path("laporan/", include("reports.report_urls")),
    path("laporan/", include("reports.paper_urls")),
    path("", include("reports.export_urls")),
    path("admin/", admin.site.urls),
]
