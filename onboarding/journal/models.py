"""What changed, in which area, and who did or saw what.

AreaCounter is one row an area: the last number given to a change, and the head of the area's audit chain. Its
row lock is held from the last statement of a writing transaction to the commit, so numbers follow commits and a
reader at number n has everything up to n. Change is the feed that phones pull; AuditEntry is for people.
Not for: the changed rows themselves; whoever pulls fetches their state of now.
"""

from django.conf import settings
from django.db import models

from onboarding.accounts.models import Area
from onboarding.ids import new_id


def new_epoch() -> str:
    """Return a random name for the numbering of an area; it changes when numbers may have been given twice."""
    return new_id().hex


class AreaCounter(models.Model):
    """The numbering of one area."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True, related_name="counter")
    epoch = models.CharField(max_length=32, default=new_epoch)
    last = models.PositiveBigIntegerField(default=0)
    durable = models.PositiveBigIntegerField(default=0, help_text="covered by a verified backup or replica")
    audit_last = models.PositiveBigIntegerField(default=0)
    audit_hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(durable__lte=models.F("last")), name="counter_durable_not_ahead")
        ]


class Change(models.Model):
    """Record `object_id` of `kind` changed in `area` as change number `number`. Gap-free from 1."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["area", "number"], name="change_number_once_an_area")]
        indexes = [models.Index(fields=["kind", "object_id"])]


class AuditEntry(models.Model):
    """One thing done or seen. `hash` covers the entry and the hash before it; `detail` holds no personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="audit_entries")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["area", "number"]
        constraints = [models.UniqueConstraint(fields=["area", "number"], name="audit_number_once_an_area")]
        indexes = [models.Index(fields=["kind", "object_id"])]
