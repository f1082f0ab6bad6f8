"""What people see of the look: figures in words, errors said the same twice, pages that stand alone."""

import gzip
import json
import re
import runpy
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import django_htmx
import pytest
from django import forms
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django_tables2 import RequestConfig

from up2k_portal.lib import ui
from up2k_portal.lib.forms import DayFormField, RupiahFormField
from up2k_portal.lib.tables import PortalTable, RupiahColumn, TextColumn

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


def build_script() -> dict:
    """The names of static/src/build.py: a script of developers, in no package."""
    return runpy.run_path(str(STATIC / "src/build.py"))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (ui.rupiah(1_250_000), "Rp1.250.000"),
        (ui.rupiah(None), "–"),
        (ui.number(-1_000), "−1.000"),
        (ui.number(None), "–"),
        (ui.terbilang(184_500), "seratus delapan puluh empat ribu lima ratus rupiah"),
        (ui.terbilang(None), ""),
        (ui.day(date(2026, 9, 24)), "24 September 2026"),
        (ui.day(None), "–"),
        (ui.day_short(date(2026, 8, 3)), "3 Agu 2026"),
        (ui.moment(datetime(2026, 9, 24, 2, 42, tzinfo=UTC)), "24 September 2026, 10.42 WITA"),
        (ui.nik_masked("6308035304932514"), "••••2514"),
        (ui.nik_masked(""), "belum ada NIK"),
        (ui.initials("Rahmah Aulia Sari"), "RA"),
        (ui.initials(""), ""),
        (ui.wa_url("0812-0000-6308"), "https://wa.me/6281200006308"),
    ],
)
def test_a_value_is_shown_as_pkk_writes_it(shown, expected):
    assert shown == expected


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0,0%"),
        (Decimal("4.55"), "4,6%"),
        (Decimal("4.54"), "4,5%"),
        (Fraction(100, 3), "33,3%"),
        (1234, "1.234,0%"),
        (Decimal("-0.25"), "−0,3%"),
        (Decimal("-0.04"), "0,0%"),
    ],
)
def test_a_percentage_has_one_decimal_comma(value, shown):
    assert ui.percent(value) == shown


def test_an_icon_beside_a_word_is_silent_and_an_icon_alone_is_named():
    assert 'aria-hidden="true"' in ui.icon("check")
    assert 'role="img" aria-label="hapus &quot;ini&quot;"' in ui.icon("x", 'hapus "ini"')


def test_a_status_is_word_icon_and_colour():
    assert ui.badge("dalam_perhatian") == (f'<span class="u-st warn">{ui.icon("clock")}Dalam perhatian</span>')


@pytest.mark.parametrize("status", ui.STATUSES)
def test_every_status_has_a_drawn_icon_and_a_styled_colour(status):
    _word, mark, css = ui.STATUSES[status]
    stylesheet = (STATIC / "up2k.css").read_text("utf-8")
    assert mark in ui.ICONS
    assert [name for name in css.split() if name != "mute" and f".{name}{{" not in stylesheet] == []


def test_no_status_shows_nothing_and_an_unknown_one_is_loud():
    assert ui.badge(None) == ""
    with pytest.raises(KeyError, match="lancr"):
        ui.badge("lancr")


class PaymentForm(forms.Form):
    amount = RupiahFormField(label="Jumlah dibayar", help_text="Sesuai tagihan.")
    on = DayFormField(label="Tanggal bayar")
    born_on = DayFormField(label="Tanggal lahir", required=False)
    how = forms.ChoiceField(label="Cara", widget=forms.RadioSelect, choices=[("t", "Tunai")])
    note = forms.CharField(label="Catatan", required=False)
    agreed = forms.BooleanField(label="Setuju")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def a_form(**data):
    form = PaymentForm(data or None, label_suffix="")
    form.fields["born_on"].widget.attrs["data-day"] = "far"
    return form


def field_html(form, name) -> str:
    return form[name].as_field_group()


def test_an_error_is_told_by_the_field_that_the_input_names():
    html = field_html(a_form(amount="abc"), "amount")
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["id_amount_helptext", "id_amount_error"]
    assert [f'id="{one}"' in html for one in described] == [True, True]
    assert 'aria-invalid="true"' in html


