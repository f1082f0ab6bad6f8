"""What keeps an uploaded layout from being printed, in words."""

from copy import deepcopy

import pytest

from reports.forms import layout
from reports.forms.schema import problems
from reports.version_services import REPLACEABLE, filled_keys


def changed(change, code="r-3"):
    found = deepcopy(layout(code))
    change(found)
    return problems(found, filled_keys(code))


@pytest.mark.parametrize("code", [*REPLACEABLE, "4.22-v"])
def test_every_shipped_layout_passes(code):
    assert problems(layout(code), filled_keys("4.22" if code == "4.22-v" else code)) == []


def column(name, /, **facts):
    def change(form):
        next(one for one in form["columns"] if one["key"] == name).update(facts)

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (column("rr", formula='=WEBSERVICE("x")'), "Kolom 17 (rr): rumus =WEBSERVICE"),
        (column("rr", formula="='[x.xlsx]A'!A1"), "Kolom 17 (rr): rumus ='[x.xlsx]A'!A1 tidak boleh."),
        (column("rr", formula="=G{r.__class__}"), "Kolom 17 (rr): rumus =G{r.__class__} tidak boleh."),
        (column("rr", formula="=G{t}/H{r}"), "Kolom 17 (rr): rumus =G{t}/H{r} tidak boleh."),
        (column("rr", total="=G{r}"), "Kolom 17 (rr): rumus =G{r} tidak boleh."),
        (column("rr", total="=SUM(G{f}:G{l})"), "subtotal_row harus mempunyai mean"),
        (lambda form: form["subtotal_row"].update(mean="=SUM({x})"), "subtotal_row: rumus mean tidak boleh"),
        (lambda form: form.update(repeat_rows="1:900"), "repeat_rows harus baris-baris di atas data."),
        (column("rr", total="=CMD(G{t})"), "Kolom 17 (rr): rumus =CMD(G{t}) tidak boleh."),
        (column("saldo", key="saldo_baru"), "Kolom 10 (saldo_baru): portal tidak mempunyai angka dengan key ini."),
        (column("saldo", key="target"), "Kolom 7 (target): key dipakai dua kali."),
        (column("saldo", letter="Z"), "Kolom 10 (saldo): n dan letter harus 10 dan J, berurutan."),
        (column("saldo", width="12"), "Kolom 10 (saldo): width harus angka di atas 2 dan paling besar 120."),
        (column("saldo", kind="besar"), "Kolom 10 (saldo): kind harus salah satu dari no, text, int"),
        (lambda form: form.pop("columns"), "Bagian columns tidak ada atau salah bentuk."),
        (lambda form: form.update(sheet="R/3"), "Nama lembar (sheet) harus 1 sampai 31 huruf"),
        (lambda form: form.update(paper="A0"), "Kertas harus F4 atau A4"),
        (lambda form: form.update(header_rows=[9, 6]), "Urutan baris harus: judul, spacer_row, header_rows"),
        (lambda form: form["merges"].append("A5:B6"), "Gabungan sel A5:B6 menimpa gabungan lain."),
        (lambda form: form["merges"].append("Y5:Z6"), "Gabungan sel Y5:Z6 keluar dari kepala tabel."),
        (lambda form: form["header_cells"].update(A40="NO"), "Sel kepala A40 keluar dari kepala tabel."),
        (lambda form: form["total_row"].update(merge="B5:C5"), "total_row harus mempunyai label dan merge"),
        (lambda form: form["signatures"].update(left=["x"]), "signatures harus mempunyai left dan right"),
        (lambda form: form.update(title_rows=[]), "title_rows harus memuat satu baris"),
        (lambda form: form.update(header_rows=["a", "b"]), "Susunannya salah bentuk"),
        (lambda form: form.update(kind="cells"), 'Bagian kind harus "table"'),
    ],
)
def test_what_is_wrong_is_said_and_what_would_be_right(change, sentence):
    found = changed(change)
    assert any(problem.startswith(sentence) for problem in found), found


@pytest.mark.parametrize("content", [None, [], "x", 5])
def test_what_is_no_object_is_no_layout(content):
    assert problems(content, set()) == ["Isi berkas harus satu objek JSON: { … }."]


def test_a_column_for_the_pen_may_be_new():
    assert changed(column("saldo", key="catatan_baru", source="manual")) == []
