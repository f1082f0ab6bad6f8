from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from seeds.regions import KALIMANTAN_SELATAN, LEVELS, _entries, load_regions
from villages.models import District, Regency, Village

HSU = "63.08"


@pytest.fixture
def kalsel(db):
    return load_regions(KALIMANTAN_SELATAN)


def test_kalimantan_selatan_is_loaded_whole(kalsel):
    assert kalsel == {"provinsi": 1, "kabupaten/kota": 13, "kecamatan": 156, "desa/kelurahan": 2_016}
    assert Village.objects.count() == 2_016


def test_hsu_has_214_desa_and_5_kelurahan(kalsel):
    kinds = list(Village.objects.in_area(HSU).values_list("kind", flat=True))
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"1": 5, "2": 214}


def test_a_village_stands_in_its_kecamatan_and_kabupaten_with_its_postcode(kalsel):
    village = Village.objects.select_related("district__regency__province").get(code="63.08.03.2014")
    assert village.label == "Desa Pandulangan — Kec. Sungai Pandan"
    assert village.postcode == "71455"
    assert village.district.regency.name == "Kabupaten Hulu Sungai Utara"
    assert village.district.regency.province.name == "Kalimantan Selatan"


def test_two_spellings_of_the_official_list_are_mended(kalsel):
    names = Village.objects.filter(code__in=["63.08.03.2035", "63.08.08.2012"]).order_by("code")
    assert [village.name for village in names] == ["Rantau Karau Tengah", "Tambak Sari Panji"]


def test_loading_again_keeps_what_the_kabupaten_decided(kalsel):
    old, new = Village.objects.in_area("63.08.09").order_by("code")[:2]
    Village.objects.filter(pk=old.pk).update(
        is_assisted=True, active_from=date(2000, 1, 1), active_until=date(2026, 1, 1), successor=new
    )
    Regency.objects.filter(code=HSU).update(operator_limit=1)
    load_regions(KALIMANTAN_SELATAN)
    again = Village.objects.get(code=old.code)
    assert (again.pk, again.is_assisted, again.successor) == (old.pk, True, new)
    assert (again.active_from, again.active_until) == (date(2000, 1, 1), date(2026, 1, 1))
    assert Regency.objects.get(code=HSU).operator_limit == 1
    assert Village.objects.count() == 2_016


def test_loading_again_brings_the_official_names_and_postcodes_back(kalsel):
    District.objects.filter(code="63.08.09").update(name="Lama")
    Village.objects.filter(code="63.08.09.2004").update(name="Lama", postcode="", kind="1")
    load_regions(KALIMANTAN_SELATAN)
    village = Village.objects.select_related("district").get(code="63.08.09.2004")
    assert (village.name, village.postcode, village.kind) == ("Sapala", "71451", "2")
    assert village.district.name == "Paminggir"


def test_the_list_holds_all_of_indonesia_and_each_region_has_its_parent():
    entries = list(_entries(""))
    counts = [sum(len(one.code) == level.code_length for one in entries) for level in LEVELS]
    codes = {one.code for one in entries}
    assert counts == [38, 514, 7_285, 83_762]
    assert [one.code for one in entries if "." in one.code and one.code.rpartition(".")[0] not in codes] == []


def test_the_command_says_what_it_loaded(db):
    out = StringIO()
    call_command("seed_regions", stdout=out)
    assert out.getvalue() == ("Wilayah dimuat: 1 provinsi, 13 kabupaten/kota, 156 kecamatan, 2.016 desa/kelurahan.\n")


def test_the_command_leaves_a_filled_table_alone_when_told_so(kalsel):
    Village.objects.filter(code="63.08.09.2004").update(name="Lama")
    out = StringIO()
    call_command("seed_regions", "--if-empty", stdout=out)
    assert out.getvalue() == ""
    assert Village.objects.get(code="63.08.09.2004").name == "Lama"
