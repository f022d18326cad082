"""Rounds, doors and people: what a team finds and does at a door.

A Household is a door with a plate in an alley; Residents live behind it. A Round is one team's day: doors in
walking order. Visits, Marks and Consents are append-only, one row an entry of a phone; what a screen shows as
"now" is derived from them. Household and Resident fields merge per field: FieldWrite keeps every value that
somebody wrote and who had seen what, a Conflict stands until a person closes it. Personal numbers are stored
encrypted with a blind index. Beside it: campaigns and their links (campaigns.py), what citizens ask for (asking.py).
Not for: forms (submissions) or phones (sync).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding import text, vault
from onboarding.accounts.models import Area, Team
from onboarding.fieldwork.models.asking import VisitRequest
from onboarding.fieldwork.models.campaigns import Campaign, LinkCount, ShortLink
from onboarding.fieldwork.models.scopes import AreaScopedQuerySet, HouseholdScopedQuerySet, ResidentScopedQuerySet
from onboarding.ids import new_id

__all__ = [
    "AreaScopedQuerySet", "Campaign", "Checklist", "ChecklistItem", "Conflict", "Consent", "Correction", "FieldWrite",
    "Household", "HouseholdScopedQuerySet", "LinkCount", "Mark", "Resident", "ResidentScopedQuerySet", "Round",
    "ShortLink", "Stop", "Superseded", "Visit", "VisitRequest",
]  # fmt: skip


class Household(models.Model):
    """A door: plate number, alley, street, and how to knock."""

    class Status(models.TextChoices):
        """What the last visit left."""

        TODO = "todo", _("Chưa đến")
        DONE = "done", _("Đã gặp")
        AWAY = "away", _("Vắng nhà")
        APPOINTMENT = "appt", _("Có hẹn")
        REFUSED = "refused", _("Từ chối")
        MOVED = "moved", _("Đã chuyển đi")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    number = models.CharField(_("Số nhà"), max_length=20)
    alley = models.CharField(_("Ngõ, ngách"), max_length=80, blank=True)
    street = models.CharField(_("Phố"), max_length=80, blank=True)
    order = models.PositiveIntegerField(default=0, help_text="walking order in the group")
    head = models.CharField(_("Chủ hộ"), max_length=120, blank=True)
    note = models.CharField(_("Dặn người đến"), max_length=300, blank=True)
    phone = models.CharField(_("Số điện thoại"), max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.TODO)
    appointment = models.DateTimeField(null=True, blank=True)
    last_visit = models.DateTimeField(null=True, blank=True)
    search = models.CharField(max_length=400, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["area", "order", "number"]
        indexes = [models.Index(fields=["area", "order"])]

    def __str__(self) -> str:
        return f"{self.number} {self.alley}".strip()

    def refold(self) -> None:
        """Bring the searching form up to date with plate, alley, street and head. Does not save."""
        self.search = text.fold(" ".join([self.number, self.alley, self.street, self.head]))[:400]


class Resident(models.Model):
    """A person behind a door. `birth` is YYYY, YYYY-MM or YYYY-MM-DD: many old people know the year only."""

    class Eid(models.TextChoices):
        """What is known of the person's e-ID."""

        UNKNOWN = "unknown", _("Chưa rõ")
        NONE = "none", _("Chưa có")
        LEVEL1 = "level1", _("Mức 1")
        LEVEL2 = "level2", _("Mức 2, chưa kích hoạt")
        ACTIVE = "active", _("Mức 2")
        CHILD = "child", _("Dưới 14")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents")
    name = models.CharField(_("Họ, chữ đệm và tên"), max_length=120)
    birth = models.CharField(_("Ngày sinh"), max_length=10, blank=True)
    sex = models.CharField(_("Giới tính"), max_length=3, blank=True, choices=[("nam", _("Nam")), ("nu", _("Nữ"))])
    relation = models.CharField(_("Quan hệ với chủ hộ"), max_length=40, blank=True)
    is_head = models.BooleanField(default=False)
    phone_sealed = models.BinaryField(null=True, blank=True)
    number_sealed = models.BinaryField(null=True, blank=True)
    number_index = models.BinaryField(max_length=16, null=True, blank=True, db_index=True)
    address_sealed = models.BinaryField(null=True, blank=True)
    eid = models.CharField(max_length=10, choices=Eid.choices, default=Eid.UNKNOWN)
    search = models.CharField(max_length=200, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = HouseholdScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-is_head", "birth", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The 12-digit personal number, opened; "" when unknown. Showing it to a person is an audited read."""
        return self._open("number_sealed")

    @property
    def phone(self) -> str:
        """The phone number, opened; "" when unknown."""
        return self._open("phone_sealed")

    @property
    def address(self) -> str:
        """The permanent address as printed on the card, opened; "" when unknown. An old card names old units."""
        return self._open("address_sealed")

    def set_number(self, value: str) -> None:
        """Store a personal number (12 digits or "") encrypted, with its blind index. Does not save."""
        self.number_sealed = self._close("number_sealed", value)
        self.number_index = vault.ring().index(value, kind="number") if value else None

    def set_phone(self, value: str) -> None:
        """Store a phone number (digits or "") encrypted. Does not save."""
        self.phone_sealed = self._close("phone_sealed", value)

    def set_address(self, value: str) -> None:
        """Store the address of the card encrypted. Does not save."""
        self.address_sealed = self._close("address_sealed", value)

    def refold(self) -> None:
        """Bring the searching form up to date with the name. Does not save."""
        self.search = text.fold(self.name)

    def _open(self, field: str) -> str:
        blob = getattr(self, field)
        return vault.ring().decrypt(blob, place=f"resident.{field}:{self.pk}") if blob else ""

    def _close(self, field: str, value: str) -> bytes | None:
        return vault.ring().encrypt(value, place=f"resident.{field}:{self.pk}") if value else None


class Round(models.Model):
    """One team's walk on one day through one group."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rounds")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["team", "area", "day"], name="round_once_a_day")]


class Stop(models.Model):
    """One door of a round, in walking order."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stops")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="stop_door_once"),
            models.UniqueConstraint(fields=["round", "order"], name="stop_order_once"),
        ]


