"""Four steps on an operator's first visit, with the data of her own village; she may leave them out or walk again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from loans.task_services import GroupMonth
from up2k_portal.home_tasks import sheet_url
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.money import format_number, format_rupiah
from up2k_portal.lib.views import Link


@dataclass(frozen=True)
class Step:
    number: int  # from 1
    title: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]


def step_of(user: User, access: Access, months: Sequence[GroupMonth]) -> Step | None:
    """The step that she is shown now; None when they are over, and while her village has no group to show."""
    if not months or not access.may(Action.RECORD_MONEY) or not 0 <= user.first_step < len(STEPS):
        return None
    return STEPS[user.first_step](months)


def _group(months: Sequence[GroupMonth]) -> Step:
    lines = [f"{one.group}, {one.group.village.full_name}" for one in months]
    links = [Link("Buka kelompok", reverse("group", args=[one.group.pk])) for one in months[:1]]
    return Step(
        1,
        "Ini kelompok Ibu",
        (*lines, "Periksa nama, SK, dan pengurusnya. Ada yang keliru? Kabupaten yang mengubahnya."),
        (*links, Link("Tanggal jatuh tempo", reverse("village-rules", args=[months[0].group.village_id]))),
    )


def _members(months: Sequence[GroupMonth]) -> Step:
    count = sum(len(one.members) for one in months)
    words = f"{format_number(count)} anggota sudah tercatat." if count else "Belum ada anggota yang tercatat."
    first = months[0].group.pk
    return Step(
        2,
        "Anggota",
        (words, "Yang belum ada ditambah satu per satu, atau ditempel sekaligus dari Excel."),
        (
            Link("Tambah anggota", reverse("member-add", args=[first])),
            Link("Tempel dari Excel", reverse("member-paste", args=[first])),
        ),
    )


def _opening(months: Sequence[GroupMonth]) -> Step:
    begun = [one for one in months if one.has_books]
    cash = sum(one.cash for one in begun)
    said = f"Buku sudah berjalan; kasnya {format_rupiah(cash)}." if begun else "Belum ada uang yang tercatat."
    return Step(
        3,
        "Saldo awal dan pinjaman berjalan",
        (said, "Angka dari buku lama diisi satu kali saja: kas, simpanan, dan sisa tiap pinjaman."),
        (Link("Saldo awal", reverse("opening", args=[months[0].group.pk])),),
    )


def _sheet(months: Sequence[GroupMonth]) -> Step:
    return Step(
        4,
        "Lembar setoran pertama",
        (
            "Saat pertemuan, buka lembar setoran: satu baris satu anggota.",
            "Tidak ada sinyal? Tetap isi. Isiannya disimpan di HP dan dikirim sendiri nanti.",
        ),
        (Link("Buka lembar setoran", sheet_url(months[0])), Link("Lihat panduan", reverse("help"))),
    )


STEPS = (_group, _members, _opening, _sheet)
