"""The name of this database's history, so that a phone notices when an older one came back from a backup.

For: `current()`, told in every hello, and `renew()`, called once after a restore. A copy of the name lies outside
the data (SQLite only): a restored file whose name differs from it means that somebody forgot the second step.
Not for: the numbering of areas; journal owns it.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from onboarding.ids import new_id
from onboarding.journal.models import AreaCounter, new_epoch
from onboarding.journal.recording import recording
from onboarding.submissions import weather
from onboarding.sync.models import ServerEpoch

ASK_FIRST = timedelta(days=90)


class RestoreForgotten(Exception):
    """The database was replaced by an older one and `manage.py after_restore` has not run."""


def current() -> str:
    """Return the epoch of this database. Raises RestoreForgotten when the copy outside names another."""
    row, _new = ServerEpoch.objects.get_or_create(id=1, defaults={"value": new_id().hex})
    outside = _outside()
    if outside is not None:
        if not outside.exists():
            outside.write_text(row.value)
        elif outside.read_text() != row.value:
            raise RestoreForgotten
    return row.value


def renew() -> str:
    """Start a new history after a restore and return its name.

    1. every area gets a new epoch, because its next numbers were given before the restore to other changes;
    2. what was restored is covered by the backup that it came from, so all of it is durable;
    3. phones see the new name in hello, drop their copies and send again what the backup may lack;
    4. the portal is asked first for every dossier while phones may still come back with old ones.
    """
    value = new_id().hex
    with recording(None):
        for counter in AreaCounter.objects.select_for_update().order_by("pk"):
            AreaCounter.objects.filter(pk=counter.pk).update(epoch=new_epoch(), durable=counter.last)
        ServerEpoch.objects.update_or_create(id=1, defaults={"value": value})
        weather.ask_first(timezone.now() + ASK_FIRST)
    outside = _outside()
    if outside is not None:
        outside.write_text(value)
    return value


def _outside() -> Path | None:
    """The copy lies with the keys: one machine, one file. With a database server there may be many web machines."""
    if connection.vendor != "sqlite" or not settings.SERVER_EPOCH_FILE:
        return None
    return Path(settings.SERVER_EPOCH_FILE)
