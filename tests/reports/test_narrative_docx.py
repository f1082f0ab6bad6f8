"""The narrative as a Word document: every paragraph, the table, and the same bytes twice."""

from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.urls import reverse

from reports.narrative_docx import write_docx
from reports.narrative_words import TABLE, Document, document_of
from tests.reports.build import random_standings, regency_groups, report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def document() -> Document:
    facts = report(groups=regency_groups(), standings=random_standings(), basis="approved")
    return document_of(facts, {"c": "Dinas <Koperasi> & UKM\x0b, 2 kali.\nBRI Amuntai."})


def written(document: Document) -> bytes:
    target = BytesIO()
    write_docx(document, target)
    return target.getvalue()


def root_of(content: bytes, part: str = "word/document.xml"):
    with ZipFile(BytesIO(content)) as package:
        return ElementTree.fromstring(package.read(part))


def text_of(element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def test_it_has_every_heading_and_paragraph_in_order(document):
    body = root_of(written(document)).find(f"{W}body")
    told = [text_of(one) for one in body.findall(f"{W}p") if text_of(one)]
    expected = list(document.title)
    for section in document.sections:
        expected += [section.heading, *(one for one in section.paragraphs if one != TABLE)]
    assert told == [words.replace("\x0b", "") for words in expected]


def test_the_table_and_the_signers_stand_in_it(document):
    table, signers = root_of(written(document)).iter(f"{W}tbl")
    rows = [tuple(text_of(cell) for cell in row.iter(f"{W}tc")) for row in table.iter(f"{W}tr")]
    assert rows == [document.head, *document.rows]
    names = [tuple(text_of(cell) for cell in row.iter(f"{W}tc")) for row in signers.iter(f"{W}tr")]
    assert [one for one in names if any(one)] == list(zip(document.left, document.right, strict=True))


def test_its_paper_is_f4_and_its_foot_says_which_figures(document):
    size = next(root_of(written(document)).iter(f"{W}pgSz"))
    millimetres = [round(int(size.get(f"{W}{side}")) * 25.4 / 1440) for side in ("w", "h")]
    assert millimetres == [215, 330]
    assert text_of(root_of(written(document), "word/footer1.xml")).startswith(document.basis)


def test_the_same_document_gives_the_same_bytes(document):
    assert written(document) == written(document)


def test_it_is_handed_out_as_a_word_file(pandulangan, staff, as_user):
    answer = as_user(staff).get(reverse("narrative-file"), {"periode": "2026-S1"})
    assert answer["Content-Disposition"] == 'attachment; filename="laporan-naratif_63.08_2026-S1.docx"'
    assert text_of(root_of(answer.content)).startswith("LAPORAN PELAKSANAAN UP2K-PKK")
