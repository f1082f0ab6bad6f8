"""Paths of the quality of loans and of what is done about late ones."""

from django.urls import path

from loans.views import follow_ups, quality

urlpatterns = [
    path("kualitas/", quality.QualityPage.as_view(), name="quality"),
    path("kualitas/pinjaman/", quality.QualityLoans.as_view(), name="quality-loans"),
    path("poklak/<int:pk>/tanggung-renteng/", quality.PoklakArrears.as_view(), name="poklak-arrears"),
    path("tindak-lanjut/", follow_ups.FollowUpListing.as_view(), name="follow-up-list"),
    path("pinjaman/<int:pk>/tindak-lanjut/", follow_ups.FollowUpAdd.as_view(), name="follow-up-add"),
]
