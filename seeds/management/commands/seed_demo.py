import re
from datetime import date, timedelta
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from loans.models import Loan, Receipt
from seeds.demo.pictures import hang_pictures
from seeds.demo.scenario import NotEmptyError, seed
from up2k_portal import demo
from up2k_portal.lib.dates import format_month, today
from up2k_portal.lib.money import format_number
from villages.models import Group, Member

EARLIEST = date(2010, 1, 1)
VILLAGES_OF_HSU = 219
SHOWN = {User: "pengguna", Group: "kelompok", Member: "anggota", Loan: "pinjaman", Receipt: "bukti setoran"}


class Command(BaseCommand):
    help = "Mengisi basis data kosong dengan data contoh tiga tahun sampai bulan lalu."

    def add_arguments(self, parser):
        parser.add_argument("--villages", type=int, default=125, help="banyak desa/kelurahan, 1 sampai 219")
        parser.add_argument("--seed", type=int, default=63, help="angka acak; angka sama, data sama")
        parser.add_argument("--until", help="bulan terakhir, misalnya 2026-09 (bawaan: bulan lalu)")
        parser.add_argument("--password", help="sandi semua pengguna contoh (bawaan: dibuat sendiri)")
        parser.add_argument("--if-empty", action="store_true", help="diam bila sudah ada kelompok")

    def handle(self, *args, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Data contoh hanya untuk mode contoh (DEMO=1), jangan pernah di server asli.")
        if not 1 <= options["villages"] <= VILLAGES_OF_HSU:
            wrong = options["villages"]
            raise CommandError(f"--villages {wrong} tidak mungkin; isi 1 sampai {VILLAGES_OF_HSU}.")
        self._seed(options, _last_day(options["until"]))

    def _seed(self, options, until: date) -> None:
        started = monotonic()
        try:
            counts = seed(
                village_count=options["villages"],
                chance=options["seed"],
                until=until,
                password=options["password"] or demo.password(),
            )
        except NotEmptyError as error:
            if options["if_empty"]:
                return
            raise CommandError(str(error)) from error
        hang_pictures()
        filled = ", ".join(f"{format_number(counts[model])} {name}" for model, name in SHOWN.items())
        seconds = f"{monotonic() - started:.1f}".replace(".", ",")
        self.stdout.write(f"Data contoh sampai {format_month(until)}: {filled} ({seconds} detik).")


def _last_day(month: str | None) -> date:
    """The last day of the month named, as a rule of the month before today."""
    last_closed = today().replace(day=1) - timedelta(days=1)
    if not month:
        return last_closed
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise CommandError(f"--until {month} tidak dikenal; tulis tahun dan bulan, misalnya 2026-09.")
    found = (date(int(month[:4]), int(month[5:]), 1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if not EARLIEST <= found <= last_closed:
        raise CommandError(f"--until {month} di luar jangkauan; isi 2010-01 sampai {last_closed:%Y-%m}.")
    return found
