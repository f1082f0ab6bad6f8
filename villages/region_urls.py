"""Paths of the kabupaten's pages of villages; `up2k_portal.urls` adds the page of one, with sections of other apps."""

from django.urls import path

from villages import region_views as views

urlpatterns = [
    path("wilayah/", views.RegionListing.as_view(), name="region-list"),
    path("wilayah/<int:pk>/ganti-nama/", views.RenameRegion.as_view(), name="region-rename"),
    path("wilayah/<int:pk>/ganti-kode/", views.RecodeRegion.as_view(), name="region-recode"),
    path("wilayah/<int:pk>/gabung/", views.MergeRegion.as_view(), name="region-merge"),
    path("wilayah/<int:pk>/mekar/", views.SplitRegion.as_view(), name="region-split"),
]
