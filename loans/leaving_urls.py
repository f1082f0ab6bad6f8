"""Pages of leaving."""

from django.urls import path

from loans.views import leaving

urlpatterns = [
    path("anggota/<int:pk>/keluar-selesai/", leaving.MemberSettle.as_view(), name="member-settle"),
    path("penyelesaian/<int:pk>/", leaving.SettlementPaper.as_view(), name="settlement"),
]
