from django.urls import path

from reports import book_views, card_views, views

urlpatterns = [
    path("ekspor/", views.ExportPage.as_view(), name="export"),
    path("ekspor/unduh/", views.ExportDownload.as_view(), name="export-download"),
    path("kelompok/<int:pk>/cetak/", book_views.BookList.as_view(), name="books"),
    path("kelompok/<int:pk>/buku-kas/", book_views.BookView.as_view(), {"code": "buku-kas"}, name="cash-book"),
    path("pinjaman/<int:pk>/kartu/", card_views.LoanCard.as_view(), name="loan-card"),
    path("kelompok/<int:pk>/cetak/<slug:code>/", book_views.BookView.as_view(), name="book"),
]
