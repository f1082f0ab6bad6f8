"""Paths of titip isi."""

from django.urls import path

from loans.entrusted import views

urlpatterns = [
    path("titip/", views.EntrustedListing.as_view(), name="entrusted-list"),
    path("titip/baru/", views.EntrustedGroups.as_view(), name="entrusted-new"),
    path("kelompok/<int:pk>/titip/", views.EntrustedAdd.as_view(), name="entrusted-add"),
    path("titip/<int:pk>/", views.EntrustedPage.as_view(), name="entrusted"),
    path("titip/<int:pk>/ketik/", views.EntrustedTyping.as_view(), name="entrusted-type"),
    path("titip/<int:pk>/catat/", views.EntrustedRecord.as_view(), name="entrusted-record"),
    path("titip/<int:pk>/kembalikan/", views.EntrustedReturn.as_view(), name="entrusted-return"),
    path("titip/<int:pk>/tolak/", views.EntrustedRefuse.as_view(), name="entrusted-refuse"),
]
