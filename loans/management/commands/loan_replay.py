"""The state of one loan out of its events, without the database: a table to read, or JSON for another program."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loans.allocation import DEFAULT_ORDER, parse_order
from loans.replay import (
    Payment,
    Penalty,
    Recovery,
    ReplayError,
    Reschedule,
    Reversal,
    State,
    WriteOff,
    replay,
)
from loans.reschedule import Extra, Grace, NewDueOn, NewRate
from loans.schedule import Difference, Every, Method, Rounding, RoundWhat, Terms
from up2k_portal.lib.dates import format_day, format_day_short, parse_day
from up2k_portal.lib.money import format_number, parse_percent

HEADER = ("Ke", "Jatuh tempo", "Pokok", "Jasa", "Pokok dibayar", "Jasa dibayar", "Denda dibayar", "Keadaan")
STATUS_WORDS = {
    "paid": "lunas",
    "partial": "dibayar sebagian",
    "due": "jatuh tempo",
    "overdue": "menunggak",
    "future": "belum jatuh tempo",
    "written_off": "dihapusbukukan",
}
MISSING = object()
MOST_DIGITS = 100


class Command(BaseCommand):
    help = "Menghitung keadaan satu pinjaman dari peristiwanya: pembagian pembayaran, sisa, tunggakan."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.json", help="Pinjaman dan peristiwanya")
        parser.add_argument(
            "--as-of", metavar="TANGGAL", help="Keadaan pada akhir hari ini; tanpa ini: peristiwa terakhir"
        )
        parser.add_argument("--json", action="store_true", help="Cetak JSON, bukan tabel")

    def handle(self, **options):
        try:
            state = _replay(_read(options["file"]), options["as_of"])
        except ReplayError as error:
            self._refuse(error.position, str(error), options["json"])
        except ValueError as error:
            self._refuse(None, str(error), options["json"])
        else:
            self.stdout.write(json.dumps(_facts(state), indent=2) if options["json"] else _table(state))

    def _refuse(self, position: int | None, message: str, as_json: bool) -> None:
        if as_json:
            error = {"error": {"event": position, "message": message}}
            self.stdout.write(json.dumps(error, indent=2))
        place = f"Peristiwa ke-{position}: " if position else ""
        raise CommandError(place + message, returncode=2)


def _read(path: Any) -> Any:
    try:
        return json.loads(
            Path(path).read_text(encoding="utf-8-sig"),
            parse_int=_integer,
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except OSError as error:
        raise ValueError(f"Berkas {path} tidak bisa dibaca; periksa nama dan tempatnya.") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"Berkas {path} bukan JSON: periksa baris {error.lineno}, kolom {error.colno}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"Berkas {path} bukan JSON; simpan sebagai teks UTF-8.") from error


def _integer(text: str) -> int | Decimal:
    """Beyond all money a decimal, which no field takes for whole: Python itself reads no integer of 4301 digits."""
    return int(text) if len(text) <= MOST_DIGITS else Decimal(text)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} bukan angka; tulis bilangan, misalnya 50000.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise ValueError(f"“{twice}” tertulis dua kali di satu tempat; tulis satu kali.")
    return found


def _replay(data: Any, typed_as_of: Any) -> State:
    top = _Fields(data, "Berkas", {"loan", "events"})
    terms, start, order = _loan(top.read("loan", lambda value: value))
    listed = top.read("events", _list, [])
    events, malformed = _events(listed)
    as_of = max([start, *(event.on for event in events)])  # an event of before is refused at its place
    if typed_as_of is not None:
        as_of = parse_day(str(typed_as_of))
    if as_of < start:
        raise ValueError(f"Pada {format_day(as_of)} pinjaman belum dicairkan; isi {format_day(start)} atau sesudahnya.")
    state = replay(terms, start, order, events, as_of)
    if malformed:
        raise malformed
    return state


def _events(listed: list) -> tuple[list[Any], ReplayError | None]:
    """The events up to the first that is not written as it should be, and what is wrong with that one: an event before
    it may be impossible, and is then the one to name.
    """
    events: list[Any] = []
    for position, item in enumerate(listed, 1):
        try:
            events.append(_event(position, item))
        except ReplayError as error:
            return events, error
    return events, None


def _loan(data: Any) -> tuple[Terms, date, tuple]:
    names = {"method", "principal", "rate", "instalments", "start", "every", "grace", "step"}
    loan = _Fields(data, "Pinjaman", names | {"rounding", "round_what", "difference", "allocation"})
    terms = Terms(
        method=loan.read("method", Method),
        principal=loan.read("principal", _whole),
        rate=loan.read("rate", _percent),
        instalments=loan.read("instalments", _whole),
        every=loan.read("every", Every, Every.MONTH),
        grace=loan.read("grace", _whole, 0),
        step=loan.read("step", _whole, 1),
        rounding=loan.read("rounding", Rounding, Rounding.NEAREST),
        round_what=loan.read("round_what", RoundWhat, RoundWhat.TOTAL),
        difference=loan.read("difference", Difference, Difference.LAST),
    )
    return terms, loan.read("start", _day), loan.read("allocation", _order, DEFAULT_ORDER)


class _Fields:
    """The values of one JSON object; a wrong, missing or unknown one raises ValueError with its name."""

    def __init__(self, data: Any, what: str, names: set[str]):
        if not isinstance(data, dict):
            raise ValueError(f"{what} harus berupa objek JSON, misalnya {{…}}.")
        if unknown := sorted(set(data) - names):
            raise ValueError(f"{what}: “{unknown[0]}” tidak dikenal; pilih {', '.join(sorted(names))}.")
        self.data, self.what = data, what

    def read(self, name: str, parse: Callable[[Any], Any], default: Any = MISSING) -> Any:
        if name not in self.data:
            if default is MISSING:
                raise ValueError(f"{self.what}: “{name}” belum diisi.")
            return default
        try:
            return parse(self.data[name])
        except ValueError as error:
            raise ValueError(f"{self.what}: “{name}”: {error}") from error


def _whole(value: Any) -> int:
    if isinstance(value, Decimal) and len(str(value)) > MOST_DIGITS:
        raise ValueError(f"{_shown(value)} terlalu panjang; tulis paling banyak {MOST_DIGITS} angka.")
    if type(value) is not int:
        raise ValueError(f"{_shown(value)} bukan bilangan bulat; tulis angka tanpa titik dan kutip, misalnya 50000.")
    return value


def _percent(value: Any) -> Decimal:
    if type(value) is int or isinstance(value, Decimal):
        return Decimal(value)
    if isinstance(value, str):
        return parse_percent(value)
    raise ValueError(f"{_shown(value)} bukan persen; tulis misalnya 1.5.")


def _day(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{_shown(value)} bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-01-31.")


def _id(value: Any) -> str | int:
    if type(value) is int or (isinstance(value, str) and value):
        return value
    raise ValueError(f'{_shown(value)} bukan nomor; tulis teks atau bilangan bulat, misalnya "p1".')


def _list(value: Any) -> list:
    if not isinstance(value, list):
        raise ValueError("harus berupa daftar, misalnya [].")
    return value


def _order(value: Any) -> tuple:
    return parse_order(",".join(map(str, _list(value))))


def _shown(value: Any) -> str:
    return f"“{str(value)[:40]}”"


WHATS: dict[str, tuple[Callable, Callable]] = {
    "extra_instalments": (Extra, _whole),
    "grace": (Grace, _whole),
    "rate": (NewRate, _percent),
    "new_due_on": (NewDueOn, _day),
}
MONEY = {"id": _id, "on": _day, "amount": _whole}
TYPES: dict[str, tuple[Callable, dict[str, Callable]]] = {
    "payment": (Payment, MONEY),
    "reversal": (Reversal, {"id": _id, "of": _id, "on": _day}),
    "penalty": (Penalty, MONEY | {"instalment": _whole}),
    "write_off": (WriteOff, {"on": _day}),
    "recovery": (Recovery, MONEY),
    "reschedule": (Reschedule, {"id": _id, "on": _day, "from_instalment": _whole}),
}


def _event(position: int, data: Any) -> Any:
    try:
        return _parsed_event(data)
    except ValueError as error:
        raise ReplayError(position, str(error)) from error


def _parsed_event(data: Any) -> Any:
    name = data.get("type") if isinstance(data, dict) else None
    if not isinstance(name, str) or name not in TYPES:
        raise ValueError(f"Jenis {_shown(name)} tidak dikenal; isi “type” dengan {', '.join(TYPES)}.")
    make, parsers = TYPES[name]
    whats = set(WHATS) if make is Reschedule else set()
    fields = _Fields(data, name, {"type", "id", *parsers, *whats})
    values = {key: fields.read(key, parse) for key, parse in parsers.items()}
    if make is WriteOff:
        values["id"] = fields.read("id", _id, None)
    if make is Reschedule:
        values["what"] = _what(fields)
    return make(**values)


def _what(fields: _Fields) -> Any:
    given = [key for key in WHATS if key in fields.data]
    if len(given) != 1:
        raise ValueError(f"reschedule: isi tepat satu dari {', '.join(WHATS)}.")
    make, parse = WHATS[given[0]]
    return make(fields.read(given[0], parse))


def _facts(state: State) -> dict[str, Any]:
    facts = partial(_named, ("number", "due_on", "principal", "service_fee", "total"))
    paid = partial(_named, ("paid_principal", "paid_service_fee", "paid_penalty", "status"))
    sums = ("outstanding_principal", "overdue_principal", "overdue_service_fee", "days_past_due", "ageing")
    return {
        "instalments": [facts(row) | {"due_on": row.due_on.isoformat()} | paid(row) for row in state.instalments],
        "payments": [
            _named(("id", "penalty", "service_fee", "principal", "credit"), payment) for payment in state.payments
        ],
        **_named(sums, state),
        "collectability": {"scheme": "E", "level": state.collectability.level},
        **_named(("written_off", "recovered", "credit"), state),
    }


def _named(names: tuple[str, ...], thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _table(state: State) -> str:
    lines = [HEADER]
    for row in state.instalments:
        amounts = (row.principal, row.service_fee, row.paid_principal, row.paid_service_fee, row.paid_penalty)
        status = STATUS_WORDS[row.status]
        lines.append((str(row.number), format_day_short(row.due_on), *map(format_number, amounts), status))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    sums = (
        ("Sisa pokok", state.outstanding_principal),
        ("Tunggakan pokok", state.overdue_principal),
        ("Tunggakan jasa", state.overdue_service_fee),
        ("Titipan", state.credit),
        ("Dihapusbukukan", state.written_off),
        ("Pemulihan", state.recovered),
    )
    late = f"{state.days_past_due} hari, kolektibilitas {state.collectability.level} ({state.collectability.name})"
    told = [f"{label}: {format_number(amount)}" for label, amount in sums]
    return "\n".join([*table, f"Keadaan {format_day(state.as_of)}", *told, f"Hari tunggakan: {late}"])
