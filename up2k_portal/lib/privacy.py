"""How the numbers of persons are shown where the whole number has no business."""


def mask_number(number: str | None) -> str:
    """••••2514: the last four digits of a NIK or KK number, all that lists, history and prints show."""
    return f"••••{number[-4:]}" if number else ""
