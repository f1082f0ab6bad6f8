"""Reasons that people type: long enough to explain something to whoever reads them next year."""

from django.core.exceptions import ValidationError

MIN_REASON = 10  # letters: "salah" explains nothing to the auditor


def check_reason(reason: str, *, example: str = "", field: str = "reason") -> None:
    """Raises ValidationError at `field` for a reason shorter than MIN_REASON letters; `example` shows a good one."""
    if len(reason.strip()) >= MIN_REASON:
        return
    asked = f"Tulis alasan yang jelas, paling sedikit {MIN_REASON} huruf, misalnya “{example}”."
    raise ValidationError({field: asked if example else f"Tulis alasannya, paling sedikit {MIN_REASON} huruf."})
