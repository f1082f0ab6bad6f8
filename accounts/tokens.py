"""Making, finding and revoking read tokens. A token gives what its owner may see on that day, nothing more."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import ReadToken, User
from up2k_portal.lib.dates import format_day, today

PREFIX = "up2k_"  # so that a token left in a file is known for what it is
MOST_DAYS = 366
MOST_VALID = 10  # of one person
NOTED_EVERY = timedelta(hours=1)  # how often the use of a token is written down


@transaction.atomic
def make_token(*, name: str, expires_on: date, by: User) -> tuple[ReadToken, str]:
    """The row and the token, which can be read only here. Raises ValidationError for a wrong day or an eleventh one."""
    latest = today() + timedelta(days=MOST_DAYS)
    if not today() <= expires_on <= latest:
        raise ValidationError({"expires_on": f"Pilih tanggal dari hari ini sampai {format_day(latest)}."})
    if ReadToken.objects.of(by).valid(today()).count() >= MOST_VALID:
        raise ValidationError(f"Anda sudah punya {MOST_VALID} token yang berlaku. Cabut dulu yang tidak dipakai.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ReadToken(user=by, name=name, digest=digest_of(token), hint=token[-4:], expires_on=expires_on)
    return history.save(row, by=by), token


def digest_of(token: str) -> str:
    """256 random bits need no slow hash: nobody can try them all."""
    return sha256(token.encode()).hexdigest()


def find_token(token: str) -> ReadToken | None:
    """The valid token of an active person; notes that it was used, at most once an hour."""
    row = ReadToken.objects.valid(today()).select_related("user").filter(digest=digest_of(token)).first()
    now = timezone.now()
    if row and (row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY):
        ReadToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


@transaction.atomic
def revoke_token(*, token: ReadToken, by: User) -> ReadToken:
    """From the next request on it opens nothing; a second time changes nothing."""
    row = ReadToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at:
        return row
    row.revoked_at = timezone.now()
    return history.save(row, by=by, reason="token dicabut")
