"""Who may do what, and where.

An Area is a node of a tree whose levels are rows (city, ward, neighbourhood group, …). A Membership gives one
user one role in one area from a day to a day; everything below that area is included. A Team belongs to a ward
and walks some of its groups; a member of a team sees the groups of that team and nothing else.
Not for: what people do (fieldwork, submissions) or which phone they carry (sync).
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.ids import new_id

T = TypeVar("T")


class Role(models.TextChoices):
    """What a membership lets a person do."""

    MEMBER = "member", _("Thành viên tổ")
    SUPERVISOR = "supervisor", _("Phụ trách phường")
    EDITOR = "editor", _("Biên tập hướng dẫn")


FIELD_ROLES = (Role.MEMBER, Role.SUPERVISOR)


class User(AbstractUser):
    """A person who signs in: full name in `name`, as on the badge."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Họ và tên"), max_length=120)
    phone = models.CharField(_("Số điện thoại"), max_length=20, blank=True)
    badge = models.CharField(_("Số thẻ"), max_length=20, blank=True)
    first_name = None  # type: ignore[assignment]  # one field for a whole name, as on forms here
    last_name = None  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["badge"], condition=~Q(badge=""), name="user_badge_unique"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name as on the badge."""
        return self.name

    def get_short_name(self) -> str:
        """Return the given name, which is the last word in Vietnamese."""
        return self.name.split(" ")[-1] if self.name else self.username

    _answers: "dict[str, Any] | None" = None  # only within access.asked_once()

    def ask(self, question: str, find: Callable[[], T]) -> T:
        """Return find(), a question about what this user may do; within access.asked_once() remember its answer."""
        if self._answers is None:
            return find()
        if question not in self._answers:
            self._answers[question] = find()
        return cast(T, self._answers[question])

    def memberships_today(self) -> "list[Membership]":
        """Return the memberships in force today, each with its area."""
        return self.ask("memberships", lambda: list(self.memberships.current().select_related("area")))


class AreaLevel(models.Model):
    """One level of the tree, e.g. city (0), ward (1), neighbourhood group (2). A row, so that it may change."""

    code = models.SlugField(primary_key=True, max_length=20)
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    """The only way to areas for a user."""

    def visible_to(self, user: "User", roles: tuple[str, ...] = FIELD_ROLES) -> "AreaQuerySet":
        """Return the areas in which user has one of roles today: the area of the role and all below it.

        A team member has the areas of the team. An inactive user has none.
        """
        wanted = Q(pk__in=[])
        if user.is_active:
            for membership in user.memberships_today():
                if membership.role in roles:
                    wanted |= membership.reach()
        return self.filter(wanted)

    def below(self, area: "Area") -> "AreaQuerySet":
        """Return area and everything under it."""
        return self.filter(path__startswith=area.path)


class Area(models.Model):
    """A place in the tree. `path` is the codes from the root, each ended by "/", kept by place_area()."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200, unique=True)
    phone = models.CharField(_("Số gọi hỗ trợ"), max_length=20, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who walk together. `areas` are the groups whose doors they knock on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="teams", verbose_name=_("Phường"))
    areas = models.ManyToManyField(Area, related_name="walked_by")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by time."""

    def current(self, day: date | None = None) -> "MembershipQuerySet":
        """Return those in force on day (today in Hà Nội when not given)."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Membership(models.Model):
    """One user, one role, one area, from a day to a day (valid_to included; empty = still)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(role=Role.MEMBER) | Q(team__isnull=False), name="membership_member_has_team"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area"], condition=Q(valid_to__isnull=True), name="membership_one_open"
            ),
        ]

    def reach(self) -> Q:
        """Return the filter on Area for what this membership covers."""
        if self.role == Role.MEMBER:
            return Q(walked_by=self.team_id)
        return Q(path__startswith=self.area.path)
