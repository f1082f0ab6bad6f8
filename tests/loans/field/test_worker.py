"""The service worker, the manifest and the shell: the same for everybody, and nobody's data in them."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from loans.field import worker_views

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR) / "static"


@pytest.fixture(autouse=True)
def _fresh_worker():
    worker_views.worker.cache_clear()
    yield
    worker_views.worker.cache_clear()


def facts_of(script: str) -> dict:
    """The constants that the server puts before the script."""
    return {name: json.loads(value) for name, value in re.findall(r"^const (\w+) = (.*);$", script, re.M)[:4]}


def test_the_worker_serves_every_path_and_is_asked_for_at_most_every_ten_minutes(client):
    answer = client.get(reverse("service-worker"))
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "max-age=600"


def test_the_worker_keeps_the_shell_and_each_file_that_the_shell_names(client):
    facts = facts_of(client.get(reverse("service-worker")).content.decode())
    html = client.get(facts["SHELL"]).content.decode()
    assert (facts["SHELL"], facts["SLOW"]) == ("/luring/", 8_000)
    assert facts["ASSETS"] == list(dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', html)))
    scripts = [Path(name).stem for name in facts["ASSETS"] if name.endswith(".js")]
    assert scripts == ["offline", "up2k", "offline-pages", "sheet"]
    assert all((STATIC / name.removeprefix("/static/")).is_file() for name in facts["ASSETS"])


def test_another_file_another_build_but_another_day_the_same(monkeypatch):
    first = facts_of(worker_views.worker())["BUILD"]
    shell = worker_views.shell()
    monkeypatch.setattr(worker_views, "shell", lambda: re.sub('data-today="[^"]*"', 'data-today="2031-01-01"', shell))
    worker_views.worker.cache_clear()
    assert facts_of(worker_views.worker())["BUILD"] == first
    monkeypatch.setattr(worker_views, "build_name", lambda: "another")
    worker_views.worker.cache_clear()
    assert facts_of(worker_views.worker())["BUILD"] != first


def test_the_shell_is_the_same_for_the_operator_as_for_a_stranger(client, as_user, operator, member):
    stranger = client.get(reverse("offline-shell")).content
    hers = as_user(operator).get(reverse("offline-shell")).content
    assert hers == stranger
    for words in (operator.name, operator.username, member.name, "csrf", "data-user"):
        assert words not in stranger.decode()
    assert b" data-shell>" in stranger


def test_a_page_says_whose_it_is_and_a_strangers_page_does_not(client, as_user, operator):
    assert "data-user" not in client.get(reverse("login")).content.decode()
    html = as_user(operator).get(reverse("queue")).content.decode()
    assert f'data-user="{operator.pk}" data-user-name="Rahmah"' in html


def test_the_manifest_installs_the_portal_with_icons_that_are_as_large_as_it_says(client):
    answer = client.get(reverse("manifest"))
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["lang"], told["start_url"], told["scope"], told["display"]) == ("id", "/", "/", "standalone")
    assert [one["purpose"] for one in told["icons"]] == ["any", "any", "maskable"]
    for one in told["icons"]:
        with Image.open(STATIC / one["src"].removeprefix("/static/")) as picture:
            assert f"{picture.width}x{picture.height}" == one["sizes"]
    assert [one["url"] for one in told["shortcuts"]] == ["/lembar/", "/antrean/"]


def test_the_policy_for_content_lets_the_worker_and_the_manifest_come_from_here_alone(client):
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search("worker-src|manifest-src|connect-src|unsafe", policy)
