"""Runs inside a house (its environment, its database) and makes what a measurement needs, each by a word.

For: an enrolment token, signed pushes of many phones, dossiers that wait for the worker; at_home.py says the words.
Not for: measuring; the processes that are measured run beside it, and it has ended or only looks at rows by then.
"""

import json
import time
from pathlib import Path
from typing import Any

from bench.load import send
from bench.photo import photo
from onboarding.accounts.areas import place_area
from onboarding.accounts.models import Area, Role, Team
from onboarding.guides import arranging, packing, papers, pictures
from onboarding.guides.content import Shelf
from onboarding.guides.models import Guide
from onboarding.ids import new_id
from onboarding.submissions import attachments, weather
from onboarding.submissions.models import PortalGuard, Status, Submission, Transition
from onboarding.sync import enrolments
from tests import build
from tests.phone import Phone, enrolled, visit_body
from tests.transport import Answer, Transport

AREAS, DOORS, BATCH = 4, 30, 25


def token() -> str:
    """Make a ward and invite its member: the token of an enrolment."""
    place = build.ward()
    return enrolments.invite(user=place.supervisor, member=place.member)[0]


def pushes(url: str, file: str, phones: str, batches: str) -> int:
    """Write to file what each phone is to send: a list a phone of [path, headers, body]. Return the entries."""
    place = build.ward()
    groups = [place.groups[0], *(_group(place.area, number) for number in range(3, 2 + AREAS))]
    doors = [[build.household(group, str(number)) for number in range(1, DOORS + 1)] for group in groups]
    queues = []
    for number in range(int(phones)):
        group, homes = groups[number % AREAS], doors[number % AREAS]
        phone = enrolled(place.supervisor, _member(place.area, group, number), over_http(url))
        queues.append([_signed(phone, homes) for _ in range(int(batches))])
    Path(file).write_text(json.dumps(queues))
    return int(phones) * int(batches) * BATCH


def _group(ward: Area, number: int) -> Area:
    return place_area(level=build.levels()["group"], code=f"TDP{number}", name=f"Tổ {number}", parent=ward)


def _member(ward: Area, group: Area, number: int) -> Any:
    team = Team.objects.create(area=ward, name=f"Tổ đo {number}")
    team.areas.add(group)
    member = build.user(f"do{number}", f"Người Đo {number}")
    build.grant(member, Role.MEMBER, ward, team)
    return member


def _signed(phone: Phone, homes: list[Any]) -> tuple[str, dict[str, str], str]:
    """One batch of visits, signed now: the server takes it for ten minutes."""
    ids = [
        phone.capture("visit", visit_body(note="Gặp chủ nhà"), subject=home.pk, chain=home.pk, area=home.area_id)
        for home in (homes[(phone.seq + i) % len(homes)] for i in range(BATCH))
    ]
    entries = [phone.outbox.pop(entry).entry for entry in ids]
    body = json.dumps({"proto": 1, "entries": entries}, ensure_ascii=False)
    return "/sync/push/", phone.headers("POST", "/sync/push/", body.encode()), body


def over_http(url: str) -> Transport:
    """Carry a phone's requests to a real server."""

    def carry(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        status, named, content = send(url, method, path, body, headers)
        return Answer(status, named, content)

    return carry


def dossiers(count: str) -> int:
    """Take in dossiers with one photo each through the room's own verbs, checked and complete; hold the portal."""
    place = build.ward()
    picture = photo()
    PortalGuard.objects.update_or_create(name=weather.portal_name(), defaults={"held": True, "per_second": 10_000})
    for _ in range(int(count)):
        entry = new_id()
        sealed = build.sealed_photo(entry, picture)
        taken = build.filed(place, entry=entry, files=(sealed,))
        attachments.file_arrived(sha256=sealed["sha256"])
        attachments.check_files(taken.pk)
    return Submission.objects.filter(status=Status.QUEUED, complete_at__isnull=False).count()


def delivered(seconds: str) -> dict[str, Any]:
    """Lift the hold, wait until all is sent (at most `seconds`) and return count and seconds by the rows' own times."""
    PortalGuard.objects.update(held=False)
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end and Submission.objects.exclude(status=Status.SENT).exists():
        time.sleep(0.5)
    first = Transition.objects.filter(after=Status.SENDING).order_by("at").first()
    last = Transition.objects.filter(after=Status.SENT).order_by("-at").first()
    took = (last.at - first.at).total_seconds() if first and last else 0.0
    states = Submission.objects.order_by().values_list("status", flat=True)
    return {"sent": sum(s == Status.SENT for s in states), "of": len(states), "seconds": round(took, 3)}


def drawings(count: str) -> dict[str, Any]:
    """Draw the first steps of the shipped guide, and print them three times; seconds as a clock takes them."""
    file = next(file for file in Shelf().guides if file.data["slug"] == "vneid-muc-2")
    began = time.perf_counter()
    for scene in file.scenes[: int(count)]:
        pictures._draw_all(scene)
    drawing = time.perf_counter() - began
    version = Guide.objects.get(slug="vneid-muc-2").current
    version.steps.filter(number__gt=int(count)).delete()
    runs, size = [], 0
    for run in range(3):
        began = time.perf_counter()
        size = len(papers.sheet(version, origin=f"https://{run}.example"))
        runs.append(round(time.perf_counter() - began, 3))
    return {"drawing": drawing, "printing": max(runs), "runs": runs, "bytes": size}


def packs() -> dict[str, list[int]]:
    """Weigh what a phone keeps of each published guide, by its slug: bytes before compression, and steps."""
    everything = [*arranging.published(), *arranging.published("en")]
    return {one.guide.slug: [packing.manifest(one, "", "")["bytes"], one.steps.count()] for one in everything}


WORDS = {
    "token": token, "pushes": pushes, "dossiers": dossiers, "delivered": delivered, "drawings": drawings,
    "packs": packs,
}  # fmt: skip
