"""Paths of meetings, inventory, letters and the printed books; `administrasi/` stands where all books are
known, and `meeting-add` where it is known who was marked absent elsewhere."""

from django.urls import path

from villages.meeting_views import books, meetings, papers

urlpatterns = [
    path("pertemuan/", meetings.MeetingListing.as_view(), name="meeting-list"),
    path("pertemuan/baru/", meetings.MeetingNew.as_view(), name="meeting-new"),
    path("pertemuan/<int:pk>/", meetings.MeetingView.as_view(), name="meeting"),
    path("pertemuan/<int:pk>/ubah/", meetings.MeetingEdit.as_view(), name="meeting-edit"),
    path(
        "pertemuan/<int:pk>/notulen/",
        papers.MeetingPaper.as_view(template_name="villages/meetings/minutes.html"),
        name="meeting-minutes",
    ),
    path(
        "pertemuan/<int:pk>/daftar-hadir/",
        papers.MeetingPaper.as_view(template_name="villages/meetings/attendance.html"),
        name="meeting-attendance",
    ),
    path("inventaris/", books.InventoryListing.as_view(), name="inventory-list"),
    path("inventaris/baru/", books.InventoryNew.as_view(), name="inventory-new"),
    path("inventaris/<int:pk>/", books.InventoryView.as_view(), name="inventory"),
    path("inventaris/<int:pk>/ubah/", books.InventoryEdit.as_view(), name="inventory-edit"),
    path("kelompok/<int:group_pk>/inventaris/baru/", books.InventoryEdit.as_view(), name="inventory-add"),
    path("surat/", books.LetterListing.as_view(), name="letter-list"),
    path("surat/baru/", books.LetterNew.as_view(), name="letter-new"),
    path("surat/<int:pk>/", books.LetterView.as_view(), name="letter"),
    path("surat/<int:pk>/ubah/", books.LetterEdit.as_view(), name="letter-edit"),
    path("kelompok/<int:group_pk>/surat/baru/", books.LetterEdit.as_view(), name="letter-add"),
    path("kelompok/<int:pk>/buku/", papers.GroupBooks.as_view(), name="group-books"),
    path("kelompok/<int:pk>/buku/notulen/", papers.MinutesPaper.as_view(book=papers.MINUTES), name="book-minutes"),
    path(
        "kelompok/<int:pk>/buku/daftar-hadir/",
        papers.AttendancePaper.as_view(book=papers.ATTENDANCE),
        name="book-attendance",
    ),
    path("kelompok/<int:pk>/buku/tamu/", papers.GroupPaper.as_view(book=papers.GUESTS), name="book-guests"),
    path("kelompok/<int:pk>/buku/kegiatan/", papers.GroupPaper.as_view(book=papers.ACTIVITIES), name="book-activities"),
    path("kelompok/<int:pk>/buku/inventaris/", papers.GroupPaper.as_view(book=papers.INVENTORY), name="book-inventory"),
    path("kelompok/<int:pk>/buku/surat/", papers.GroupPaper.as_view(book=papers.LETTERS), name="book-letters"),
]
