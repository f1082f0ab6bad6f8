"""`manage.py loan_schedule …`: the schedule of a loan, as a table or as JSON. Impossible input: a sentence, exit 2."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError

from loans import schedule
from up2k_portal.lib.money import format_number, parse_rupiah


def rupiah(text: str) -> int:
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() else parse_rupiah(text)


def percent(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"Jasa “{text}” tidak dikenal; tulis angka persen, misalnya 1.5.") from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Tanggal “{text}” tidak dikenal; tulis tahun-bulan-hari, misalnya 2026-01-31.") from None


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"“{text}” bukan bilangan bulat.") from None


# Option → (words, default, how its text is read); no default means that it must be given.
OPTIONS = {
    "method": ("flat, declining, annuity atau bullet", None, schedule.Method),
    "principal": ("pokok dalam rupiah", None, rupiah),
    "rate": ("jasa, persen per angsuran", None, percent),
    "instalments": ("jumlah angsuran", None, whole),
    "start": ("tanggal pencairan, 2026-01-31", None, day),
    "every": ("month atau week", "month", schedule.Every),
    "grace": ("angsuran pertama yang jasa saja", "0", whole),
    "step": ("pembulatan dalam rupiah", "1", rupiah),
    "rounding": ("nearest, up atau down", "nearest", schedule.Rounding),
    "round-what": ("total atau parts", "total", schedule.RoundWhat),
    "difference": ("last atau first", "last", schedule.Difference),
}


class Command(BaseCommand):
    help = "Menghitung jadwal angsuran."

    def add_arguments(self, parser):
        for name, (words, default, _) in OPTIONS.items():
            parser.add_argument(f"--{name}", default=default, required=default is None, help=words)
        parser.add_argument("--json", action="store_true", help="keluaran JSON")

    def handle(self, **options):
        try:
            typed = {key: self._read(name, options[key]) for name, key in ((n, n.replace("-", "_")) for n in OPTIONS)}
            start = typed.pop("start")
            terms = schedule.Terms(**typed)
            rows = schedule.build(terms, start)
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(as_json(terms, rows) if options["json"] else as_table(terms, rows))

    @staticmethod
    def _read(name: str, value):
        return OPTIONS[name][2](str(value))


def as_json(terms: schedule.Terms, rows) -> str:
    principal, service_fee = schedule.totals(rows)
    return json.dumps(
        {
            "instalments": [
                {
                    "number": row.number,
                    "due_on": row.due_on.isoformat(),
                    "principal": row.principal,
                    "service_fee": row.service_fee,
                    "total": row.total,
                    "balance": row.balance,
                }
                for row in rows
            ],
            "total_principal": principal,
            "total_service_fee": service_fee,
            "effective_annual_rate": str(schedule.effective_annual_rate(terms, rows)),
        }
    )


def as_table(terms: schedule.Terms, rows) -> str:
    principal, service_fee = schedule.totals(rows)
    lines = [("Ke", "Jatuh tempo", "Pokok", "Jasa", "Angsuran", "Sisa pokok")]
    lines += [
        (str(row.number), row.due_on.isoformat(), *map(format_number, (row.principal, row.service_fee, row.total, row.balance)))
        for row in rows
    ]
    lines.append(("", "Jumlah", *map(format_number, (principal, service_fee, principal + service_fee)), ""))
    table = "\n".join(f"{a:>3}  {b:<11}" + "".join(f"{one:>15}" for one in rest) for a, b, *rest in lines)
    rate = str(schedule.effective_annual_rate(terms, rows)).replace(".", ",")
    return f"{table}\nSetara {rate}% setahun dari sisa pokok."
