"""Celery's doorbell for this room. A lost message costs nothing: the beat rings again."""

from celery import shared_task
from django.conf import settings

from onboarding.guides import drawing_room, materials, pictures, timetable
from onboarding.guides.models import Step


@shared_task
def draw_due() -> None:
    """Draw for a while what guides in review and the shipped ones still lack."""
    if settings.DRAW_SECONDS:
        drawing_room.draw_due(seconds=settings.DRAW_SECONDS)


@shared_task
def drop_unused() -> None:
    """Drop the photos and recordings that nothing has used for 30 days."""
    materials.drop_unused()


@shared_task
def keep_time() -> None:
    """Publish what is due and withdraw what has expired."""
    timetable.keep_time()


@shared_task
def draw(step_id: int) -> None:
    """Draw the pictures of one step."""
    step = Step.objects.select_related("version").filter(pk=step_id).first()
    if step:
        pictures.draw(step)
