"""`manage.py run_tasks`: the one worker that makes exports and saves imports in the background, until told to end.

A second one waits for the first to end, so that what a crashed worker left half done is taken up by one alone.
"""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_tasks_db.models import DBTaskResult

from imports import services as import_services
from reports.exports import services

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

LOCK = ".run_tasks.lock"
AGAIN = 1.0  # seconds until the lock, or an empty queue, is looked at again


class Command(BaseCommand):
    help = "Mengerjakan antrean: unduhan dan impor besar. Cukup satu; yang kedua menunggu yang pertama selesai."

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-parent", action="store_true", help="berhenti bila masukan tertutup: yang menjalankan sudah tiada"
        )
        parser.add_argument("--batch", action="store_true", help="kerjakan yang menunggu, lalu berhenti")

    def handle(self, **options):
        if options["with_parent"]:
            Thread(target=_stop_with_parent, daemon=True).start()
        with the_only_one():
            DBTaskResult.objects.all().delete()  # the jobs themselves are queued anew: see `take_up`
            services.take_up()
            import_services.take_up()
            services.clean_up()
            import_services.clean_up()
            call_command(
                "db_worker", interval=AGAIN, batch=options["batch"], reload=False, startup_delay=False, verbosity=0
            )


@contextmanager
def the_only_one():
    """Waits until no other worker of this installation runs. The lock goes with the process, however it ends."""
    path = Path(settings.MEDIA_ROOT) / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        while not _locked(file):
            sleep(AGAIN)
        yield


def _locked(file) -> bool:
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def _stop_with_parent() -> None:
    """Ends the worker when the launcher is gone: its end of the pipe closes even if it was killed."""
    while os.read(sys.stdin.fileno(), 1):  # unbuffered: a lock held here would stand in the way of an orderly end
        pass
    os._exit(0)
