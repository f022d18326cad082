"""The web process is killed with -9 between two statements; the phone sends again; nothing is lost, nothing twice."""

import http.client
import os
import select
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings

from onboarding.fieldwork.models import Visit
from onboarding.journal.models import AreaCounter, Change
from onboarding.submissions import attachments
from onboarding.sync.models import Entry, Upload
from tests.house import database_url
from tests.phone import visit_body
from tests.transport import Answer, through_django

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault("F44")]
SERVER = """
from wsgiref.simple_server import make_server
from onboarding.wsgi import application
server = make_server("127.0.0.1", 0, application)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def server(folder, failpoints):
    """A web process on our database that dies where failpoints says; yields a transport to it and the process."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "PYTEST_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "onboarding.settings", "VAR_DIR": str(folder), "FAILPOINTS": failpoints,
        "KEYS_DIR": str(django_settings.KEYS_DIR), "LOG_LEVEL": "CRITICAL", "DATABASE_URL": database_url(),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=django_settings.BASE_DIR, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "the web process did not start"
        port = int(process.stdout.readline())

        def transport(method, path, body, headers):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request(method, path, body, {"Content-Type": "application/json", **headers})
            answer = line.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

        yield transport, process
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture
def folder(settings, tmp_path):
    """Where the killed process and this one keep files."""
    settings.UPLOAD_DIR = tmp_path / "data" / "uploads"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "data" / "files")},
        },
    }
    return tmp_path


@pytest.mark.parametrize("point", ["push.before_numbering", "push.after_receipt", "push.after_commit"])
def test_killed_while_taking_entries_everything_or_nothing_of_each_is_there(phone, knock, home, folder, point):
    entries = [knock(phone) for _ in range(2)]
    with server(folder, f"{point}=kill") as (transport, process):
        phone.transport = transport
        with pytest.raises((http.client.HTTPException, OSError)):
            phone.push()
        assert process.wait(30) == -9
    committed = 1 if point == "push.after_commit" else 0
    assert Entry.objects.count() == Visit.objects.count() == committed
    assert all(row.receipt for row in Entry.objects.all())
    assert AreaCounter.objects.filter(pk=home.area_id).exists() == bool(committed)

    phone.transport = through_django
    phone.push()
    assert [phone.receipt(entry)["verdict"] for entry in entries] == ["accepted"] * 2
    assert Visit.objects.count() == 2
    numbers = list(Change.objects.filter(area=home.area_id).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("point", ["uploads.after_write", "uploads.before_done"])
def test_killed_while_taking_a_file_the_phone_goes_on_and_the_file_is_whole(phone, home, folder, point):
    entry = phone.capture(
        "visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id, files={"paper-1": os.urandom(70_000)}
    )
    phone.push()
    name, sealed = next(iter(phone.outbox[entry].files.items()))
    with server(folder, f"{point}=kill") as (transport, process):
        phone.transport = transport
        with pytest.raises((http.client.HTTPException, OSError)):
            phone.upload(entry)
        assert process.wait(30) == -9
    assert Upload.objects.get(pk=name).done_at is None

    phone.transport = through_django
    assert phone.upload(entry).status == 200
    assert Upload.objects.get(pk=name).done_at is not None
    stored = folder / "data" / "files" / attachments.sealed_name(name)
    assert stored.read_bytes() == sealed


def test_a_failpoint_does_nothing_unless_it_is_named(monkeypatch):
    from onboarding.failpoint import FailpointReached, failpoint

    monkeypatch.delenv("FAILPOINTS", raising=False)
    failpoint("push.after_commit")
    monkeypatch.setenv("FAILPOINTS", "other=kill,push.after_commit=raise")
    failpoint("push.before_numbering")
    with pytest.raises(FailpointReached):
        failpoint("push.after_commit")
