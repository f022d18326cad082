"""Tasks of the room: each calls one verb with an id. Losing any of them costs time, nothing else.

Not for: decisions; a task that knows something would be lost with its message.
"""

from uuid import UUID

from celery import shared_task

from onboarding.submissions import attachments, delivery, tracking


@shared_task
def check_files(submission_id: str) -> None:
    """Check the papers of a submission that have arrived."""
    attachments.check_files(UUID(submission_id))


@shared_task
def deliver(submission_id: str) -> None:
    """Bring one submission forward, then whatever else is due for a few seconds."""
    delivery.deliver(UUID(submission_id))
    delivery.work()


@shared_task
def sweep() -> None:
    """Ring for what is due."""
    delivery.sweep()


@shared_task
def drop_originals() -> None:
    """Remove the sealed originals of papers that were checked long ago."""
    attachments.drop_originals()


@shared_task
def track() -> None:
    """Ask the portal how its dossiers are."""
    tracking.track()
