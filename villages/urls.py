"""Paths of this app; the member's and group's pages get sections of other apps in `up2k_portal.urls`."""

from django.urls import path

from villages import views

urlpatterns = [
    path("kelompok/", views.GroupListing.as_view(), name="group-list"),
    path("kelompok/baru/", views.GroupEdit.as_view(), name="group-add"),
    path("kelompok/<int:pk>/ubah/", views.GroupEdit.as_view(), name="group-edit"),
    path("kelompok/<int:group_pk>/poklak/baru/", views.PoklakEdit.as_view(), name="poklak-add"),
    path("poklak/<int:pk>/ubah/", views.PoklakEdit.as_view(), name="poklak-edit"),
    path("kelompok/<int:group_pk>/klasifikasi/", views.AssessmentAdd.as_view(), name="assessment-add"),
    path("kelompok/<int:group_pk>/anggota/baru/", views.MemberEdit.as_view(), name="member-add"),
    path("kelompok/<int:pk>/pengurus/baru/", views.OfficerAppoint.as_view(), name="officer-appoint"),
    path("pengurus/<int:pk>/ubah/", views.OfficerEdit.as_view(), name="officer-edit"),
    path("kelompok/<int:group_pk>/badan-hukum/baru/", views.LegalStatusEdit.as_view(), name="legal-status-add"),
    path("badan-hukum/<int:pk>/ubah/", views.LegalStatusEdit.as_view(), name="legal-status-edit"),
    path("pendapatan/", views.IncomeListing.as_view(), name="income-list"),
    path("pendapatan/catat/", views.IncomePick.as_view(), name="income-pick"),
    path("pendapatan/<int:pk>/ubah/", views.IncomeEdit.as_view(), name="income-edit"),
    path("anggota/<int:member_pk>/pendapatan/baru/", views.IncomeEdit.as_view(), name="income-add"),
    path("anggota/baru/", views.MemberNew.as_view(), name="member-new"),
    path("anggota/<int:pk>/ubah/", views.MemberEdit.as_view(), name="member-edit"),
]
