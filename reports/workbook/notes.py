"""The sentences below the tables: what a figure is made of, and what is missing. Pure."""

from collections.abc import Callable, Iterable

from reports.forms import Layout
from reports.rows import Report
from reports.workbook.columns import NO_LEGAL_BODY, OF_AREAS
from up2k_portal.lib.days import format_day

Notes = Callable[[Report, Layout], list[str]]

DRAFT = "DRAF – belum disetujui"


def r1_notes(report: Report, form: Layout) -> list[str]:
    return _if(report.unassessed_count, f"*) {_unassessed(report)}; sebelum dinilai dihitung sebagai PEMULA.")


def r2_notes(report: Report, form: Layout) -> list[str]:
    return [
        "Catatan: modal sendiri menurut buku kelompok (simpanan pokok dan wajib, hibah, cadangan; tanpa utang dan SHU "
        "berjalan). Modal awal = modal pada hari pertama buku kelompok di portal.",
        "Persen pada baris jumlah dihitung dari jumlah rupiah, bukan rata-rata persen.",
    ]


def r3_notes(report: Report, form: Layout) -> list[str]:
    rule = (
        "Catatan: RR = realisasi / target pokok s.d. tanggal batas; NPL = (kol. 3 + 4 + 5) / saldo pinjaman; "
        "pada baris jumlah dihitung dari jumlah pembilang dan penyebut, bukan rata-rata persen."
    )
    return [rule, *_running_note(report)]


def r4_notes(report: Report, form: Layout) -> list[str]:
    rule = (
        "Catatan: omzet dan laba bersih dari hasil usaha bulanan yang tercatat pada periode ini (kosong = belum "
        "dicatat). Produk utama menurut omzet; volume tidak dijumlahkan karena satuannya berbeda."
    )
    means = (
        "Rata-rata pendapatan keluarga sebulan dari anggota aktif yang sudah ditanya paling sedikit dua kali "
        "(jawaban pertama dan terakhir); baris jumlah menimbang dengan ANGGOTA TERDATA, tidak merata-ratakan rata-rata."
    )
    day = format_day(report.period.last)
    running = f"Usaha yang berjalan dan izin yang berlaku pada {day}; satu usaha dapat dihitung di beberapa pasar."
    return [rule, means, running]


def r5_notes(report: Report, form: Layout) -> list[str]:
    return [
        f"Catatan: SHU tahun buku {report.period.last.year - 1} yang dibagi rapat anggota sampai "
        f"{format_day(report.period.last)} (kosong = belum dibagi). Kolom 13 dan 14 memuat semua penerima, orang dan "
        "dana; kolom 17 bagian guru PAUD di dalamnya.",
        "Insentif dari SHU adalah tambahan atas insentif APBD; keduanya tidak dijumlahkan.",
    ]


def by_hand_notes(report: Report, form: Layout) -> list[str]:
    return [
        "Catatan: belum dicatat di portal, terisi begitu datanya dicatat di sini; sampai itu diisi tangan (kosong = "
        "belum diisi, bukan nihil)."
    ]


def rekap_notes(report: Report, form: Layout) -> list[str]:
    rule = (
        "Catatan: KEMBANG, RR dan NPL pada baris jumlah dihitung dari jumlah pembilang dan penyebut, bukan rata-rata "
        "persen. OMZET USAHA dari hasil bulanan yang tercatat pada periode ini (kosong = belum dicatat). INSENTIF PAUD "
        "dari SHU, di luar insentif APBD. LAPOR = laporan desa/kelurahan yang disetujui kabupaten."
    )
    below = {"provinsi": "kabupaten/kota", "kecamatan": "desa/kelurahan", "desa": "desa/kelurahan"}
    column = f"Kolom 2 memuat nama {below.get(report.area_level)}."
    unknown = "LAPOR kosong: periode ini bukan periode laporan desa."
    return [
        rule,
        *_if(report.area_level in below, column),
        *_if(not report.standings, unknown),
        *_pemula_note(report),
        *_running_note(report),
    ]


def lampiran_notes(report: Report, form: Layout) -> list[str]:
    filled = OF_AREAS["4.22"] | OF_AREAS["4.22-v"] | NO_LEGAL_BODY
    numbers = _runs(column["n"] for column in form["columns"] if column["key"] in filled)
    rule = (
        f"Catatan: kolom {numbers} dihitung dari data portal keadaan {format_day(report.period.last)}; "
        "kolom lain diisi Pokja II (kosong = belum diisi)."
    )
    return [rule, *_pemula_note(report)]


def completeness_notes(report: Report, form: Layout) -> list[str]:
    if not report.standings:
        return ["Catatan: desa/kelurahan tidak melapor untuk periode ini; lihat triwulannya."]
    return [
        "Catatan: hanya laporan yang disetujui kabupaten masuk ke lembar angka; yang lain disebut namanya di kolom 12. "
        "Kolom 3 = desa/kelurahan yang berlaku pada hari terakhir periode; persen tidak dapat melebihi 100.",
        *_not_in_use(report),
    ]


def _not_in_use(report: Report) -> list[str]:
    """The kabupaten of a province of which nobody owes a report: they have not begun with the portal."""
    owing = {one.village_code[:5] for one in report.standings}
    names = [one.name for one in report.children if report.area_level == "provinsi" and one.code not in owing]
    return _if(names, f"Belum memakai portal, tidak ikut dihitung: {', '.join(names)}.")


def definition_notes(report: Report, form: Layout) -> list[str]:
    return [
        "Catatan: definisi yang berlaku untuk angka di buku kerja ini, sidiknya tercetak di Sampul. Indikator yang "
        "tidak dicetak di formulir ada di portal."
    ]


def draft_note(report: Report) -> str:
    """What stands on every sheet of a report that is not made of approved reports."""
    return "" if report.basis == "approved" else DRAFT


def _runs(numbers: Iterable[int]) -> str:
    """26–35 for numbers one after the other; 14–21, 24–27."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _pemula_note(report: Report) -> list[str]:
    return _if(report.unassessed_count, f"{_unassessed(report)} dan dihitung sebagai PEMULA.")


def _unassessed(report: Report) -> str:
    return f"{report.unassessed_count} kelompok belum dinilai tingkatnya"


def _running_note(report: Report) -> list[str]:
    last = format_day(report.period.last)
    note = f"Periode masih berjalan: target memuat angsuran s.d. {last}; RR, NPL dan kolektibilitas belum akhir."
    return _if(report.is_running, note)


def _if(condition: object, note: str) -> list[str]:
    return [note] if condition else []
