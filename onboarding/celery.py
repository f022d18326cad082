"""The Celery application: a doorbell. Rows are the truth, a message carries an id and nothing else.

Not for: work itself; each room's tasks.py calls one verb. Losing every message only costs time, because the
beat below rings again for whatever the tables say is due.
"""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")

from django.conf import settings  # noqa: E402  settings need the variable above

TRANSPORT_ALIASES["filesystem"] = "onboarding.spool:Transport"
app = Celery("onboarding")


def every(seconds: int, task: str) -> dict[str, object]:
    """Return a beat entry. A bell that nobody took in time is worthless: the next one is already there."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.update(
    broker_url=settings.BROKER_URL,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_serializer="json",
    accept_content=["json"],
    timezone=settings.TIME_ZONE,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    # A broker that is down must not hold up a push for seconds: one quick try, then the sweep does it.
    task_publish_retry=False,
    broker_connection_timeout=1,
    beat_schedule={
        "sweep": every(settings.BEAT_SECONDS, "onboarding.submissions.tasks.sweep"),
        "track": every(settings.BEAT_SECONDS * 4, "onboarding.submissions.tasks.track"),
        "drop_originals": every(24 * 3600, "onboarding.submissions.tasks.drop_originals"),
        "wipe_finished": every(24 * 3600, "onboarding.fieldwork.tasks.wipe_finished"),
        "draw_due": every(settings.BEAT_SECONDS, "onboarding.guides.tasks.draw_due"),
        "drop_unused": every(24 * 3600, "onboarding.guides.tasks.drop_unused"),
        "keep_time": every(settings.BEAT_SECONDS * 4, "onboarding.guides.tasks.keep_time"),
        "release_held": every(settings.BEAT_SECONDS * 8, "onboarding.sync.tasks.release_held"),
        "back_up": every(settings.BACKUP_SECONDS, "onboarding.sync.tasks.back_up"),
    },
    beat_schedule_filename=str(settings.VAR_DIR / "beat"),
)
if "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
    del app.conf.beat_schedule["back_up"]  # a database server has its own tools; see onboarding/sync/README.md
if settings.BROKER_URL.startswith("filesystem"):
    folders = {name: settings.QUEUE_DIR / name for name in ("messages", "control", "processed")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    app.conf.broker_transport_options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["processed"]),
        "store_processed": False,
        "polling_interval": 0.2,
    }
    app.conf.worker_pool = "solo"
else:
    app.conf.broker_transport_options = {"visibility_timeout": 300, "socket_timeout": 5, "socket_connect_timeout": 1}
app.autodiscover_tasks([f"onboarding.{room}" for room in ("fieldwork", "submissions", "guides", "sync")])
