"""For where a workbook counts: the village that its template, its sender or the page names; asked of `lib.access`."""

from django.core.exceptions import ValidationError

from accounts.models import User
from imports.kinds.base import Kind, Scope
from imports.reading import Found
from up2k_portal.lib.access import EVERYWHERE, Access
from up2k_portal.lib.dates import today
from villages.models import Village

OTHER_VILLAGE = "Templat ini milik desa lain, bukan wilayah Anda. Unduh templat desa Anda, lalu salin isinya."
NOT_YOURS = "Anda tidak berwenang mengimpor {} di sini. Minta bantuan TP PKK Kabupaten."


def scope_of(found: Found, *, by: User, access: Access, chosen: Village | None) -> Scope:
    """Raises ValidationError for another village's template, and where it is not clear or not allowed."""
    kind = found.kind
    if not access.may(kind.action):
        raise ValidationError(NOT_YOURS.format(kind.title.lower()))
    if kind.is_of_many:
        return Scope(access, by, area_of(access), None, today())
    village = _village(found, access, chosen)
    if not access.may_in(kind.action, village):
        raise ValidationError(NOT_YOURS.format(f"{kind.title.lower()} {village.label}"))
    return Scope(access, by, village.code, village, today())


def _village(found: Found, access: Access, chosen: Village | None) -> Village:
    rows = Village.objects.visible_to(access).select_related("district")
    if code := found.about.village:
        village = rows.filter(code=code).first()
        if village is None or (chosen and chosen.code != code):
            raise ValidationError(OTHER_VILLAGE)
        return village
    if chosen:
        return rows.get(pk=chosen.pk)
    if access.serves_one_village:
        return rows.get()
    raise ValidationError("Pilih desanya: berkas ini tidak menyebut untuk desa mana.")


def area_of(access: Access) -> str:
    """The area that a list of many villages belongs to: the sender's own, as far as it is one."""
    areas = sorted(access.areas - {EVERYWHERE})
    return areas[0] if areas else EVERYWHERE


def may_act(access: Access, kind: Kind, imported) -> bool:
    """Whether this person may save or take back this import."""
    if not access.may(kind.action):
        return False
    if imported.village is not None:
        return access.may_in(kind.action, imported.village)
    return EVERYWHERE in access.areas or access.covers(imported.area_code)
