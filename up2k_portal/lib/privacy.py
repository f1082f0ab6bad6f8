"""How the numbers of persons are shown where the whole number has no business."""


def mask_number(number: str | None) -> str:
    """••••2514: the last four digits of a NIK or KK number, all that lists, history and prints show."""
    return f"••••{number[-4:]}" if number else ""


def mask_name(name: str) -> str:
    """Norhasanah Aini → Nor••• A•••: enough for who is meant, not for who reads along."""
    first, *rest = name.split() or [""]
    return " ".join([f"{first[:3]}•••" if len(first) > 3 else first, *(f"{word[0]}•••" for word in rest)])
