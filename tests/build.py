"""Builders: the shortest way to a world that a test needs. People are fictional (province codes 097 to 099).

One section a room; a builder gives what it made and never hides an assertion.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from onboarding import seal, vault
from onboarding.accounts.areas import place_area
from onboarding.accounts.models import Area, AreaLevel, Membership, Role, Team, User
from onboarding.fieldwork.models import (
    Checklist,
    ChecklistItem,
    Consent,
    Household,
    Resident,
    Round,
    Stop,
    VisitRequest,
)
from onboarding.guides.models import Procedure, ProcedureFact
from onboarding.ids import new_id
from onboarding.submissions.attachments import sealed_name
from onboarding.submissions.forms import consent_hash
from onboarding.submissions.intake import take_submission
from onboarding.submissions.loading import load_forms
from onboarding.submissions.models import FormVersion, Submission

# --- accounts -------------------------------------------------------------------------------------------------------


@dataclass
class Ward:
    """A ward with its people."""

    area: Area
    groups: list[Area]
    team: Team
    other_team: Team
    member: User
    colleague: User
    supervisor: User
    stranger: User


def levels() -> dict[str, AreaLevel]:
    """The three levels of today's Hà Nội."""
    rows = [("city", "Thành phố", 0), ("ward", "Phường", 1), ("group", "Tổ dân phố", 2)]
    return {c: AreaLevel.objects.get_or_create(code=c, defaults={"name": n, "rank": r})[0] for c, n, r in rows}


def user(username: str, name: str = "") -> User:
    """An active user without any role."""
    return User.objects.create(username=username, name=name or username.title())


def grant(who: User, role: str, area: Area, team: Team | None = None) -> Membership:
    """Give a role that began a month ago."""
    return Membership.objects.create(
        user=who, role=role, area=area, team=team, valid_from=timezone.localdate() - timedelta(days=30)
    )


def ward() -> Ward:
    """Phường Hồ Sen with tổ 1 and tổ 2, a team each, and a stranger who supervises another ward."""
    level = levels()
    city = place_area(level=level["city"], code="01", name="Hà Nội")
    area = place_area(level=level["ward"], code="00999", name="Phường Hồ Sen", parent=city, phone="024 0000 0108")
    groups = [place_area(level=level["group"], code=f"TDP{i}", name=f"Tổ {i}", parent=area) for i in (1, 2)]
    team, other_team = (Team.objects.create(area=area, name=f"Tổ hỗ trợ {i}") for i in (1, 2))
    team.areas.add(groups[0])
    other_team.areas.add(groups[1])
    member, colleague, supervisor = (
        user("anh", "Lê Thu Mẫu"),
        user("chi", "Nguyễn Bá Thử"),
        user("bich", "Vũ Thị Mô Phỏng"),
    )
    grant(member, Role.MEMBER, area, team)
    grant(colleague, Role.MEMBER, area, other_team)
    grant(supervisor, Role.SUPERVISOR, area)
    elsewhere = place_area(level=level["ward"], code="00998", name="Phường Ví Dụ", parent=city)
    stranger = user("chandra", "Người Lạ")
    grant(stranger, Role.SUPERVISOR, elsewhere)
    return Ward(area, groups, team, other_team, member, colleague, supervisor, stranger)


def editor(area: Area, username: str = "bientap") -> User:
    """Somebody who keeps the guides of an area."""
    who = user(username, "Đỗ Khánh Minh Họa")
    grant(who, Role.EDITOR, area)
    return who


# --- guides ---------------------------------------------------------------------------------------------------------


def procedure(slug: str = "tam-tru", name: str = "Đăng ký tạm trú", **fields: object) -> Procedure:
    """A procedure without facts."""
    return Procedure.objects.create(
        slug=slug, **{"name": name, "plain_name": name, "agency": "Công an cấp xã", "topic": "cu-tru", **fields}
    )


def fact(about: Procedure, key: str, value: dict, **fields: object) -> ProcedureFact:
    """A verified fact that holds since a month ago."""
    today = timezone.localdate()
    values = {"valid_from": today - timedelta(days=30), "source": "bài thử", "checked_on": today, "verified": True}
    return ProcedureFact.objects.create(procedure=about, key=key, value=value, **{**values, **fields})


# --- fieldwork ------------------------------------------------------------------------------------------------------


def household(area: Area, number: str = "14", **fields: object) -> Household:
    """A door in an alley."""
    values = {"alley": "Ngõ 27", "street": "phố Giếng Đá", "head": "Trần Thị Mẫu Thử", **fields}
    home = Household(area=area, number=number, **values)
    home.refold()
    home.save()
    return home


def resident(
    home: Household, name: str = "Trần Thị Mẫu Thử", number: str = "099158000001", **fields: object
) -> Resident:
    """A person behind a door, with an encrypted number."""
    phone = fields.pop("phone", "0950000123")
    person = Resident(household=home, name=name, **{"birth": "1958-02-14", "sex": "nu", "is_head": True, **fields})
    person.set_number(number)
    person.set_phone(str(phone))
    person.refold()
    person.save()
    return person


def signature() -> dict:
    """One stroke as a phone draws it."""
    return {"w": 300, "h": 100, "strokes": [[10, 10, 0, 20, 20, 16, 30, 10, 33]]}


def round_today(team: Team, area: Area, *homes: Household) -> Round:
    """Today's walk of a team through doors in the given order."""
    walk = Round.objects.create(team=team, area=area, day=timezone.localdate())
    Stop.objects.bulk_create(Stop(round=walk, household=home, order=i) for i, home in enumerate(homes, 1))
    return walk


