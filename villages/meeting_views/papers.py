"""The books of a group on paper, a year each: F4, with kop and signatures.

Columns follow the general PKK forms (4.10, 4.12, 4.13) and, where there is none, the custom of the books.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_number
from up2k_portal.lib.views import Link
from villages.meeting_filters import last_years
from villages.models import Group, Guest, InventoryItem, Letter, Meeting, Office
from villages.models.placements import village_on, villages_on

SIGNED_BY = (Office.KETUA, Office.SEKRETARIS)


@dataclass(frozen=True)
class Column:
    """A heading; with `under` it spans those below it."""

    title: str
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One table of a book: its columns after No, and the cells of its rows."""

    columns: tuple[Column | str, ...]
    rows: Callable[[RecordView, int], Iterable[tuple[str, ...]]]
    title: str = ""

    @property
    def head(self) -> list[Column]:
        return [one if isinstance(one, Column) else Column(one) for one in ("No.", *self.columns)]

    @property
    def subhead(self) -> list[str]:
        return [title for one in self.head for title in one.under]

    @property
    def width(self) -> int:
        return sum(len(one.under) or 1 for one in self.head)


@dataclass(frozen=True)
class Book:
    title: str
    about: str
    url_name: str
    parts: tuple[Part, ...] = ()


class GroupPaper(RecordView):
    """What all prints of a group share: its year, its name on top, its officers below."""

    action = Action.SEE_PEOPLE
    model = Group
    book: Book | None = None
    template_name = "villages/meetings/book.html"

    def rows(self):
        return self.visible().select_related("village__district__regency")

    @property
    def year(self) -> int:
        """As asked (`?tahun=2025`), else the year that runs."""
        asked = self.request.GET.get("tahun", "")
        return int(asked) if asked in dict(last_years()) else today().year

    def context(self):
        return paper_context(self.object, f"{reverse('group-books', args=[self.object.pk])}?tahun={self.year}") | {
            "book": self.book,
            "year": self.year,
            "village": village_on(self.object, min(date(self.year, 12, 31), today())),
            "parts": [(part, list(part.rows(self, self.year))) for part in self.book.parts],
        }

    def meetings(self):
        rows = self.visible(Meeting).filter(group=self.object, held_on__year=self.year)
        return rows.with_attendance().order_by("held_on", "pk")


def paper_context(group: Group, back_url: str) -> dict:
    """Who signs is who holds the office on the day of printing."""
    leader, writer = (group.officer_on(office, today()) for office in SIGNED_BY)
    return {"group": group, "back_url": back_url, "printed_at": timezone.now(), "leader": leader, "writer": writer}


class MinutesPaper(GroupPaper):
    """Buku Notulen: the list, then a page a meeting."""

    template_name = "villages/meetings/minutes.html"

    def context(self):
        return super().context() | {"meetings": placed(self.object, self.meetings())}


class AttendancePaper(GroupPaper):
    """Daftar Hadir: a page a meeting."""

    template_name = "villages/meetings/attendance.html"

    def context(self):
        rows = self.meetings().prefetch_related("attendances__member__poklak", "guests")
        return super().context() | {"meetings": placed(self.object, rows)}


class MeetingPaper(RecordView):
    """One meeting on paper."""

    action = Action.SEE_PEOPLE
    model = Meeting

    def rows(self):
        rows = self.visible().select_related("village__district__regency", "group__village__district__regency")
        return rows.with_attendance().prefetch_related("attendances__member__poklak", "guests")

    def context(self):
        meeting = self.object
        return paper_context(meeting.group, meeting.get_absolute_url()) | {
            "book": None,
            "year": meeting.held_on.year,
            "meetings": placed(meeting.group, [meeting]),
        }


