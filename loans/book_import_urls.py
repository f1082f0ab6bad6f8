"""Paths of the import of a yearly book into a group's opening."""

from django.urls import path

from loans.views import book_import

urlpatterns = [
    path("kelompok/<int:pk>/saldo-awal/impor/", book_import.BookImportStart.as_view(), name="book-import"),
    path("saldo-awal/impor/<int:pk>/", book_import.BookImportCheck.as_view(), name="book-import-check"),
    path("saldo-awal/impor/<int:pk>/batalkan/", book_import.BookImportUndo.as_view(), name="book-import-undo"),
]
