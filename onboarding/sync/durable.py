"""Up to where a verified backup goes, so that phones may drop what the server can't lose any more.

For: the backup of the embedded database, reading the counters INSIDE a finished backup, and raising the marks.
Not for: restoring (README.md says how) or what a phone does with the mark (hello.py tells it).
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import UUID

import dj_database_url
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection, connections
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from onboarding.journal.models import AreaCounter

KEEP = 7
Marks = dict[UUID, tuple[str, int]]


class BackupFailed(Exception):
    """The backup could not be made or does not open whole; nothing was marked. The text says where it stopped."""


def raise_marks(marks: Marks) -> int:
    """Raise each area's durable mark to the number found in a verified backup; return how many rose.

    marks: area id → (epoch, number) as read inside the backup. An area whose epoch differs is another history and
    stays; a mark never falls.
    """
    rose = 0
    for area, (epoch, number) in marks.items():
        rows = AreaCounter.objects.filter(pk=area, epoch=epoch, durable__lt=number, last__gte=number)
        rose += rows.update(durable=Greatest(F("durable"), number))
    return rose


def marks_in(database_url: str) -> Marks:
    """Return the counters inside a restored copy, e.g. "postgres://…/restored" or "sqlite:////backup/db.sqlite3"."""
    alias = "restored"
    connections.databases[alias] = {**connections.settings["default"], **dj_database_url.parse(database_url)}
    try:
        rows = AreaCounter.objects.using(alias).values_list("pk", "epoch", "last")
        return {area: (epoch, last) for area, epoch, last in rows}
    finally:
        connections[alias].close()
        del connections[alias], connections.databases[alias]


def back_up(folder: Path | None = None) -> Path:
    """Make a verified backup of the embedded database and its files, raise the marks, return the backup's folder.

    1. copy the database with SQLite's own online copy (a plain file copy misses the log); 2. copy every file that
    was there by then; 3. open the copy and check it whole; 4. put it in place under its final name; 5. only now
    raise the marks, to the counters found inside. Raises BackupFailed; an unfinished folder is removed.
    """
    if connection.vendor != "sqlite":
        raise BackupFailed("only for SQLite; elsewhere use the server's own tools, then mark_durable --restored URL")
    folder = folder or Path(settings.BACKUP_DIR)
    final = folder / f"{timezone.now():%Y%m%d-%H%M%S-%f}"
    draft = folder / f".{final.name}"
    draft.mkdir(parents=True)
    try:
        _copy_database(draft / "db.sqlite3")
        _copy_files(draft / "files", _finished(folder))
        marks = verified_marks(draft / "db.sqlite3")
    except (OSError, sqlite3.Error, BackupFailed) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupFailed(str(error) or type(error).__name__) from error
    draft.rename(final)
    _to_disk(folder)
    raise_marks(marks)
    _drop_old(folder)
    return final


def verified_marks(path: Path) -> Marks:
    """Return the counters inside a finished SQLite backup. Raises BackupFailed when it is damaged or cut off."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupFailed("integrity_check")
            rows = copy.execute("SELECT area_id, epoch, last FROM journal_areacounter").fetchall()
    except sqlite3.Error as error:
        raise BackupFailed("the copy does not open") from error
    return {UUID(area): (epoch, last) for area, epoch, last in rows}


def latest(folder: Path | None = None) -> datetime | None:
    """Return when the newest finished backup was made, or None."""
    done = _finished(folder or Path(settings.BACKUP_DIR))
    return datetime.fromtimestamp(done[-1].stat().st_mtime, timezone.get_current_timezone()) if done else None


def _copy_database(target: Path) -> None:
    """Copy in one reading step over a connection of its own: writers go on meanwhile, the copy is of one moment."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _copy_files(target: Path, earlier: list[Path]) -> None:
    """Copy the stored files; one that the backup before has is linked: names are hashes, contents never change."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):  # object storage has its own versions
        return
    source = Path(storage.location)
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            known = earlier[-1] / "files" / path.relative_to(source) if earlier else path
            if earlier and known.exists() and known.stat().st_size == path.stat().st_size:
                os.link(known, place)
            else:
                shutil.copy2(path, place)


def _drop_old(folder: Path) -> None:
    for old in _finished(folder)[:-KEEP]:
        shutil.rmtree(old, ignore_errors=True)


def _finished(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[0-9]*") if path.is_dir()) if folder.exists() else []


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
