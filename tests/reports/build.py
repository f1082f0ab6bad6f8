"""Invented figures: groups and reports for the tests of the workbook, and the workbook as read back."""

import io
from datetime import date
from random import Random

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.completeness import IS_IN, Standing
from reports.periods import parse_period
from reports.rows import LEVELS as GROUP_LEVELS
from reports.rows import Child, GroupRow, Report
from reports.workbook.book import write_one
from reports.workbook.book import write_workbook as save
from reports.workbook.sheets import FORMS as SHEETS_BY_FORM

FORMS = {
    "kelengkapan": "Kelengkapan", "rekap-kec": "Rekap Kecamatan", "r-1": "R-1", "r-2": "R-2", "r-3": "R-3",
    "r-4": "R-4", "r-6a": "R-6a Bantuan", "r-6b": "R-6b Pembinaan", "4.22": "Lampiran 4.22", "definisi": "Definisi",
}  # fmt: skip
DISTRICTS = (
    ("Danau Panggang", 16), ("Babirik", 23), ("Sungai Pandan", 33), ("Amuntai Selatan", 30),
    ("Amuntai Tengah", 29), ("Amuntai Utara", 26), ("Banjang", 20), ("Haur Gading", 18),
    ("Paminggir", 7), ("Sungai Tabukan", 17),
)  # fmt: skip
VILLAGES = (
    "Rantau Karau Hilir",
    "Banyu Tajun Pangkalan",
    "Teluk Betung",
    "Hambuku Tengah",
    "Pandulangan",
    "Pal Batu",
)
NAMES = ("Melati", "Karya Ibu", "Harapan", "As-Syifa", "Kerbau Rawa", "Purun Lestari Sejahtera Bersama")
MARKETS_AND_PERMITS = ("sells_locally", "sells_outside", "sells_online", "with_nib", "with_pirt", "with_halal")
LEADERS = ("Rabiatul Adawiyah", "Hj. Mahrita", "Nor Asiah", "Siti Aminah", "Jumiati")
PRODUCTS = (("Telur asin", "butir"), ("Tas purun", "lembar"), ("Kue kering", "toples"))
ENTERPRISES = ("Anyaman purun dan eceng gondok", "Telur asin", "Kue kering", "Bordir dan kain sasirangan", "")


def group(**facts) -> GroupRow:
    """UP2K As-Syifa of Pandulangan without any figure, save the facts given."""
    return GroupRow(
        **{
            "village_code": "63.08.03.2014",
            "village_label": "Pandulangan",
            "village_kind": "desa",
            "district_code": "63.08.03",
            "district_name": "Sungai Pandan",
            "regency_code": "63.08",
            "regency_name": "Hulu Sungai Utara",
            "group_name": "UP2K As-Syifa",
            **facts,
        }
    )


