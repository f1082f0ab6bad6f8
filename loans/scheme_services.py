"""Which collectability scheme is in use for all groups."""

from django.db import transaction

from accounts import history
from accounts.models import User
from loans.models import CollectabilityScheme


@transaction.atomic
def use_scheme(scheme: CollectabilityScheme, *, by: User) -> CollectabilityScheme:
    """Saves a scheme; where it is ticked as in use, the one before is so no more. All figures follow at once, those of
    earlier days too: which class a loan was in is never stored.
    """
    rows = CollectabilityScheme.objects.select_for_update().order_by("pk")
    for other in rows:
        if scheme.is_in_use and other.is_in_use and other.pk != scheme.pk:
            other.is_in_use = False
            history.save(other, by=by, reason=f"diganti skema {scheme.code}")
    return history.save(scheme, by=by)
