"""In what state a loan stands, in words: its way to disbursement, then its class, then paid off."""

from loans.aging import SCHEME_E

STANDINGS = [
    ("proposed", "Diajukan"),
    ("verified", "Diverifikasi"),
    ("approved", "Disetujui"),
    ("rejected", "Ditolak"),
    ("withdrawn", "Dibatalkan"),
    *[(f"class_{bracket.level}", bracket.name) for bracket in SCHEME_E],
    ("paid_off", "Lunas"),
    ("written_off", "Hapus buku"),
]

# The names of the badges that the look knows.
BADGES = {
    "proposed": "diajukan",
    "verified": "diverifikasi",
    "approved": "disetujui",
    "rejected": "ditolak",
    "withdrawn": "dibatalkan",
    "class_1": "lancar",
    "class_2": "dalam_perhatian",
    "class_3": "kurang_lancar",
    "class_4": "diragukan",
    "class_5": "macet",
    "paid_off": "lunas",
    "written_off": "hapus_buku",
}