def visit_request(area: Area, **fields: object) -> VisitRequest:
    """What a citizen asked for: help with the e-ID, mornings, at the door of household()."""
    row = VisitRequest(
        area=area, code=f"HEN-{new_id().hex[-5:].upper()}", what="vneid", times=["sang"], consent="goi-to-1"
    )
    told = {
        "name": "Trần Thị Mẫu Thử",
        "phone": "0900000011",
        "address": "14 ngõ 27 phố Giếng Đá",
        "note": "bác nặng tai",
    }
    for name, value in told.items():
        row.tell(name, value)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def checklist(code: str = "vneid-2"):
    """A two-item checklist: install, then proof."""

    made, _ = Checklist.objects.get_or_create(
        code=code, defaults={"title": "Kích hoạt VNeID", "valid_from": timezone.localdate(), "source": "test"}
    )
    for order, (item, proof) in enumerate([("install", False), ("proof", True)], 1):
        ChecklistItem.objects.get_or_create(
            checklist=made, code=item, defaults={"order": order, "title": item, "proof": proof}
        )
    return made


# --- submissions ----------------------------------------------------------------------------------------------------


def form_version(code: str = "luu-tru", number: int = 1, definition: dict | None = None):
    """A dated version of a form."""
    from onboarding.submissions.models import Form, FormVersion  # noqa: PLC0415  used by few

    form, _ = Form.objects.get_or_create(code=code, defaults={"title": "Thông báo lưu trú", "procedure": "2.001159"})
    version, _ = FormVersion.objects.get_or_create(
        form=form,
        number=number,
        defaults={
            "definition": definition or {"sections": []},
            "hash": "0" * 64,
            "valid_from": timezone.localdate(),
            "source": "test",
            "checked_on": timezone.localdate(),
        },
    )
    return version


def submission(person: Resident, by: User, **fields: object):
    """A queued submission of a person's lodging notice, complete unless said otherwise."""
    from onboarding import vault  # noqa: PLC0415
    from onboarding.ids import new_id  # noqa: PLC0415
    from onboarding.submissions.models import Submission  # noqa: PLC0415

    pk = new_id()
    values = {
        "reference": f"HT-00999-261122-{str(pk)[-4:]}",
        "area": person.household.area,
        "household": person.household,
        "resident": person,
        "version": form_version(),
        "entry": new_id(),
        "consent": new_id(),
        "user": by,
        "answers_sealed": vault.ring().encrypt("{}", place=f"submission.answers:{pk}"),
        "complete_at": timezone.now(),
        "receipt_token": str(pk),
        **fields,
    }
    return Submission.objects.create(pk=pk, **values)


def lodging_notice() -> FormVersion:
    """The shipped form Thông báo lưu trú."""
    return load_forms()[0]


def lodging_answers(**changes: str) -> dict[str, str]:
    """Right answers to it, for a fictional guest."""
    answers = {
        "guest_name": "Đặng Quý Giả Định", "guest_birth": "1952", "guest_sex": "nam", "document_type": "8",
        "document_number": "098052000002", "host_name": "Trần Thị Mẫu Thử", "address": "14 Ngõ 27 phố Giếng Đá",
        "arrival": "2026-11-21", "departure": "2026-11-25", "reason": "tham",
    }  # fmt: skip
    return {name: value for name, value in {**answers, **changes}.items() if value}


def consent(person: Resident, by: User, version: FormVersion, **changes: object) -> Consent:
    """A signed consent to filing, in the words of a form."""
    definition = version.definition
    values = {
        "text": definition["consent"]["code"], "text_hash": consent_hash(definition),
        "purposes": {"file": True, "messages": False}, "signature_sealed": b"drawn", "at": timezone.now(),
    }  # fmt: skip
    return Consent.objects.create(resident=person, user=by, **{**values, **changes})


def filed(place: Ward, *, area: Area | None = None, files: tuple[dict, ...] = (), **changes: object) -> Submission:
    """A lodging notice taken in through the verb; complete at once when it has no files."""
    version = lodging_notice()
    person = changes.pop("person", None) or resident(household(area or place.groups[0]))
    values = {
        "user": place.member, "entry": new_id(), "submission": new_id(), "household": person.household_id,
        "resident": person.pk, "form": version.code, "answers": lodging_answers(), "files": list(files),
        "consent": None, "replaces": None, "at": timezone.now(), "seal_key": vault.ring().seal_current,
    }  # fmt: skip
    values |= changes
    values["consent"] = values["consent"] or consent(person, place.member, version).pk
    return take_submission(**values)


def drawn_photo(width: int = 640, height: int = 480, kind: str = "JPEG", **options: object) -> bytes:
    """A picture that shows nobody: a gradient."""
    target = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(target, kind, **options)
    return target.getvalue()


def sealed_photo(entry: object, content: bytes, slot: str = "paper-1") -> dict[str, object]:
    """A photo as the phone seals it, stored where sync leaves it; returns the file as an entry announces it."""
    ring = vault.ring()
    public = seal.point(ring.seal_keys[ring.seal_current].public_key())
    context = seal.file_context(entry=str(entry), slot=slot, key=ring.seal_current)
    sealed = seal.seal(public, ring.seal_current, content, context)
    digest = hashlib.sha256(sealed).hexdigest()
    default_storage.save(sealed_name(digest), ContentFile(sealed))
    return {"slot": slot, "sha256": digest, "size": len(sealed)}
