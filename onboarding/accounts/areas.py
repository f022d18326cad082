"""Placing areas in the tree. Not for: reading them; that is Area.objects.visible_to()."""

from onboarding.accounts.models import Area, AreaLevel


def place_area(*, level: AreaLevel, code: str, name: str, parent: Area | None = None, phone: str = "") -> Area:
    """Create or rename the area with this code under parent; return it. `code` must not hold "/"."""
    if "/" in code:
        raise ValueError("an area code must not hold a slash: it would break the path")
    path = f"{parent.path if parent else ''}{code}/"
    area, _created = Area.objects.update_or_create(
        path=path, defaults={"level": level, "code": code, "name": name, "parent": parent, "phone": phone}
    )
    return area


def help_line() -> Area | None:
    """Return the ward whose number public pages print, or None when several wards share this house.

    A reader of a public page is nobody we know, so with two numbers there is no telling which one is right.
    """
    found = list(Area.objects.exclude(phone="")[:2])
    return found[0] if len(found) == 1 else None


def wards() -> list[Area]:
    """Return the areas that have teams to send, which are the wards of this house, in the order of the tree."""
    return list(Area.objects.filter(teams__isnull=False).distinct().order_by("path"))
