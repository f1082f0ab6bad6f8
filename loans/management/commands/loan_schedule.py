"""The schedule of a loan, for trying out terms: a table to read, or JSON for another program."""

import json
import re

from django.core.management.base import BaseCommand, CommandError

from loans.schedule import (
    Difference,
    Every,
    Method,
    Rounding,
    RoundWhat,
    Row,
    Terms,
    build,
    effective_annual_rate,
    totals,
)
from up2k_portal.lib.dates import format_day_short, parse_day
from up2k_portal.lib.money import format_number, parse_percent, parse_rupiah

HEADER = ("Ke", "Jatuh tempo", "Pokok", "Jasa", "Jumlah", "Sisa pokok")


class Command(BaseCommand):
    help = "Menghitung jadwal angsuran: pokok, jasa, sisa pokok, dan jasa efektif setahun."
    requires_system_checks = []

    def add_arguments(self, parser):
        def add(name, help, **kwargs):
            parser.add_argument(f"--{name}", help=help, metavar=name.upper().replace("-", "_"), **kwargs)

        add("method", "Cara jasa: " + ", ".join(Method), required=True)
        add("principal", "Pokok pinjaman dalam rupiah, misalnya 1000000", required=True)
        add("rate", "Jasa dalam persen per angsuran, misalnya 1.5", required=True)
        add("instalments", "Jumlah angsuran", required=True)
        add("start", "Tanggal pencairan, misalnya 2026-01-31", required=True)
        add("every", "Waktu angsuran: " + ", ".join(Every), default="month")
        add("grace", "Berapa angsuran pertama yang jasa saja", default="0")
        add("step", "Dibulatkan ke kelipatan berapa rupiah", default="1")
        add("rounding", "Arah pembulatan: " + ", ".join(Rounding), default="nearest")
        add("round-what", "Yang dibulatkan: " + ", ".join(RoundWhat), default="total")
        add("difference", "Selisih masuk ke angsuran: " + ", ".join(Difference), default="last")
        parser.add_argument("--json", action="store_true", help="Cetak JSON, bukan tabel")

    def handle(self, **options):
        try:
            terms = _terms({name: str(value) for name, value in options.items()})
            rows = build(terms, parse_day(str(options["start"])))
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(_json(terms, rows) if options["json"] else _table(terms, rows))


def _terms(typed: dict[str, str]) -> Terms:
    return Terms(
        method=Method(typed["method"]),
        principal=parse_rupiah(typed["principal"]),
        rate=parse_percent(typed["rate"]),
        instalments=_count(typed["instalments"], "Jumlah angsuran"),
        every=Every(typed["every"]),
        grace=_count(typed["grace"], "Masa tenggang"),
        step=parse_rupiah(typed["step"]),
        rounding=Rounding(typed["rounding"]),
        round_what=RoundWhat(typed["round_what"]),
        difference=Difference(typed["difference"]),
    )


def _count(text: str, label: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(f"{label} “{text}” tidak dikenal; tulis angka bulat, misalnya 10.")
    return int(text)


def _json(terms: Terms, rows: tuple[Row, ...]) -> str:
    principal, service_fee = totals(rows)
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
            "effective_annual_rate": str(effective_annual_rate(terms, rows)),
        },
        indent=2,
    )


def _table(terms: Terms, rows: tuple[Row, ...]) -> str:
    principal, fee = totals(rows)
    lines = [
        HEADER,
        *((str(row.number), format_day_short(row.due_on), *_amounts(row)) for row in rows),
        ("", "Jumlah", *map(format_number, (principal, fee, principal + fee)), ""),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    effective = str(effective_annual_rate(terms, rows)).replace(".", ",")
    table = ("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join([*map(str.rstrip, table), f"Jasa efektif {effective}% setahun."])


def _amounts(row: Row) -> tuple[str, ...]:
    return tuple(map(format_number, (row.principal, row.service_fee, row.total, row.balance)))
