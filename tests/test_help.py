"""Bantuan: twelve guides of one screen, found by what one asks, and whom to call on every page."""

import re
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from PIL import Image

from accounts import history
from tests import build
from up2k_portal.help_guides import GUIDES, find
from up2k_portal.help_tags import bolded, problem_text

PHONE = "0812-0000-6308"
PICTURE_AT_MOST = 20 * 1024
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def phone(settings):
    settings.HELP_PHONE = PHONE


@pytest.fixture(scope="module")
def shown() -> str:
    """All words that the portal can show besides the guides themselves."""
    apps = ("accounts", "villages", "enterprises", "loans", "reports", "imports", "up2k_portal")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.js")]
    files += [path for app in apps for path in (ROOT / app).rglob("*.py") if path.name != "help_guides.py"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files).lower().replace("&amp;", "&")


class TestGuides:
    def test_there_are_twelve_of_four_to_six_sentences(self):
        assert len(GUIDES) == len({guide.slug for guide in GUIDES}) == 12
        assert [guide.slug for guide in GUIDES if not 4 <= len(guide.steps) <= 6] == []

    @pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
    def test_a_guide_opens_for_who_is_signed_in_and_who_is_not(self, guide, client, operator, as_user):
        url = reverse("help-guide", args=[guide.slug])
        for reader in (client, as_user(operator)):
            page = reader.get(url)
            assert page.status_code == 200
            assert f"<h1>{guide.title.replace('&', '&amp;')}</h1>" in page.content.decode()

    @pytest.mark.parametrize(
        ("slug", "name", "who"),
        [
            ("masuk", "login", [True, False, False]),
            ("lembar-setoran", "sheet-start", [False, True, False]),
            ("periksa-ajukan", "report-board", [False, True, True]),
        ],
    )
    def test_it_leads_to_its_page_whoever_may_open_that(
        self, slug, name, who, client, operator, province_reader, as_user
    ):
        url, link = reverse("help-guide", args=[slug]), f'href="{reverse(name)}">Buka halamannya'
        shown = [link in client.get(url).content.decode()]
        shown += [link in as_user(user).get(url).content.decode() for user in (operator, province_reader)]
        assert shown == who

    def test_a_guide_that_is_not_there_is_404(self, client, db):
        assert client.get("/bantuan/tidak-ada/").status_code == 404

    @pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
    def test_its_bold_words_stand_on_the_screen(self, guide, shown):
        bold = {words for step in guide.steps for words in re.findall(r"\*\*(.+?)\*\*", step)}
        assert [words for words in sorted(bold) if words.lower() not in shown] == []

    @pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
    def test_its_picture_is_light_and_as_wide_as_a_phone(self, guide):
        path = Path(finders.find(guide.picture))
        assert path.stat().st_size <= PICTURE_AT_MOST
        with Image.open(path) as picture:
            assert picture.size == (360, 320)

    def test_no_picture_lies_there_unshown(self):
        shown = {guide.picture for guide in GUIDES}
        assert {f"panduan/{path.name}" for path in (ROOT / "static/panduan").iterdir()} == shown


class TestSearch:
    @pytest.mark.parametrize(
        ("asked", "first"),
        [
            ("sandi", "masuk"),
            ("LUPA password", "masuk"),
            ("offline", "tanpa-sinyal"),
            ("hitung kas selisih", "hitung-kas"),
            ("triwulan tenggat", "periksa-ajukan"),
        ],
    )
    def test_a_guide_is_found_by_the_words_that_people_use(self, asked, first):
        assert find(asked)[0].slug == first

    def test_nothing_asked_shows_all_and_nothing_found_says_so(self, client, db):
        assert len(client.get(reverse("help")).context["guides"]) == 12
        text = client.get(reverse("help"), {"q": "<b>zakat"}).content.decode()
        assert "Tidak ada panduan tentang “&lt;b&gt;zakat”" in text

    def test_a_sentence_is_text_but_for_its_bold_words(self):
        assert bolded("Tekan **Periksa & ajukan** <i>") == "Tekan <b>Periksa &amp; ajukan</b> &lt;i&gt;"


class TestWhomToCall:
    def test_the_number_stands_on_pages_errors_login_and_admin(self, phone, client, operator, regency_admin, as_user):
        assert PHONE in client.get(reverse("login")).content.decode()
        assert PHONE in client.get(reverse("help")).content.decode()
        assert PHONE in client.get(reverse("offline-shell")).content.decode()
        own = as_user(operator)
        for url in ("/", reverse("member-list"), reverse("password"), "/tidak-ada/", reverse("report-send")):
            assert PHONE in own.get(url).content.decode()
        assert PHONE in as_user(regency_admin).get(reverse("admin:index")).content.decode()

    @pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500", "accounts/locked"])
    def test_a_page_of_an_error_has_it_without_a_request(self, name, phone):
        assert PHONE in render_to_string(f"{name}.html")

    def test_without_a_number_nothing_empty_is_shown(self, client, db):
        text = client.get(reverse("help")).content.decode()
        assert "WA TP PKK" not in text
        assert "wa.me" not in text
        assert "wa.me" not in render_to_string("500.html")


class TestProblem:
    def test_the_message_names_page_number_and_version_and_nobody(self):
        token = history.request_id.set(UUID("12345678-0000-4000-8000-000000000000"))
        try:
            text = problem_text("/anggota/417/")
        finally:
            history.request_id.reset(token)
        assert text == (
            "Laporan masalah Portal UP2K.\nHalaman: /anggota/…/\nNomor: 12345678\nVersi: 2026.11\nYang terjadi: "
        )

    def test_what_somebody_searched_for_stays_out_of_it(self, phone, group, operator, as_user):
        member = build.member(group, name="Norhasanah")
        came_from = f"{member.get_absolute_url()}?q=Norhasanah"
        page = as_user(operator).get(reverse("help"), {"dari": came_from})
        url = unquote(page.context["problem_url"])
        assert url.startswith("https://wa.me/6281200006308?text=Laporan masalah Portal UP2K.")
        assert "Halaman: /anggota/…/\n" in url
        assert "Norhasanah" not in url
        assert operator.name not in url
        assert operator.username not in url

    def test_the_page_of_a_fault_carries_the_number_of_its_request(self, phone):
        token = history.request_id.set(UUID("12345678-0000-4000-8000-000000000000"))
        try:
            text = render_to_string("500.html")
        finally:
            history.request_id.reset(token)
        assert "nomor 12345678" in text
        assert "Nomor%3A%2012345678" in text
