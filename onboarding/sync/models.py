"""The phone's door: which phones there are, what they sent and what was answered.

A Device is one enrolment of one phone by one person; its public key signs everything. An Entry row is kept for
ever with the receipt that was given, so a repeated entry gets the same answer byte for byte. EntryFile is a file
that an entry names, Upload the same file on its way, by the hash of its ciphertext. Not for: what entries mean;
push.py hands them to the rooms above.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from onboarding.accounts.models import Area, Team
from onboarding.fieldwork.models import AreaScopedQuerySet
from onboarding.ids import new_id


class Enrolment(models.Model):
    """A one-time invitation shown as a QR: its token is kept as a hash only, and it ends after ten minutes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", help_text="the ward")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    device = models.ForeignKey(
        "sync.Device", on_delete=models.PROTECT, null=True, related_name="+", help_text="the phone that used it"
    )


class Device(models.Model):
    """One phone of one member."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="devices")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="devices", help_text="the ward")
    name = models.CharField(max_length=80)
    sign_public = models.BinaryField(max_length=65)
    mac_key_sealed = models.BinaryField()
    enrolled_at = models.DateTimeField(default=timezone.now)
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    lost = models.BooleanField(default=False, help_text="wipe what it may no longer hold at its next contact")
    forked = models.BooleanField(default=False, help_text="two copies of this phone are alive: enrol it again")
    # Heartbeat: what the phone last said of itself.
    seen_at = models.DateTimeField(null=True, blank=True)
    unsent = models.PositiveIntegerField(default=0)
    unsent_oldest = models.DateTimeField(null=True, blank=True)
    unsent_bytes = models.PositiveBigIntegerField(default=0)
    storage_used = models.PositiveBigIntegerField(default=0)
    storage_quota = models.PositiveBigIntegerField(default=0)
    build = models.CharField(max_length=40, blank=True)
    clock_offset_ms = models.BigIntegerField(default=0)

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]


class Entry(models.Model):
    """One entry as it came: envelope, sealed body, verdict and the very bytes of the receipt."""

    class Verdict(models.TextChoices):
        """What became of it. `later` is never stored."""

        ACCEPTED = "accepted"
        PARKED = "parked"
        HELD = "held"
        QUARANTINED = "quarantined"

    class News(models.TextChoices):
        """What changed after the receipt was given and the phone has not confirmed yet."""

        VERDICT = "verdict"
        NUMBER = "number"

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="entries", help_text="where it was numbered")
    kind = models.CharField(max_length=20)
    subject = models.UUIDField(null=True)
    chain = models.UUIDField(null=True)
    epoch = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    previous = models.UUIDField(null=True)
    form = models.CharField(max_length=60, blank=True)
    hash = models.CharField(max_length=64)
    envelope = models.JSONField(help_text="all but the sealed body")
    sealed = models.BinaryField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    code = models.CharField(max_length=30)
    settled = models.BooleanField(default=False, help_text="applied, or put aside where a person sees it")
    flagged = models.CharField(max_length=60, blank=True)
    receipt = models.TextField(help_text="repeated byte for byte")
    news = models.CharField(
        max_length=8, choices=News.choices, blank=True, help_text="what hello still has to tell of this receipt"
    )
    number = models.PositiveBigIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now)

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["received_at"]
        indexes = [
            models.Index(fields=["device", "epoch", "seq"]),
            models.Index(fields=["device", "received_at"]),
            models.Index(fields=["previous"], condition=Q(verdict="held"), name="entry_waiting_for"),
            models.Index(fields=["device"], condition=~Q(news=""), name="entry_has_news"),
        ]


class EntryFile(models.Model):
    """A file that an entry names: only such files may be sent, and an entry is complete when all are here."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="files")
    slot = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="bytes of ciphertext")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "slot"], name="entry_slot_once")]


class Collision(models.Model):
    """Another content under an id that was taken: kept, refused, shown to the ward."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="collisions")
    hash = models.CharField(max_length=64)
    envelope = models.JSONField()
    sealed = models.BinaryField()
    receipt = models.TextField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "hash"], name="collision_once")]


class Upload(models.Model):
    """A file on its way: ciphertext named by its hash. `done_at` is set when size and hash were checked."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="uploads")
    size = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(offset__lte=models.F("size")), name="upload_not_over_size")]


class ServerEpoch(models.Model):
    """One row: the random name of this database's history. It changes when a backup was restored (durable.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="server_epoch_one_row")]
