from django.core.management.base import BaseCommand

from seeds.regions import KALIMANTAN_SELATAN, load_regions
from up2k_portal.lib.access import EVERYWHERE
from up2k_portal.lib.money import format_number
from villages.models import Village


class Command(BaseCommand):
    help = "Memuat wilayah resmi: Kalimantan Selatan, atau seluruh Indonesia dengan --all. Boleh diulang."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="seluruh Indonesia (83.762 desa/kelurahan)")
        parser.add_argument("--if-empty", action="store_true", help="hanya bila belum ada desa/kelurahan")

    def handle(self, *args, **options):
        if options["if_empty"] and Village.objects.in_area(EVERYWHERE).exists():
            return
        counts = load_regions("" if options["all"] else KALIMANTAN_SELATAN)
        loaded = ", ".join(f"{format_number(count)} {kind}" for kind, count in counts.items())
        self.stdout.write(f"Wilayah dimuat: {loaded}.")
