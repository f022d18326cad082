"""A worker that is killed at the worst moments, with a real portal on the other side: the portal has it once."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from onboarding.submissions import attachments, delivery
from onboarding.submissions.models import Status, Submission
from tests import build
from tests.house import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A Celery worker as a process of its own, on a queue folder of its own."""

    def __init__(self, folder: Path, url: str, failpoints: str = "") -> None:
        self.folder = folder
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "PYTEST_"))}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "onboarding.settings", "VAR_DIR": str(folder), "PORTAL_URL": url,
            "DATABASE_URL": database_url(), "BROKER_URL": "filesystem://", "KEYS_DIR": str(settings.KEYS_DIR),
            "FAILPOINTS": failpoints, "PORTAL_ADAPTER": "sandbox", "PORTAL_USER": "gocua", "PORTAL_PASSWORD": "sandbox",
        }  # fmt: skip
        command = [sys.executable, "-m", "celery", "-A", "onboarding.celery", "worker", "-P", "solo", "-l", "INFO"]
        self.process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.watchdog = threading.Timer(90, self.process.kill)
        self.watchdog.start()

    def ring(self, task: str, *args: str) -> None:
        """Put a message into the worker's queue, as a web process would."""
        messages, control = str(self.folder / "queue" / "messages"), str(self.folder / "queue" / "control")
        options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": control}
        app = Celery(broker="filesystem://", set_as_current=False)
        app.conf.broker_transport_options = options
        app.send_task(f"onboarding.submissions.tasks.{task}", args=args)

    def read_until(self, *words: str) -> None:
        """Read its log until a line holds all words, or it ends."""
        for line in self.process.stderr:
            if all(word in line for word in words):
                return

    def end(self) -> int:
        """Wait until it is dead; kill it when it lives after the watchdog's patience."""
        code = self.process.wait()
        self.watchdog.cancel()
        self.process.stderr.close()
        return code


@pytest.fixture
def worker(tmp_path, sandbox):
    """Start workers on one queue; none is left behind."""
    started = []

    def start(failpoints: str = "") -> Worker:
        started.append(Worker(tmp_path / "worker", sandbox.url, failpoints))
        started[-1].read_until("ready.")
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        if one.process.returncode is None:
            one.end()
        one.watchdog.cancel()


def fresh(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def let_the_lease_run_out(row: Submission) -> None:
    Submission.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_bell_makes_the_worker_send_it(ward, worker, sandbox):
    row = build.filed(ward)
    running = worker()
    running.ring("deliver", str(row.pk))
    running.read_until("tasks.deliver[", "succeeded")
    assert fresh(row).status == Status.SENT
    assert [entry["code"] for entry in sandbox.ledger(row.reference)] == [fresh(row).portal_code]


@pytest.mark.fault("F55")
@pytest.mark.parametrize("place", ["deliver.after_call", "deliver.before_commit"])
def test_killed_after_the_portal_took_it_is_found_again_and_not_sent_twice(ward, worker, sandbox, place):
    row = build.filed(ward)
    running = worker(f"{place}=kill")
    running.ring("deliver", str(row.pk))
    assert running.end() == -9
    assert (fresh(row).status, len(sandbox.ledger(row.reference))) == (Status.SENDING, 1)

    let_the_lease_run_out(row)
    assert delivery.sweep() == [row.pk]
    assert fresh(row).status == Status.UNKNOWN
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert [entry["code"] for entry in sandbox.ledger(row.reference)] == [fresh(row).portal_code]


@pytest.mark.fault("F55")
def test_killed_before_the_call_it_is_not_repeated_blindly_and_not_lost(ward, worker, sandbox, supervisor):
    row = build.filed(ward)
    running = worker("deliver.before_call=kill")
    running.ring("deliver", str(row.pk))
    assert running.end() == -9
    assert (fresh(row).status, sandbox.ledger(row.reference)) == (Status.SENDING, [])

    let_the_lease_run_out(row)
    delivery.sweep()
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).last_error) == (Status.UNKNOWN, delivery.WHY["absent"])
    delivery.confirm_never_arrived(user=supervisor, submission=row.pk, note="Tổng đài Cổng")
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert len(sandbox.ledger(row.reference)) == 1


def test_a_worker_that_dies_over_a_paper_leaves_a_count_and_the_next_one_goes_on(ward, worker, sandbox, tmp_path):
    entry = build.new_id()
    row = build.filed(ward, entry=entry, files=(build.sealed_photo(entry, build.drawn_photo()),))
    attachments.file_arrived(sha256=row.attachments.get().sealed_sha256)
    running = worker("check.before_open=kill")
    running.ring("check_files", str(row.pk))
    assert running.end() == -9
    assert (row.attachments.get().state, row.attachments.get().tries) == ("here", 1)

    attachments.check_files(row.pk)
    assert row.attachments.get().state == "good"


@pytest.mark.fault("F54")
def test_when_the_queue_folder_was_deleted_the_next_sweep_brings_everything_back(ward, worker, sandbox):
    row = build.filed(ward)  # its bell went to nobody
    running = worker()
    running.ring("sweep")
    running.read_until("tasks.deliver[", "succeeded")
    assert fresh(row).status == Status.SENT


def test_without_celery_the_command_does_the_same(ward, sandbox, capsys):
    row = build.filed(ward)
    call_command("deliver")
    assert fresh(row).status == Status.SENT
    assert len(sandbox.ledger(row.reference)) == 1
