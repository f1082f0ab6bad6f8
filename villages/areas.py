"""Region codes in words."""

from villages.models import District, Province, Regency, Village

_LEVELS = {2: Province, 5: Regency, 8: District, 13: Village}
_PARENT = {2: "", 5: "province", 8: "regency", 13: "district"}


def find_area(code: str):
    """The region with this code, None when there is none."""
    model = _LEVELS.get(len(code))
    parent = _PARENT.get(len(code))
    rows = model.objects.select_related(parent) if parent else model and model.objects
    return rows.filter(code=code).first() if rows is not None else None


def area_names(codes) -> list[tuple[str, str]]:
    """(name, what it lies in) of each code, in order of code; a code that no region has stands for itself."""
    return [_name(code) for code in sorted(codes)]


def _name(code: str) -> tuple[str, str]:
    region = find_area(code)
    if region is None:
        return ("Semua wilayah" if code == "*" else code, "")
    parent = getattr(region, _PARENT[len(code)]) if _PARENT[len(code)] else None
    return region.full_name, (parent.label if parent else "")
