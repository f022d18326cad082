"""Tasks of the room: each calls one verb. Losing any of them costs time, nothing else. Not for: decisions."""

from celery import shared_task

from onboarding.fieldwork import keeping


@shared_task
def wipe_finished() -> None:
    """Take what is personal out of requests for visits that ended long ago, or that nobody ended in time."""
    keeping.wipe_finished()
    keeping.wipe_unfinished()
