"""Invented people and groups: names as they are heard in Banjar villages, joined at random."""

from random import Random

_FIRST = (
    "Aminah Arbainah Asmiati Aspiah Aulia Barsiah Basrah Darmawati Ernawati Fatimah Fitriani Galuh "
    "Habibah Hadijah Halimah Hamidah Hamsiah Hasanah Helda Herlina Hilmah Husnah Ida Inur Jamilah "
    "Jannah Juairiah Jumiati Jurmiah Kartini Khadijah Latifah Mahrita Maimunah Mariam Mariatul Masitah "
    "Masliani Masniah Mastura Mawaddah Maysarah Mulyana Munawarah Nafisah Nahdiah Noor Nor Norhasanah "
    "Norlaila Normilah Nurul Paujiah Rabiatul Rahimah Rahmawati Raudah Risnawati Rohana Rukayah "
    "Rusdiana Rusmini Rusnah Sabariah Sa’diah Salasiah Salmah Samsiah Saniah Siti Sri Sumiati Supiani "
    "Syamsiah Tarbiah Ummi Yulianti Zainab Zubaidah"
).split()
_SECOND = (
    "Adawiyah Agustina Ainah Aisyah Amalia Aminah Anisah Arbayah Astuti Aulia Azizah Badariah Bahriah "
    "Fatmawati Fauziah Fitri Handayani Hartati Hasanah Hayati Hidayah Hikmah Istiqamah Jamilah Janah "
    "Kamariah Khairiyah Laila Lestari Maulida Muliani Mutmainah Nabila Ningsih Noraini Nurjanah Purnama "
    "Qibtiah Rahmah Rahmi Ramadhani Ratna Rosita Safitri Salamah Sari Susanti Wahidah Wardah Yanti "
    "Zahra"
).split()
_NEVER_ALONE = {"Ida", "Mariatul", "Noor", "Nor", "Nurul", "Rabiatul", "Siti", "Sri", "Ummi"}
_MEN = (
    "Abdul Hadi, Ahmad Zaini, Akhmad Riduan, Bahrani, Fahriadi, H. Masrani, Hasbullah, Ilmi, Jamhuri, "
    "Khairul Anwar, M. Arsyad, M. Noor, Murjani, Rahmadi, Sarkani, Syahrani, Zainal Abidin"
).split(", ")
_GROUPS = (
    "Al Amanah, Al Hidayah, Al Ikhlas, Anggrek, Ar Rahmah, As Sakinah, Banua Barakat, Barakat Usaha, "
    "Berkat Bersama, Bina Keluarga, Bunga Tanjung, Cempaka Putih, Galuh Banjar, Gawi Manuntung, "
    "Gawi Sabarataan, Harapan Ibu, Harapan Banua, Intan Sari, Kamboja, Karya Bersama, Karya Ibu, Kasturi, "
    "Kayuh Baimbai, Kenanga, Kuini Harum, Maju Bersama, Mawar, Mekar Sari, Melati, Mufakat, Nurul Hikmah, "
    "Nusa Indah, Purnama, Rukun Sejahtera, Sari Banua, Sasangga Banua, Sederhana, Seroja, Sinar Banua, "
    "Teratai, Tulip, Tunas Harapan, Usaha Ibu, Waja Sampai Kaputing"
).split(", ")
POKLAKS = "Melati Mawar Anggrek Kenanga Cempaka Teratai Dahlia Seroja Kamboja Tulip".split()


def women(rng: Random, count: int) -> list[str]:
    """`count` different names, now and then a hajjah's."""
    found: dict[str, None] = {}  # a dict keeps the order in which they were drawn
    while len(found) < count:
        name = rng.choice(_FIRST)
        if rng.random() < 0.72 or name in _NEVER_ALONE:
            name = f"{name} {rng.choice(_SECOND)}"
        found[f"Hj. {name}" if rng.random() < 0.06 else name] = None
    return list(found)


def woman(rng: Random) -> str:
    return women(rng, 1)[0]


def man(rng: Random) -> str:
    return rng.choice(_MEN)


def group_name(rng: Random) -> str:
    return f"UP2K {rng.choice(_GROUPS)}"


def initials(name: str) -> str:
    """AS for UP2K As Syifa, ME for UP2K Melati: how its receipts' numbers begin."""
    words = [word for word in name.split() if word not in ("UP2K", "UPPKA", "Kelompok")]
    return "".join(word[0] for word in words).upper() if len(words) > 1 else words[0][:2].upper()
