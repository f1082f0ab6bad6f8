from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = "Simpan pinjam"

    def ready(self):
        from loans import checks, guards, shipped_schemes  # noqa: F401  (the check registers itself)

        pre_migrate.connect(guards.drop_guards, sender=self)
        post_migrate.connect(guards.make_guards, sender=self)
        post_migrate.connect(shipped_schemes.ship_schemes, sender=self)
