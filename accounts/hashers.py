"""Password hashing at a cost that a deadline day can bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes (the least that OWASP's cheat sheet recommends).

    Django's defaults cost half a second of CPU a login: 219 operators on the last evening would queue for minutes.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
