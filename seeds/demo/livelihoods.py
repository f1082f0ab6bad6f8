"""What the women of HSU live from, and where: the swamp decides both the products and the hard months."""

from dataclasses import dataclass

HIGH_WATER = frozenset({12, 1, 2})  # the swamp stands in the fields and the ducks are penned in
LOW_WATER = frozenset({8, 9, 10})  # boats lie dry, fish and fodder are scarce


@dataclass(frozen=True)
class Livelihood:
    """A kind of business; `category` names an enterprises.Category. In hard months money comes late."""

    category: str
    business: str
    products: tuple[str, ...]
    purposes: tuple[str, ...]
    hard_months: frozenset[int] = frozenset()
    pays_after_season: bool = False
    sells_daily: bool = False


BORDIR = Livelihood(
    "Bordir", "bordir", ("kain bordir", "jilbab bordir", "sarung bantal bordir"),
    ("beli benang dan kain bordir", "servis mesin bordir", "modal pesanan bordir"),
)  # fmt: skip
ITIK = Livelihood(
    "Itik Alabio", "itik Alabio", ("itik Alabio petelur", "anak itik Alabio", "itik pedaging"),
    ("beli anak itik Alabio", "beli pakan itik", "perbaikan kandang itik"),
    HIGH_WATER, pays_after_season=True,
)  # fmt: skip
TELUR_ITIK = Livelihood(
    "Telur itik", "telur itik", ("telur itik",),
    ("beli pakan itik petelur", "tambah itik petelur"), HIGH_WATER,
)  # fmt: skip
TELUR_ASIN = Livelihood(
    "Telur asin", "telur asin", ("telur asin", "telur asin asap"),
    ("beli telur itik dan garam", "beli kemasan telur asin"),
)  # fmt: skip
AYAM = Livelihood(
    "Ayam dan telur ayam", "telur ayam", ("telur ayam", "ayam kampung"),
    ("beli pakan ayam", "beli ayam petelur"),
)  # fmt: skip
KERUPUK = Livelihood(
    "Kerupuk", "kerupuk", ("kerupuk haruan", "kerupuk ikan", "kerupuk singkong"),
    ("beli tepung dan ikan untuk kerupuk", "beli alat jemur kerupuk", "beli kemasan kerupuk"),
)  # fmt: skip
KUE_KERING = Livelihood(
    "Kue kering", "kue kering", ("kue kering", "rimpi pisang", "kacang telur"),
    ("beli bahan kue kering", "beli oven", "modal pesanan kue hari raya"),
)  # fmt: skip
WADAI = Livelihood(
    "Wadai (kue basah)", "wadai", ("bingka", "apam barabai", "untuk-untuk", "kakoleh"),
    ("beli bahan wadai", "beli loyang dan kompor", "modal jualan wadai"), sells_daily=True,
)  # fmt: skip
WARUNG = Livelihood(
    "Warung", "warung", ("sembako", "jajanan", "kopi dan teh"),
    ("tambah isi warung", "beli etalase warung", "beli sembako untuk warung"), sells_daily=True,
)  # fmt: skip
PURUN = Livelihood(
    "Anyaman purun", "anyaman purun", ("tikar purun", "tas purun", "bakul purun", "topi purun"),
    ("beli purun dan pewarna", "modal pesanan tas purun", "beli alat tumbuk purun"), LOW_WATER,
)  # fmt: skip
ILUNG = Livelihood(
    "Anyaman eceng gondok", "anyaman eceng gondok", ("tas eceng gondok", "kotak tisu eceng gondok"),
    ("beli eceng gondok kering", "modal kerajinan eceng gondok"),
)  # fmt: skip
LAMPIT = Livelihood(
    "Lampit rotan", "lampit rotan", ("lampit rotan", "tas rotan"),
    ("beli rotan", "modal pesanan lampit"),
)  # fmt: skip
SASIRANGAN = Livelihood(
    "Sasirangan", "sasirangan", ("kain sasirangan", "kerudung sasirangan"),
    ("beli kain dan pewarna sasirangan", "modal pesanan sasirangan"),
)  # fmt: skip
MENJAHIT = Livelihood(
    "Menjahit", "menjahit", ("baju kurung", "seragam sekolah", "mukena"),
    ("beli mesin jahit", "beli kain dan benang"),
)  # fmt: skip
IKAN_KERING = Livelihood(
    "Ikan kering dan wadi", "ikan kering", ("ikan sepat kering", "wadi papuyu", "iwak karing haruan"),
    ("beli ikan dan garam", "beli tempat jemur ikan"), LOW_WATER,
)  # fmt: skip
PERIKANAN = Livelihood(
    "Perikanan rawa", "perikanan rawa", ("haruan", "papuyu", "sepat"),
    ("beli jaring dan lunta", "perbaikan jukung", "beli bibit ikan papuyu"),
    LOW_WATER, pays_after_season=True,
)  # fmt: skip
PERTANIAN = Livelihood(
    "Pertanian rawa", "pertanian rawa", ("padi rawa", "ubi nagara", "semangka"),
    ("beli bibit padi rawa", "beli pupuk", "sewa mesin tanam"),
    HIGH_WATER, pays_after_season=True,
)  # fmt: skip
KERBAU = Livelihood(
    "Lainnya", "kerbau rawa", ("kerbau rawa", "susu kerbau rawa"),
    ("perbaikan kalang kerbau", "beli anak kerbau rawa"),
    HIGH_WATER, pays_after_season=True,
)  # fmt: skip

