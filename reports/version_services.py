"""How an official form gets a new version: kept, looked at with real figures, put in force."""

from datetime import date
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reports.edition import Edition
from reports.forms import Layout, layout
from reports.forms.schema import problems
from reports.models import FormVersion, Sending
from reports.periods import parse_period
from reports.rows import Child, GroupRow, Report
from reports.workbook.book import write_one
from reports.workbook.sheets import FORMS
from up2k_portal.lib.dates import format_day
from villages.models import Regency

# The forms that may get another version; their rows are what the portal fills for the shipped layouts.
REPLACEABLE = ("r-1", "r-2", "r-3", "r-4", "r-5", "r-6a", "r-6b", "rekap-kec", "kelengkapan", "4.22")
VARIANTS = {"4.22": ("4.22-v",)}  # shipped layouts that may stand in for a form


def filled_keys(form: str) -> set[str]:
    """The keys of the columns that the portal fills or knows for a form."""
    codes = (form, *VARIANTS.get(form, ()))
    return {column["key"] for code in codes for column in layout(code)["columns"]}


@transaction.atomic
def add_version(
    *, regency: Regency, form: str, content: Any, valid_from: date, note: str = "", by: User
) -> FormVersion:
    """Keeps a new layout, not yet in force. The same version sent twice is one row.

    Raises ValidationError for a form that cannot be replaced, a layout that cannot be printed (a sentence for each
    problem), a version that exists, and a first day that lies in a period already sent to the province.
    """
    if form not in REPLACEABLE:
        raise ValidationError({"form": f"Formulir ini tidak dapat diganti. Yang dapat: {', '.join(REPLACEABLE)}."})
    if same := _kept(regency, form, content, valid_from):
        return same
    wrong = problems(content, filled_keys(form))
    if wrong:
        raise ValidationError({"file": wrong[:10]})
    _try(form, content)
    _check_day(regency, valid_from)
    facts = {"form": form, "version": content["version"][:40], "valid_from": valid_from, "layout": content}
    row = FormVersion(regency=regency, note=note, added_by=by, **facts)
    row.full_clean()
    row.save()
    return row


def _kept(regency: Regency, form: str, content: Any, valid_from: date) -> FormVersion | None:
    """The row of the same version sent twice."""
    version = str(content.get("version"))[:40] if isinstance(content, dict) else ""
    row = FormVersion.objects.filter(regency=regency, form=form, version=version, valid_from=valid_from).first()
    return row if row and row.layout == content else None


def use_variant(*, regency: Regency, form: str, variant: str, valid_from: date, by: User) -> FormVersion:
    """Another shipped layout in place of a form, as a version like any other: previewed before it is in force."""
    if variant != form and variant not in VARIANTS.get(form, ()):
        raise ValidationError({"variant": "Varian ini tidak ada untuk formulir itu."})
    content = dict(layout(variant))
    count = FormVersion.objects.filter(regency=regency, form=form, version__startswith=content["version"]).count()
    content["version"] += f" ({count + 1})" if count else ""
    return add_version(regency=regency, form=form, content=content, valid_from=valid_from, by=by)


def note_preview(row: FormVersion) -> None:
    """Someone has seen the version with real figures."""
    FormVersion.objects.filter(pk=row.pk, previewed_at=None).update(previewed_at=timezone.now())


@transaction.atomic
def put_in_force(*, version: FormVersion, by: User) -> FormVersion:
    """From its first day on the version prints. Twice is once.

    Raises ValidationError before it was previewed, and where its first day lies in a period already sent.
    """
    row = FormVersion.objects.select_for_update().get(pk=version.pk)
    if row.is_in_force:
        return row
    if row.previewed_at is None:
        raise ValidationError("Lihat dulu versi ini dengan angka periode lalu: unduh pratinjaunya.")
    _check_day(row.regency, row.valid_from)
    row.in_force_at, row.in_force_by = timezone.now(), by
    row.save()
    return row


def _check_day(regency: Regency, valid_from: date) -> None:
    """What was sent must be rebuilt with the same cells, so a new form begins after the last period sent."""
    codes = Sending.objects.filter(regency=regency).order_by().values_list("period", flat=True).distinct()
    sent = [parse_period(code).last for code in codes]
    if sent and valid_from <= max(sent):
        raise ValidationError(
            {"valid_from": f"Laporan sampai {format_day(max(sent))} sudah dikirim ke provinsi. Pilih hari sesudahnya."}
        )


def _try(form: str, content: Layout) -> None:
    """Prints the layout once with invented rows: what no rule foresaw is refused here, not on the day of sending."""
    try:
        write_one(FORMS[form], _sample(), BytesIO(), Edition(layout=lambda code: content))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        words = f"Susunan ini tidak dapat dicetak ({str(error)[:80]}). Mulai dari susunan versi yang berlaku."
        raise ValidationError({"file": words}) from error


def _sample() -> Report:
    period = parse_period("2026-TW4")
    codes = ("63.08.01", "63.08.02")
    places: list[dict[str, Any]] = [
        {"village_code": f"{code}.2001", "village_label": "A", "village_kind": "desa", "district_code": code,
         "district_name": "B", "regency_code": "63.08", "regency_name": "C", "group_name": "D"}
        for code in codes
    ]  # fmt: skip
    return Report(
        area_code="63.08", area_name="C", area_level="kabupaten", province_name="E", period=period,
        groups=tuple(GroupRow(**place) for place in places), children=tuple(Child(code, "B", 1) for code in codes),
        made_at="F", made_by="G", place="H", signed_on=period.last,
    )  # fmt: skip
