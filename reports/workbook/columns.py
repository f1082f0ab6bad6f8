"""Which indicator fills which column of the sheets: the only place where a form's figure gets its meaning. Pure.

A column is named by its key in the layout. `Indicator.forms` says the same the other way round, and a test holds the
two against each other.
"""

from reports.indicators import BASES
from reports.rows import LEVELS, GroupRow

Columns = dict[str, str]  # key of the column → key of the indicator

CAPITAL = ("swadaya", "apbn", "apbd_prov", "apbd_kab", "apbdes", "csr")
SURPLUS = {
    "anggota": "members", "pengurus": "officers", "cadangan": "reserve", "paud": "paud", "sosial": "social",
    "pendidikan": "education", "lain": "other",
}  # fmt: skip

# Sheets with one row per group.
OF_GROUPS: dict[str, Columns] = {
    "r-1": {
        "poklak": "poklak_count",
        "anggota_l": "members_male",
        "anggota_p": "members_female",
        "anggota_miskin": "members_poor",
    },
    "r-2": {
        **{f"modal_{one}": f"capital_{one}" for one in CAPITAL},
        "modal_lain": "capital_other",
        "saldo_awal": "capital_start",
        "tambah": "capital_in_period",
        "kurang": "capital_out_period",
    },
    "r-3": {
        "peminjam": "borrowers",
        "salur_tw": "disbursed_period",
        "salur_sd": "disbursed_to_date",
        "target": "principal_due",
        "realisasi": "principal_due_paid",
        "jasa": "service_fee_paid_period",
        "saldo": "balance",
        **{f"kol{number}": f"balance_{number}" for number in range(1, 6)},
    },
    "r-4": {
        "omzet": "turnover_period",
        "laba": "net_income_period",
        "terdata": "members_asked",
        "pasar_lokal": "sells_locally",
        "pasar_luar": "sells_outside",
        "pasar_daring": "sells_online",
        "izin_nib": "with_nib",
        "izin_pirt": "with_pirt",
        "izin_halal": "with_halal",
    },
    "r-5": {
        "shu": "surplus",
        **{f"pos_{column}": f"surplus_{key}" for column, key in SURPLUS.items()},
        "penerima": "surplus_recipients",
        "dibayar": "surplus_paid",
        "lembaga": "paud_institutions",
        "guru": "paud_teachers",
        "insentif": "paud_paid",
    },
}

_BY_LEVEL = {
    **{f"{level.lower()}_klp": f"groups_{level.lower()}" for level in LEVELS},
    **{f"{level.lower()}_peserta": f"members_level_{level.lower()}" for level in LEVELS},
    "koperasi_anggota": "cooperative_members",
}

# Sheets with one row per area of the next level down.
OF_AREAS: dict[str, Columns] = {
    "rekap-kec": {
        **{level.lower(): f"groups_{level.lower()}" for level in LEVELS},
        "anggota": "members",
        "modal_awal": "capital_initial",
        "modal_kini": "capital_end",
        "target": "principal_due",
        "realisasi": "principal_due_paid",
        "saldo": "balance",
        "bermasalah": "balance_bad",
        "omzet": "turnover_period",
        "paud": "paud_paid",
    },
    "4.22": _BY_LEVEL | {"koperasi_klp": "cooperatives"},
    "4.22-v": _BY_LEVEL | {"koperasi": "cooperatives"},
}

# Of the variant, over the groups that are no koperasi.
NO_LEGAL_BODY = {"pra_koperasi": "groups", "pra_anggota": "members"}

# Columns that Excel computes, or that print an indicator of a single group in words or as a mean.
COMPUTED: dict[str, Columns] = {
    "r-1": {"anggota": "members"},
    "r-2": {
        "modal_awal": "capital_initial",
        "saldo_akhir": "capital_end",
        "kembang_rp": "capital_growth",
        "kembang_persen": "capital_growth_percent",
    },
    "r-3": {"rr": "rr", "npl": "npl"},
    "r-4": {"sebelum": "income_before", "sesudah": "income_after", "naik": "income_growth"},
    "rekap-kec": {"kelompok": "groups", "kembang": "capital_growth_percent", "rr": "rr", "npl": "npl"},
}


def figures(columns: Columns, rows: tuple[GroupRow, ...]) -> dict[str, int | None]:
    """What the columns say of these groups together."""
    return {column: BASES[key].of(rows) for column, key in columns.items()}
