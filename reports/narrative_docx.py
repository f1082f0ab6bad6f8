"""A narrative as a Word document (.docx): F4, headings, paragraphs, one table, signatures, page numbers. Pure.

Written part by part: five small XML files say all that such a letter needs, and the same document gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reports.forms import layout
from reports.narrative_words import FORM, TABLE, Document
from up2k_portal.lib.xlsx_shell import ILLEGAL

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of every part, so that equal documents are equal files
BUILT_IN = {"Heading1": "heading 1", "Footer": "footer"}  # as Word calls them: its navigation lists headings
PAPER_MM = (215, 330)
WIDTH_MM = 170  # between the margins
FIRST_COLUMNS_MM = (9, 45)  # number and name; the counts share the rest


def write_docx(document: Document, target: IO[bytes]) -> None:
    """Writes the document to a binary stream."""
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(("styles", "styles.xml"), ("footer", "footer1.xml")),
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _footer(document.basis),
        "word/document.xml": _body(document),
    }
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(ZipInfo(name, _LONG_AGO), f"{_HEAD}{content}", ZIP_DEFLATED)


def _body(document: Document) -> str:
    inner = [_paragraph(line, "Title") for line in document.title]
    for section in document.sections:
        inner.append(_paragraph(section.heading, "Heading1"))
        inner += [_table(document) if text == TABLE else _paragraph(text) for text in section.paragraphs]
    inner += [_paragraph(""), _signatures(document.left, document.right), _paragraph(""), _section()]
    return f'<w:document {_W} xmlns:r="{_R}"><w:body>{"".join(inner)}</w:body></w:document>'


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(ILLEGAL.sub("", words))}</w:t></w:r>'


def _paragraph(words: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{_text(words) if words else ''}</w:p>"


def _table(document: Document) -> str:
    share = (WIDTH_MM - sum(FIRST_COLUMNS_MM)) / (len(document.head) - 2)
    widths = [*FIRST_COLUMNS_MM, *[share] * (len(document.head) - 2)]
    head = _row(document.head, widths, ["CellHead"] * len(widths), repeats=True)
    looks = ["Cell", "Cell", *["CellCount"] * (len(widths) - 2)]
    rows = "".join(_row(row, widths, looks) for row in document.rows)
    return f"<w:tbl>{_table_look(True)}{_grid(widths)}{head}{rows}</w:tbl>{_paragraph('')}"


def _signatures(left: Sequence[str], right: Sequence[str]) -> str:
    """Two columns without lines; room to sign above the names."""
    widths = [WIDTH_MM / 2, WIDTH_MM / 2]
    pairs = list(zip(left, right, strict=True))
    rows = [*pairs[:2], ("", ""), ("", ""), ("", ""), *pairs[2:]]
    inner = "".join(_row(row, widths, ["Signature", "Signature"]) for row in rows)
    return f"<w:tbl>{_table_look(False)}{_grid(widths)}{inner}</w:tbl>"


def _table_look(has_lines: bool) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>' for side in sides)
    return (
        f'<w:tblPr><w:tblW w:w="{_twips(WIDTH_MM)}" w:type="dxa"/>'
        f"{f'<w:tblBorders>{lines}</w:tblBorders>' if has_lines else ''}"
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )


def _grid(widths: Iterable[float]) -> str:
    columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def _row(texts: Sequence[str], widths: Sequence[float], looks: Sequence[str], *, repeats: bool = False) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>{_paragraph(text, look)}</w:tc>'
        for text, width, look in zip(texts, widths, looks, strict=True)
    )
    look = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if repeats else ''}</w:trPr>"
    return f"<w:tr>{look}{cells}</w:tr>"


def _section() -> str:
    margins = layout(FORM)["margins_mm"]
    sides = " ".join(f'w:{side}="{_twips(width)}"' for side, width in margins.items())
    wide, high = map(_twips, PAPER_MM)
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="r2"/><w:pgSz w:w="{wide}" w:h="{high}"/>'
        f'<w:pgMar {sides} w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _footer(words: str) -> str:
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    page += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    look = '<w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    return f"<w:ftr {_W}><w:p>{look}{_text(f'{words} Halaman ')}{page}</w:p></w:ftr>"


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _style(name: str, look: str, letters: str = "", *, is_default: bool = False) -> str:
    default = ' w:default="1"' if is_default else ""
    based = "" if is_default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{BUILT_IN.get(name, name)}"/>{based}'
        f"<w:pPr>{look}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


_STYLES = (
    f"<w:styles {_W}>"
    + '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/>'
    + '<w:lang w:val="id-ID"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("Normal", _spacing(0, 120) + '<w:jc w:val="both"/>', is_default=True)
    + _style("Title", _spacing(0, 0) + '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="26"/>')
    + _style("Heading1", "<w:keepNext/>" + _spacing(240, 80) + '<w:outlineLvl w:val="0"/>', "<w:b/>")
    + _style("Cell", _spacing(20, 20) + '<w:jc w:val="left"/>', '<w:sz w:val="17"/>')
    + _style("CellCount", _spacing(20, 20) + '<w:jc w:val="right"/>', '<w:sz w:val="17"/>')
    + _style("CellHead", _spacing(20, 20) + '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="16"/>')
    + _style("Signature", "<w:keepNext/>" + _spacing(0, 0) + '<w:jc w:val="center"/>')
    + _style("Footer", '<w:jc w:val="right"/>', '<w:i/><w:sz w:val="16"/>')
    + "</w:styles>"
)
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_MAIN}.footer+xml"/>'
    "</Types>"
)
