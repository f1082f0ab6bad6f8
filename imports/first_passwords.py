"""First passwords of imported operators: made when the slips are printed, shown that once and kept by nobody."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts import history
from accounts.models import User
from imports.models import Import

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike on paper
PARTS, LENGTH = 3, 4  # abcd-efgh-jkmn: some 59 bits


@dataclass(frozen=True)
class Slip:
    user: User
    password: str


def waiting_users(imported: Import):
    """The users that an import made and that never signed in."""
    keys = [key for part in imported.parts.all() for key in part.keys(User)]
    return User.objects.filter(pk__in=keys, last_login=None, is_active=True).order_by("username")


@transaction.atomic
def make_first_passwords(*, imported: Import, by: User) -> list[Slip]:
    """A new password for each who never signed in; an earlier slip of hers is void then."""
    slips = []
    for user in waiting_users(imported).select_for_update():
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(PARTS))
        user.set_password(password)
        user.save(update_fields=["password"])
        history.record_new_password(user, by=by)
        slips.append(Slip(user, password))
    return slips