def test_the_summary_says_what_the_fields_say_and_leads_to_them():
    form = a_form(amount="abc", on="31-02-2026", how="t", agreed="on")
    summary = render_to_string("components/errors.html", {"form": form})
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    page = str(form)
    assert [target for target, _ in links] == ["id_amount", "id_on"]
    assert [page.count(f"<span>{words}</span>") for _, words in links] == [1, 1]
    assert "Ada 2 yang perlu diperbaiki" in summary


def test_a_form_without_errors_has_no_summary():
    form = a_form(amount="1", on="1-1-2026", how="t", agreed="on")
    assert render_to_string("components/errors.html", {"form": form}).strip() == ""


def test_what_may_stay_empty_says_so_and_nothing_has_an_asterisk():
    page = str(a_form())
    marked = [name for name in PaymentForm.base_fields if "(boleh dikosongkan)" in field_html(a_form(), name)]
    assert marked == ["born_on", "note", "key"]
    assert "*" not in page
    assert 'type="number"' not in page


def test_money_shows_its_rp_and_its_words():
    html = field_html(a_form(amount="50.000"), "amount")
    assert '<span class="pre">Rp</span>' in html
    assert ">lima puluh ribu rupiah</p>" in html


def test_an_unclear_amount_has_no_words():
    assert ui.typed_words(a_form(amount="50.00")["amount"]) == ""
    assert ui.typed_words(a_form()["amount"]) == ""


def test_today_and_yesterday_are_offered_for_a_near_day_only():
    assert 'data-days="id_on"' in field_html(a_form(), "on")
    assert "data-days" not in field_html(a_form(), "born_on")
    assert "misalnya 240926" in field_html(a_form(), "born_on")


def test_a_choice_is_a_group_with_a_legend_and_a_tick_is_inside_its_label():
    assert "<legend>Cara</legend>" in field_html(a_form(), "how")
    assert re.search(r'<label class="u-check"><input[^>]*><span>Setuju</span></label>', field_html(a_form(), "agreed"))


class MemberTable(PortalTable):
    name = TextColumn(verbose_name="Nama", linkify=lambda record: f"/anggota/{record['id']}/")
    poklak = TextColumn(verbose_name="Poklak")
    balance = RupiahColumn(verbose_name="Sisa pinjaman (Rp)", footer=lambda table: ui.number(1_150_000))
    standing = TextColumn(verbose_name="Kolektibilitas")

    def render_standing(self, value):
        return ui.badge(value)


ROWS = [
    {"id": 1, "name": "Aminah", "poklak": "Melati", "balance": 750_000, "standing": "lancar"},
    {"id": 2, "name": "<b>Barsiah", "poklak": None, "balance": 0, "standing": "macet"},
    {"id": 3, "name": "Ernawati", "poklak": "Melati", "balance": 400_000, "standing": "lancar"},
]


def listing(rows=ROWS, query="", **context) -> str:
    """A list page as the views render it, two rows a page."""
    request = RequestFactory().get(f"/anggota/?{query}")
    table = MemberTable(rows)
    RequestConfig(request, paginate={"per_page": 2, "silent": True}).configure(table)
    empty = {"title": "Belum ada anggota", "text": "Tambah dari buku.", "action": None}
    base = {"table": table, "title": "Anggota", "clear_url": "/anggota/", "empty": empty, "request": request}
    return get_template("layouts/listing.html").render(base | context)


