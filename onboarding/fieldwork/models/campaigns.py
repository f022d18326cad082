"""Campaigns, the short links that spread them, and how often each was opened on a day.

What is told of a campaign (place, hours, texts) is for everybody to read: nothing personal may stand in it, and a count
says how often, never who. Not for: rounds and visits, which are counted by themselves (oversight).
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from onboarding.accounts.models import Area
from onboarding.fieldwork.models.scopes import AreaScopedQuerySet
from onboarding.ids import new_id


class Campaign(models.Model):
    """A push with a target, e.g. 1.500 activations from October to December, and what people are told about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=120)
    starts = models.DateField()
    ends = models.DateField()
    target_households = models.PositiveIntegerField(default=0)
    target_activations = models.PositiveIntegerField(default=0)
    guide = models.SlugField(max_length=60, blank=True, help_text="slug of the guide it is about; empty: all of them")
    place = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=80, blank=True)
    bring = models.CharField(max_length=160, blank=True, help_text="empty: what the guide says")
    loudspeaker = models.CharField(max_length=1000, blank=True, help_text="empty: made from what is known")
    message = models.CharField(max_length=1000, blank=True, help_text="empty: made from what is known")

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="campaign_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class ShortLink(models.Model):
    """A short address of a campaign for one channel. Printed and read aloud, so a code never changes its campaign."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    channel = models.SlugField(max_length=20, help_text="a code of content/channels.yaml")
    code = models.CharField(max_length=6, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "channel"], name="short_link_once_a_channel")]

    def __str__(self) -> str:
        return self.code


class LinkCount(models.Model):
    """How often a link was opened on one day in Hà Nội. Never who, never a single opening."""

    link = models.ForeignKey(ShortLink, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="link_count_once_a_day")]
