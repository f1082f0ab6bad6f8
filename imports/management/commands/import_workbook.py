"""`manage.py import_workbook FILE --as USERNAME [--commit] [--json]`: what the page does, for programs and trials.

A dry run by default. Exit 0 only if nothing was refused, 1 on refused rows, 2 on a refused file. With refused rows
nothing is saved, unless --partial asks for the right ones.
"""

import json
import logging
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from accounts.models import User
from imports import services
from imports.lines import Outcome
from imports.models import Import
from up2k_portal.lib.dates import today
from villages.models import Village

REFUSED_ROWS, REFUSED_FILE = 1, 2
COUNTS = ("read", "new", "changed", "skipped", "refused")
TOLD = ("sheet", "row", "column", "value", "message")
BLANK = {"sheet": "", "row": None, "column": "", "value": ""}  # of a fault of the whole file
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Memeriksa satu buku kerja Excel seperti halaman Impor; dengan --commit juga menyimpannya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="berkas .xlsx")
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="atas nama pengguna ini")
        parser.add_argument("--commit", action="store_true", help="simpan bila tidak ada baris yang ditolak")
        parser.add_argument("--partial", action="store_true", help="dengan --commit: simpan yang benar saja")
        parser.add_argument("--village", default="", metavar="CODE", help="kode desa, bila berkasnya tidak menyebutnya")
        parser.add_argument("--json", action="store_true", help="jawab sebagai JSON")

    def handle(self, **options) -> None:
        told = {**dict.fromkeys(COUNTS, 0), "errors": [], "committed": False}
        try:
            status = self._import(options, told)
        except (ValidationError, OSError) as error:
            words = error.messages if isinstance(error, ValidationError) else [_words(error)]
            told["errors"] += [{**BLANK, "message": message} for message in words]
            status = REFUSED_FILE
        except Exception:
            logger.exception("Workbook %s could not be imported.", options["file"])
            told["errors"].append({**BLANK, "message": services.BROKEN})
            status = REFUSED_FILE
        self._tell(told, as_json=options["json"])
        if status:
            sys.exit(status)

    def _import(self, options: dict, told: dict) -> int:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise ValidationError(f"Tidak ada pengguna {options['username']}.")
        access = user.access_on(today())
        village = None
        if code := options["village"]:
            village = Village.objects.visible_to(access).filter(code=code).first()
            if village is None:
                raise ValidationError(f"Tidak ada desa berkode {code} di wilayah pengguna ini.")
        with open(options["file"], "rb") as stream:
            imported = services.receive(stream=stream, name=options["file"], by=user, access=access, village=village)
        try:
            services.check(imported, access=access)
            told["errors"] += services.faults_of(imported, services.lines_of(imported, Outcome.REFUSED))
            may_save = options["commit"] and imported.to_save and (options["partial"] or not imported.refused)
            if may_save:
                services.begin(imported=imported, is_partial=options["partial"], by=user)
                imported.refresh_from_db()
                services.save(imported, access=access)
                told["errors"] += _late(imported)
            told |= {name: getattr(imported, name) for name in COUNTS}
            told["committed"] = bool(options["commit"] and (may_save or not imported.refused))
        finally:
            if Import.objects.filter(pk=imported.pk).exclude(state=Import.State.DONE).exists():
                services.throw_away(imported=imported)
        return REFUSED_ROWS if told["refused"] else 0

    def _tell(self, told: dict, *, as_json: bool) -> None:
        if as_json:
            errors = [{name: error[name] for name in TOLD} for error in told["errors"]]
            self.stdout.write(json.dumps(told | {"errors": errors}, ensure_ascii=False))
            return
        for error in told["errors"]:
            place = f"Lembar {error['sheet']}, baris {error['row']}, kolom {error['column']}: " if error["row"] else ""
            self.stdout.write(f"{place}{error['value']} {error['message']}".strip())
        counts = "{read} dibaca = {new} baru + {changed} diubah + {skipped} dilewati + {refused} ditolak.".format(
            **told
        )
        self.stdout.write(counts)
        self.stdout.write("Disimpan." if told["committed"] else "Tidak ada yang disimpan.")


def _late(imported: Import) -> list[dict]:
    """Rows that could no longer be saved when their turn came."""
    refused = [row for found in imported.parts.values_list("refused", flat=True) for row in found]
    return [
        {"sheet": imported.sheet, "row": row, "column": "", "value": "", "message": words} for row, words in refused
    ]


def _words(error: OSError) -> str:
    return f"Berkas tidak dapat dibuka: {error.strerror}."
