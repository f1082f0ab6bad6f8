"""The columns of members, and which of them a sheet may change. Pure but for the model's own words."""

from imports.columns import Column, Type
from villages.models import Welfare

SEXES = {
    word: sex for sex, words in (("P", "p pr perempuan wanita"), ("L", "l lk lakilaki pria")) for word in words.split()
}
WELFARE = {"".join(filter(str.isalpha, label.casefold())): value for value, label in Welfare.choices}

GROUP = Column(
    "group", "Kelompok", Type.TEXT, "UP2K As Syifa", "Boleh kosong bila desa hanya punya satu kelompok.",
    synonyms="namakelompok kelompokup2k poksus", width=22,
)  # fmt: skip
PERSON = (
    Column(
        "name", "Nama", Type.TEXT, "Norhasanah",
        synonyms="namaanggota namalengkap name", is_required=True, width=28,
    ),
    Column(
        "nik", "NIK", Type.NIK, "6308035203850001", "16 angka dari KTP, sebagai teks.",
        synonyms="nonik nomornik noktp nomorktp ktp nikktp", most=16, width=20,
    ),
    Column(
        "nik_missing_reason", "Alasan belum ada NIK", Type.TEXT, "belum rekam KTP", "Hanya bila NIK kosong.",
        synonyms="alasantanpanik alasannik keterangannik", width=22,
    ),
    Column(
        "family_card_number", "Nomor KK", Type.FAMILY_CARD, "6308031203100001",
        synonyms="nokk kk nomorkartukeluarga", most=16, width=20,
    ),
    Column(
        "sex", "Jenis kelamin", Type.CHOICE, "P", "P perempuan, L laki-laki.",
        synonyms="jk kelamin lp pl gender sex", choices=SEXES, words=("P", "L"), width=14,
    ),
    Column("birth_date", "Tanggal lahir", Type.DAY, "12-03-1985", synonyms="tgllahir lahir birthdate", width=14),
    Column("address", "Alamat", Type.TEXT, "RT 02, Anjir", synonyms="alamatrumah address", most=200, width=30),
    Column(
        "phone", "Nomor HP", Type.TEXT, "081200001111",
        synonyms="nohp hp telepon notelepon telp notelp nowa wa nomorwa phone", most=20, width=16,
    ),
    Column(
        "poklak", "Poklak", Type.TEXT, "Melati", "Kosong: perorangan.",
        synonyms="namapoklak kelompokpelaksana", width=18,
    ),
    Column(
        "welfare", "Keadaan keluarga", Type.CHOICE, "Cukup", synonyms="keadaankeluargasaatmasuk kesejahteraan",
        choices=WELFARE, words=tuple(label for _, label in Welfare.choices), width=18,
    ),
    Column(
        "joined_on", "Masuk tanggal", Type.DAY, "06-01-2026", "Hari ia menjadi anggota.",
        synonyms="tanggalmasuk tglmasuk masuk tanggalbergabung joined", width=15,
    ),
)  # fmt: skip
# What a sheet may change of a member who is there; where an empty cell changes nothing.
FIELDS = tuple(column.key for column in PERSON if column.key != "poklak")
