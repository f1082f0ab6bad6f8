"""Cetak & Unduh: the books of a group on screen, on paper and as Excel."""

from io import BytesIO
from urllib.parse import urlencode
from zipfile import ZIP_STORED, ZipFile

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.attachments.contents import size_words
from loans.messages import dues_message, wa_share_url
from loans.models import Entry
from reports.books import catalogue, excel, grid
from reports.books.page import Book
from reports.books.spans import DAY, NAMES, Span, of_day, of_period, parse_span
from reports.forms import layout
from reports.periods import recent_periods, running_periods
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Page
from up2k_portal.lib.xlsx import CONTENT_TYPE
from villages.models import Group

PAPERS = ("F4", "A4")
DUES = "tagihan"
# Papers of one loan or one receipt: the page to choose from, its title, and what it offers.
OF_ONE = (
    ("book-loans", "Kartu Angsuran dan Surat Perjanjian", "Dipilih per pinjaman; F4, A4, atau Excel"),
    ("book-receipts", "Kuitansi", "Dipilih per setoran; A5, struk 58 mm, atau Excel"),
)


class GroupPage(Page):
    action = Action.SEE_PEOPLE
    model = Group

    def group(self, pk: int) -> Group:
        return get_object_or_404(self.visible().select_related("village__district__regency"), pk=pk)


class BookList(GroupPage):
    """One page with every book: what it is for, its paper, and where to print or download it."""

    def get(self, request, pk):
        group = self.group(pk)
        sections = [(title, [_offer(group, book) for book in books]) for title, books in catalogue.SECTIONS]
        papers = [(title, hint, reverse(name, args=[group.pk])) for name, title, hint in OF_ONE]
        context = {"title": "Cetak & unduh", "object": group, "sections": sections, "papers": papers}
        return render(request, "reports/books.html", context)


class BookSizes(GroupPage):
    """How much each workbook weighs, as pieces that htmx puts beside the names: asked after the page has come, for
    they must be written to be weighed."""

    def get(self, request, pk):
        group = self.group(pk)
        latest = self.visible(Entry).filter(group=group).order_by("-pk").values_list("pk", flat=True).first()
        sizes = sizes_of(group, latest)
        told = [(code, size_words(size)) for code, size in sizes.items()]
        context = {"object": group, "sizes": told, "whole": size_words(sum(sizes.values()))}
        return render(request, "reports/book_sizes.html", context)


class BookBundle(GroupPage):
    """Every book of a group by its usual span, in one file to keep or to send on."""

    def get(self, request, pk):
        group, content = self.group(pk), BytesIO()
        with ZipFile(content, "w", ZIP_STORED) as bundle:  # a workbook is compressed already
            for book in catalogue.BOOKS.values():
                span = usual_span(book)
                bundle.writestr(f"{_file_name(book, group, span)}.xlsx", written(book, group, span, request.user.name))
        name = f"buku_{group.village.code}_{today():%Y-%m}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content.getvalue(), content_type="application/zip", headers=headers)


class BookView(GroupPage):
    """One book of a group and a span, on screen and for the printer; `?format=xlsx` gives the workbook."""

    def get(self, request, pk, code):
        group = self.group(pk)
        book = catalogue.BOOKS.get(code)
        if book is None:
            raise Http404("Buku ini tidak ada. Pilih dari halaman Cetak & unduh.")
        try:
            span, paper = _span(book, request.GET.get("periode", "")), _paper(request.GET.get("kertas", PAPERS[0]))
        except ValueError as error:
            back_url = reverse("book", args=[group.pk, code])
            context = {"sentence": str(error), "book": book, "back_url": back_url}
            return render(request, "reports/book_refused.html", context, status=400)
        pages = book.pages(group, span)
        if request.GET.get("format") == "xlsx":
            return self.workbook(book, span, group, pages, paper)
        sheets = [grid.sheet_of(page) for page in pages]
        context = {
            "title": f"{book.title} {span.name}",
            "book": book,
            "sheets": sheets,
            "paper": paper,
            "page_class": f"buku {paper.lower()}-{'lebar' if sheets[0].is_landscape else 'tegak'}",
            "spans": [(one, one.code == span.code) for one in _choices(book, span)],
            "papers": [(one, _query(periode=span.code, kertas=one)) for one in PAPERS if one != paper],
            "xlsx_url": _query(periode=span.code, kertas=paper, format="xlsx"),
            "share_url": _share_url(book, group, span, pages),
            "back_url": reverse("books", args=[group.pk]),
        }
        return render(request, "reports/book.html", context)

    def workbook(self, book: Book, span: Span, group: Group, pages, paper: str):
        content = BytesIO()
        excel.save(pages, content, paper=paper, made_by=self.request.user.name)
        return workbook(content.getvalue(), _file_name(book, group, span))


