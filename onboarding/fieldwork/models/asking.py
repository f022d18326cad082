"""What a citizen asked for at the public page: to be called, or visited.

Whatever names a person is encrypted, and wiped some time after the end, or when nobody ended it in time (keeping.py);
the bare row stays for the count. Not for: rounds, or what came of a knock.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding import vault
from onboarding.accounts.models import Area
from onboarding.fieldwork.models.scopes import SupervisedQuerySet
from onboarding.ids import new_id

PERSONAL = ("name", "phone", "address", "note", "time_note", "remark")


class VisitRequest(models.Model):
    """One request. The id is chosen by who asks, so that asking twice by mistake is asking once."""

    class State(models.TextChoices):
        """How far the ward has come with it."""

        NEW = "new", _("Mới")
        CALLED = "called", _("Đã gọi")
        PLANNED = "planned", _("Đã xếp ngày")
        DONE = "done", _("Xong")
        CANNOT = "cannot", _("Không làm được")
        SPAM = "spam", _("Rác")
        LAPSED = "lapsed", _("Hết hạn giữ")

    class Time(models.TextChoices):
        """When it suits."""

        MORNING = "sang", _("Sáng")
        AFTERNOON = "chieu", _("Chiều")
        EVENING = "toi", _("Tối")
        WEEKEND = "cuoi-tuan", _("Cuối tuần")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=12, unique=True, help_text="what the citizen is told as a receipt")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="visit_requests")
    what = models.CharField(max_length=60, help_text="a topic's code, a guide's slug, or khac")
    times = models.JSONField(default=list, help_text="some of Time")
    name_sealed = models.BinaryField(null=True, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.BinaryField(max_length=16, null=True, blank=True, db_index=True)
    address_sealed = models.BinaryField(null=True, blank=True)
    note_sealed = models.BinaryField(null=True, blank=True)
    time_note_sealed = models.BinaryField(null=True, blank=True)
    consent = models.CharField(max_length=20, help_text="which words were agreed to")
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    made_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    remark_sealed = models.BinaryField(null=True, blank=True)
    planned_for = models.DateField(null=True, blank=True)
    household = models.ForeignKey(
        "fieldwork.Household", on_delete=models.PROTECT, null=True, blank=True, related_name="visit_requests"
    )
    wiped_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["area", "state", "made_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=False)
                | Q(name_sealed__isnull=False, phone_sealed__isnull=False, phone_index__isnull=False),
                name="visit_request_says_whom_to_call",
            ),
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=True)
                | Q(
                    phone_index__isnull=True, household__isnull=True, **{f"{n}_sealed__isnull": True for n in PERSONAL}
                ),
                name="visit_request_wiped_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(planned_for__isnull=False), name="visit_request_planned_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="lapsed") | Q(wiped_at__isnull=False), name="visit_request_lapsed_is_wiped"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def told(self, name: str) -> str:
        """Return one of PERSONAL, opened; "" when nothing was said. Showing it to a person is an audited read."""
        blob: Any = getattr(self, f"{name}_sealed")
        return vault.ring().decrypt(blob, place=self._place(name)) if blob else ""

    def tell(self, name: str, value: str) -> None:
        """Store one of PERSONAL encrypted, the phone with its blind index. Does not save."""
        setattr(self, f"{name}_sealed", vault.ring().encrypt(value, place=self._place(name)) if value else None)
        if name == "phone":
            self.phone_index = vault.ring().index(value, kind="visit_request.phone")

    def _place(self, name: str) -> str:
        return f"visit_request.{name}:{self.pk}"
