"""Reasons that people type: long enough to explain something to whoever reads them next year."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

MIN_REASON = 10  # letters: "salah" explains nothing to the auditor


def check_reason(reason: str, *, example: str = "", field: str = "reason") -> None:
    """Raises ValidationError at `field` for a reason shorter than MIN_REASON letters; `example` shows a good one."""
    if len(reason.strip()) >= MIN_REASON:
        return
    asked = f"Tulis alasan yang jelas, paling sedikit {MIN_REASON} huruf, misalnya “{example}”."
    raise ValidationError({field: asked if example else f"Tulis alasannya, paling sedikit {MIN_REASON} huruf."})


def check_reasons(asked: Iterable[tuple[str, str, str]]) -> None:
    """Several at once, each (field, reason, example): raises one ValidationError that tells of all that are too short,
    so that nobody learns of them one by one.
    """
    errors: dict[str, list[str]] = {}
    for field, reason, example in asked:
        try:
            check_reason(reason, example=example, field=field)
        except ValidationError as error:
            errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
