"""Paths of the surplus (SHU): a group's years, its scheme and PAUD teachers; a year's draft, approval and payments."""

from django.urls import path

from loans.views import surplus, surplus_year

urlpatterns = [
    path("kelompok/<int:pk>/shu/", surplus.SurplusYears.as_view(), name="surplus"),
    path("kelompok/<int:pk>/shu/skema/", surplus.SchemeEdit.as_view(), name="surplus-scheme"),
    path("kelompok/<int:pk>/shu/susun/", surplus.DraftEdit.as_view(), name="surplus-draft"),
    path("kelompok/<int:pk>/guru-paud/", surplus.TeacherListing.as_view(), name="paud-teachers"),
    path("kelompok/<int:pk>/guru-paud/tambah/", surplus.TeacherAdd.as_view(), name="paud-teacher-add"),
    path("guru-paud/<int:pk>/ubah/", surplus.TeacherEdit.as_view(), name="paud-teacher-edit"),
    path("shu/<int:pk>/", surplus_year.SurplusYear.as_view(), name="surplus-year"),
    path("shu/<int:pk>/bagian/", surplus_year.SurplusWeights.as_view(), name="surplus-weights"),
    path("shu/<int:pk>/sahkan/", surplus_year.SurplusApprove.as_view(), name="surplus-approve"),
    path("shu/<int:pk>/bayar/", surplus_year.SurplusPay.as_view(), name="surplus-pay"),
    path("shu/<int:pk>/batalkan/", surplus_year.SurplusTakeBack.as_view(), name="surplus-take-back"),
    path("shu/<int:pk>/berita-acara/", surplus_year.SurplusMinutes.as_view(), name="surplus-minutes"),
]
