"""Coming in: the form, the throttle, the demo's buttons."""

import pytest
from django.urls import reverse

from accounts.addresses import client_address
from accounts.models import Assignment, Change, User
from tests import build
from up2k_portal.lib.access import Role


@pytest.fixture
def rahmah(pandulangan):
    user = build.user(Role.OPERATOR, pandulangan.code, username="63.08.03.2014", name="Rahmah")
    user.set_password("itik-alabio-1985")
    user.save()
    return user


def sign_in(client, password="itik-alabio-1985", username="63.08.03.2014", **extra):
    return client.post(reverse("login"), {"username": username, "password": password}, **extra)


def test_the_right_password_leads_home(client, rahmah):
    assert (sign_in(client).status_code, client.get("/").status_code) == (302, 200)


def test_a_wrong_password_says_what_to_do_and_not_which_part_was_wrong(client, rahmah):
    wrong = sign_in(client, "salah").content.decode()
    unknown = sign_in(client, "salah", "63.08.03.9999").content.decode()
    assert "Nama pengguna atau kata sandi tidak cocok." in wrong
    assert "Nama pengguna atau kata sandi tidak cocok." in unknown


def test_ten_wrong_passwords_slow_this_user_and_nobody_else_at_the_same_address(client, rahmah):
    other = build.user(Role.OPERATOR, build.PANDULANGAN, username="lain")
    other.set_password("purun-1985-purun")
    other.save()
    codes = [sign_in(client, "salah").status_code for _ in range(10)]
    assert codes == [200] * 9 + [429]
    assert sign_in(client).status_code == 429
    assert sign_in(client, "purun-1985-purun", "lain").status_code == 302


@pytest.mark.parametrize(
    ("https", "forwarded", "address"),
    [
        (True, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (True, "", "127.0.0.1"),
        (False, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_the_address_is_the_proxys_word_only_behind_a_proxy(https, forwarded, address, rf, settings):
    settings.HTTPS = https
    assert client_address(rf.get("/masuk/", headers={"x-forwarded-for": forwarded})) == address


def test_an_inactive_user_stays_out(client, rahmah):
    User.objects.filter(pk=rahmah.pk).update(is_active=False)
    assert sign_in(client).status_code == 200
    assert client.get("/").status_code == 302


def test_a_user_without_assignment_sees_nothing(client, db):
    nobody = build.user(username="baru")
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    assert [client.get(url).status_code for url in ("/", "/anggota/", "/simulasi/", "/admin/")] == [403] * 4


def test_two_roles_at_once_are_no_role(client, rahmah):
    Assignment.objects.create(user=rahmah, role=Role.STAFF, area_code="63.08", starts_on="2020-01-01")
    client.force_login(rahmah, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 403


def test_the_demo_has_a_button_a_role_and_says_that_it_is_one(client, rahmah, settings):
    settings.DEMO = True
    page = client.get(reverse("login")).content.decode()
    assert page.count('action="/masuk/contoh/"') == 5
    assert client.post(reverse("demo-login"), {"username": rahmah.username}).url == "/"
    home = client.get("/").content.decode()
    assert "Data contoh" in home
    assert "10 menit: dari kuitansi ke provinsi" in home


def test_outside_the_demo_its_door_does_not_exist(client, rahmah):
    assert client.post(reverse("demo-login"), {"username": rahmah.username}).status_code == 404
    assert "/masuk/contoh/" not in client.get(reverse("login")).content.decode()


def test_the_demo_opens_no_user_but_its_own(client, rahmah, settings):
    settings.DEMO = True
    build.user(Role.ADMIN, "63.08", username="sungguhan")
    assert client.post(reverse("demo-login"), {"username": "sungguhan"}).status_code == 404


def test_going_out_ends_the_session(client, rahmah):
    sign_in(client)
    assert client.post(reverse("logout")).url == "/masuk/"
    assert client.get("/").status_code == 302


def test_a_new_password_needs_the_old_one(client, rahmah):
    sign_in(client)
    facts = {"old_password": "salah", "new_password1": "kerbau-rawa-77", "new_password2": "kerbau-rawa-77"}
    assert client.post(reverse("password"), facts).status_code == 200
    assert client.post(reverse("password"), facts | {"old_password": "itik-alabio-1985"}).status_code == 302
    change = Change.objects.get()
    assert (change.user, change.object_id, change.after) == (rahmah, rahmah.pk, {"kata sandi": "yang baru"})
    client.post(reverse("logout"))
    assert sign_in(client, "kerbau-rawa-77").status_code == 302


def test_who_has_no_assignment_is_told_so(client, db):
    client.force_login(build.user(username="baru"), backend="django.contrib.auth.backends.ModelBackend")
    assert "Belum ada penugasan" in client.get("/").content.decode()
