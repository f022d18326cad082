"""Taking a guide in from its zip: a draft of the person who brings it, through the same checks as what is typed here.

What only an author can mend (an unknown element, a target outside, a missing photo) comes in and is named by the
draft's faults; what has another shape than a guide's document is refused. It never publishes. Not for: reading the zip
(unpacking.py) or writing one (exchange.py).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.guides import documents, drafts, photos, publishing, recordings, sounds, stage, step_form, unpacking
from onboarding.guides.documents import Doc
from onboarding.guides.exchange import FORMAT, GUIDE, LANGUAGE, VERSION, Files
from onboarding.guides.models import Guide, GuideVersion, Procedure
from onboarding.refusal import Refused

Check = Callable[[Any], bool]
LONGEST = 5_000  # signs of any one text: a title of that length comes in and is named
TOLD = {"format", "format_version", "language", "licence", "made_at", "checked_by", "guide"}


def take_in(*, user: User, packed: bytes) -> GuideVersion:
    """Return the draft made from a zip. Raises Refused with what to do; then nothing has changed."""
    publishing.area_of(user)
    files = unpacking.unpack(packed)
    told = unpacking.read_json(files[GUIDE])
    doc = _document(told)
    guide, procedure = _place(doc)
    for step in doc["steps"]:
        _bring_photo(step, files)
        _bring_sound(step, files)
    doc["origin"] = {key: told[key] for key in ("made_at", "licence")}
    _try(doc)
    if guide:
        return drafts.begin_from(user=user, guide=guide, doc=doc)
    return drafts.begin_new(user=user, procedure=procedure, doc=doc)


def _place(doc: Doc) -> tuple[Guide | None, Procedure]:
    """Return the guide that doc is a new version of, if it is here, and its procedure. Raises Refused."""
    guide = Guide.objects.filter(slug=doc["slug"]).select_related("procedure").first()
    if guide and drafts.open_draft(guide):
        raise Refused("open", _("Bài này đang có một bản nháp. Phát hành hoặc bỏ bản nháp đó trước."))
    procedure = guide.procedure if guide else Procedure.objects.filter(slug=doc["procedure"]).first()
    if procedure is None:
        words = _("Ở đây chưa có thủ tục “%(name)s” của bài này. Thêm thủ tục đó trước.")
        raise Refused("no_procedure", words % {"name": doc["procedure"]})
    return guide, procedure


# --- Photos and sounds ------------------------------------------------------------------------------------------------


def _bring_photo(step: Doc, files: Files) -> None:
    photo = step["picture"].get("photo")
    said = str(photo.get("sha256")) if isinstance(photo, dict) else ""
    data = files.get(f"pictures/photo-{said}.webp")
    if isinstance(photo, dict):
        # A hash without its photo may name one that lies here for another guide: it is not given out.
        photo["sha256"] = photos.take(data) if data else ""


def _bring_sound(step: Doc, files: Files) -> None:
    audio = step.get("audio")
    if not isinstance(audio, dict):
        return
    made = {form: files.get(f"audio/{audio.get(form)}.{form}") for form in sounds.WAYS}
    whole = {form: data for form, data in made.items() if data}
    if len(whole) == len(sounds.WAYS):
        # The mark of the words travels: whoever changed them on the way is told to record again.
        step["audio"] = {**recordings.said(step, sounds.take_made(whole)), "words": str(audio.get("words"))[:64]}
    else:
        step["audio"] = {}


# --- Shape ------------------------------------------------------------------------------------------------------------


def _document(told: Any) -> Doc:
    """Return the document in a guide.json. Raises Refused."""
    if not isinstance(told, dict) or told.get("format") != FORMAT or set(told) != TOLD:
        raise _no(_("Gói này không phải bài hướng dẫn của Gõ Cửa. Chọn gói khác."))
    if told["format_version"] != VERSION:
        raise _no(_("Gói này do bản Gõ Cửa khác xuất ra. Cập nhật Gõ Cửa rồi nhập lại."))
    if told["language"] != LANGUAGE:
        raise _no(_("Gói này không phải bài tiếng Việt. Chọn gói khác."))
    _hold(told, {"licence": _text(100), "made_at": _text(40)}, "")
    doc = told["guide"]
    _hold(doc, HEAD, "guide", only=True)
    _hold(doc["version"], FACE, "version", only=True)
    for number, step in enumerate(doc["steps"], 1):
        _hold(step, STEP, f"steps.{number}", only=True)
        _hold(step["picture"], PICTURE, f"steps.{number}.picture")
    return dict(doc)


def _hold(part: Any, checks: dict[str, Check], where: str, *, only: bool = False) -> None:
    """Refuse a part whose values are not of their kind; with `only`, also one with other keys."""
    if not isinstance(part, dict):
        raise _wrong(where)
    for key, takes in checks.items():
        if not takes(part.get(key)):
            raise _wrong(f"{where}.{key}")
    strange = sorted(set(part) - set(checks))
    if only and strange:
        raise _wrong(f"{where}.{strange[0]}")


def _try(doc: Doc) -> None:
    """Refuse what the checks or the editor's pages would stumble over, instead of keeping a draft nobody can open."""
    try:
        drafts.faults(doc, today=timezone.localdate())
        for step in doc["steps"]:
            spec = step["picture"]
            (stage.choices(spec), step_form.elements_of(spec), step_form.targets_of(spec), step_form.hand_of(spec))
    except Exception as error:  # whatever it is, the sentence is the same
        raise _no(_("Bài trong gói có chỗ không đọc được. Xuất lại bài rồi thử lại.")) from error


def _text(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most


def _named(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 100 and all(_text(LONGEST)(one) for one in value)


def _day(value: Any) -> bool:
    try:
        return value is None or bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _small(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 32_767


def _dicts(most: int) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and all(isinstance(one, dict) for one in value)


def _maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


HEAD: dict[str, Check] = {
    "slug": _named(r"[-a-zA-Z0-9_]{1,60}"), "code": _named(r"[-A-Za-z0-9]{1,12}"),
    "language": lambda value: value in (None, LANGUAGE),
    "procedure": _named(r"[-a-zA-Z0-9_]{1,60}"), "topic": _named(r"[-a-zA-Z0-9_]{0,20}"),
    "icon": _named(r"[-a-z0-9]{1,40}"), "words": _texts, "order": _small, "review_by": _day,
    "version": lambda value: isinstance(value, dict), "steps": _dicts(drafts.MOST_STEPS),
}  # fmt: skip
FACE: dict[str, Check] = {
    **dict.fromkeys(documents.FACE, _maybe(_text(LONGEST))), "minutes": _maybe(_small), "at_hand": _maybe(_texts),
    "checked_on": _day,
}  # fmt: skip
STEP: dict[str, Check] = {
    **dict.fromkeys(("title", "text", "safety", "item"), _maybe(_text(LONGEST))), "needs": _maybe(_texts),
    "blockers": _maybe(_texts), "picture": lambda value: isinstance(value, dict), "audio": lambda value: True,
}  # fmt: skip
PICTURE: dict[str, Check] = {
    "screen": _maybe(_dicts(100)), "targets": _maybe(_dicts(100)),
    "hand": lambda value: value is None or isinstance(value, dict), "note": _maybe(_text(LONGEST)),
}  # fmt: skip


def _wrong(where: str) -> Refused:
    return _no(_("guide.json viết sai ở “%(where)s”. Xuất lại bài rồi thử lại.") % {"where": where[:60]})


def _no(sentence: str) -> Refused:
    return Refused("bad_guide", sentence)
