from django.urls import path

from reports import book_views, card_views, paper_lists, paper_views, views

urlpatterns = [
    path("ekspor/", views.ExportPage.as_view(), name="export"),
    path("ekspor/unduh/", views.ExportDownload.as_view(), name="export-download"),
    path("kelompok/<int:pk>/cetak/", book_views.BookList.as_view(), name="books"),
    path("kelompok/<int:pk>/cetak/ukuran/", book_views.BookSizes.as_view(), name="book-sizes"),
    path("kelompok/<int:pk>/cetak/semua/", book_views.BookBundle.as_view(), name="book-bundle"),
    path("kelompok/<int:pk>/buku-kas/", book_views.BookView.as_view(), {"code": "buku-kas"}, name="cash-book"),
    path("pinjaman/<int:pk>/kartu/", card_views.LoanCard.as_view(), name="loan-card"),
    path("pinjaman/<int:pk>/perjanjian/excel/", paper_views.AgreementSheet.as_view(), name="loan-agreement-sheet"),
    path("angsuran/<int:pk>/kuitansi/excel/", paper_views.ReceiptSheet.as_view(), name="receipt-sheet"),
    path("kelompok/<int:pk>/cetak/pinjaman/", paper_lists.LoanPapers.as_view(), name="book-loans"),
    path("kelompok/<int:pk>/cetak/kuitansi/", paper_lists.ReceiptPapers.as_view(), name="book-receipts"),
    path("kelompok/<int:pk>/cetak/<slug:code>/", book_views.BookView.as_view(), name="book"),
]
