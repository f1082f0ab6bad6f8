from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Assignment, User
from up2k_portal import demo
from up2k_portal.lib.access import Role
from villages.models import Group, Village

NOT_EMPTY = "Basis data sudah berisi kelompok atau pengguna, jadi data contoh tidak diisi."


@pytest.fixture
def demo_mode(db, settings, tmp_path, monkeypatch):
    settings.DEMO = True
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setenv("UP2K_STATE", str(tmp_path / "state"))


@pytest.fixture
def filled(demo_mode):
    call_command("seed_demo", "--villages", "1", stdout=StringIO())


def output_of(*words) -> list[str]:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().splitlines()


def refusal_of(*words) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=StringIO())
    return str(refusal.value)


def test_a_real_installation_gets_no_demo(db):
    assert refusal_of("seed_demo") == ("Data contoh hanya untuk mode contoh (DEMO=1), jangan pernah di server asli.")
    assert refusal_of("demo_users") == "Pengguna contoh hanya ada di mode contoh: jalankan dengan DEMO=1."
    assert User.objects.count() == 0


def test_a_database_with_groups_is_left_alone(filled):
    assert refusal_of("seed_demo") == NOT_EMPTY
    assert output_of("seed_demo", "--if-empty") == []
    assert Group.objects.count() == 1


def test_a_database_with_an_admin_of_its_own_is_left_alone(demo_mode, regency_admin):
    assert refusal_of("seed_demo") == NOT_EMPTY
    assert list(User.objects.values_list("name", flat=True)) == ["Mastura"]


def test_the_regions_come_first_where_they_are_missing(demo_mode):
    (line,) = output_of("seed_demo", "--villages", "1")
    assert line.startswith("Data contoh sampai Agustus 2026: 15 pengguna, 1 kelompok, 42 anggota, ")
    assert Village.objects.count() == 2_016


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--villages", "0"), "--villages 0 tidak mungkin; isi 1 sampai 219."),
        (("--villages", "220"), "--villages 220 tidak mungkin; isi 1 sampai 219."),
        (("--until", "2026-9"), "--until 2026-9 tidak dikenal; tulis tahun dan bulan, misalnya 2026-09."),
        (("--until", "2026-13"), "--until 2026-13 tidak dikenal; tulis tahun dan bulan, misalnya 2026-09."),
        (("--until", "2026-09"), "--until 2026-09 di luar jangkauan; isi 2010-01 sampai 2026-08."),
        (("--until", "2009-12"), "--until 2009-12 di luar jangkauan; isi 2010-01 sampai 2026-08."),
    ],
)
def test_impossible_options_are_refused_with_what_is_possible(demo_mode, words, sentence):
    assert refusal_of("seed_demo", *words) == sentence


def test_a_story_may_end_long_ago(demo_mode):
    (line,) = output_of("seed_demo", "--villages", "2", "--until", "2010-02")
    assert line.startswith("Data contoh sampai Februari 2010: ")


def test_one_user_a_role_is_written_with_the_password(filled):
    password = demo.password()
    served = Assignment.objects.filter(role=Role.OPERATOR).values_list("area_code", flat=True)
    idle = Village.objects.get(code__in=list(served), groups=None).code
    assert output_of("demo_users") == [
        f"63.08.03.2014  {password}  Operator Desa Pandulangan — Kec. Sungai Pandan",
        f"63.08.03       {password}  Pengurus Kec. Sungai Pandan",
        f"63.08          {password}  Staf Kabupaten Hulu Sungai Utara",
        f"63             {password}  Provinsi Kalimantan Selatan",
        f"admin          {password}  Admin Kabupaten Hulu Sungai Utara",
        f"{idle}  {password}  Operator desa tanpa kelompok, lapor nihil",
        "Operator desa lain: nama penggunanya kode desa (lihat Kelompok), sandinya sama.",
    ]
    assert User.objects.get(username="admin").check_password(password)


def test_a_password_of_another_state_folder_replaces_the_old_one_for_all(filled, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "telur-asin-2026")
    assert output_of("demo_users")[0].split()[1] == "telur-asin-2026"
    assert {user.check_password("telur-asin-2026") for user in User.objects.all()} == {True}


def test_prepare_says_each_step_and_spares_what_is_there(filled):
    groups = list(Group.objects.values_list("pk", "name"))
    lines = output_of("prepare")
    assert lines[:5] == [
        "Menyiapkan basis data …",
        "Memuat wilayah …",
        "Mengisi data contoh …",
        "Mengumpulkan berkas tampilan …",
        "Pengguna contoh:",
    ]
    assert lines[5].startswith("63.08.03.2014  ")
    assert list(Group.objects.values_list("pk", "name")) == groups


def test_prepare_of_a_real_installation_makes_no_user(db, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert output_of("prepare") == [
        "Menyiapkan basis data …",
        "Memuat wilayah …",
        "Wilayah dimuat: 1 provinsi, 13 kabupaten/kota, 156 kecamatan, 2.016 desa/kelurahan.",
        "Mengumpulkan berkas tampilan …",
    ]
    assert User.objects.count() == 0
