"""What a program may read: the addresses that answer with JSON or Excel, what each tells, and which are left out.

The page for the open-data office and docs/api.md tell this table; a test holds it against the pages themselves.
"""

from dataclasses import dataclass

from up2k_portal.lib.access import Action

BOTH = ("json", "xlsx")


@dataclass(frozen=True)
class Endpoint:
    url_name: str
    words: str  # what a row is
    action: Action
    formats: tuple[str, ...] = BOTH
    asks: str = ""  # what may be asked for besides


_AREA = "wilayah, periode"
_LIST = "saringan halamannya"

ENDPOINTS = (
    Endpoint("indicators", "Setiap angka suatu wilayah dan periode", Action.SEE_REPORTS, asks=f"{_AREA}, dasar"),
    Endpoint("definitions", "Arti setiap angka", Action.SEE_REPORTS),
    Endpoint("figure-groups", "Kelompok di balik suatu angka", Action.SEE_REPORTS, asks=f"{_AREA}, dasar, angka"),
    Endpoint("report-board", "Papan laporan: kelengkapan menurut wilayah", Action.SEE_REPORTS, asks="wilayah"),
    Endpoint("report-villages", "Desa: sampai di mana laporannya", Action.SEE_REPORTS, asks=f"{_AREA}, keadaan"),
    Endpoint("due-exception-list", "Perpanjangan batas laporan", Action.SEE_REPORTS, asks=_LIST),
    Endpoint("export-download", "Formulir resmi", Action.SEE_REPORTS, ("xlsx",), "form, area, period, basis"),
    Endpoint("exports", "Unduhan Saya", Action.SEE_REPORTS, ("json",)),
    Endpoint("group-list", "Kelompok", Action.SEE_GROUPS, asks=_LIST),
    Endpoint("administration", "Kelengkapan buku administrasi kelompok", Action.SEE_GROUPS, asks=_LIST),
    Endpoint("member-list", "Anggota (NIK disamarkan)", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("income-list", "Pendapatan keluarga anggota", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("enterprise-list", "Usaha", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("loan-list", "Pinjaman", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("quality", "Kualitas pinjaman: jumlah dan rasio", Action.SEE_PEOPLE, asks="on, saringan lain"),
    Endpoint("quality-loans", "Pinjaman di balik angka kualitas", Action.SEE_PEOPLE, asks="on, slice, saringan lain"),
    Endpoint("follow-up-list", "Tindak lanjut tunggakan", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("receipt-list", "Angsuran", Action.SEE_PEOPLE, asks="since, until, saringan lain"),
    Endpoint("voucher-list", "Bukti kas", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("saving-list", "Simpanan", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("shift-list", "Penundaan angsuran sedesa", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("imports", "Impor buku kerja", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("entrusted-list", "Lembar titipan", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("meeting-list", "Pertemuan", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("inventory-list", "Inventaris", Action.SEE_PEOPLE, asks=_LIST),
    Endpoint("letter-list", "Surat masuk dan keluar", Action.SEE_PEOPLE, asks=_LIST),
)
