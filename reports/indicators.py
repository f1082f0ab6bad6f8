"""Every number of the programme, declared once: what it is called, what it means, how it travels up the tree. Pure.

An indicator reads group rows, so a village, a kecamatan, the kabupaten and the province are the same sum over more
rows, and a ratio is numerator ÷ denominator of those sums, never a mean of ratios. Board, workbook, JSON, checks and
the page of definitions read this table; `forms` names the columns of the official forms that print it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from reports.rows import LEVELS, GroupRow


class Unit(StrEnum):
    RUPIAH = "Rp"
    GROUPS = "kelompok"
    PEOPLE = "orang"
    LOANS = "pinjaman"
    ENTERPRISES = "usaha"
    TIMES = "kali"
    PLACES = "lembaga"
    PERCENT = "%"


class Spread(StrEnum):
    """How the figure of a longer period comes from its shorter ones."""

    STOCK = "keadaan pada hari terakhir"  # the last one's
    FLOW = "dijumlahkan sepanjang periode"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that adds up over groups, or over those of one `level`. `field` is the attribute of the group's row."""

    key: str
    label: str
    unit: Unit
    definition: str
    topic: str
    spread: Spread = Spread.STOCK
    forms: tuple[str, ...] = ()  # "R-3 kolom 6"
    level: str = ""
    field: str = ""  # the key itself where it is not said

    @property
    def roll_up(self) -> str:
        """In words, for the page and the sheet of definitions."""
        return f"Jumlah kelompok di wilayah itu; {self.spread}"

    def of(self, rows: Iterable[GroupRow]) -> int | None:
        """The sum over the rows; None when no row knows it, for an empty cell does not claim 0."""
        name = self.field or self.key
        rows = [row for row in rows if not self.level or row.counted_level == self.level]
        known = [value for row in rows if (value := getattr(row, name)) is not None]
        return sum(known) if known or not rows else None


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A figure that never adds up: percent = 100 × numerator ÷ denominator, both summed over the same rows."""

    key: str
    label: str
    definition: str
    topic: str
    numerator: str
    denominator: str
    forms: tuple[str, ...] = ()
    unit: Unit = Unit.PERCENT
    is_growth: bool = False  # 100 × (numerator − denominator) ÷ denominator

    @property
    def roll_up(self) -> str:
        return "Dihitung dari jumlah pembilang dan penyebut, bukan rata-rata persen"

    def of(self, rows: Iterable[GroupRow]) -> Fraction | None:
        """Percent, exact; None where there is nothing to divide by."""
        rows = list(rows)
        return self.divide(BASES[self.numerator].of(rows), BASES[self.denominator].of(rows))

    def divide(self, numerator: int | None, denominator: int | None) -> Fraction | None:
        if numerator is None or not denominator:
            return None
        return Fraction(100 * (numerator - denominator * self.is_growth), denominator)


def _groups() -> Iterable[Indicator]:
    topic = "Kelompok dan anggota"
    yield Indicator(
        key="groups", label="Kelompok UP2K", field="group_count", unit=Unit.GROUPS, topic=topic,
        forms=("Rekap kolom 10",),
        definition="Poksus UP2K-PKK yang berdiri dan belum bubar pada hari terakhir periode; kelompok latihan dan"
        " program lain tidak dihitung",
    )  # fmt: skip
    for at, level in enumerate(LEVELS):
        name = level.capitalize()
        yield Indicator(
            key=f"groups_{level.lower()}", label=f"Kelompok {name}", unit=Unit.GROUPS, topic=topic, level=level,
            field="group_count",
            forms=("R-1 kolom 9", f"Rekap kolom {6 + at}", f"4.22 kolom {26 + 2 * at}"),
            definition=f"Kelompok yang dinilai {level} menurut penilaian terakhir"
            + (" atau belum pernah dinilai" if level == "PEMULA" else ""),
        )  # fmt: skip
        yield Indicator(
            key=f"members_level_{level.lower()}", label=f"Anggota kelompok {name}", unit=Unit.PEOPLE, topic=topic,
            level=level, field="members", forms=(f"4.22 kolom {27 + 2 * at}",),
            definition=f"Anggota aktif kelompok {level}",
        )  # fmt: skip
    people = (
        ("members", "Anggota aktif", "Anggota yang sudah masuk dan belum keluar", ("R-1 kolom 13", "Rekap kolom 11")),
        ("members_male", "Anggota laki-laki", "Anggota aktif laki-laki", ("R-1 kolom 11",)),
        ("members_female", "Anggota perempuan", "Anggota aktif perempuan", ("R-1 kolom 12",)),
        ("members_poor", "Anggota keluarga miskin", "Anggota aktif dari keluarga miskin", ("R-1 kolom 14",)),
        ("members_near_poor", "Anggota rentan miskin", "Anggota aktif dari keluarga rentan miskin", ()),
        ("members_sufficient", "Anggota keluarga cukup", "Anggota aktif dari keluarga cukup", ()),
        ("members_unknown", "Kesejahteraan belum didata", "Anggota aktif yang kesejahteraannya belum didata", ()),
    )
    for key, label, definition, forms in people:
        yield Indicator(key=key, label=label, unit=Unit.PEOPLE, topic=topic, forms=forms, definition=definition)
    yield Indicator(
        key="cooperatives", label="Koperasi berbadan hukum", unit=Unit.GROUPS, topic=topic, forms=("4.22 kolom 34",),
        definition="Kelompok yang sudah menjadi koperasi berbadan hukum",
    )  # fmt: skip
    yield Indicator(
        key="cooperative_members", label="Anggota koperasi", unit=Unit.PEOPLE, topic=topic, forms=("4.22 kolom 35",),
        definition="Anggota aktif kelompok yang menjadi koperasi berbadan hukum",
    )  # fmt: skip
    yield Indicator(
        key="poklak_count", label="Poklak", unit=Unit.GROUPS, topic=topic, forms=("R-1 kolom 10",),
        definition="Kelompok pelaksana di dalam kelompok",
    )  # fmt: skip


def _capital() -> Iterable[Indicator]:
    topic, start = "Modal", "pada hari pertama buku kelompok"
    also = {"initial": ("Rekap kolom 12",)}
    sources = (
        ("swadaya", "Modal awal swadaya", "Simpanan pokok dan wajib, cadangan, dan modal swadaya"),
        ("apbn", "Modal awal APBN", "Hibah APBN"),
        ("apbd_prov", "Modal awal APBD provinsi", "Hibah APBD provinsi"),
        ("apbd_kab", "Modal awal APBD kabupaten", "Hibah APBD kabupaten"),
        ("apbdes", "Modal awal APBDes", "Hibah APBDes atau Alokasi Dana Desa"),
        ("csr", "Modal awal CSR", "Hibah perusahaan (CSR)"),
        ("other", "Modal awal lain", "Hibah sumber lain"),
        ("initial", "Modal awal", "Modal sendiri semua sumber"),
    )
    for at, (key, label, words) in enumerate(sources):
        forms = (f"R-2 kolom {4 + at}", *also.get(key, ()))
        yield _rupiah(f"capital_{key}", label, f"{words} {start}", topic, forms=forms)
    own = "Modal sendiri (akun 3.1–3.4: simpanan pokok dan wajib, hibah, cadangan; tanpa utang dan SHU berjalan)"
    yield _rupiah("capital_start", "Modal di awal periode", f"{own} sehari sebelum periode", topic, ("R-2 kolom 12",))
    yield _rupiah(
        "capital_in_period", "Modal bertambah", "Modal sendiri yang masuk", topic, ("R-2 kolom 13",), Spread.FLOW
    )
    yield _rupiah(
        "capital_out_period", "Modal berkurang", "Modal sendiri yang keluar", topic, ("R-2 kolom 14",), Spread.FLOW
    )
    yield _rupiah("capital_end", "Modal kini", own, topic, ("R-2 kolom 15", "Rekap kolom 13"))
    yield _rupiah("capital_growth", "Perkembangan modal", "Modal kini dikurangi modal awal", topic, ("R-2 kolom 16",))


def _lending() -> Iterable[Indicator]:
    topic = "Simpan pinjam"
    yield Indicator(
        key="borrowers", label="Peminjam", unit=Unit.PEOPLE, topic=topic, forms=("R-3 kolom 4",),
        definition="Anggota yang masih bersisa pokok; pinjaman poklak dihitung satu",
    )  # fmt: skip
    counts = (
        ("loans_made_period", "Pinjaman dicairkan", "Pinjaman yang cair dalam periode", Spread.FLOW),
        ("loans_running", "Pinjaman berjalan", "Pinjaman yang masih bersisa pokok", Spread.STOCK),
        ("loans_late", "Pinjaman menunggak", "Pinjaman dengan pokok atau jasa yang lewat jatuh tempo", Spread.STOCK),
    )
    for key, label, definition, spread in counts:
        yield Indicator(key=key, label=label, unit=Unit.LOANS, topic=topic, definition=definition, spread=spread)
    flow, stock = Spread.FLOW, Spread.STOCK
    money = (
        ("disbursed_period", "Pinjaman disalurkan", "Pokok yang cair dalam periode", flow, "R-3 kolom 5"),
        ("disbursed_to_date", "Pinjaman disalurkan s.d. kini", "Pokok yang cair sejak awal", stock, "R-3 kolom 6"),
        ("principal_due", "Target pokok",
         "Pokok yang jatuh tempo s.d. hari terakhir; dari pinjaman yang dihapus buku hanya yang dibayar", stock,
         "R-3 kolom 7, Rekap kolom 15"),
        ("principal_due_paid", "Realisasi pokok", "Dari target, yang sudah dibayar; bayar di muka tidak dihitung",
         stock, "R-3 kolom 8, Rekap kolom 16"),
        ("principal_paid_period", "Angsuran pokok masuk", "Pokok yang dibayar dalam periode", flow, ""),
        ("service_fee_due", "Target jasa", "Jasa yang jatuh tempo s.d. hari terakhir", stock, ""),
        ("service_fee_due_paid", "Realisasi jasa", "Dari target jasa, yang sudah dibayar", stock, ""),
        ("service_fee_paid_period", "Jasa masuk", "Jasa yang dibayar dalam periode", flow, "R-3 kolom 9"),
        ("balance", "Saldo pinjaman", "Sisa pokok semua pinjaman yang belum dihapus buku", stock,
         "R-3 kolom 10, Rekap kolom 17"),
        ("principal_late", "Tunggakan pokok", "Pokok yang lewat jatuh tempo dan belum dibayar", stock, ""),
        ("service_fee_late", "Tunggakan jasa", "Jasa yang lewat jatuh tempo dan belum dibayar", stock, ""),
        ("balance_1", "Saldo lancar", "Sisa pokok pinjaman kolektibilitas 1", stock, "R-3 kolom 12"),
        ("balance_2", "Saldo dalam perhatian khusus", "Sisa pokok pinjaman kolektibilitas 2", stock, "R-3 kolom 13"),
        ("balance_3", "Saldo kurang lancar", "Sisa pokok pinjaman kolektibilitas 3", stock, "R-3 kolom 14"),
        ("balance_4", "Saldo diragukan", "Sisa pokok pinjaman kolektibilitas 4", stock, "R-3 kolom 15"),
        ("balance_5", "Saldo macet", "Sisa pokok pinjaman kolektibilitas 5", stock, "R-3 kolom 16"),
        ("balance_bad", "Saldo bermasalah", "Sisa pokok kolektibilitas 3, 4 dan 5", stock, "Rekap kolom 18"),
        ("balance_not_far", "Saldo tidak menunggak 3 kali", "Sisa pokok pinjaman yang menunggak kurang dari 3 kali",
         stock, ""),
        ("written_off_period", "Pinjaman dihapus buku", "Pokok yang dihapus buku dalam periode", flow, ""),
    )  # fmt: skip
    for key, label, definition, spread, form in money:
        yield _rupiah(key, label, definition, topic, tuple(form.split(", ")) if form else (), spread)
    for days in (1, 30, 60, 90):
        yield _rupiah(
            f"risk_{days}",
            f"Saldo telat > {days} hari",
            f"Sisa pokok pinjaman yang telat lebih dari {days} hari",
            topic,
        )


def _savings_and_surplus() -> Iterable[Indicator]:
    topic = "Simpanan"
    yield _rupiah("savings_initial", "Simpanan pokok", "Saldo simpanan pokok anggota", topic)
    yield _rupiah("savings_mandatory", "Simpanan wajib", "Saldo simpanan wajib anggota", topic)
    yield _rupiah("savings_voluntary", "Simpanan sukarela", "Saldo simpanan sukarela anggota", topic)
    yield _rupiah("contribution_period", "Iuran masuk", "Iuran yang dibayar dalam periode", topic, (), Spread.FLOW)
    topic, when = "SHU", "SHU tahun buku lalu yang dibagi rapat anggota pada tahun periode ini"
    yield _rupiah("surplus", "SHU dibagi", when, topic, ("R-5 kolom 4",))
    posts = ("members", "anggota"), ("officers", "pengurus"), ("reserve", "cadangan"), ("paud", "guru PAUD"), (
        "social", "dana sosial"), ("education", "pendidikan"), ("other", "lain-lain")  # fmt: skip
    for at, (key, name) in enumerate(posts):
        yield _rupiah(f"surplus_{key}", f"SHU untuk {name}", f"Pos {name} dari SHU", topic, (f"R-5 kolom {5 + at}",))
    yield Indicator(
        key="surplus_recipients", label="Penerima SHU", unit=Unit.PEOPLE, topic=topic, forms=("R-5 kolom 13",),
        definition="Baris daftar penerima: orang dan dana",
    )  # fmt: skip
    yield _rupiah(
        "surplus_paid", "SHU sudah dibayar", "Dari SHU dibagi, yang sudah dibayarkan", topic, ("R-5 kolom 14",)
    )
    yield Indicator(
        key="paud_institutions", label="Lembaga PAUD", unit=Unit.PLACES, topic=topic, forms=("R-5 kolom 15",),
        definition="Lembaga yang gurunya menerima insentif dari SHU",
    )  # fmt: skip
    yield Indicator(
        key="paud_teachers", label="Guru PAUD", unit=Unit.PEOPLE, topic=topic, forms=("R-5 kolom 16",),
        definition="Guru yang menerima insentif dari SHU",
    )  # fmt: skip
    yield _rupiah(
        "paud_paid", "Insentif guru PAUD", "Insentif dari SHU yang sudah dibayarkan; di luar insentif APBD", topic,
        ("R-5 kolom 17", "Rekap kolom 22"),
    )  # fmt: skip


def _livelihood() -> Iterable[Indicator]:
    topic, flow = "Usaha dan pendapatan", Spread.FLOW
    yield Indicator(
        key="enterprises", label="Usaha anggota", unit=Unit.ENTERPRISES, topic=topic,
        definition="Usaha anggota dan poklak yang berjalan pada hari terakhir",
    )  # fmt: skip
    yield _rupiah(
        "turnover_period", "Omzet usaha", "Omzet bulanan yang tercatat dalam periode", topic,
        ("R-4 kolom 7", "Rekap kolom 21"), flow,
    )  # fmt: skip
    yield _rupiah(
        "net_income_period", "Laba bersih usaha", "Omzet dikurangi biaya yang tercatat", topic, ("R-4 kolom 8",), flow
    )
    enterprises = (
        ("sells_locally", "Usaha berpasar lokal", "Usaha yang menjual di kabupaten sendiri", "R-4 kolom 13"),
        ("sells_outside", "Usaha berpasar luar kabupaten", "Usaha yang menjual ke luar kabupaten", "R-4 kolom 14"),
        ("sells_online", "Usaha berpasar daring", "Usaha yang menjual lewat internet", "R-4 kolom 15"),
        ("with_nib", "Usaha ber-NIB", "Usaha dengan NIB yang berlaku", "R-4 kolom 16"),
        ("with_pirt", "Usaha ber-P-IRT", "Usaha dengan P-IRT yang berlaku", "R-4 kolom 17"),
        ("with_halal", "Usaha bersertifikat halal", "Usaha dengan sertifikat halal yang berlaku", "R-4 kolom 18"),
    )
    for key, label, definition, form in enterprises:
        yield Indicator(
            key=key, label=label, unit=Unit.ENTERPRISES, topic=topic, definition=definition, forms=(form,)
        )  # fmt: skip
    asked = "anggota aktif yang pendapatannya sudah ditanya paling sedikit dua kali"
    yield Indicator(
        key="members_asked", label="Anggota terdata pendapatannya", unit=Unit.PEOPLE, topic=topic,
        forms=("R-4 kolom 9",), definition=asked.capitalize(),
    )  # fmt: skip
    first, latest = f"Jawaban pertama, dijumlahkan atas {asked}", f"Jawaban terakhir, dijumlahkan atas {asked}"
    yield _rupiah("income_before", "Pendapatan keluarga semula", first, topic, ("R-4 kolom 10",))
    yield _rupiah("income_after", "Pendapatan keluarga kini", latest, topic, ("R-4 kolom 11",))


def _aid() -> Iterable[Indicator]:
    topic, flow = "Bantuan dan pembinaan", Spread.FLOW
    yield _rupiah("support_money_period", "Bantuan uang", "Bantuan uang yang diterima", topic, ("R-6a kolom 4",), flow)
    yield _rupiah("support_goods_period", "Bantuan barang", "Nilai bantuan barang", topic, ("R-6a kolom 5",), flow)
    yield Indicator(
        key="coachings_period", label="Pembinaan", unit=Unit.TIMES, topic=topic, spread=flow,
        definition="Kegiatan pembinaan yang diterima kelompok",
    )  # fmt: skip
    yield Indicator(
        key="coached_people_period", label="Peserta pembinaan", unit=Unit.PEOPLE, topic=topic, spread=flow,
        forms=("R-6b kolom 9",), definition="Peserta kegiatan pembinaan",
    )  # fmt: skip


def _rupiah(
    key: str, label: str, definition: str, topic: str, forms: tuple[str, ...] = (), spread: Spread = Spread.STOCK
) -> Indicator:
    return Indicator(
        key=key, label=label, unit=Unit.RUPIAH, definition=definition, topic=topic, forms=forms, spread=spread
    )


INDICATORS: tuple[Indicator, ...] = (
    *_groups(), *_capital(), *_lending(), *_savings_and_surplus(), *_livelihood(), *_aid(),
)  # fmt: skip
BASES: dict[str, Indicator] = {one.key: one for one in INDICATORS}

RATIOS: tuple[Ratio, ...] = (
    Ratio(
        key="rr", label="RR (pokok kembali)", topic="Simpan pinjam", forms=("R-3 kolom 17", "Rekap kolom 19"),
        numerator="principal_due_paid", denominator="principal_due",
        definition="Realisasi pokok ÷ target pokok s.d. hari terakhir; naik karena hapus buku",
    ),
    Ratio(
        key="rr_balance", label="RR menurut saldo", topic="Simpan pinjam",
        numerator="balance_not_far", denominator="balance",
        definition="Saldo pinjaman yang menunggak kurang dari 3 kali ÷ seluruh saldo pinjaman",
    ),
    Ratio(
        key="arrears", label="Tunggakan", topic="Simpan pinjam", numerator="principal_late", denominator="balance",
        definition="Tunggakan pokok ÷ saldo pinjaman",
    ),
    *(
        Ratio(
            key=f"par{days}", label=f"PAR > {days} hari", topic="Simpan pinjam",
            numerator=f"risk_{days}", denominator="balance",
            definition=f"Saldo pinjaman yang telat lebih dari {days} hari ÷ seluruh saldo pinjaman",
        )
        for days in (1, 30, 60, 90)
    ),
    Ratio(
        key="npl", label="NPL", topic="Simpan pinjam", forms=("R-3 kolom 18", "Rekap kolom 20"),
        numerator="balance_bad", denominator="balance",
        definition="Saldo kurang lancar, diragukan dan macet ÷ saldo pinjaman",
    ),
    Ratio(
        key="capital_growth_percent", label="Perkembangan modal (%)", topic="Modal",
        forms=("R-2 kolom 17", "Rekap kolom 14"), numerator="capital_growth", denominator="capital_initial",
        definition="Perkembangan modal ÷ modal awal",
    ),
    Ratio(
        key="income_growth", label="Kenaikan pendapatan keluarga", topic="Usaha dan pendapatan", is_growth=True,
        forms=("R-4 kolom 12",), numerator="income_after", denominator="income_before",
        definition="(pendapatan kini − pendapatan semula) ÷ pendapatan semula",
    ),
    Ratio(
        key="members_poor_percent", label="Anggota dari keluarga miskin", topic="Kelompok dan anggota",
        numerator="members_poor", denominator="members", definition="Anggota keluarga miskin ÷ anggota aktif",
    ),
)  # fmt: skip
ALL: dict[str, Indicator | Ratio] = BASES | {one.key: one for one in RATIOS}
TOPICS: tuple[str, ...] = tuple(dict.fromkeys(one.topic for one in ALL.values()))


def values(rows: Sequence[GroupRow]) -> dict[str, int | None]:
    """Every adding figure of an area: {key: value}. Ratios follow from them, see `ratio_of`."""
    return {one.key: one.of(rows) for one in INDICATORS}


def ratio_of(key: str, figures: dict[str, int | None]) -> Fraction | None:
    """A ratio out of `values`, in percent."""
    ratio = next(one for one in RATIOS if one.key == key)
    return ratio.divide(figures.get(ratio.numerator), figures.get(ratio.denominator))


def by_category(rows: Iterable[GroupRow]) -> dict[str, int]:
    """Running enterprises by kind of business, over all rows."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(dict(row.enterprises_by_category))
    return dict(sorted(counts.items()))


def definitions() -> list[dict]:
    """The table in words, as it is kept with what was sent: an old period keeps the definitions of its time."""
    return [
        {
            "key": one.key, "label": one.label, "unit": str(one.unit), "definition": one.definition,
            "roll_up": one.roll_up, "forms": list(one.forms),
        }
        for one in ALL.values()
    ]  # fmt: skip


def definitions_hash() -> str:
    """SHA-256 of the table: another wording or formula is another version."""
    declared = [asdict(one) for one in ALL.values()]
    return sha256(json.dumps(declared, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
