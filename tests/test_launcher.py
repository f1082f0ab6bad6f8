"""The launcher `./up2k`: what it decides, without a set-up and without a server."""

import errno
import hashlib
import os
import socket
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace

import pytest

LAUNCHER = Path(__file__).resolve().parent.parent / "up2k"


@pytest.fixture
def up2k():
    """The launcher as a fresh module, so that a test may bend it."""
    spec = spec_from_loader("up2k", SourceFileLoader("up2k", str(LAUNCHER)))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_word_prints_the_usage_in_both_languages_and_exits_2():
    told = subprocess.run([sys.executable, LAUNCHER], capture_output=True, text=True, cwd="/", check=False)
    assert told.returncode == 2
    assert "menjalankan uji; sisanya untuk pytest" in told.stdout
    assert "run the tests; the rest goes to pytest" in told.stdout


@pytest.mark.parametrize(
    "words", [["run", "8001"], ["check", "loans"], ["format", "up2k"], ["setup"], ["setup", "moon"], ["tend", "it"]]
)
def test_a_word_too_many_or_too_few_prints_the_usage_and_exits_2(up2k, capsys, words):
    assert up2k.main(words) == 2
    assert capsys.readouterr().out == up2k.__doc__ + "\n"


def test_words_that_are_no_verb_go_to_manage_py_as_they_stand(up2k):
    do = up2k.deed(["export_report", "--output", "rekap.xlsx"])
    assert (do.func, do.args) == (up2k.manage, ("export_report", "--output", "rekap.xlsx"))


def test_words_after_test_go_to_pytest(up2k, monkeypatch):
    commands = []
    monkeypatch.setattr(up2k, "set_up", lambda kind: commands.append(kind))
    monkeypatch.setattr(up2k, "hand_over", commands.append)
    up2k.deed(["test", "tests/loans", "-x"])()
    pytest_command = [
        up2k.PYTHON,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "-m",
        "not system",
        "tests/loans",
        "-x",
    ]
    assert commands == ["dev", pytest_command]


def test_an_old_python_is_told_in_both_languages_what_is_needed(up2k, monkeypatch):
    monkeypatch.setattr(up2k, "NEWER", ())
    with pytest.raises(SystemExit) as refusal:
        up2k.demand_python((3, 9, 2, "final", 0))
    assert refusal.value.code == (
        "UP2K memerlukan Python 3.11 atau lebih baru; yang terpasang 3.9.2.\n"
        "UP2K needs Python 3.11 or newer; this one is 3.9.2."
    )


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(up2k, monkeypatch):
    class HandedOver(Exception):
        pass

    def hand_over(command):
        raise HandedOver(*command)

    monkeypatch.setattr(up2k, "hand_over", hand_over)
    monkeypatch.setattr(up2k, "NEWER", (sys.executable,))
    monkeypatch.setattr(sys, "argv", ["./up2k", "run"])
    with pytest.raises(HandedOver) as handed:
        up2k.demand_python((3, 10, 12, "final", 0))
    assert handed.value.args == (sys.executable, str(LAUNCHER), "run")


def test_python_3_11_goes_on(up2k):
    assert up2k.demand_python((3, 11, 0, "final", 0)) is None


def test_an_interpreter_that_does_not_start_does_not_work(up2k, tmp_path):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    moved = tmp_path / "moved-away"
    assert [up2k.works(str(python)) for python in (sys.executable, shim, moved)] == [True, False, False]


@pytest.mark.parametrize(
    ("environ", "demo"),
    [
        ({}, "1"),
        ({"SECRET_KEY": ""}, "1"),
        ({"SECRET_KEY": "supplied"}, "0"),
        ({"SECRET_KEY": "supplied", "DEMO": "1"}, "1"),
        ({"DEMO": "0"}, "0"),
    ],
)
def test_it_is_the_demo_only_for_who_supplies_no_secret_key(up2k, environ, demo):
    up2k.choose_mode(environ)
    assert environ["DEMO"] == demo


def test_a_lock_is_installed_again_only_when_it_changed(up2k, monkeypatch, tmp_path):
    monkeypatch.setattr(up2k, "ROOT", tmp_path)
    lock, memory, installed = tmp_path / "requirements.txt", tmp_path / ".locks", []
    for text in ("Django==5.2.19", "Django==5.2.19", "Django==5.2.20"):
        lock.write_text(text)
        up2k.remember("requirements.txt", memory, lambda name: installed.append(lock.read_text()))
    assert installed == ["Django==5.2.19", "Django==5.2.20"]
    assert (memory / "requirements.txt").read_text() == hashlib.sha256(b"Django==5.2.20").hexdigest()


