"""Which path belongs to which app. Where a page shows another app's rows, this table gives it the section."""

from django.contrib import admin
from django.urls import include, path

from enterprises.views import group_enterprises, member_enterprises
from loans.views.loans import MemberMoneyListing, group_money, member_loans
from up2k_portal.home import Home
from villages.views import GroupView, MemberView

group_sections = (group_money, group_enterprises)
member_sections = (member_loans, member_enterprises)

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("", include("accounts.urls")),
    path("", include("villages.urls")),
    path("kelompok/<int:pk>/", GroupView.as_view(sections=group_sections), name="group"),
    path("anggota/", MemberMoneyListing.as_view(), name="member-list"),
    path("anggota/<int:pk>/", MemberView.as_view(sections=member_sections), name="member"),
    path("", include("enterprises.urls")),
    path("", include("loans.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
