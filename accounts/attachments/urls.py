from django.urls import path

from accounts.attachments import views

urlpatterns = [
    path("berkas/<uuid:uuid>/", views.FileDownload.as_view(), name="file"),
    path("berkas/<uuid:uuid>/kecil/", views.FileDownload.as_view(small=True), name="file-small"),
    path("berkas/<uuid:uuid>/hapus/", views.FileRemove.as_view(), name="file-remove"),
    path("berkas/<str:place>/tambah/", views.FileAdd.as_view(), name="file-add"),
]