def placed(group: Group, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Each meeting with `village_then`: a paper keeps the village's code and name of its day."""
    meetings = list(meetings)
    villages = villages_on(group, (one.held_on for one in meetings))
    for one in meetings:
        one.village_then = villages[one.held_on]
    return meetings


def guest_rows(page: GroupPaper, year: int):
    rows = page.visible(Guest).filter(meeting__group=page.object, meeting__held_on__year=year)
    for one in rows.select_related("meeting").order_by("meeting__held_on", "pk"):
        yield format_day(one.meeting.held_on), one.name, one.purpose, one.institution, one.meeting.title


def activity_rows(page: GroupPaper, year: int):
    for one in page.meetings():
        yield one.chair, one.chair_office, format_day(one.held_on), one.place, one.title, ""


def inventory_rows(page: GroupPaper, year: int):
    """What the group owned at any time of the year."""
    kept = Q(disposed_on=None) | Q(disposed_on__year__gte=year)
    rows = page.visible(InventoryItem).filter(kept, group=page.object, acquired_on__year__lte=year)
    for one in rows.order_by("acquired_on", "pk"):
        gone = f"dikeluarkan {format_day(one.disposed_on)}" if one.disposed_on else ""
        remark = "; ".join(filter(None, [one.note, gone]))
        yield (
            one.name, one.origin, format_day(one.acquired_on), format_number(one.quantity), one.place,
            one.get_condition_display(), remark,
        )  # fmt: skip


def _letters(page: GroupPaper, year: int, direction: str):
    rows = page.visible(Letter).filter(group=page.object, direction=direction).with_day()
    return rows.filter(entered_on__year=year).order_by("entered_on", "pk")


def letters_in(page: GroupPaper, year: int):
    for one in _letters(page, year, Letter.Direction.IN):
        yield (
            format_day(one.received_on), format_day(one.dated_on), one.number, one.correspondent, one.subject,
            one.enclosure, one.copies,
        )  # fmt: skip


def letters_out(page: GroupPaper, year: int):
    for one in _letters(page, year, Letter.Direction.OUT):
        yield one.number, format_day(one.dated_on), one.correspondent, one.subject, one.enclosure, one.copies


MINUTES = Book("Buku Notulen", "Daftar rapat dan satu halaman notulen setiap pertemuan", "book-minutes")
ATTENDANCE = Book("Daftar Hadir", "Satu halaman setiap pertemuan, dengan kolom tanda tangan", "book-attendance")
GUESTS = Book(
    "Buku Tamu",
    "Tamu di semua pertemuan",
    "book-guests",
    (Part(("Tanggal", "Nama tamu", "Keperluan", "Instansi", "Ket."), guest_rows),),
)
ACTIVITIES = Book(
    "Buku Kegiatan",
    "Formulir 4.13: semua pertemuan, pelatihan dan kunjungan",
    "book-activities",
    (Part(("Nama", "Jabatan", Column("Kegiatan", ("Tanggal", "Tempat", "Uraian")), "Tanda tangan"), activity_rows),),
)
INVENTORY = Book(
    "Buku Inventaris",
    "Formulir 4.12: barang milik kelompok",
    "book-inventory",
    (
        Part(
            (
                "Nama barang", "Asal barang", "Tanggal penerimaan/ pembelian", "Jumlah", "Tempat penyimpanan",
                "Kondisi", "Ket.",
            ),
            inventory_rows,
        ),
    ),
)  # fmt: skip
LETTERS = Book(
    "Agenda Surat",
    "Formulir 4.10: surat masuk dan surat keluar",
    "book-letters",
    (
        Part(
            (
                "Tanggal terima",
                "Tanggal surat",
                "Nomor surat",
                "Asal surat",
                "Perihal",
                "Lampiran",
                "Diteruskan kepada",
            ),
            letters_in,
            "Surat masuk",
        ),
        Part(
            ("Nomor dan kode surat", "Tanggal surat", "Kepada", "Perihal", "Lampiran", "Tembusan"),
            letters_out,
            "Surat keluar",
        ),
    ),
)
BOOKS = (MINUTES, ATTENDANCE, GUESTS, ACTIVITIES, INVENTORY, LETTERS)


class GroupBooks(GroupPaper):
    """All prints of a group, with the year to choose."""

    template_name = "villages/meetings/books.html"

    def context(self):
        pk, year = self.object.pk, self.year
        return {
            "title": "Buku kelompok",
            "year": year,
            "years": [(text, f"?tahun={text}", int(text) == year) for text, _ in last_years()],
            "books": [(one, f"{reverse(one.url_name, args=[pk])}?tahun={year}") for one in BOOKS],
            "actions": self.actions(),
            "back_url": self.object.get_absolute_url(),
        }

    def actions(self):
        links = [
            (Action.EDIT_REGISTRY, "Catat pertemuan", "meeting-add"),
            (Action.EDIT_REGISTRY, "Catat surat", "letter-add"),
            (Action.EDIT_REGISTRY, "Tambah barang", "inventory-add"),
        ]
        return [
            Link(label, reverse(name, args=[self.object.pk]))
            for action, label, name in links
            if self.access.may_in(action, self.object.village)
        ]