_IN_DISTRICT = {
    "63.08.01": (PERIKANAN, IKAN_KERING, ITIK, KERBAU, WARUNG, KERUPUK),
    "63.08.02": (ITIK, TELUR_ITIK, PERTANIAN, PERIKANAN, WARUNG, WADAI),
    "63.08.03": (ITIK, TELUR_ITIK, BORDIR, TELUR_ASIN, KERUPUK, WARUNG),
    "63.08.04": (PURUN, ILUNG, LAMPIT, PERTANIAN, WARUNG, WADAI),
    "63.08.05": (WADAI, WARUNG, SASIRANGAN, MENJAHIT, LAMPIT, KUE_KERING),
    "63.08.06": (KUE_KERING, KERUPUK, PERTANIAN, AYAM, WARUNG, MENJAHIT),
    "63.08.07": (BORDIR, PERTANIAN, AYAM, KERUPUK, WARUNG, WADAI),
    "63.08.08": (PURUN, PERTANIAN, ILUNG, IKAN_KERING, WARUNG, KERUPUK),
    "63.08.09": (PERIKANAN, IKAN_KERING, KERBAU, WARUNG, WADAI),
    "63.08.10": (ITIK, PERTANIAN, TELUR_ASIN, MENJAHIT, WARUNG, KERUPUK),
}
_IN_VILLAGE = {
    "63.08.03.2014": (BORDIR, AYAM, ITIK, KERUPUK, KUE_KERING, WARUNG),  # Pandulangan
    "63.08.04.2010": (ILUNG, PURUN, WARUNG),  # Banyu Hirang
    "63.08.04.2021": (PURUN, ILUNG, WADAI),  # Pulau Tambak
    "63.08.08.2012": (PURUN, ILUNG, WARUNG),  # Tambak Sari Panji
    "63.08.08.2013": (PURUN, PERIKANAN, WARUNG),  # Pulantani
}


def livelihoods_of(village_code: str) -> tuple[Livelihood, ...]:
    """What the people of a village of HSU live from, its own speciality first."""
    return _IN_VILLAGE.get(village_code) or _IN_DISTRICT[village_code[:8]]


def categories() -> set[str]:
    """The names of all kinds of business in the demo."""
    return {one.category for some in (*_IN_DISTRICT.values(), *_IN_VILLAGE.values()) for one in some}
