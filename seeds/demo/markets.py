"""What enterprises of HSU make, for how much, and what a month brings them. Units are those in use, sums invented."""

from dataclasses import dataclass

# Product → (unit, rupiah a unit). Every product of `livelihoods` stands here.
GOODS = {
    "kain bordir": ("lembar", 185_000), "jilbab bordir": ("lembar", 85_000), "sarung bantal bordir": ("lembar", 45_000),
    "itik Alabio petelur": ("ekor", 95_000), "anak itik Alabio": ("ekor", 12_000), "itik pedaging": ("ekor", 65_000),
    "telur itik": ("butir", 2_500), "telur asin": ("butir", 3_500), "telur asin asap": ("butir", 4_000),
    "telur ayam": ("butir", 2_000), "ayam kampung": ("ekor", 70_000),
    "kerupuk haruan": ("bungkus", 15_000), "kerupuk ikan": ("bungkus", 12_000), "kerupuk singkong": ("bungkus", 8_000),
    "kue kering": ("toples", 45_000), "rimpi pisang": ("bungkus", 15_000), "kacang telur": ("toples", 35_000),
    "bingka": ("loyang", 30_000), "apam barabai": ("bungkus", 10_000), "untuk-untuk": ("bungkus", 8_000),
    "kakoleh": ("bungkus", 8_000), "sembako": ("paket", 50_000), "jajanan": ("bungkus", 2_000),
    "kopi dan teh": ("gelas", 4_000), "tikar purun": ("lembar", 60_000), "tas purun": ("buah", 45_000),
    "bakul purun": ("buah", 25_000), "topi purun": ("buah", 20_000), "tas eceng gondok": ("buah", 75_000),
    "kotak tisu eceng gondok": ("buah", 35_000), "lampit rotan": ("lembar", 450_000), "tas rotan": ("buah", 120_000),
    "kain sasirangan": ("lembar", 150_000), "kerudung sasirangan": ("lembar", 75_000),
    "baju kurung": ("lembar", 175_000),
    "seragam sekolah": ("lembar", 110_000), "mukena": ("lembar", 150_000), "ikan sepat kering": ("kg", 70_000),
    "wadi papuyu": ("toples", 50_000), "iwak karing haruan": ("kg", 95_000), "haruan": ("kg", 60_000),
    "papuyu": ("kg", 75_000), "sepat": ("kg", 30_000), "padi rawa": ("blek", 65_000), "ubi nagara": ("kg", 8_000),
    "semangka": ("buah", 20_000), "kerbau rawa": ("ekor", 14_000_000), "susu kerbau rawa": ("liter", 35_000),
}  # fmt: skip


@dataclass(frozen=True)
class Market:
    """Percents: chances of a market and of a permit, and the share of the turnover that a month costs."""

    turnover: tuple[int, int]  # thousands of rupiah a month, least and most
    cost: tuple[int, int]
    outside: int = 10
    online: int = 6
    nib: int = 30
    is_food: bool = False


CRAFT = Market((700, 3_200), (48, 68), outside=45, online=28, nib=42)
FOOD = Market((800, 3_600), (55, 78), outside=22, online=16, nib=46, is_food=True)
POULTRY = Market((900, 4_500), (58, 84), outside=30)
TRADE = Market((1_500, 7_000), (74, 90), nib=38)
FIELD = Market((600, 3_000), (45, 80), outside=14, nib=18)

BY_CATEGORY = {
    "Bordir": CRAFT, "Menjahit": CRAFT, "Sasirangan": CRAFT, "Lampit rotan": CRAFT, "Anyaman purun": CRAFT,
    "Anyaman eceng gondok": CRAFT, "Itik Alabio": POULTRY, "Telur itik": POULTRY, "Ayam dan telur ayam": POULTRY,
    "Telur asin": FOOD, "Kerupuk": FOOD, "Kue kering": FOOD, "Wadai (kue basah)": FOOD,
    "Ikan kering dan wadi": FOOD, "Warung": TRADE, "Perikanan rawa": FIELD, "Pertanian rawa": FIELD, "Lainnya": FIELD,
}  # fmt: skip
