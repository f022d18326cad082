"""A form filled for a citizen, and its way to the portal.

MOVES is the only statement of what may follow what, Submission.move() the only code that changes a status, and
each move writes a Transition. The portal's own statuses are kept beside ours and never merged into ours. Answers
and files are personal: stored encrypted, every read by a person is audited. Not for: talking to the portal
(portal.py) or deciding when (delivery.py).
"""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding import vault
from onboarding.accounts.models import Area
from onboarding.fieldwork.models import AreaScopedQuerySet, Household, Resident
from onboarding.ids import new_id


class Form(models.Model):
    """A form that teams can fill, e.g. the lodging notice."""

    code = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    procedure = models.CharField(max_length=20, help_text="code of the procedure at the portal")


class FormVersion(models.Model):
    """One dated version of a form. `definition` is data: sections, fields, rules, papers, consent text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    hash = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    checked_on = models.DateField()

    class Meta:
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    @property
    def code(self) -> str:
        """The name on the wire, e.g. luu-tru@1."""
        return f"{self.form_id}@{self.number}"


class Status(models.TextChoices):
    """Where a submission is, in our words."""

    PREPARED = "prepared", _("Chờ người dân nộp")
    QUEUED = "queued", _("Chờ gửi lên Cổng")
    SENDING = "sending", _("Đang gửi lên Cổng")
    SENT = "sent", _("Đã gửi lên Cổng")
    UNKNOWN = "unknown", _("Chưa rõ Cổng đã nhận chưa")
    FAILED = "failed", _("Chưa gửi được")
    ACCEPTED = "accepted", _("Cơ quan đã nhận")
    SUPPLEMENT = "supplement", _("Cần bổ sung")
    DONE = "done", _("Đã có kết quả")
    REJECTED = "rejected", _("Không được nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")


MOVES: dict[str, tuple[str, ...]] = {
    Status.PREPARED: (Status.SENT, Status.WITHDRAWN),
    Status.QUEUED: (Status.SENDING, Status.FAILED, Status.WITHDRAWN),
    Status.SENDING: (Status.SENT, Status.QUEUED, Status.REJECTED, Status.UNKNOWN, Status.FAILED),
    Status.UNKNOWN: (Status.SENT, Status.QUEUED, Status.REJECTED),
    Status.FAILED: (Status.QUEUED, Status.WITHDRAWN),
    Status.SENT: (Status.ACCEPTED, Status.SUPPLEMENT, Status.DONE, Status.REJECTED),
    # From here on the portal decides, and it may take back what it said: its newest word counts, however late
    # we hear the older ones.
    Status.ACCEPTED: (Status.SUPPLEMENT, Status.DONE, Status.REJECTED),
    Status.SUPPLEMENT: (Status.SENT, Status.ACCEPTED, Status.DONE, Status.REJECTED),
    Status.DONE: (Status.ACCEPTED, Status.SUPPLEMENT, Status.REJECTED),
    Status.REJECTED: (Status.ACCEPTED, Status.SUPPLEMENT, Status.DONE),
    Status.WITHDRAWN: (),
}
NOT_SENT = (Status.PREPARED, Status.QUEUED, Status.FAILED)  # nothing of it is at the portal
AT_PORTAL = (Status.SENT, Status.ACCEPTED, Status.SUPPLEMENT)  # the portal is still at work on it


class IllegalMove(Exception):
    """A status that may not follow the present one, or somebody else moved the submission first."""


class Submission(models.Model):
    """One form of one person. `reference` is ours, for ever one a submission, and is what the portal is asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="submissions")
    ward = models.CharField(max_length=20, help_text="code of the ward: turns and the hold switch go by it")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="submissions")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="submissions")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    entry = models.UUIDField(unique=True, help_text="the entry that carried it")
    consent = models.UUIDField(help_text="the consent entry it rests on")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    answers_sealed = models.BinaryField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    complete_at = models.DateTimeField(null=True, blank=True, help_text="all its files are here and whole")
    # Delivery: a claim is a conditional update on (status, fence); a result counts only for its own fence.
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    first_not_sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, help_text="what a person should know, or empty")
    attached = models.JSONField(default=dict, blank=True, help_text="slot → id of files that the portal holds already")
    asked = models.PositiveIntegerField(default=0, help_text="look-ups since the outcome became unknown")
    absent_at = models.DateTimeField(null=True, blank=True, help_text="when the portal last said that it has none")
    # The portal's side, applied by source time and rank.
    portal_code = models.CharField(max_length=60, blank=True)
    portal_status = models.PositiveSmallIntegerField(null=True, blank=True)
    portal_status_at = models.DateTimeField(null=True, blank=True)
    portal_note = models.CharField(max_length=300, blank=True)
    portal_checked_at = models.DateTimeField(null=True, blank=True)
    arrived_files = models.PositiveSmallIntegerField(null=True, blank=True, help_text="proved by reading back")
    maybe_twice = models.BooleanField(default=False)
    receipt_token = models.CharField(max_length=43, unique=True, help_text="address of the citizen's status page")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["status", "next_try_at"]),
            models.Index(fields=["status", "portal_checked_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="submission_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.SENDING) | Q(lease_until__isnull=False), name="submission_sending_has_lease"
            ),
            models.UniqueConstraint(fields=["portal_code"], condition=~Q(portal_code=""), name="portal_code_once"),
        ]

    def move(self, to: str, *, by: Any = None, detail: str = "", **fields: Any) -> None:
        """Change the status, write the Transition, set fields; the row must still be as it was read.

        1. refuse what MOVES does not list; 2. update only if status and fence are unchanged; 3. write the
        transition. Raises IllegalMove; then nothing was written. Call it inside a recording().
        """
        if to not in MOVES[self.status]:
            raise IllegalMove(f"{self.status} → {to}")
        before, fence = self.status, self.fence
        fields = {"status": to, "updated_at": timezone.now(), **fields}
        changed = Submission.objects.filter(pk=self.pk, status=before, fence=fence).update(**fields)
        if changed != 1:
            raise IllegalMove(f"{before} → {to}: moved by somebody else")
        for name, value in fields.items():
            setattr(self, name, value)
        Transition.objects.create(submission=self, before=before, after=to, by=by, detail=detail[:300])

    @property
    def answers(self) -> dict[str, str]:
        """The answers, opened. Showing them to a person is an audited read. Raises VaultError."""
        return json.loads(vault.ring().decrypt(self.answers_sealed, place=f"submission.answers_sealed:{self.pk}"))

    def set_answers(self, answers: dict[str, str]) -> None:
        """Store answers encrypted, bound to this row. Does not save."""
        plain = json.dumps(answers, ensure_ascii=False, sort_keys=True)
        self.answers_sealed = vault.ring().encrypt(plain, place=f"submission.answers_sealed:{self.pk}")


