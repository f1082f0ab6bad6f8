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
    path("anggota/baru/", views.MemberNew.as_view(), name="member-new"),
    path("anggota/<int:pk>/ubah/", views.MemberEdit.as_view(), name="member-edit"),
    path("anggota/<int:pk>/keluar/", views.MemberLeave.as_view(), name="member-leave"),
]
