"""How a report's standing is told: a badge, a letter, and words for how many. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    badge: str  # key of the portal's badges
    letter: str
    word: str
    of_many: str  # 3 terlambat


NOT_IN_USE = "belum memakai portal"
STANDINGS = {
    "late": Words("terlambat", "!", "Terlambat", "terlambat"),
    "returned": Words("dikembalikan", "K", "Dikembalikan", "dikembalikan"),
    "none": Words("belum", "–", "Belum", "belum"),
    "draft": Words("draf", "R", "Draf", "draf"),
    "submitted": Words("diajukan", "A", "Diajukan", "diajukan"),
    "verified": Words("diverifikasi", "V", "Diverifikasi", "diverifikasi"),
    "approved": Words("disetujui", "S", "Disetujui", "disetujui"),
    "sent": Words("terkirim", "T", "Terkirim", "terkirim"),
}
