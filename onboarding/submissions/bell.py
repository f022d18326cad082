"""The doorbell: telling a worker that a row is due, without ever depending on it.

For: `ring_after_commit` in verbs and `ring` in sweeps. A message carries a name and an id, nothing personal, and may
be lost: the sweep rings again. A broker that is down or slow neither fails nor stalls whoever rings. Not for: work.
"""

import logging
import threading
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import transaction

# By name, not "whatever app is current": a web process that never made one would ring at a broker nobody has.
from onboarding.celery import app

log = logging.getLogger(__name__)
TASKS = "onboarding.submissions.tasks"
# A dead broker holds each publisher for about a second; more than a few of them at once would only pile up.
_ringers = threading.BoundedSemaphore(4)


def ring_after_commit(task: str, pk: UUID) -> None:
    """Ring once the row that it is about can be seen by a worker."""
    transaction.on_commit(partial(ring, task, [pk]), robust=True)


def ring(task: str, ids: Iterable[UUID]) -> threading.Thread | None:
    """Publish a message for each id from a thread of its own, which is returned. None: skipped, others still ring."""
    if not _ringers.acquire(blocking=False):
        return None
    thread = threading.Thread(target=_publish, args=(task, [str(pk) for pk in ids]), daemon=True, name="bell")
    try:
        thread.start()
    except RuntimeError:  # no more threads: the sweep does it
        _ringers.release()
        return None
    return thread


def _publish(task: str, ids: list[str]) -> None:
    try:
        for pk in ids:
            app.send_task(f"{TASKS}.{task}", args=[pk], retry=False, ignore_result=True)
    except Exception as trouble:  # whatever a broker can raise: the row stays due
        log.warning("bell: %s is not heard (%s); the sweep will ring again", task, type(trouble).__name__)
    finally:
        _ringers.release()