def random_group(rng: Random, district: int, village: int) -> GroupRow:
    """A group of HSU with figures that obey the identities of R-3; every eighth is not assessed."""
    balances = [rng.randrange(0, 20_000_000), *(rng.choice((0, rng.randrange(1, 999_999))) for _ in range(4))]
    due = rng.randrange(0, 60_000_000)
    return group(
        village_code=f"63.08.{district:02}.{2000 + village}",
        village_label=VILLAGES[village % len(VILLAGES)],
        district_code=f"63.08.{district:02}",
        district_name=DISTRICTS[district - 1][0],
        group_name=f"UP2K {rng.choice(NAMES)}",
        decree_number=f"188.45/{rng.randrange(10, 50)}/KUM/{rng.randrange(2015, 2024)}",
        decree_on=date(rng.randrange(2015, 2024), rng.randrange(1, 13), 5),
        founded_on=date(rng.randrange(1998, 2022), 3, 1),
        leader=rng.choice(LEADERS),
        level=rng.choice((*GROUP_LEVELS, *GROUP_LEVELS[:3], "")),
        poklak_count=rng.randrange(1, 7),
        members_male=rng.randrange(0, 3),
        members_female=rng.randrange(8, 30),
        members_poor=rng.randrange(0, 9),
        main_enterprise=rng.choice(ENTERPRISES),
        legal_status=rng.choice(("SK Desa", "SK Desa, NIB", "Koperasi BH")),
        is_cooperative=rng.random() < 0.2,
        borrowers=rng.randrange(0, 25),
        disbursed_period=rng.randrange(0, 16) * 1_000_000,
        disbursed_to_date=rng.randrange(20, 90) * 1_000_000,
        principal_due=due,
        principal_due_paid=due - rng.choice((0, due // 10)),
        service_fee_paid_period=rng.randrange(0, 2_000_000),
        balance=sum(balances),
        **{f"balance_{number}": amount for number, amount in enumerate(balances, 1)},
        **_random_livelihood(Random(f"{district}.{village}")),
        **_random_capital(Random(f"{district}-{village}")),
        **_random_surplus(Random(f"{district}/{village}")),
    )


def _random_capital(rng: Random) -> dict:
    """By source and how it moved; some shrank below what they began with."""
    sources = ("swadaya", "apbn", "apbd_prov", "apbd_kab", "apbdes", "csr", "other")
    start = {f"capital_{source}": rng.choice((0, rng.randrange(0, 30) * 500_000)) for source in sources}
    moved = {
        "capital_in_period": rng.randrange(0, 2_000_000),
        "capital_out_period": rng.choice((0, 0, 250_000)),
    }
    return start | moved | {"capital_start": sum(start.values()) + rng.randrange(-500_000, 20_000_000)}


def _random_surplus(rng: Random) -> dict:
    """Two of three have shared out; the parts sum to the whole."""
    if rng.random() < 1 / 3:
        return {}
    names = ("members", "officers", "reserve", "paud", "social", "education", "other")
    parts = {f"surplus_{name}": rng.randrange(0, 40) * 25_000 for name in names}
    teachers = rng.randrange(0, 6)
    paid = parts["surplus_paud"] if teachers else 0
    return {
        **parts,
        "surplus": sum(parts.values()),
        "surplus_recipients": rng.randrange(0, 30),
        "surplus_paid": parts["surplus_members"] + paid,
        "paud_institutions": min(1, teachers),
        "paud_teachers": teachers,
        "paud_paid": paid,
    }


def random_standings(seed: int = 1) -> tuple[Standing, ...]:
    """Every village of HSU with its report somewhere on the way; four of five are approved."""
    rng = Random(seed)
    states = ("approved", "approved", "sent", "sent", "approved", "verified", "submitted", "", "returned", "sent")
    found = []
    for number, (_, count) in enumerate(DISTRICTS, 1):
        for village in range(1, count + 1):
            state = rng.choice(states)
            found.append(
                Standing(
                    f"63.08.{number:02}.{2000 + village}",
                    f"Desa {VILLAGES[village % len(VILLAGES)]} {village}",
                    state=state,
                    is_in=state in IS_IN,
                    is_late=rng.random() < 0.2,
                    is_nil=state in IS_IN and rng.random() < 0.1,
                    is_agreed=state in ("approved", "sent"),
                )
            )
    return tuple(found)


def _random_livelihood(rng: Random) -> dict:
    """Turnover, products and incomes; every sixth group has recorded nothing, every eighth loses."""
    asked = rng.choice((0, rng.randrange(1, 30)))
    before = sum(rng.randrange(400_000, 2_500_000) for _ in range(asked))
    facts = {
        "members_asked": asked,
        "income_before": before,
        "income_after": before + asked * rng.randrange(-100_000, 600_000),
        **{name: rng.randrange(0, 9) for name in MARKETS_AND_PERMITS},
    }
    if rng.random() < 1 / 6:
        return facts
    (product, unit), turnover = rng.choice(PRODUCTS), rng.randrange(0, 90_000_000)
    net = turnover // 3 * (-1 if rng.random() < 1 / 8 else 1)
    volume = rng.choice((None, rng.randrange(0, 9_000)))
    made = {"main_product": product, "unit": unit, "volume": volume}
    return facts | made | {"turnover_period": turnover, "net_income_period": net}


def regency_groups(seed: int = 1, share: float = 0.55) -> tuple[GroupRow, ...]:
    """Groups in about `share` of HSU's 219 villages; the same for the same seed."""
    rng = Random(seed)
    places = [(number, village) for number, (_, count) in enumerate(DISTRICTS, 1) for village in range(1, count + 1)]
    return tuple(random_group(rng, *place) for place in places if rng.random() < share)


def report(**facts) -> Report:
    """Kabupaten Hulu Sungai Utara, third quarter of 2026, without groups, save the facts given."""
    districts = enumerate(DISTRICTS, 1)
    return Report(
        **{
            "area_code": "63.08",
            "area_name": "Hulu Sungai Utara",
            "area_level": "kabupaten",
            "province_name": "Kalimantan Selatan",
            "regency_name": "Hulu Sungai Utara",
            "period": parse_period("2026-TW3"),
            "groups": (),
            "children": tuple(Child(f"63.08.{number:02}", name, count) for number, (name, count) in districts),
            "made_at": "12 Oktober 2026, 09.41 WITA",
            "made_by": "Siti Rahmah (kabupaten)",
            "place": "Amuntai",
            "signed_on": date(2026, 10, 12),
            **facts,
        }
    )


def district_report(**facts) -> Report:
    """Kecamatan Sungai Pandan with three villages."""
    villages = (("2013", "Hambuku Raya"), ("2014", "Pandulangan"), ("2015", "Sungai Pandan Hulu"))
    return report(
        **{
            "area_code": "63.08.03",
            "area_name": "Sungai Pandan",
            "area_level": "kecamatan",
            "district_name": "Sungai Pandan",
            "children": tuple(Child(f"63.08.03.{code}", name, 1) for code, name in villages),
            "place": "Sungai Pandan",
            **facts,
        }
    )


def village_report(**facts) -> Report:
    """Desa Pandulangan alone."""
    return report(
        **{
            "area_code": "63.08.03.2014",
            "area_name": "Pandulangan",
            "area_level": "desa",
            "district_name": "Sungai Pandan",
            "children": (),
            "place": "Pandulangan",
            **facts,
        }
    )


def province_report(**facts) -> Report:
    """Kalimantan Selatan with three of its thirteen."""
    return report(
        **{
            "area_code": "63",
            "area_name": "Kalimantan Selatan",
            "area_level": "provinsi",
            "regency_name": "",
            "children": (
                Child("63.03", "Banjar", 290),
                Child("63.08", "Hulu Sungai Utara", 219),
                Child("63.72", "Banjarbaru", 20),
            ),
            "place": "Banjarmasin",
            **facts,
        }
    )


LEVELS = {
    "provinsi": province_report,
    "kabupaten": report,
    "kecamatan": district_report,
    "desa": village_report,
}


def printed(facts: Report) -> Workbook:
    """The workbook as a reader of the file gets it."""
    target = io.BytesIO()
    save(facts, target)
    return openpyxl.load_workbook(target)


def printed_form(form: str, facts: Report) -> Worksheet:
    """One sheet of it, for tests that need no more."""
    target = io.BytesIO()
    write_one(SHEETS_BY_FORM[form], facts, target)
    return openpyxl.load_workbook(target).worksheets[0]


def column(sheet: Worksheet, letter: str) -> list:
    return [cell.value for cell in sheet[letter]]
