"""The narrative report of an area: written by whoever carries its reports on, final, opened again with a reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import User
from reports.models import Narrative
from reports.narrative_words import Document, document_of, read_document, section_titles, starting_texts, unknown_braces
from reports.periods import QUARTER, Period
from reports.rows import Report, canonical
from reports.services import report_for
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.reasons import check_reason

MOST_LETTERS = 6_000  # of a section: some two pages
# Who writes for an area, by the length of its code: whoever carries its reports on.
WRITERS = {
    13: Action.SUBMIT_REPORTS,
    8: Action.VERIFY_REPORTS,
    5: Action.APPROVE_REPORTS,
    2: Action.APPROVE_REPORTS,
}
WRITER_WORDS = {
    13: "Naskah ini ditulis operator desa, atau kecamatan yang membantunya.",
    8: "Naskah ini ditulis TP PKK Kecamatan.",
    5: "Naskah ini ditulis petugas dan admin TP PKK Kabupaten.",
    2: "Akun provinsi hanya membaca di portal. TP PKK Provinsi mengunduh berkas Word, yang angkanya sudah terisi, lalu"
    " melengkapi kalimatnya di sana.",
}


def may_write(access: Access, area) -> bool:
    """Whether a person writes the narrative of this region."""
    return access.may_in(WRITERS[len(area.code)], area)


def writer_words(area_code: str) -> str:
    """Who writes the narrative of a region, for the readers who do not."""
    return WRITER_WORDS[len(area_code)]


def narrative_of(area_code: str, period: Period) -> Narrative:
    """What is kept of an area and a period; a new, unsaved one where nobody wrote yet."""
    found = Narrative.objects.filter(area_code=area_code, period=period.code).select_related("final_by").first()
    return found or Narrative(area_code=area_code, period=period.code)


def figures_of(area_code: str, period: Period, *, made_by: str, at: datetime) -> Report:
    """The approved figures; where nothing is approved yet the live ones, and the report says which.

    Raises ValidationError for a month: narratives are of a triwulan, a semester or a year.
    """
    if period.months_count < QUARTER:
        raise ValidationError("Laporan naratif disusun per triwulan, semester atau tahun.")
    of = partial(report_for, area_code=area_code, period=period, made_by=made_by, made_at=format_moment(at))
    try:
        report = of(basis="approved")
    except ValidationError:  # villages of this kabupaten report by the semester
        return of(basis="live")
    return report if any(one.is_agreed for one in report.standings) else of(basis="live")


def shown_document(narrative: Narrative, report: Callable[[], Report]) -> Document:
    """The frozen document of a final narrative, else its texts with the figures of the report."""
    return read_document(narrative.document) if narrative.document else document_of(report(), narrative.texts)


def texts_of(narrative: Narrative, report: Report) -> dict[str, str]:
    """The texts with their braces, as they are edited."""
    return starting_texts(report) | narrative.texts


def seen_of(narrative: Narrative) -> str:
    """The fingerprint of the texts that stood on a page: who saves names it, so that nobody overwrites another."""
    return sha256(canonical([narrative.texts, narrative.is_final]).encode()).hexdigest()


@transaction.atomic
def save_texts(*, area, period: Period, texts: Mapping[str, str], seen: str, by: User) -> Narrative:
    """Keeps the texts; the same once more changes nothing.

    Raises ValidationError at the section ("a" to "h") for a brace that nothing fills and for a text too long, and with
    code "conflict" when somebody else wrote since or it is final.
    """
    narrative = _locked(area, period, by)
    told = {key: texts.get(key, "").replace("\r\n", "\n").strip() for key in section_titles()}
    kept = {key: text for key, text in told.items() if text}
    if narrative.texts == kept and not narrative.is_final:
        return narrative
    _check_may_change(narrative, seen)
    _check_texts(kept)
    narrative.texts = kept
    return history.save(narrative, by=by)


@transaction.atomic
def make_final(*, area, period: Period, seen: str, by: User) -> Narrative:
    """Freezes the document with the approved figures of this moment. Twice is once.

    Raises ValidationError without approved reports, and with code "conflict" when the texts changed since.
    """
    narrative = _locked(area, period, by)
    if narrative.is_final:
        return narrative
    _check_may_change(narrative, seen)
    at = timezone.now()
    report = figures_of(area.code, period, made_by=by.name, at=at)
    if report.basis != "approved":
        raise ValidationError(f"Belum ada laporan {period.name} yang disetujui, jadi angkanya belum dapat dibekukan.")
    narrative.document = document_of(report, narrative.texts).as_json()
    narrative.final_by, narrative.final_at = by, at
    return history.save(narrative, by=by)


@transaction.atomic
def open_again(*, area, period: Period, reason: str, by: User) -> Narrative:
    """Figures follow the reports again. Raises ValidationError for a reason too short."""
    check_reason(reason, example="jumlah kegiatan dinas belum lengkap")
    narrative = _locked(area, period, by)
    if not narrative.is_final:
        return narrative
    narrative.document = narrative.final_by = narrative.final_at = None
    return history.save(narrative, by=by, reason=reason)


def _locked(area, period: Period, by: User) -> Narrative:
    if not may_write(by.access_on(today()), area):
        raise ValidationError("Laporan naratif wilayah ini disusun oleh pengurusnya sendiri.")
    row, _ = Narrative.objects.get_or_create(area_code=area.code, period=period.code)
    return Narrative.objects.select_for_update().get(pk=row.pk)


def _check_may_change(narrative: Narrative, seen: str) -> None:
    if narrative.is_final:
        raise ValidationError("Naskah ini sudah final. Buka lagi dulu, dengan alasan.", code="conflict")
    if seen_of(narrative) != seen:
        raise ValidationError(
            "Naskah ini sudah diubah orang lain sejak halaman dibuka. Salin tulisan Anda, muat ulang, lalu tulis lagi.",
            code="conflict",
        )


def _check_texts(texts: Mapping[str, str]) -> None:
    errors = {}
    for key, text in texts.items():
        if unknown := unknown_braces(text):
            errors[key] = f"{', '.join(unknown)} tidak dikenal. Pilih dari daftar angka di bawah formulir."
        elif len(text) > MOST_LETTERS:
            errors[key] = f"Terlalu panjang: {len(text)} huruf, paling banyak {MOST_LETTERS}."
    if errors:
        raise ValidationError(errors)
