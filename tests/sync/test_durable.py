"""Backups that are proved, marks that are honest, and a restore that loses nothing."""

import os
import shutil
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from onboarding.fieldwork.models import Visit
from onboarding.ids import new_id
from onboarding.journal.models import AreaCounter
from onboarding.journal.recording import recording
from onboarding.sync import durable, epochs
from onboarding.sync.models import Entry
from tests.phone import visit_body

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded database's own backup"),
]


def put_back(backup: Path) -> None:
    """Restore the database as an operator does: processes stopped, file copied, after_restore."""
    target = connection.settings_dict["NAME"]
    connections.close_all()
    for suffix in ("-wal", "-shm"):
        Path(target + suffix).unlink(missing_ok=True)
    shutil.copy(backup / "db.sqlite3", target)


def test_a_backup_is_opened_checked_and_raises_the_marks_to_what_it_holds(phone, knock, home, settings):
    knock(phone)
    phone.push()
    out = StringIO()
    call_command("backup", stdout=out)
    folder = Path(out.getvalue().strip())

    assert folder.parent == settings.BACKUP_DIR
    counter = AreaCounter.objects.get(pk=home.area_id)
    assert counter.durable == counter.last > 0
    assert durable.verified_marks(folder / "db.sqlite3")[home.area_id] == (counter.epoch, counter.last)


def test_the_mark_is_what_is_inside_the_backup_not_what_came_while_it_was_made(phone, knock, home, monkeypatch):
    knock(phone)
    phone.push()
    before = AreaCounter.objects.get(pk=home.area_id).last
    copy = durable._copy_files

    def meanwhile(*args):
        knock(phone)
        phone.push()
        return copy(*args)

    monkeypatch.setattr(durable, "_copy_files", meanwhile)
    durable.back_up()
    counter = AreaCounter.objects.get(pk=home.area_id)
    assert (counter.durable, counter.last > before) == (before, True)


@pytest.mark.fault("F46")
@pytest.mark.parametrize("damage", ["cut off", "overwritten", "not a database", "empty"])
def test_a_damaged_backup_raises_no_mark_and_fails_loudly(phone, knock, home, monkeypatch, settings, damage):
    knock(phone)
    phone.push()
    copy = durable._copy_database

    def damaged(target):
        copy(target)
        whole = target.read_bytes()
        target.write_bytes(
            {
                "cut off": whole[: len(whole) // 2],
                "overwritten": whole[:8192] + b"\x5a" * 200_000 + whole[208_192:],
                "not a database": b"x" * 5000,
                "empty": b"",
            }[damage]
        )

    monkeypatch.setattr(durable, "_copy_database", damaged)
    with pytest.raises(CommandError, match="Sao lưu không xong"):
        call_command("backup")
    assert AreaCounter.objects.get(pk=home.area_id).durable == 0
    assert not durable._finished(settings.BACKUP_DIR)
    assert not list(settings.BACKUP_DIR.iterdir())


def test_files_are_in_the_backup_and_linked_to_the_one_before(phone, home, settings):
    entry = phone.capture(
        "visit", {}, subject=home.pk, chain=home.pk, area=home.area_id, files={"paper-1": b"anh" * 1000}
    )
    phone.push()
    phone.upload(entry)
    first, second = durable.back_up(), durable.back_up()
    name = next(iter(phone.outbox[entry].files))
    stored = [folder / "files" / "sealed" / name[:2] / name for folder in (first, second)]
    assert stored[0].read_bytes() == phone.outbox[entry].files[name]
    assert stored[0].samefile(stored[1])


def test_only_the_newest_backups_are_kept(phone, settings):
    made = [durable.back_up() for _ in range(durable.KEEP + 2)]
    assert durable._finished(settings.BACKUP_DIR) == made[2:]
    assert durable.latest() is not None


def test_a_mark_of_another_history_or_ahead_of_us_is_not_believed(home, ward):
    with recording(ward.member) as journal:
        journal.changed("visit", new_id(), home.area_id)
    epoch = AreaCounter.objects.get(pk=home.area_id).epoch
    assert durable.raise_marks({home.area_id: ("another", 1)}) == 0
    assert durable.raise_marks({home.area_id: (epoch, 99)}) == 0
    assert durable.raise_marks({home.area_id: (epoch, 1)}) == 1
    assert durable.raise_marks({home.area_id: (epoch, 0)}) == 0
    assert AreaCounter.objects.get(pk=home.area_id).durable == 1


def test_mark_durable_reads_a_restored_copy_of_any_database(phone, knock, home, settings, tmp_path):
    knock(phone)
    phone.push()
    with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
        sqlite3.connect(connection.settings_dict["NAME"]).backup(copy)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "mark_durable", "--restored", f"sqlite:///{tmp_path / 'copy.sqlite3'}"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=True,
        env=environment | {"DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"},
    )  # fmt: skip
    assert int(done.stdout) >= 1
    counter = AreaCounter.objects.get(pk=home.area_id)
    assert counter.durable == counter.last > 0


