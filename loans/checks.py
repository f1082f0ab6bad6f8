"""The system check of the guards: `manage.py check --database default`."""

import sys

from django.core.checks import Error, Tags, register

from loans.guards import missing_guards


@register(Tags.database)
def check_guards(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """An error a guard that is missing or altered. Silent in `migrate`, which makes them anew and must not be held."""
    if sys.argv[1:2] == ["migrate"]:
        return []
    return [
        Error(
            f"Penjaga uang '{name}' tidak ada atau berbeda di basis data '{alias}'.",
            hint="Jalankan 'manage.py migrate': semua penjaga dibuat lagi. Lalu 'manage.py audit_ledger'.",
            id="loans.E001",
        )
        for alias in databases or []
        for name in missing_guards(alias)
    ]
