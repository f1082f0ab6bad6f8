"""The page of a group's opening: what its old book had on both sides, and by how much they differ."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts import history
from accounts.attachments.carriers import place_of
from accounts.attachments.models import Attachment
from accounts.attachments.section import files_of
from loans import opening, opening_services
from loans.chart import CHART
from loans.models import Opening, OpeningLine
from up2k_portal.lib import xlsx
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, format_moment
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import Link, RecordView
from up2k_portal.lib.xlsx_shell import NUMBER, Column, Sheet
from villages.models import Group

Kind = OpeningLine.Kind
PLACES = ("village__district__regency",)
# The parts of the page: heading, kinds, (words of the link, URL name), what it says while empty.
PARTS = (
    (
        "Kas, bank dan barang",
        (Kind.CASH, Kind.BANK, Kind.STOCK, Kind.GOODS),
        ("Isi angka", "opening-figures"),
        "Belum diisi: uang kas, bank, persediaan, inventaris.",
    ),
    (
        "Pinjaman berjalan",
        (Kind.LOAN, Kind.ALLOWANCE),
        ("Tambah pinjaman", "opening-loan-add"),
        "Belum ada pinjaman yang masih berjalan.",
    ),
    (
        "Simpanan dan titipan anggota",
        OpeningLine.OF_MEMBER,
        ("Isi simpanan", "opening-savings"),
        "Belum ada simpanan anggota.",
    ),
    ("Modal", (Kind.CAPITAL,), ("Tambah modal", "opening-capital-add"), "Belum ada modal menurut sumbernya."),
    (
        "Dana, cadangan dan SHU",
        (Kind.SOCIAL_FUND, Kind.RESERVE, Kind.SURPLUS_TO_SHARE, Kind.SURPLUS, Kind.LOSS),
        ("Isi angka", "opening-figures"),
        "Belum diisi: dana sosial, cadangan, SHU.",
    ),
)
COLUMNS = [
    Column("Pos"), Column("Milik"), Column("Rincian"), Column("Halaman buku lama"), Column("Akun"),
    Column("Harta (Rp)", NUMBER, total=True), Column("Simpanan, utang dan modal (Rp)", NUMBER, total=True),
]  # fmt: skip


@dataclass
class Row:
    """A line of the page: one figure, or what one member saved, with its photos."""

    name: str
    words: str
    amount: int
    photos: list[Attachment] = field(default_factory=list)
    url: str = ""
    photo_url: str = ""
    remove_url: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row]
    amount: int
    add: Link | None
    empty: str


class OpeningView(RecordView):
    """What the old book had, both sides and their difference; as a check list in Excel with `?format=xlsx`."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/opening.html"

    def rows(self):
        return self.open().select_related(*PLACES)

    def get(self, request, pk):
        self.object = group = get_object_or_404(self.rows(), pk=pk)
        self.opening = self.visible(Opening).filter(group=group).select_related("opened_by", "started_by").first()
        self.may_record = self.access.may_in(Action.RECORD_MONEY, group.village)
        if self.opening is None:
            return render(request, "loans/opening_none.html", {"object": group, **self.about()})
        self.lines = list(lines_of(self.visible(OpeningLine), self.opening))
        if request.GET.get("format") == "xlsx":
            return self.as_xlsx()
        return render(request, self.template_name, {"object": group, **self.context()})

    def about(self) -> dict:
        group = self.object
        return {
            "title": "Saldo awal",
            "subtitle": f"{group}, {group.village.label}",
            "back_url": group.get_absolute_url(),
            "may_record": self.may_record,
            "may_take_back": self.access.may_in(Action.APPROVE_LOANS, group.village),
        }

    def context(self):
        figures = [line.figure for line in self.lines]
        totals = opening.totals(figures)
        return self.about() | {
            "opening": self.opening,
            "is_draft": self.opening.opened_at is None,
            "totals": totals,
            "size": abs(totals.difference),
            "words": opening.difference_words(totals.difference),
            "hint": opening.what_to_look_for(figures),
            "parts": [self.part(*one) for one in PARTS],
            "files": files_of(self, self.opening)[1],
            "changes": history.changes_of(self.opening, self.access),
        }

    def part(self, title: str, kinds: Sequence[str], add: tuple[str, str], empty: str) -> Part:
        lines = [line for line in self.lines if line.kind in kinds]
        amount = sum(signed(line) for line in lines) * (1 if kinds[0] in opening.DEBIT_KINDS else -1)
        by_member = kinds == OpeningLine.OF_MEMBER
        rows = self.member_rows(lines) if by_member else [self.row(line) for line in lines]
        link = Link(add[0], reverse(add[1], args=[self.object.pk])) if self.may_change else None
        return Part(title, rows, amount, link, empty)

    def row(self, line: OpeningLine) -> Row:
        is_own = line.kind in OpeningLine.SINGLE
        return Row(
            name=line.get_kind_display() if is_own else line.whose,
            words=words_of(line),
            amount=line.amount,
            photos=self.photos[line.pk],
            url=self.url_of(line),
            photo_url=self.photo_url(line),
            remove_url=reverse("opening-line-remove", args=[line.pk]) if self.may_change and not is_own else "",
        )

    def member_rows(self, lines: Sequence[OpeningLine]) -> list[Row]:
        """One row a member: what she saved of each kind, and the photos of all."""
        rows: dict[int, Row] = {}
        for line in lines:
            if line.member_id not in rows:
                url = line.member.get_absolute_url()
                rows[line.member_id] = Row(line.whose, "", 0, url=url, photo_url=self.photo_url(line))
            row = rows[line.member_id]
            kind = line.get_kind_display().removeprefix("Simpanan ")
            row.words += f"{', ' if row.words else ''}{kind} {format_rupiah(line.amount, symbol=False)}"
            row.words += f" ({line.note})" if line.note else ""
            row.amount += line.amount
            row.photos = row.photos + self.photos[line.pk]
        return sorted(rows.values(), key=lambda row: row.name)

    @property
    def may_change(self) -> bool:
        return self.may_record and self.opening.opened_at is None

    def url_of(self, line: OpeningLine) -> str:
        """Where the figure is changed; opened, the loan or the voucher that came of it."""
        if self.may_change:
            return reverse("opening-line-edit", args=[line.pk])
        made = line.loan or line.voucher
        return made.get_absolute_url() if made else ""

    def photo_url(self, line: OpeningLine) -> str:
        return reverse("file-add", args=[place_of(line)]) if self.may_record else ""

    @property
    def photos(self) -> dict[int, list[Attachment]]:
        """The photos of every figure by its key, in one query."""
        if not hasattr(self, "_photos"):
            self._photos = defaultdict(list)
            label = OpeningLine._meta.label_lower
            keys = [line.pk for line in self.lines]
            for photo in self.visible(Attachment).present().filter(model=label, object_id__in=keys).order_by("pk"):
                self._photos[photo.object_id].append(photo)
        return self._photos

    def as_xlsx(self):
        group, day = self.object, self.opening.on
        rows = [sheet_row(line) for line in self.lines]
        made = f"Dibuat {format_moment(timezone.now())} oleh {self.request.user.name}"
        title = f"Saldo awal {group} per {format_day(day)}"
        return xlsx.download(Sheet(title, made, COLUMNS, rows), f"saldo-awal-{day:%Y%m%d}.xlsx")