@pytest.mark.fault("F45")
def test_after_a_restore_phones_send_again_what_the_backup_lacks_and_nothing_is_lost_or_twice(phone, knock, home):
    early = knock(phone)
    phone.sync()
    folder = durable.back_up()
    late = knock(phone)
    phone.sync()
    epoch = phone.server_epoch
    put_back(folder)
    assert not Visit.objects.filter(pk=late).exists()
    call_command("after_restore", stdout=StringIO())
    phone.sync()

    assert phone.server_epoch != epoch
    assert set(map(str, Visit.objects.values_list("pk", flat=True))) == {early, late}
    assert ("visit", late) in phone.records
    durable.back_up()
    phone.sync()
    assert not phone.outbox


@pytest.mark.fault("F45")
def test_an_entry_that_the_backup_held_gets_a_receipt_of_the_new_history_once(phone, knock, home):
    entry = knock(phone)
    phone.sync()
    old = phone.receipt(entry)
    put_back(durable.back_up())
    epochs.renew()
    first = phone.post([phone.outbox[entry].entry])
    again = phone.post([phone.outbox[entry].entry])

    assert first.body == again.body
    receipt = first.json["receipts"][0]
    assert phone.is_ours(receipt)
    assert receipt["epoch"] == AreaCounter.objects.get(pk=home.area_id).epoch != old["epoch"]
    assert {**receipt, "epoch": 0, "mac": 0} == {**old, "epoch": 0, "mac": 0}
    assert Entry.objects.get(pk=entry).number == old["number"]


@pytest.mark.fault("F45")
def test_a_content_that_was_refused_before_the_restore_is_refused_in_the_new_history(phone, knock, home):
    entry = knock(phone, note="bản đầu")
    phone.sync()
    body = visit_body(note="bản sau")
    phone.outbox.pop(entry)
    phone.capture("visit", body, subject=home.pk, chain=home.pk, area=home.area_id, id=entry)
    phone.sync()
    put_back(durable.back_up())
    epochs.renew()
    phone.sync()

    receipt = phone.receipt(entry)
    assert (receipt["verdict"], receipt["epoch"]) == ("conflict", AreaCounter.objects.get(pk=home.area_id).epoch)
    assert phone.ready() == []


@pytest.mark.fault("F45")
def test_an_answer_that_was_on_its_way_while_the_server_was_put_back_settles_nothing(phone, knock):
    folder = durable.back_up()
    entry = knock(phone)
    raw = [phone.outbox[entry].entry]
    late = phone.post(raw)
    put_back(folder)
    epochs.renew()
    phone.hello()
    phone.take(late, raw)

    assert [row["id"] for row in phone.ready()] == [entry]
    phone.sync()
    assert Visit.objects.filter(pk=entry).exists()


@pytest.mark.fault("F45")
def test_a_restore_that_was_not_announced_keeps_the_door_shut(phone, knock, settings, tmp_path):
    settings.SERVER_EPOCH_FILE = str(tmp_path / "epoch")
    entry = knock(phone)
    phone.sync()
    folder = durable.back_up()
    epochs.renew()
    put_back(folder)
    answer = phone.request("POST", "/sync/hello/", {})
    assert (answer.status, answer.json["code"]) == (503, "restoring")
    assert phone.hello() is None
    assert entry in phone.outbox
    call_command("after_restore", stdout=StringIO())
    assert phone.hello() is not None
