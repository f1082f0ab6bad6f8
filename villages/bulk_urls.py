"""Paths of bulk entry."""

from django.urls import path

from villages import bulk_views as views

urlpatterns = [
    path("kelompok/<int:pk>/anggota/tempel/", views.MemberPaste.as_view(), name="member-paste"),
    path("anggota/tempel/contoh.xlsx", views.MemberTemplate.as_view(), name="member-paste-template"),
    path("anggota/tempel/<int:pk>/", views.BulkEntryView.as_view(), name="bulk-entry"),
    path("anggota/tempel/<int:pk>/batalkan/", views.BulkUndo.as_view(), name="bulk-undo"),
]
