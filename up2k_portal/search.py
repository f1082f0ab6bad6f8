"""One box over villages, groups, members, enterprises, loans and receipts: what this person may see, nothing else."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse

from enterprises.models import Enterprise
from loans.models import Loan, Receipt
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Page
from villages.models import Group, Member, Village

SHOWN = 6  # rows a kind; the list behind has the rest
LEAST = 2  # letters: one letter finds everybody


@dataclass(frozen=True)
class Hit:
    name: str
    about: str
    url: str


@dataclass(frozen=True)
class Found:
    """The first hits of one kind, and the list that has all of them ("" where there is none)."""

    title: str
    hits: list[Hit]
    more_url: str


class Search(Page):
    action = Action.SEE_GROUPS

    def get(self, request):
        words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:60]
        found = [one for one in self.found(words) if one.hits] if len(words) >= LEAST else []
        return render(request, "search.html", {"title": "Cari", "q": words, "found": found, "least": LEAST})

    def found(self, words: str):
        for kind in (villages, groups, members, enterprises, loans, receipts):
            yield kind(self, words)


def villages(page: Page, words: str) -> Found:
    rows = page.visible(Village).filter(Q(name__icontains=words) | Q(code__startswith=words)).select_related("district")
    hits = [Hit(row.label, row.code, _list("group-list", row.name)) for row in rows[:SHOWN]]
    return Found("Desa/kelurahan", hits, "")


def groups(page: Page, words: str) -> Found:
    rows = page.visible(Group).filter(name__icontains=words).select_related("village__district")
    hits = [Hit(row.name, row.village.label, row.get_absolute_url()) for row in rows[:SHOWN]]
    return Found("Kelompok", hits, _list("group-list", words))


def members(page: Page, words: str) -> Found:
    is_nik_end = len(words) == 4 and words.isascii() and words.isdigit()
    asked = Q(nik__endswith=words) if is_nik_end else Q(name__icontains=words)
    rows = page.visible(Member).filter(asked).select_related("group", "village__district")
    hits = [Hit(row.name, f"{row.group}, {row.village.label}", row.get_absolute_url()) for row in rows[:SHOWN]]
    return Found("Anggota", hits, _list("member-list", words))


def enterprises(page: Page, words: str) -> Found:
    asked = Q(name__icontains=words) | Q(member__name__icontains=words) | Q(poklak__name__icontains=words)
    rows = page.visible(Enterprise).filter(asked).select_related("category", "village__district")
    hits = [Hit(row.name, f"{row.category}, {row.village.label}", row.get_absolute_url()) for row in rows[:SHOWN]]
    return Found("Usaha", hits, _list("enterprise-list", words))


def loans(page: Page, words: str) -> Found:
    asked = Q(number__icontains=words) | Q(member__name__icontains=words) | Q(poklak__name__icontains=words)
    rows = page.visible(Loan).filter(asked).select_related("member", "poklak", "village__district")
    hits = [Hit(f"{row.borrower}, {row.number}", row.village.label, row.get_absolute_url()) for row in rows[:SHOWN]]
    return Found("Pinjaman", hits, _list("loan-list", words))


def receipts(page: Page, words: str) -> Found:
    rows = page.visible(Receipt).filter(number__icontains=words)
    rows = rows.select_related("member", "poklak", "village__district")
    hits = [Hit(row.number, f"{row.payer}, {row.village.label}", row.get_absolute_url()) for row in rows[:SHOWN]]
    return Found("Angsuran", hits, _list("receipt-list", words))


def _list(name: str, words: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': words})}"
