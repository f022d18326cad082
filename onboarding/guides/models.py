"""The catalogue of procedures and their picture guides.

A Procedure is a thing a citizen may ask for; everything about it that changes (fee, deadline, codes) is a dated,
sourced ProcedureFact. A Guide has versions; a published GuideVersion is frozen, its Steps and Pictures with it.
All of it is public. Not for: personal data of any kind; Feedback carries none.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from onboarding.ids import new_id


class Procedure(models.Model):
    """A procedure of the catalogue, e.g. activation of the e-ID or a lodging notice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    plain_name = models.CharField(max_length=120)
    agency = models.CharField(max_length=200, blank=True)
    topic = models.SlugField(max_length=20, blank=True, help_text="a code of content/topics.yaml")
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.plain_name


class ProcedureFact(models.Model):
    """One changing fact of a procedure with its time and its source."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="facts")
    key = models.SlugField(max_length=40)
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "key", "valid_from"], name="fact_once_a_day"),
            models.CheckConstraint(condition=~Q(source=""), name="fact_has_source"),
        ]


class Guide(models.Model):
    """A picture guide; what people read is its published version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(max_length=12, unique=True, help_text="short and stable, printed beside the QR")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="guides")
    order = models.PositiveSmallIntegerField(default=100)
    icon = models.CharField(max_length=40, default="book-2")
    topic = models.SlugField(max_length=20, blank=True, help_text="a code of content/topics.yaml")
    words = models.JSONField(default=list, blank=True, help_text="what people type when they look for it")
    review_by = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, default="vi")
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="translations",
        help_text="the Vietnamese guide that this one says in another language",
    )  # fmt: skip

    class Meta:
        ordering = ["order", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["original", "language"], name="guide_once_a_language"),
            models.CheckConstraint(
                condition=Q(language="vi", original=None) | ~Q(language="vi") & Q(original__isnull=False),
                name="guide_translation_has_original",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def current(self) -> "GuideVersion | None":
        """Return the newest version that readers may have now, or None."""
        return self.versions.readable().order_by("-number").first()


class VersionQuerySet(models.QuerySet["GuideVersion"]):
    """Versions of guides."""

    def readable(self, now: datetime | None = None) -> "VersionQuerySet":
        """Return what readers may have: published, or scheduled and its time has come; and not yet expired.

        It looks at the clock, so that nothing waits for the beat that brings the states after it.
        """
        now = now or timezone.now()
        out = Q(state=GuideVersion.State.PUBLISHED) | Q(state=GuideVersion.State.SCHEDULED, publish_at__lte=now)
        return self.filter(out).exclude(expires_at__lte=now)


class GuideVersion(models.Model):
    """One version of a guide. Published ones never change; `spec_hash` says what they were made from.

    `work` is what an author is writing, as a file of content would hold it (documents.py); it may be faulty, so that
    nothing typed is lost. Steps are written from it when it goes to review. Empty where no author wrote here.
    """

    class State(models.TextChoices):
        """The life of a version."""

        DRAFT = "draft"
        REVIEW = "review"
        SCHEDULED = "scheduled"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=5, default="vi")
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    at_hand = models.JSONField(default=list, help_text="what to have ready, one sentence each")
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=80, help_text="a role, never a person's name")
    source = models.CharField(max_length=600)
    spec_hash = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    publisher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    sealed = models.JSONField(null=True, blank=True, editable=False, help_text="its signed pack, as made last")
    work = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="how often `work` was changed")
    changed_at = models.DateTimeField(null=True, blank=True)
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, help_text="all who changed `work`"
    )
    change_note = models.CharField(max_length=300, blank=True, help_text="what is new, for colleagues")
    review_note = models.CharField(max_length=300, blank=True, help_text="why it was sent back or withdrawn")
    publish_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "language", "number"], name="guide_version_once"),
            models.CheckConstraint(
                condition=Q(publisher__isnull=True) | ~Q(publisher=models.F("author")), name="guide_two_person_rule"
            ),
            models.UniqueConstraint(
                fields=["guide", "language"],
                condition=Q(state__in=("draft", "review", "scheduled"), author__isnull=False),
                name="guide_one_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False, publisher__isnull=False),
                name="guide_scheduled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True)
                | Q(publish_at__isnull=True)
                | Q(expires_at__gt=models.F("publish_at")),
                name="guide_expires_after_it_begins",
            ),
        ]


