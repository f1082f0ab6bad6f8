"""`manage.py export_report --form provinsi --period 2026-TW3 --area 63.08 --output FILE.xlsx`"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.periods import parse_period
from reports.services import BASES, WHOLE, export_workbook, form_names

NEEDED = ("period", "area", "output")


class Command(BaseCommand):
    help = (
        "Menulis formulir resmi ke berkas Excel: buku kerja lengkap atau satu lembar, untuk provinsi, kabupaten, "
        "kecamatan atau desa. Angkanya dari laporan desa yang sudah disetujui; dengan --basis live dari data saat ini "
        "sebagai DRAF."
    )

    def add_arguments(self, parser):
        codes = [code for code, _ in form_names()]
        parser.add_argument("--list", action="store_true", help="sebutkan semua formulir")
        parser.add_argument("--form", choices=codes, default=WHOLE, help="formulir; daftarnya dengan --list")
        parser.add_argument("--period", help="2026-TW3, 2026-S1, 2026 atau 2026-09")
        parser.add_argument("--area", help="kode wilayah, misalnya 63, 63.08, 63.08.03 atau 63.08.03.2014")
        parser.add_argument("--output", help="berkas .xlsx yang ditulis")
        parser.add_argument("--basis", choices=BASES, default=BASES[0], help="approved (disetujui) atau live (draf)")

    def handle(self, **options):
        if options["list"]:
            self.stdout.write("\n".join(f"{code:14} {contents}" for code, contents in form_names()))
            return
        if missing := [f"--{name}" for name in NEEDED if not options[name]]:
            raise CommandError(f"Isi juga {', '.join(missing)}.", returncode=2)
        self.export(**{name: options[name] for name in ("form", "period", "area", "output", "basis")})

    def export(self, *, form, period, area, output, basis):
        try:
            export_workbook(
                form=form,
                area_code=area,
                period=parse_period(period),
                made_by="sistem",
                at=timezone.now(),
                target=output,
                basis=basis,
            )
        except (ValueError, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)])), returncode=2) from error
        except OSError as error:
            raise CommandError(f"Berkas {output} tidak dapat ditulis: {error.strerror}.") from error
        self.stdout.write(f"Tersimpan: {output}")
