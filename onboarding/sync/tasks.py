"""Doorbells of sync. Not for: the work; each task calls one verb, and losing it only costs time."""

from celery import shared_task

from onboarding.sync import durable, push


@shared_task(ignore_result=True)
def release_held() -> None:
    """Settle entries whose wait is over."""
    push.release_overdue()


@shared_task(ignore_result=True)
def back_up() -> None:
    """Back up the embedded database and raise the durable marks."""
    durable.back_up()