class Step(models.Model):
    """One step: one action, one picture."""

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=36)
    text = models.CharField(max_length=300)
    safety = models.CharField(max_length=120, blank=True)
    needs = models.JSONField(default=list, help_text="network, own-phone, officer, waiting")
    item = models.CharField(max_length=40, blank=True, help_text="checklist item that this step belongs to")
    blockers = models.JSONField(default=list, help_text="codes of fieldwork blockers that fit this step")
    spec = models.JSONField(help_text="what the renderer draws")
    scene = models.CharField(max_length=64, blank=True, help_text="key of the scene that its pictures show")
    mark = models.CharField(
        max_length=16, blank=True, editable=False, db_index=True, help_text="hash of what its page shows"
    )
    help_mark = models.CharField(
        max_length=16, blank=True, editable=False, db_index=True, help_text="hash of what its page of help shows"
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="step_number_once")]


class Picture(models.Model):
    """One drawn variant of a step, named by the hash of its bytes."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="pictures")
    variant = models.CharField(max_length=20, help_text="step, step-small, poster")
    format = models.CharField(max_length=5, help_text="webp, avif, jpeg")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    bytes = models.PositiveIntegerField()
    alt = models.CharField(max_length=400)
    focus = models.CharField(max_length=6, default="top")
    boxes = models.JSONField(default=list, help_text="x, y, width, height of each target in pixels")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "variant", "format"], name="picture_variant_once")]


class Recording(models.Model):
    """A step read aloud by a person: one file of it, named by the hash of its bytes. Rows come with the step's."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="recordings")
    form = models.CharField(max_length=5, help_text="opus, m4a")
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveIntegerField()
    seconds = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "form"], name="recording_form_once")]


class Material(models.Model):
    """A photo or a sound that an editor brought, as it is kept: re-encoded, private, named by its hash."""

    class Kind(models.TextChoices):
        """What it is."""

        PHOTO = "photo"
        SOUND = "sound"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    form = models.CharField(max_length=5, help_text="webp, opus, m4a")
    bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    unused_since = models.DateTimeField(null=True, blank=True, help_text="since when nothing names it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "form"], name="material_once")]


class Blocker(models.Model):
    """A reason why somebody is stuck, and what resolves it. Shared by guides and the team's checklist."""

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=80)
    advice = models.CharField(max_length=300)
    resolver = models.CharField(max_length=20, help_text="citizen, team, operator, police, justice, immigration")
    next_step = models.CharField(max_length=200, blank=True)
    wait = models.CharField(max_length=60, blank=True)
    ability = models.CharField(max_length=10, default="not-now", help_text="can, not-now, cannot")
    source = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    english = models.JSONField(default=dict, blank=True, help_text="title, advice, next_step and wait in English")

    class Meta:
        ordering = ["order", "code"]


class Feedback(models.Model):
    """A reader's tap on a step: it differs from my phone; I could do it, could not, need help. No personal data."""

    class Kind(models.TextChoices):
        """What a reader may say."""

        DIFFERS = "differs"
        DONE = "done"
        NOT_DONE = "not-done"
        NEED_HELP = "need-help"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="feedback")
    step = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(auto_now_add=True)


class StepCount(models.Model):
    """How often one thing happened at one step of one version on one day. Never who, never a single event."""

    class Kind(models.TextChoices):
        """What is counted: the step was opened, the reader went on from it, help for it was opened."""

        OPENED = "opened"
        FINISHED = "finished"
        STUCK = "stuck"

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="counts")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "step", "kind", "day"], name="step_count_once")]
