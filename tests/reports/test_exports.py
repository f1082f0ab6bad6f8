"""Unduhan Saya: what is large is made in the background; nobody but its owner ever opens it."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from openpyxl import load_workbook

from accounts.models import Assignment
from reports.exports import services, storage
from reports.exports.progress import left_words, percent_at, progress_of
from reports.models import ExportJob
from reports.periods import parse_period
from tests import build
from up2k_portal.lib.access import Role

TW2 = parse_period("2026-TW2")
FACTS = {"form": "provinsi", "area_code": "63.08", "period": TW2, "basis": "live"}
ASKED = {"form": "provinsi", "area": "63.08", "period": "2026-TW2", "basis": "live"}


@pytest.fixture
def large(monkeypatch):
    """As if every area were too large for a page."""
    monkeypatch.setattr(services, "AT_ONCE", 0)


@pytest.fixture
def unmade(monkeypatch):
    """As if no worker were there."""
    monkeypatch.setattr(services, "_queue", lambda job: None)


def ask(by, **more):
    return services.ask(**FACTS | {"uuid": uuid4()} | more, by=by)


def read(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_what_is_small_comes_at_once(group, staff, as_user):
    answer = as_user(staff).post(reverse("export"), ASKED)
    assert answer["Content-Disposition"] == 'attachment; filename="UP2K_63.08_2026-TW2_DRAF.xlsx"'
    text = str([list(row) for row in load_workbook(BytesIO(answer.content))["R-1"].iter_rows(values_only=True)])
    assert "UP2K As Syifa" in text
    assert not ExportJob.objects.exists()


def test_what_is_large_becomes_a_job_and_its_file_is_the_one_that_was_made(large, group, staff, as_user):
    client = as_user(staff)
    answer = client.post(reverse("export"), ASKED)
    assert (answer.status_code, answer.url) == (302, reverse("exports"))
    job = ExportJob.objects.get()
    assert (job.state, job.percent, job.asked_by, job.attempts) == ("done", 100, staff, 1)
    assert job.expires_at - job.finished_at == timedelta(days=7)
    content = read(client.get(reverse("export-file", args=[job.pk])))
    assert (len(content), sha256(content).hexdigest()) == (job.size, job.sha256)
    assert load_workbook(BytesIO(content)).sheetnames[0] == "Sampul"
    page = client.get(reverse("exports")).content.decode()
    assert "Kabupaten Hulu Sungai Utara, Triwulan II 2026" in page
    assert reverse("export-file", args=[job.pk]) in page
    assert "hx-trigger" not in page  # nothing moves any more


def test_a_large_one_by_its_address_asks_for_the_button_first(large, group, staff, as_user):
    answer = as_user(staff).get(reverse("export-download"), ASKED)
    assert "Berkas ini perlu beberapa saat" in answer.content.decode()
    assert not ExportJob.objects.exists()


def test_a_hundred_groups_are_answered_at_once_and_one_more_is_not(pandulangan):
    for _ in range(100):
        build.group(pandulangan)
    assert not services.is_large("63.08")
    build.group(pandulangan)
    assert services.is_large("63.08")
    assert not services.is_large("63.08.01")


def test_a_waiting_one_shows_how_far_it_is_and_looks_again_by_itself(unmade, group, staff, as_user):
    job = ask(staff)
    ExportJob.objects.update(state="running", percent=60)
    page = as_user(staff).get(reverse("exports")).content.decode()
    assert '<progress class="w-100" max="100" value="60"' in page
    assert "Langkah 2 dari 13: menulis lembar 1 dari 11" in page
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    told = as_user(staff).get(reverse("exports"), {"format": "json"}).json()["results"]
    assert [(one["id"], one["percent"], one["file"]) for one in told] == [(job.pk, 60, "")]


def test_each_sheet_is_a_step_that_is_told(unmade, group, staff, as_user, monkeypatch):
    job, client, told = ask(staff), as_user(staff), []

    def look(job, percent):
        ExportJob.objects.filter(pk=job.pk).update(percent=percent)
        (one,) = client.get(reverse("exports"), {"format": "json"}).json()["results"]
        told.append((one["steps_done"], one["steps"]))

    monkeypatch.setattr(services, "_tell", look)
    services.make(job.pk)
    assert told == [(1, 13), *((1 + sheet, 13) for sheet in range(1, 12)), (12, 13)]


def test_how_long_it_takes_is_told_by_the_last_time_or_as_fast_as_so_far(unmade, group, staff, as_user):
    now, client = timezone.now(), as_user(staff)
    job = ask(staff)
    assert "13 langkah, menunggu giliran" in client.get(reverse("exports")).content.decode()
    ExportJob.objects.update(state="running", percent=5, started_at=now - timedelta(seconds=30))
    page = client.get(reverse("exports")).content.decode()
    assert "Langkah 1 dari 13: membaca angka<" in page  # nobody can say yet
    ExportJob.objects.update(percent=60)
    assert "kira-kira 20 detik lagi" in client.get(reverse("exports")).content.decode()
    earlier = ask(staff, period=parse_period("2026-TW1"))
    times = {"started_at": now - timedelta(hours=2), "finished_at": now - timedelta(hours=2) + timedelta(minutes=4)}
    ExportJob.objects.filter(pk=earlier.pk).update(state="done", percent=100, sha256="0" * 64, size=1, **times)
    ExportJob.objects.filter(pk=earlier.pk).update(expires_at=now + timedelta(days=1))
    ExportJob.objects.filter(pk=job.pk).update(percent=5)
    assert "kira-kira 4 menit lagi" in client.get(reverse("exports")).content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2, ""), (4, "kira-kira 5 detik lagi"), (56, "kira-kira 60 detik lagi"), (61, "kira-kira 2 menit lagi")],
)
def test_an_estimate_is_rounded_up(seconds, words):
    assert left_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("sheets", [1, 2, 11, 12, 30])
def test_the_percent_keeps_every_step(sheets):
    assert [progress_of(percent_at(one, sheets), sheets).done for one in range(sheets)] == list(range(1, sheets + 1))
    assert progress_of(percent_at(sheets, sheets), sheets).done == sheets + 1


def test_the_same_is_asked_for_once(unmade, group, staff):
    first = ask(staff)
    assert ask(staff, uuid=first.uuid) == first
    assert ask(staff) == first
    assert ask(staff, area_code="63.08.03") != first
    with pytest.raises(ValidationError, match="bertabrakan") as refusal:
        ask(staff, area_code="63.08.07", uuid=first.uuid)
    assert refusal.value.code == "conflict"


def test_a_second_press_is_the_same_and_another_choice_after_back_is_not(large, unmade, group, staff, as_user):
    client, page = as_user(staff), {"uuid": str(uuid4())}
    for area in ("63.08", "63.08", "63.08.03"):
        assert client.post(reverse("export"), ASKED | page | {"area": area}).status_code == 302
    assert sorted(ExportJob.objects.values_list("area_code", flat=True)) == ["63.08", "63.08.03"]
    ExportJob.objects.update(state="failed")
    client.post(reverse("export"), ASKED | page)
    assert ExportJob.objects.count() == 2


def test_a_sixth_that_waits_is_refused(unmade, group, staff):
    for year in range(2021, 2026):
        ask(staff, period=parse_period(str(year)))
    with pytest.raises(ValidationError, match="Sudah ada 5 unduhan Anda yang belum jadi"):
        ask(staff)


@pytest.mark.parametrize("wrong", [{"form": "r-99"}, {"basis": "dream"}])
def test_a_form_or_basis_that_is_none_is_refused(wrong, group, staff):
    with pytest.raises(ValidationError, match="tidak ada"):
        ask(staff, **wrong)


def test_nobody_else_opens_repeats_or_deletes_it(group, staff, regency_admin, as_user):
    job = ask(staff)
    client = as_user(regency_admin)
    assert "Belum ada unduhan." in client.get(reverse("exports")).content.decode()
    for name in ("export-file", "export-retry", "export-delete"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404
        assert client.post(reverse(name, args=[job.pk])).status_code in (404, 405)
    assert ExportJob.objects.filter(pk=job.pk).exists()


def test_who_lost_the_area_lost_the_file(group, staff, as_user):
    job = ask(staff)
    client = as_user(staff)
    assert read(client.get(reverse("export-file", args=[job.pk])))
    Assignment.objects.filter(user=staff).update(area_code="63.09")
    assert client.get(reverse("export-file", args=[job.pk])).status_code == 404


def test_a_job_is_made_with_the_access_of_that_moment(unmade, group, staff):
    job = ask(staff)
    Assignment.objects.filter(user=staff).update(ends_on="2026-09-29")
    services.make(job.pk)
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "Wilayah ini tidak lagi di bawah penugasan Anda.")


def test_a_job_runs_once_even_if_it_is_queued_twice(unmade, group, staff):
    job = ask(staff)
    services.make(job.pk)
    services.make(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)


def test_our_own_fault_is_told_as_such_and_can_be_tried_again(group, staff, as_user, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("disk on fire")

    with monkeypatch.context() as patch:
        patch.setattr(services, "write_report", broken)
        job = ask(staff)
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", services.BROKEN)
    assert "disk on fire" in caplog.text
    client = as_user(staff)
    assert "bukan karena isian Anda" in client.get(reverse("exports")).content.decode()
    client.post(reverse("export-retry", args=[job.pk]))
    job.refresh_from_db()
    assert (job.state, job.problem) == ("done", "")


def test_a_deleted_one_is_gone_with_its_file(group, staff, as_user):
    job = ask(staff)
    assert storage.path_of(job.uuid).exists()
    as_user(staff).post(reverse("export-delete", args=[job.pk]))
    assert not ExportJob.objects.exists()
    assert not storage.path_of(job.uuid).exists()


def test_one_deleted_while_it_is_made_leaves_no_file(unmade, group, staff, monkeypatch):
    job = ask(staff)
    monkeypatch.setattr(services, "_tell", lambda job, percent: ExportJob.objects.filter(pk=job.pk).delete())
    services.make(job.pk)
    assert not storage.path_of(job.uuid).exists()


def test_what_expired_goes_when_the_next_is_made(group, staff, as_user):
    old = ask(staff)
    ExportJob.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert as_user(staff).get(reverse("export-file", args=[old.pk])).status_code == 404
    new = ask(staff, area_code="63.08.03")
    assert list(ExportJob.objects.all()) == [new]
    assert not storage.path_of(old.uuid).exists()


def test_the_worker_takes_up_what_a_crash_left_and_gives_up_after_the_second(unmade, group, staff, monkeypatch):
    once, twice = ask(staff), ask(staff, area_code="63.08.03")
    ExportJob.objects.filter(pk=once.pk).update(state="running", attempts=1)
    ExportJob.objects.filter(pk=twice.pk).update(state="running", attempts=2)
    queued = []
    monkeypatch.setattr(services, "_queue", queued.append)
    assert services.take_up() == 1
    assert queued == [once]
    twice.refresh_from_db()
    assert (twice.state, twice.problem) == ("failed", services.CUT_OFF)


def test_the_province_reads_its_kabupaten_and_no_foreign_one(large, group, province_reader, as_user):
    client = as_user(province_reader)
    client.post(reverse("export"), ASKED)
    assert ExportJob.objects.get().state == "done"
    assert client.post(reverse("export"), ASKED | {"area": "62.01"}).status_code == 404


def test_the_worker_makes_what_waits_in_the_database(unmade, group, staff, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    job = ask(staff)
    monkeypatch.undo()  # from here on jobs are queued
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)  # the test's own would go
    monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda self: None)
    call_command("run_tasks", batch=True)
    job.refresh_from_db()
    assert job.state == "done"


def test_an_operator_of_two_villages_may_ask_for_either(group, elsewhere, as_user):
    both = build.user(Role.OPERATOR, build.PANDULANGAN, elsewhere.code)
    answer = as_user(both).post(reverse("export"), ASKED | {"area": elsewhere.code})
    assert answer["Content-Disposition"].endswith('_2026-TW2_DRAF.xlsx"')