class Transition(models.Model):
    """One move of a submission: from, to, when, by whom (empty = the machine), why."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="transitions")
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]


class PortalStatus(models.Model):
    """One status (1 to 10, others are kept too) that the portal told, with the portal's own time. Domain notes 5.1."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="portal_statuses")
    code = models.PositiveSmallIntegerField()
    source_time = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["source_time", "id"]
        constraints = [models.UniqueConstraint(fields=["submission", "code", "source_time"], name="portal_status_once")]


class Attachment(models.Model):
    """One paper of a submission: first ciphertext from the phone, then a checked, re-encoded, encrypted picture."""

    class State(models.TextChoices):
        """How far the file has come."""

        MISSING = "missing", _("Chưa đến")
        HERE = "here", _("Đã đến, chưa kiểm tra")
        GOOD = "good", _("Rõ")
        DAMAGED = "damaged", _("Hỏng")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    slot = models.SlugField(max_length=40)
    sealed_sha256 = models.CharField(max_length=64, db_index=True)
    sealed_size = models.PositiveIntegerField()
    seal_key = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.MISSING)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the re-encoded picture")
    size = models.PositiveIntegerField(default=0)
    stored = models.CharField(max_length=100, blank=True, help_text="name of the encrypted picture in the storage")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="checks that were begun and never ended")

    class Meta:
        ordering = ["slot"]
        constraints = [models.UniqueConstraint(fields=["submission", "slot"], name="attachment_slot_once")]


class PortalGuard(models.Model):
    """The weather of one portal, shared by all workers: breaker, rate, and a person's hold switch."""

    name = models.CharField(primary_key=True, max_length=40)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    next_call_at = models.DateTimeField(null=True, blank=True)
    per_second = models.FloatField(default=10.0)
    held = models.BooleanField(default=False)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
