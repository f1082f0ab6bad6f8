"""`manage.py audit_ledger [--area CODE] [--replay]`: recomputes the books and says every difference; exit 1 then.

With `--replay` every loan's life is played again too, which takes longer.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from loans import audit
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_number

MOST_LINES = 100  # a check


class Command(BaseCommand):
    help = "Menghitung ulang buku besar dan membandingkannya dengan bukti, saldo dan tunggakan di aplikasi."

    def add_arguments(self, parser):
        parser.add_argument("--area", default="", help="kode wilayah, misalnya 63.08 atau 63.08.03.2014")
        parser.add_argument("--replay", action="store_true", help="putar ulang juga riwayat tiap pinjaman (lama)")

    def handle(self, *, area: str, replay: bool, **options):
        scope = audit.Scope(area, today())
        with transaction.atomic():
            self._hold_still()
            found = self._print(chain(audit.audit(scope), audit.replay(scope) if replay else ()))
            entries, groups = audit.size(scope)
        if found:
            raise CommandError(f"{format_number(found)} selisih di buku. Periksa buktinya satu per satu.", returncode=1)
        self.stdout.write(f"Buku cocok: {format_number(entries)} baris, {format_number(groups)} kelompok.")

    def _hold_still(self) -> None:
        """One picture of the books: what is recorded meanwhile is not half seen. SQLite does so by itself."""
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def _print(self, differences: Iterable[audit.Finding]) -> int:
        found = Counter()
        for name, sentence in differences:
            found[name] += 1
            if found[name] <= MOST_LINES:
                self.stdout.write(sentence)
        for name, count in found.items():
            if count > MOST_LINES:
                self.stdout.write(f"… {format_number(count - MOST_LINES)} selisih {name} lagi.")
        return found.total()
