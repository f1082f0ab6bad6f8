"""`manage.py audit_scope`: every row below a group lies in that group's village. Says each that does not, exit 1.

Rows carry `village_id` themselves, so that no scope joins upward; this is the proof that they carry the right one.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from villages.models.placements import below_group


class Command(BaseCommand):
    help = "Memeriksa bahwa setiap baris di bawah kelompok berada di desa kelompoknya."

    def handle(self, **options):
        found = 0
        for model, path in below_group():
            wrong = model._base_manager.exclude(village=F(f"{path}__village"))
            for row in wrong.values_list("pk", "village__code", f"{path}__village__code")[:100]:
                self.stdout.write(f"{model._meta.verbose_name} {row[0]}: tercatat di {row[1]}, kelompoknya di {row[2]}")
                found += 1
        if found:
            raise CommandError(f"{found} baris berada di desa yang salah.")
        self.stdout.write("Semua baris berada di desa kelompoknya.")
