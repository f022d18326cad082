"""Draws guides a slice at a time while the house is open, and publishes a shipped one when it is whole.

For: the worker, because fifty guides take minutes to draw and nobody waits that long for the first start; and for what
people have sent to review, which comes first. Readers keep the version before until the new one is complete. A shipped
version never replaces by itself what the ward has written or withdrawn. Not for: drafts; they have no steps to draw.
"""

import logging
import time

from django.core.cache import cache
from django.db.models import Case, Count, Q, QuerySet, When

from onboarding.guides import pictures, publishing
from onboarding.guides.models import Guide, GuideVersion, Step
from onboarding.guides.specs import BadSpec

log = logging.getLogger(__name__)
State = GuideVersion.State
ASKED = (State.REVIEW, State.SCHEDULED)
BUSY = "guides.drawing"
LONGEST = 60  # seconds after which another may draw although the one before did not say that it ended


def due_steps() -> QuerySet[Step]:
    """Return the steps that wait to be drawn: those somebody waits for, the shipped ones, and last translations."""
    asked = Q(version__state__in=ASKED)
    shipped = Q(version__author=None, version__state__in=(State.DRAFT, State.PUBLISHED))
    late = Q(version__guide__original__isnull=False)  # a translation takes over what its original has drawn
    rank = Case(When(asked, then=0), When(late, then=2), default=1)
    waiting = Step.objects.filter(asked | shipped, scene="").annotate(later=rank)
    return waiting.order_by("later", "version__guide__order", "version__guide__slug", "version__number", "number")


def note_changed(version: GuideVersion, keys: list[str]) -> int:
    """Mark the steps whose pictures are not of these scenes (key of each step, in order); return how many wait."""
    # Said here: a count leaves out the order that the model has by itself.
    steps = version.steps.annotate(drawn=Count("pictures")).order_by("number")
    whole = len(pictures.VARIANTS)
    old = [step.pk for step, key in zip(steps, keys, strict=True) if (step.scene, step.drawn) != (key, whole)]
    Step.objects.filter(pk__in=old).update(scene="")
    return len(old)


def finish(version: GuideVersion) -> int:
    """Draw what a shipped version lacks, bring it out if it is a draft; return how many were drawn. Raises Refused."""
    drawn = publishing.draw_missing(version)
    _bring_out(version)
    return drawn


def kept_by_people(guide: Guide) -> bool:
    """Say whether what readers of guide had last was written in the ward or taken from them: people decide then."""
    last = guide.versions.filter(published_at__isnull=False).order_by("-number").first()
    return last is not None and (last.author_id is not None or last.state == State.WITHDRAWN)


def progress(version: GuideVersion) -> tuple[int, int]:
    """Return how many steps of version are drawn, and how many it has."""
    return version.steps.exclude(scene="").count(), version.steps.count()


def help_along(version: GuideVersion) -> None:
    """Draw one step of version that waits, unless somebody is drawing: who looks on gets it done without a worker."""
    step = version.steps.filter(scene="").order_by("number").select_related("version__guide").first()
    if step is None or version.state not in ASKED or not cache.add(BUSY, True, LONGEST):
        return
    try:
        _drawn(step)
    finally:
        cache.delete(BUSY)


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
        if not _drawn(step):
            continue
        if not step.version.steps.filter(scene="").exists():
            _bring_out(step.version)
        if time.monotonic() > end:
            return


def _drawn(step: Step) -> bool:
    try:
        pictures.draw(step)
    except BadSpec as bad:  # judged when it came in, so only a renderer that has changed since can bring this
        log.error("guide %s, step %s cannot be drawn: %s", step.version.guide.slug, step.number, bad)
        return False
    return True


def _bring_out(version: GuideVersion) -> None:
    """Publish a shipped draft that is whole, or let it wait for a person where people keep the guide."""
    if version.state != State.DRAFT or version.author_id is not None:
        return
    if kept_by_people(version.guide):
        GuideVersion.objects.filter(pk=version.pk, state=State.DRAFT).update(state=State.REVIEW)
    else:
        publishing.publish(user=None, version=version)