def lines_of(rows, draft: Opening):
    """The figures in the order of the page."""
    places = {kind: at for at, kind in enumerate(kind for _, kinds, _, _ in PARTS for kind in kinds)}
    lines = rows.filter(opening=draft).select_related(*opening_services.RELATED)
    return sorted(lines, key=lambda line: (places[line.kind], line.pk))


def signed(line: OpeningLine) -> int:
    return line.amount if line.kind in opening.DEBIT_KINDS else -line.amount


def words_of(line: OpeningLine) -> str:
    told = []
    if line.kind == Kind.LOAN:
        told = [
            f"cair {format_day(line.disbursed_on)}, pokok semula {format_rupiah(line.principal)}",
            f"sisa jasa {format_rupiah(line.service_fee_left)}",
            line.purpose,
        ]
    elif line.kind == Kind.CAPITAL:
        told = [line.get_nature_display()]
    elif line.kind in (Kind.ALLOWANCE, Kind.LOSS):
        told = ["mengurangi harta" if line.kind == Kind.ALLOWANCE else "mengurangi modal"]
    return ", ".join(filter(None, [*told, line.note]))


def sheet_row(line: OpeningLine) -> list:
    """The allowance lessens the assets, a loss the equity, as the page adds them."""
    code = opening.account_of(line.kind, line.nature)
    is_asset = CHART[code].side.grows_by_debit
    amount = signed(line) if is_asset else -signed(line)
    about = words_of(line).removesuffix(line.note).removesuffix(", ") if line.note else words_of(line)
    account = f"{code} {CHART[code].name}"
    both = [amount, None] if is_asset else [None, amount]
    return [line.get_kind_display(), line.whose, about, line.note, account, *both]
