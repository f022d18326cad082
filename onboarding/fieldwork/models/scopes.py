"""Rows that belong to an area, and who may see them: the only way from a user to rows of this room.

Not for: tables; those use these as their managers.
"""

from django.db import models

from onboarding.accounts.models import FIELD_ROLES, Area, Role, User


class AreaScopedQuerySet(models.QuerySet):
    """Rows that belong to an area: seen by whoever works in that area."""

    area_path = "area"

    def visible_to(self, user: User) -> "AreaScopedQuerySet":
        """Return the rows in the areas where user is a member of a team or a supervisor today."""
        return self.filter(**{f"{self.area_path}__in": Area.objects.visible_to(user, FIELD_ROLES)})


class HouseholdScopedQuerySet(AreaScopedQuerySet):
    """Rows that belong to a household."""

    area_path = "household__area"


class ResidentScopedQuerySet(AreaScopedQuerySet):
    """Rows that belong to a resident."""

    area_path = "resident__household__area"


class SupervisedQuerySet(AreaScopedQuerySet):
    """Rows that only the supervisors of their area see; those who walk there do not."""

    def visible_to(self, user: User) -> "SupervisedQuerySet":
        """Return the rows in the areas that user supervises today."""
        return self.filter(**{f"{self.area_path}__in": Area.objects.visible_to(user, (Role.SUPERVISOR,))})
