from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Menyiapkan basis data, wilayah, data contoh, dan berkas tampilan. Boleh diulang."

    def handle(self, *args, **options):
        self._do("Menyiapkan basis data …", "migrate", verbosity=0, interactive=False)
        self._do("Memuat wilayah …", "seed_regions", if_empty=True)
        if settings.DEMO:
            self._do("Mengisi data contoh …", "seed_demo", if_empty=True)
        self._do("Mengumpulkan berkas tampilan …", "collectstatic", verbosity=0, interactive=False)
        if settings.DEMO:
            self._do("Pengguna contoh:", "demo_users")

    def _do(self, sentence: str, command: str, **options) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
        call_command(command, stdout=self.stdout, **options)
