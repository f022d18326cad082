"""Where a step is found for longer than a version lives: by its name in the guide, whatever its number is by then.

For: codes on paper and links that people keep. Not for: the pages themselves (views.py).
"""

from django.urls import reverse

from onboarding.guides.models import GuideVersion, Step


def address_of(step: Step) -> str:
    """Return the path of a step that stays: by its name, or by its number when nobody named it."""
    slug = step.version.guide.slug
    if step.item:
        return reverse("guides:short", args=[slug, step.item])
    return reverse("guides:step", args=[slug, step.number])


def step_called(version: GuideVersion, item: str) -> str | None:
    """Return the path of the first step of that name, or None when the version has none."""
    number = version.steps.filter(item=item).values_list("number", flat=True).first()
    return None if number is None else reverse("guides:step", args=[version.guide.slug, number])
