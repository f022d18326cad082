"""Draws the shipped guides a slice at a time while the house is open, and publishes each when it is whole.

For: the worker, because fifty guides take minutes to draw and nobody waits that long for the first start. Readers keep
the version before until the new one is complete. Not for: versions that people write; publishing.publish() draws those
while the editor looks on.
"""

import logging
import time

from django.core.cache import cache
from django.db.models import Count, QuerySet

from onboarding.guides import pictures, publishing, sealing
from onboarding.guides.models import GuideVersion, Step
from onboarding.guides.specs import BadSpec

log = logging.getLogger(__name__)
State = GuideVersion.State
BUSY = "guides.drawing"
LONGEST = 60  # seconds after which another may draw although the one before did not say that it ended


def due_steps() -> QuerySet[Step]:
    """Return the steps of shipped versions that wait to be drawn, in the order of the catalogue."""
    waiting = Step.objects.filter(scene="", version__author=None, version__state__in=(State.DRAFT, State.PUBLISHED))
    return waiting.order_by("version__guide__order", "version__guide__slug", "version__number", "number")


def note_changed(version: GuideVersion, keys: list[str]) -> int:
    """Mark the steps whose pictures are not of these scenes (key of each step, in order); return how many wait."""
    # Said here: a count leaves out the order that the model has by itself.
    steps = version.steps.annotate(drawn=Count("pictures")).order_by("number")
    whole = len(pictures.VARIANTS)
    old = [step.pk for step, key in zip(steps, keys, strict=True) if (step.scene, step.drawn) != (key, whole)]
    Step.objects.filter(pk__in=old).update(scene="")
    return len(old)


def finish(version: GuideVersion) -> int:
    """Draw what a shipped version lacks and publish it if it is a draft; return how many were drawn. Raises Refused."""
    drawn = publishing.draw_missing(version)
    if version.state == State.DRAFT:
        publishing.publish(user=None, version=version)
    elif drawn and version.state == State.PUBLISHED:
        sealing.freeze(version)
    return drawn


def draw_due(*, seconds: float) -> int:
    """Draw waiting steps for about so many seconds (one at least); return how many still wait.

    One process at a time: a second one would draw the same pictures once more.
    """
    if not cache.add(BUSY, True, LONGEST):
        return due_steps().count()
    try:
        _draw_until(time.monotonic() + seconds)
    finally:
        cache.delete(BUSY)
    return due_steps().count()


def _draw_until(end: float) -> None:
    for step in due_steps().select_related("version__guide"):
        try:
            pictures.draw(step)
        except BadSpec as bad:  # judged when it was loaded, so only a renderer that has changed since can bring this
            log.error("guide %s, step %s cannot be drawn: %s", step.version.guide.slug, step.number, bad)
            continue
        _publish_when_whole(step.version)
        if time.monotonic() > end:
            return


def _publish_when_whole(version: GuideVersion) -> None:
    if version.steps.filter(scene="").exists():
        return
    if version.state == State.DRAFT:
        publishing.publish(user=None, version=version)
    else:
        sealing.freeze(version)  # the same words, drawn by a newer hand
