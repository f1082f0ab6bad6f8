"""`./up2k run` as a newcomer meets it: from the word to the first page."""

import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.error import URLError
from urllib.request import urlopen

import pytest

LAUNCHER = Path(__file__).resolve().parent.parent / "up2k"
USER_LINE = re.compile(r"(?m)^([\d.]+|admin) {2,}(\S+)  ")


@contextmanager
def portal(state, port):
    """What a demo on its own database prints before it serves; the server runs while the block does."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME")},
        "PORT": port,
        "UP2K_STATE": str(state),
        "DATABASE_URL": f"sqlite:///{state}/db.sqlite3",
    }
    pipe = subprocess.PIPE
    with subprocess.Popen([LAUNCHER, "run"], env=environment, cwd="/", stdout=pipe, text=True) as process:
        stop = Timer(120, process.kill)  # else a start that hangs would be waited for without end
        stop.start()
        try:
            yield "".join(up_to_the_address(process.stdout))
        finally:
            stop.cancel()
            process.terminate()


def up_to_the_address(lines):
    for line in lines:
        yield line
        if line.startswith("Buka "):
            return


def first_page(port):
    """The status of the login page, as soon as the server answers at all."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/masuk/", timeout=30) as page:
                return page.status
        except URLError:
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.1)


@pytest.mark.system
def test_a_first_start_serves_within_a_minute_and_a_second_one_keeps_the_passwords(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    began = time.monotonic()
    with portal(tmp_path, port) as first:
        assert first_page(port) == 200
        assert time.monotonic() - began < 60
    with portal(tmp_path, port) as second:
        assert first_page(port) == 200
    users = USER_LINE.findall(first)
    assert [name for name, _ in users] == [
        "63.08.03.2014", "63.08.03", "63.08", "63", "admin", "63.08.03.2001",  # the last: a village without a group
    ]  # fmt: skip
    assert USER_LINE.findall(second) == users
    assert first.splitlines()[-1] == f"Buka http://127.0.0.1:{port}"
