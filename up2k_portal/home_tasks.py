"""The month of a village's operator as a list of tasks: what is done, what is next, what waits and for what. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from enterprises.months import last_day, month_name
from loans.closing_services import difference_words
from loans.task_services import GroupMonth
from reports.models.village_reports import State
from reports.report_home import Owed
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_number, format_rupiah

NOW, WAIT, DONE = "now", "wait", "done"
SOON = 7  # days before a due day from which it is told in bold


@dataclass(frozen=True)
class Task:
    """One line of the list. `act` is what the big button says when it is the next one."""

    name: str
    words: str
    state: str
    url: str
    act: str = ""
    of: str = ""  # UP2K As Syifa, where a village has several groups
    done: int = 0
    whole: int = 0  # of what can be counted, for the bar

    @property
    def percent(self) -> int:
        return 100 * self.done // self.whole if self.whole else 0


def tasks_of(month: GroupMonth, of: str = "") -> list[Task]:
    """What a group's treasurer does in a month, in the order in which she does it."""
    return [make(month, of) for make in (_sheet, _count, _loans, _close)]


def _sheet(month: GroupMonth, of: str) -> Task:
    whole, told = len(month.members), len(month.told)
    url = sheet_url(month)
    if not whole:
        url = reverse("member-add", args=[month.group.pk])
        return Task("Lembar setoran", "Belum ada anggota. Tambah anggotanya dulu.", NOW, url, "Tambah anggota", of)
    words = f"{format_number(told)} dari {format_number(whole)} anggota sudah diisi"
    if not month.missing:
        return Task("Lembar setoran", f"Selesai, {words}", DONE, url, "", of, told, whole)
    if _is_counted(month):
        return Task("Lembar setoran", f"{words}; kas sudah dihitung", DONE, url, "", of, told, whole)
    act = "Lanjutkan: Lembar setoran" if told else "Mulai: Lembar setoran"
    return Task("Lembar setoran", words, NOW, url, act, of, told, whole)


def sheet_url(month: GroupMonth) -> str:
    """The sheet that was begun in the month, else where one is begun."""
    if month.sheet_on:
        return reverse("sheet", args=[month.group.pk, month.sheet_on])
    return reverse("sheet-start")


def _is_counted(month: GroupMonth) -> bool:
    checks = month.checks
    return checks.cash_count is not None and not checks.difference and not checks.in_field


def _count(month: GroupMonth, of: str) -> Task:
    url, count = reverse("cash-count-new", args=[month.group.pk]), month.checks.cash_count
    act = "Lanjutkan: Hitung kas"
    if month.in_the_field:
        words = f"{format_rupiah(month.in_the_field)} masih di petugas. Hitung uangnya di lembar setoran."
        return Task("Hitung kas", words, NOW, sheet_url(month), "Lanjutkan: Hitung uang", of)
    if count and not month.checks.difference:
        words = f"Selesai {format_day(count.counted_on)}: {difference_words(count.difference).lower()}"
        return Task("Hitung kas", words, DONE, reverse("cash-count", args=[count.pk]), "", of)
    if count:
        return Task("Hitung kas", "Ada catatan sesudah dihitung. Hitung sekali lagi.", NOW, url, act, of)
    if not month.checks.cash_moved:
        return Task("Hitung kas", "Belum ada uang kas yang masuk atau keluar bulan ini", WAIT, url, "", of)
    words = f"Belum dihitung. Menurut buku {format_rupiah(month.cash)}"
    return Task("Hitung kas", words, NOW, url, act, of)


def _loans(month: GroupMonth, of: str) -> Task:
    url = reverse("waiting-list", args=[month.group.pk])
    if month.ready:
        words = f"{format_number(month.ready)} pengajuan siap dicairkan"
        return Task("Pinjaman baru", words, NOW, url, "Lanjutkan: Pinjaman baru", of)
    if month.waiting:
        words = f"{format_number(month.waiting)} pengajuan menunggu pemeriksaan orang lain"
        return Task("Pinjaman baru", words, WAIT, url, "", of)
    return Task("Pinjaman baru", "Tidak ada pengajuan yang menunggu", DONE, url, "", of)


def _close(month: GroupMonth, of: str) -> Task:
    url, name = reverse("month-close", args=[month.group.pk]), f"Tutup bulan {month_name(month.period)}"
    if not month.has_books:
        return Task(name, "Belum ada catatan keuangan", WAIT, url, "", of)
    if not month.is_over:
        return Task(name, f"Sesudah {format_day(last_day(month.period))}", WAIT, url, "", of)
    if month.checks.problem:
        return Task(name, "Menunggu kas dihitung", WAIT, reverse("months", args=[month.group.pk]), "", of)
    return Task(name, "Semua siap, tinggal ditutup", NOW, url, "Lanjutkan: Tutup bulan", of)


def report_task(owed: Owed, months: Iterable[GroupMonth]) -> Task:
    """Periksa & ajukan: the report that the village hands in next."""
    name, period = "Periksa & ajukan", owed.period
    if owed.is_returned:
        words = f"Laporan {period.name} dikembalikan. Perbaiki yang diberi catatan."
        return Task(name, words, NOW, owed.url, "Lanjutkan: Perbaiki laporan")
    if owed.state not in (State.DRAFT, State.RETURNED):
        return Task(name, f"Laporan {period.name} sudah {owed.state.label.lower()}", DONE, owed.url)
    if not owed.has_ended:
        return Task(name, f"{period.name}: mulai {format_day(period.last + timedelta(days=1))}", WAIT, owed.url)
    last = period.last.year * 100 + period.last.month
    late = [one for one in months if one.has_books and one.closed_through < last]
    if late:
        words = f"{period.name}: menunggu {month_name(min(one.period for one in late))} ditutup"
        return Task(name, words, WAIT, owed.url)
    return Task(name, f"{period.name} siap diperiksa", NOW, owed.url, "Lanjutkan: Periksa & ajukan")


def print_task(month: GroupMonth, of: str = "") -> Task:
    """The books of the last month that was closed."""
    url = reverse("books", args=[month.group.pk])
    if not month.closed_through:
        return Task("Cetak arsip", "Sesudah bulan ditutup", WAIT, url, "", of)
    words = f"Buku {month_name(month.closed_through)} siap dicetak"
    return Task("Cetak arsip", words, NOW, url, "Cetak arsip", of)


def next_task(tasks: Iterable[Task]) -> Task | None:
    """The first that can be done now; None when all is done or waits."""
    return next((one for one in tasks if one.state == NOW), None)


def month_of(months: Iterable[GroupMonth], running: int) -> int:
    """The first month that some group has not closed; the running one where there is no group."""
    return min((one.period for one in months), default=running)


def days_left(due_on: date) -> str:
    """In words, softly: "11 hari lagi", "hari ini", "lewat 3 hari"."""
    days = (due_on - today()).days
    if days == 0:
        return "hari ini"
    if days == 1:
        return "besok"
    return f"{days} hari lagi" if days > 0 else f"lewat {-days} hari"


def is_soon(due_on: date) -> bool:
    return (due_on - today()).days <= SOON
