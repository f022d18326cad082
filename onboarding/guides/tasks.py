"""Celery's doorbell for this room. A lost message costs nothing: publishing draws what is still missing."""

from celery import shared_task

from onboarding.guides import pictures
from onboarding.guides.models import Step


@shared_task
def draw(step_id: int) -> None:
    """Draw the pictures of one step."""
    step = Step.objects.select_related("version").filter(pk=step_id).first()
    if step:
        pictures.draw(step)
