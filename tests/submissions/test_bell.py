"""The doorbell may fail in any way; whoever rings never notices, and the sweep rings again."""

import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
from kombu.exceptions import OperationalError

from onboarding.submissions import bell, delivery
from onboarding.submissions.models import Status, Submission
from tests import build

real_publish = bell._publish


@pytest.fixture
def real_bell(monkeypatch, bells):
    """The bell with its own publisher again."""
    monkeypatch.setattr(bell, "_publish", real_publish)


@pytest.mark.fault("F53")
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_neither_fails_nor_stalls_the_request(ward, real_bell, monkeypatch):
    asked, gone = threading.Event(), threading.Event()

    def hang_then_fail(*args, **options):
        asked.set()
        gone.wait(30)
        raise OperationalError("no broker")

    monkeypatch.setattr(bell.app, "send_task", hang_then_fail)
    began = time.monotonic()
    row = build.filed(ward)
    took = time.monotonic() - began
    assert asked.wait(10), "it was rung"
    gone.set()

    assert took < 3, "the verb did not wait for the broker"
    assert Submission.objects.get(pk=row.pk).status == Status.QUEUED
    assert [due.pk for due in delivery.due()] == [row.pk]


@pytest.mark.fault("F53")
def test_while_all_ringers_hang_further_bells_are_skipped(real_bell, monkeypatch):
    gone = threading.Event()
    monkeypatch.setattr(bell.app, "send_task", lambda *a, **o: gone.wait(30))
    ringing = [bell.ring("deliver", [build.new_id()]) for _ in range(6)]
    gone.set()
    for thread in ringing:
        if thread:
            thread.join(30)
    assert [thread is None for thread in ringing] == [False] * 4 + [True] * 2


@pytest.mark.fault("F54")
def test_after_the_broker_lost_every_message_the_sweep_rings_for_all_again(ward, portal, bells):
    person = build.resident(build.household(ward.groups[0]))
    rows = [build.filed(ward, person=person) for _ in range(3)]
    bells.clear()

    assert delivery.sweep() == [row.pk for row in rows]
    assert bells == [("deliver", [str(row.pk) for row in rows])]


@pytest.mark.fault("F54")
def test_a_broker_folder_that_was_deleted_breaks_nothing(real_bell, settings, tmp_path, monkeypatch):
    folders = {name: tmp_path / "queue" / name for name in ("messages", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    monkeypatch.setitem(bell.app.conf, "broker_url", "filesystem://")
    options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
    }
    monkeypatch.setitem(bell.app.conf, "broker_transport_options", options)
    shutil.rmtree(tmp_path / "queue")

    bell.ring("deliver", [build.new_id()]).join(30)

    assert bell.ring("deliver", []) is not None, "the ringer came back"


def test_a_bell_carries_a_name_and_an_id_and_nothing_else(real_bell, monkeypatch):
    said = []
    monkeypatch.setattr(bell.app, "send_task", lambda *a, **o: said.append((a, o)))
    pk = build.new_id()
    bell.ring("deliver", [pk]).join(30)
    options = {"args": [str(pk)], "retry": False, "ignore_result": True}
    assert said == [(("onboarding.submissions.tasks.deliver",), options)]


def test_the_bell_rings_at_the_broker_of_the_settings_in_a_fresh_process():
    words = "import django; django.setup(); from onboarding.submissions import bell; print(bell.app.conf.broker_url)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "onboarding.settings", "BROKER_URL": "redis://127.0.0.1:1/7"}
    done = subprocess.run([sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "redis://127.0.0.1:1/7"