class Visit(models.Model):
    """One knock and what came of it. The id is the entry's id: counting entries is counting visits."""

    class Outcome(models.TextChoices):
        """What came of the knock."""

        MET = "met", _("Gặp được")
        AWAY = "away", _("Vắng nhà")
        REFUSED = "refused", _("Từ chối")
        MOVED = "moved", _("Đã chuyển đi")
        APPOINTMENT = "appointment", _("Hẹn lại")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)
    appointment = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(help_text="claimed by the phone, corrected by its measured offset; decides nothing")
    received_at = models.DateTimeField(default=timezone.now)
    people = models.ManyToManyField(Resident, blank=True, related_name="visits")

    objects = HouseholdScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["received_at"])]


class Consent(models.Model):
    """What a person agreed to, in which words, signed how. The id is the entry's id. Never changed, only withdrawn."""

    class By(models.TextChoices):
        """Who signed."""

        SELF = "self", _("Chính người đó")
        REPRESENTATIVE = "representative", _("Người đại diện")
        WITNESS = "witness", _("Có người làm chứng")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="consents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=60)
    text_hash = models.CharField(max_length=64)
    purposes = models.JSONField()
    by = models.CharField(max_length=16, choices=By.choices, default=By.SELF)
    witness = models.CharField(max_length=120, blank=True)
    signature_sealed = models.BinaryField(null=True, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ResidentScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(by="witness") | ~Q(witness=""), name="consent_witness_is_named"),
            models.CheckConstraint(condition=Q(signature_sealed__isnull=False), name="consent_is_signed"),
        ]


class Checklist(models.Model):
    """A dated list of things to do with a resident, e.g. activation of the e-ID."""

    code = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=80)
    guide = models.SlugField(max_length=60, blank=True, help_text="slug of the guide that shows the steps")
    valid_from = models.DateField()
    source = models.CharField(max_length=300)


class ChecklistItem(models.Model):
    """One item of a checklist. `proof` marks the item whose completion means that the e-ID works."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    hint = models.CharField(max_length=200, blank=True)
    guide_step = models.PositiveSmallIntegerField(null=True, blank=True)
    secret = models.BooleanField(default=False, help_text="the citizen types a secret here")
    proof = models.BooleanField(default=False)
    blockers = models.JSONField(default=list, help_text="codes of guides.Blocker")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="checklist_item_once")]


class Mark(models.Model):
    """A tick or a blocker on one item for one resident. Append-only; the current one is the last applied."""

    class State(models.TextChoices):
        """What the team saw."""

        DONE = "done", _("Xong")
        BLOCKED = "blocked", _("Vướng")
        OPEN = "open", _("Làm lại")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="marks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    blocker = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    current = models.BooleanField(default=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)

    objects = ResidentScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["resident", "item"], condition=Q(current=True), name="mark_one_current"),
            models.CheckConstraint(condition=~Q(state="blocked") | ~Q(blocker=""), name="mark_blocked_has_reason"),
        ]


class FieldWrite(models.Model):
    """One value that somebody wrote into one field. Heads (nobody looked at it and replaced it) are the candidates."""

    id = models.BigAutoField(primary_key=True)
    entry = models.UUIDField(help_text="id of the entry that wrote it")
    record = models.CharField(max_length=10, choices=[("household", "household"), ("resident", "resident")])
    subject = models.UUIDField()
    field = models.CharField(max_length=40)
    value_sealed = models.BinaryField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    superseded = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "subject", "field"], name="field_write_once")]
        indexes = [models.Index(fields=["subject", "field"])]


class Superseded(models.Model):
    """An entry whose value of a field was seen and replaced, remembered even before (or after) it arrives."""

    subject = models.UUIDField()
    field = models.CharField(max_length=40)
    entry = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "field", "entry"], name="superseded_once")]


class Conflict(models.Model):
    """A value that lost without having been seen, or an edit of something deleted. Open until a person closes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="conflicts")
    record = models.CharField(max_length=10)
    subject = models.UUIDField()
    field = models.CharField(max_length=40, help_text='"*" when the record was deleted')
    entry = models.UUIDField()
    value_sealed = models.BinaryField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AreaScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["subject", "field", "entry"], name="conflict_once")]


class Correction(models.Model):
    """Something wrong in a national database that a person reported at the door, to be taken to the police."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=40)
    note = models.CharField(max_length=300)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ResidentScopedQuerySet.as_manager()