def written(book: Book, group: Group, span: Span, made_by: str) -> bytes:
    """The workbook of a book and a span, for F4."""
    content = BytesIO()
    excel.save(book.pages(group, span), content, paper=PAPERS[0], made_by=made_by)
    return content.getvalue()


def sizes_of(group: Group, latest: int | None) -> dict[str, int]:
    """Bytes of each book's workbook by its usual span; kept until the group's `latest` entry or the day changes."""
    key = f"book-sizes-{group.pk}-{latest}-{today()}"
    sizes = cache.get(key)
    if sizes is None:
        sizes = {code: len(written(book, group, usual_span(book), "")) for code, book in catalogue.BOOKS.items()}
        cache.set(key, sizes)
    return sizes


def _share_url(book: Book, group: Group, span: Span, pages) -> str:
    """The list of dues goes to the group before its meeting; the other books hold too much of everyone."""
    if book.code != DUES:
        return ""
    dues = [(row["nama"], row["jumlah"]) for page in pages for block in page.blocks for row in block.rows]
    return wa_share_url(dues_message(group, span.last, dues))


def _file_name(book: Book, group: Group, span: Span) -> str:
    return f"{book.code}_{group.village.code}_{span.code}"


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to download; `name` without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


def refused_paper(request, name: str, paper: str) -> HttpResponse:
    """The page for a paper that no printer here has; `name` is what was to be printed."""
    sentence = f"Kertas “{paper[:10]}” tidak ada. Pilih F4 atau A4."
    context = {"name": name, "sentence": sentence, "back_url": request.path}
    return render(request, "reports/paper_refused.html", context, status=400)


def _offer(group: Group, book: Book) -> dict:
    span = usual_span(book)
    url = reverse("book", args=[group.pk, book.code])
    form = layout(book.form)
    return {
        "book": book,
        "span": span,
        "url": f"{url}{_query(periode=span.code)}",
        "xlsx_url": f"{url}{_query(periode=span.code, format='xlsx')}",
        "paper": f"F4 {'mendatar' if form['orientation'] == 'landscape' else 'tegak'}",
        "kept_by": ", ".join(NAMES[months] for months in book.spans),
    }


def usual_span(book: Book) -> Span:
    """What one wants first: the running month or year, or today."""
    if book.spans[0] == DAY:
        return of_day(today())
    return of_period(next(one for one in running_periods(today()) if one.months_count == book.spans[0]))


def _span(book: Book, code: str) -> Span:
    if not code:
        return usual_span(book)
    span = parse_span(code)
    if span.months not in book.spans:
        raise ValueError(f"{book.title} dibuat per {' atau '.join(NAMES[months] for months in book.spans)}.")
    if span.first > today():
        raise ValueError(f"{span.name} belum datang. Pilih yang sudah atau sedang berjalan.")
    return span


def _paper(name: str) -> str:
    if name not in PAPERS:
        raise ValueError(f"Kertas “{name[:10]}” tidak ada. Pilih F4 atau A4.")
    return name


def _choices(book: Book, chosen: Span) -> list[Span]:
    """Spans to choose from, the running ones first; always with the chosen one."""
    if book.spans[0] == DAY:
        return [chosen]
    periods = [*running_periods(today()), *recent_periods(today())]
    spans = [of_period(one) for months in book.spans for one in periods if one.months_count == months]
    return spans if chosen in spans else [chosen, *spans]


def _query(**values: str) -> str:
    return f"?{urlencode(values)}"