def cells(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>", html)


def test_a_row_is_a_card_on_the_phone_with_its_amount_beside_the_name():
    first = cells(listing())[:3]
    assert first == [
        '<td class="" data-label="Poklak">',
        '<td class="num rp lead" data-label="Sisa pinjaman">',
        '<td class="bare" data-label="Kolektibilitas">',
    ]


def test_a_cell_with_nothing_in_it_is_marked_so():
    assert cells(listing())[3:5] == [
        '<td class="nil" data-label="Poklak">',
        '<td class="num rp nil lead" data-label="Sisa pinjaman">',
    ]


def test_the_first_cell_heads_its_row_and_links_to_the_record_with_what_people_typed_made_harmless():
    html = listing()
    assert '<th scope="row"><a href="/anggota/1/">Aminah</a></th>' in html
    assert '<th scope="row"><a href="/anggota/2/">&lt;b&gt;Barsiah</a></th>' in html


def test_a_column_of_class_lead_stands_before_the_first_of_numbers():
    class LoanTable(PortalTable):
        number = TextColumn(verbose_name="Nomor")
        count = RupiahColumn(verbose_name="Jumlah")
        rest = TextColumn(verbose_name="Sisa", attrs={"td": {"class": "lead"}})

    assert ui.lead_column(LoanTable([])) == "rest"
    assert ui.lead_column(MemberTable([])) == "balance"


def test_sorting_keeps_the_filter_and_starts_at_the_first_page():
    html = listing(query="q=a&sort=name&page=2")
    assert '<th scope="col" class="asc orderable" aria-sort="ascending">' in html
    assert 'id="urut-name" href="?q=a&amp;sort=-name"' in html
    assert '<input type="hidden" name="sort" value="name" form="saring">' in html


def test_paging_keeps_filter_and_order():
    html = listing(query="q=a&sort=name")
    assert 'rel="next" href="?q=a&amp;sort=name&amp;page=2"' in html
    assert 'rel="prev"' not in html


def test_the_sum_stands_below_its_column():
    assert re.search(r'<tfoot>.*data-label="Sisa pinjaman">1\.150\.000</td>', listing(), re.DOTALL)


def test_an_empty_list_says_what_will_stand_there():
    html = listing(rows=[])
    assert "Belum ada anggota" in html
    assert "Tambah dari buku." in html
    assert "<table" not in html


@pytest.mark.parametrize(
    ("query", "chips"), [("q=zz", []), ("status=x", [{"label": "Keadaan: keluar", "remove_url": "?"}])]
)
def test_a_search_without_hits_offers_to_clear_it(query, chips):
    html = listing(rows=[], query=query, chips=chips)
    assert "Tidak ada yang cocok" in html
    assert '<a class="btn" href="/anggota/">Hapus saringan</a>' in html
    assert "Belum ada anggota" not in html


def test_a_list_page_has_one_heading_and_its_table_is_what_htmx_takes():
    html = listing()
    assert html.count("<h1>") == 1
    assert html.count('id="listing"') == 1


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_request_and_says_what_to_do(code):
    html = get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1
    assert 'href="/">' in html
    assert "| Portal UP2K</title>" in html


def test_the_login_page_works_without_script_and_offers_one_button_a_role():
    roles = [SimpleNamespace(username="63.08", label="Staf", hint="melihat semua desa")]
    form = forms.Form()
    html = render_to_string(
        "accounts/login.html",
        {"form": form, "demo_roles": roles, "next": "/anggota/"},
        RequestFactory().get("/masuk/"),
    )
    assert re.findall(r'<form method="post"(?: action="([^"]*)")?', html) == ["", "/latihan/", "/masuk/contoh/"]
    assert '<input type="hidden" name="username" value="63.08">' in html
    assert '<input type="hidden" name="next" value="/anggota/">' in html
    assert "htmx" not in html.split("</head>")[1]


@pytest.mark.parametrize(
    ("kind", "css", "role"),
    [("success", "ok", "status"), ("error", "bad", "alert"), ("debug", "info", "status")],
)
def test_a_message_has_its_colour_and_an_error_is_read_at_once(kind, css, role):
    html = get_template("components/note.html").render(ui.note(kind, "Tersimpan."))
    assert f'<div class="u-note {css}" role="{role}">' in html


def test_the_stylesheet_is_what_its_parts_give():
    assert (STATIC / "up2k.css").read_text("utf-8") == build_script()["built"]()


def test_the_scripts_of_the_offline_work_are_what_their_parts_give():
    build = build_script()
    assert {target.name: target.read_text("utf-8") for target in build["SCRIPTS"]} == {
        target.name: build["script"](parts) for target, parts in build["SCRIPTS"].items()
    }


def test_what_every_page_loads_for_the_offline_work_weighs_at_most_8_and_a_half_kilobytes():
    assert len(gzip.compress((STATIC / "offline.js").read_bytes(), 9)) <= 8.5 * 1024


def test_the_files_from_npm_are_those_that_vendor_json_names():
    used = {build_script()["RESET"].parent, build_script()["IDB"].parent}
    for package in json.loads((STATIC / "vendor/vendor.json").read_text("utf-8")):
        folder = STATIC / "vendor" / f"{package['name']}-{package['version']}"
        assert sorted(path.name for path in folder.iterdir()) == sorted(Path(name).name for name in package["files"])
        used.remove(folder)
    assert used == set()


def test_style_and_scripts_of_an_operators_page_weigh_at_most_32_kilobytes():
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    files = (STATIC / "up2k.css", STATIC / "up2k.js", STATIC / "favicon.svg", htmx)
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= 32_000
