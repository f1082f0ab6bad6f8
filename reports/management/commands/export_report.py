"""`manage.py export_report --form provinsi --period 2026-TW3 --area 63.08 --output FILE.xlsx`"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.periods import parse_period
from reports.services import FORMS, export_workbook


class Command(BaseCommand):
    help = "Menulis buku kerja Excel untuk provinsi."

    def add_arguments(self, parser):
        parser.add_argument("--form", choices=sorted(FORMS), default="provinsi", help="bentuk buku kerja")
        parser.add_argument("--period", required=True, help="2026-TW3, 2026-S1, 2026 atau 2026-09")
        parser.add_argument("--area", required=True, help="kode wilayah, misalnya 63.08")
        parser.add_argument("--output", required=True, help="berkas .xlsx yang ditulis")

    def handle(self, *, form, period, area, output, **options):
        try:
            export_workbook(
                form=form,
                area_code=area,
                period=parse_period(period),
                made_by="sistem",
                at=timezone.now(),
                target=output,
            )
        except (ValueError, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)])), returncode=2) from error
        except OSError as error:
            raise CommandError(f"Berkas {output} tidak dapat ditulis: {error.strerror}.") from error
        self.stdout.write(f"Tersimpan: {output}")