def test_a_lock_that_failed_is_tried_again(up2k, monkeypatch, tmp_path):
    monkeypatch.setattr(up2k, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("Django==5.2.19")
    monkeypatch.setattr(up2k, "installers", lambda lock: [[sys.executable, "-c", "raise SystemExit(1)"]])
    with pytest.raises(SystemExit) as refusal:
        up2k.remember("requirements.txt", tmp_path / ".locks", up2k.install)
    assert refusal.value.code.startswith("requirements.txt gagal dipasang.")
    assert not (tmp_path / ".locks").exists()


@pytest.mark.parametrize(("found", "programs"), [(None, ["pip"]), ("/bin/uv", ["uv", "pip"])])
def test_uv_installs_where_it_is_and_pip_stands_behind_it(up2k, monkeypatch, found, programs):
    monkeypatch.setattr(up2k.shutil, "which", lambda name: found)
    commands = list(up2k.installers("requirements.txt"))
    assert ["uv" if command[0] == "uv" else command[2] for command in commands] == programs
    assert all("--require-hashes" in command for command in commands)


def test_a_python_without_venv_names_the_debian_package(up2k, monkeypatch):
    monkeypatch.setattr(up2k, "works", lambda python, module: False)
    monkeypatch.setattr(up2k, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as refusal:
        up2k.make_venv()
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert refusal.value.code.splitlines()[0] == (
        f"Python ini belum punya venv. Di Debian dan Ubuntu: sudo apt install {package}"
    )


def test_a_port_in_use_is_refused_before_anything_slow(up2k):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit) as refusal:
            up2k.free_port(port)
    reason = os.strerror(errno.EADDRINUSE)
    assert refusal.value.code == (f"Port {port} tidak bisa dipakai ({reason}). Coba yang lain: PORT=8123 ./up2k run")
    assert up2k.free_port(port) == port


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_no_port_is_refused_with_the_right_range(up2k, port):
    with pytest.raises(SystemExit) as refusal:
        up2k.free_port(port)
    assert refusal.value.code == f"PORT harus angka 1 sampai 65535, bukan {port!r}."


def test_gunicorn_serves_this_machine_only(up2k):
    assert up2k.server("8123", windows=False)[1:] == [
        "-m",
        "gunicorn",
        "--config=deploy/gunicorn.conf.py",
        "--bind=127.0.0.1:8123",
        "up2k_portal.wsgi:application",
    ]


def test_waitress_serves_this_machine_only_on_windows(up2k):
    assert up2k.server("8123", windows=True)[1:] == [
        "-m",
        "waitress",
        "--listen=127.0.0.1:8123",
        "--threads=8",
        "up2k_portal.wsgi:application",
    ]


def test_check_names_every_step_that_failed(up2k, monkeypatch):
    steps = {"good": "0", "bad": "1", "worse": "2"}
    commands = {name: [sys.executable, "-c", f"raise SystemExit({code})"] for name, code in steps.items()}
    monkeypatch.setattr(up2k, "set_up", lambda kind: None)
    monkeypatch.setattr(up2k, "CHECKS", commands)
    monkeypatch.setattr(up2k, "REAL_INSTALLATION", {})
    with pytest.raises(SystemExit) as failure:
        up2k.check()
    assert failure.value.code == "Gagal: bad, worse"


TEND = (
    "import sys; from importlib.machinery import SourceFileLoader; from importlib.util import *;"
    "sys.dont_write_bytecode = True;"
    "up2k = module_from_spec(spec := spec_from_loader('up2k', SourceFileLoader('up2k', sys.argv[1])));"
    "spec.loader.exec_module(up2k); up2k.tend([sys.executable, '-c', sys.argv[2]], again=0.05)"
)


def tended(worker: str, until) -> int:
    """The exit code of a `tend` whose pipe closes once `until` is true of this worker's doings."""
    command = [sys.executable, "-c", TEND, str(LAUNCHER), worker]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as tender:
        deadline = time.monotonic() + 30
        while not until():
            assert time.monotonic() < deadline, "the worker never did it"
            time.sleep(0.05)
        tender.stdin.close()
        return tender.wait(timeout=10)


def test_a_worker_that_fell_over_is_put_up_again_until_the_server_is_gone(tmp_path):
    log = tmp_path / "log"
    worker = f"open({str(log)!r}, 'a').write('began '); raise SystemExit(1)"
    assert tended(worker, lambda: log.exists() and log.read_text().count("began") >= 2) == 0


def test_a_worker_that_lives_ends_with_the_server(tmp_path):
    alive = tmp_path / "alive"
    worker = f"import os, time; open({str(alive)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    assert tended(worker, lambda: alive.exists() and alive.read_text()) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)


def test_the_worker_is_tied_to_the_server_by_a_pipe_that_the_server_inherits(up2k, monkeypatch):
    begun = []
    pipe = SimpleNamespace(stdin=open(os.devnull, "wb"))  # noqa: SIM115 closed below
    monkeypatch.setattr(up2k.subprocess, "Popen", lambda command, **facts: begun.append((command, facts)) or pipe)
    assert up2k.deed(["tend"]) is up2k.tend
    up2k.start_tending()
    assert begun == [([up2k.PYTHON, str(up2k.ROOT / "up2k"), "tend"], {"stdin": subprocess.PIPE})]
    assert os.get_inheritable(pipe.stdin.fileno())
    pipe.stdin.close()
