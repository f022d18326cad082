"""The bytes of the public guide pages: the same for everybody who asks, so that they may be kept anywhere.

Pages are drawn without the request: no session, no cookie, no language of the browser can get into them, and a pack
can promise their hash. Not for: addresses and caching (views.py).
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.accounts.areas import help_line
from onboarding.guides import arranging, following, indexing, needs, recordings, sharing
from onboarding.guides.arranging import Event
from onboarding.guides.framing import Frame, frame_of
from onboarding.guides.leaflet import by_topic, leaflet
from onboarding.guides.models import Blocker, Guide, GuideVersion, Procedure, Step
from onboarding.guides.pictures import SMALL, STEP
from onboarding.guides.signing import public_keys
from onboarding.guides.translating import ENGLISH
from onboarding.qr import qr_svg

PER_SHEET = 4
OFTEN = 4  # guides on the home besides the events: the first of the catalogue
LANGUAGE = "vi"


@dataclass(frozen=True)
class Shown:
    """A picture on a page: addresses by format, alt text, how it is cropped."""

    avif: str
    webp: str
    alt: str
    frame: Frame


def home() -> bytes:
    """Return the citizens' home: the search, what may have happened in a life, what is done often."""
    guides = arranging.published()
    events = arranging.events(guides)
    shown = guides[:OFTEN] if events else guides
    context = {"guides": shown, "events": events, "count": len(guides), "share": _said(_home_shared)}
    english = bool(arranging.published(ENGLISH))
    return _drawn("guides/home.html", {**context, "english": english, **_icons(guides)})


def english() -> bytes:
    """Return the list of the guides that are in English, for those who do not read Vietnamese."""
    groups = arranging.by_topic(arranging.published(ENGLISH), title="english")
    return _drawn("guides/english.html", {"groups": groups}, ENGLISH)


def catalogue() -> bytes:
    """Return the list of all guides, by what they are about."""
    return _drawn("guides/catalogue.html", {"groups": arranging.by_topic(arranging.published())})


def event(slug: str) -> bytes:
    """Return what to do when something has happened. Raises LookupError."""
    found: Event | None = next((e for e in arranging.events(arranging.published()) if e.slug == slug), None)
    if found is None:
        raise LookupError(slug)
    return _drawn("guides/event.html", {"event": found})


def search(asked: str) -> bytes:
    """Return the page that answers asked, or that waits for a question when it is empty."""
    found, icons = _said(indexing.find, asked)
    return _drawn("guides/search.html", {"asked": asked, "found": found, "icons": " ".join(sorted(icons))})


def index() -> bytes:
    """Return what phones search in."""
    return _said(indexing.text).encode()


def procedures() -> bytes:
    """Return the list of all procedures, by topic."""
    return _drawn("guides/procedures.html", {"boards": by_topic()})


def procedure(row: Procedure, today: date) -> bytes:
    """Return what to know about one procedure on that day: what to prepare, what it costs, where and by when."""
    return _drawn("guides/procedure.html", leaflet(row, today))


def overview(version: GuideVersion, pack_bytes: int) -> bytes:
    """Return a guide's face: what to have at hand, how long it takes, who checked it when."""
    face, picture = (reverse(f"guides:{name}", args=[version.guide.slug]) for name in ("overview", "share"))
    keys = " ".join(public_keys())
    share = sharing.tags(version.title, version.summary, face, picture)
    context = {**_guide(version), "pack_bytes": pack_bytes, "share": share, "keys": keys}
    context |= {"other": _other_language(version), "behind": following.behind(version)}
    return _drawn("guides/overview.html", context, version.language)


def step(version: GuideVersion, number: int) -> bytes:
    """Return one step: one picture, one thing to do. Raises Step.DoesNotExist."""
    row = _step(version, number)
    context = {**_guide(version), "step": row, "picture": shown(row, webp=SMALL), "sound": recordings.heard(row)}
    context["seen"] = _seen(version, row.mark)
    with translation.override(version.language):
        context["needs"] = needs.called(row.needs)
    return _drawn("guides/step.html", {**context, "last": number == context["total"]}, version.language)


def stuck(version: GuideVersion, number: int) -> bytes:
    """Return what to do when a step does not go on. Raises Step.DoesNotExist."""
    row = _step(version, number)
    blockers = _blockers(row, version.language)
    context = {**_guide(version), "step": row, "blockers": blockers, "seen": _seen(version, row.help_mark)}
    # Not on the step itself, where a line more is a smaller picture.
    context["behind"] = following.behind(version)
    return _drawn("guides/stuck.html", context, version.language)


def steps(version: GuideVersion) -> bytes:
    """Return a guide's steps as JSON, for the team app: what a saved guide holds, without its pages.

    {"slug", "title", "version", "steps": [{"caption", "note", "safety", "avif", "src", "alt", "frame", "sound",
    "item"}]}. sound: addresses by form, empty when nobody has read the step. item: its name, where paper leads.
    """
    rows = version.steps.prefetch_related("pictures", "recordings")
    told = {"slug": version.guide.slug, "title": version.title, "version": version.number}
    return json.dumps({**told, "steps": [_told(row) for row in rows]}, ensure_ascii=False).encode()


def sheets(version: GuideVersion, origin: str) -> bytes:
    """Return the A4 pages: two steps a row, two rows a page; origin is where the printed code leads."""
    steps = list(version.steps.prefetch_related("pictures"))
    cells = [{"step": s, "picture": shown(s, webp=SMALL), "note": s.safety or s.spec.get("note", "")} for s in steps]
    pages = [cells[i : i + PER_SHEET] for i in range(0, len(cells), PER_SHEET)]
    address = origin + reverse("guides:overview", args=[version.guide.slug])
    context = {**_guide(version), "sheets": pages, "qr": qr_svg(address), "address": address}
    return _drawn("guides/print.html", context, version.language)


def shown(row: Step, *, webp: str) -> Shown:
    """Return the picture of a step; webp names the variant for browsers without AVIF.

    Old browsers sit on small phones: there the small one is sharp enough and keeps a saved guide light.
    """
    files = {(p.variant, p.format): p for p in row.pictures.all()}
    main = files[STEP, "avif"]
    frame = frame_of(main.boxes, main.height)
    return Shown(address(main.sha256, "avif"), address(files[webp, "webp"].sha256, "webp"), main.alt, frame)


def _told(row: Step) -> dict[str, Any]:
    picture = shown(row, webp=SMALL)
    return {
        "caption": row.title, "note": row.text, "safety": row.safety, "avif": picture.avif, "src": picture.webp,
        "alt": picture.alt, "frame": asdict(picture.frame), "sound": recordings.heard(row), "item": row.item,
    }  # fmt: skip


def address(sha256: str, kind: str) -> str:
    """Return where a picture lives."""
    return reverse("guides:picture", args=[sha256, kind])


def _step(version: GuideVersion, number: int) -> Step:
    return version.steps.prefetch_related("pictures", "recordings").get(number=number)


def _guide(version: GuideVersion) -> dict[str, Any]:
    home = reverse("guides:english" if version.language == ENGLISH else "guides:home")
    return {"version": version, "guide": version.guide, "total": version.steps.count(), "home": home}


def _seen(version: GuideVersion, mark: str) -> str:
    """Return what a page calls itself when a reader says something about it; a draft has no marks yet."""
    return f"{version.guide.slug}.{mark or version.number}"


def _other_language(version: GuideVersion) -> Guide | None:
    """Return the same guide in the other language, when readers can open it."""
    guide = version.guide
    other = guide.original or guide.translations.filter(language=ENGLISH).first()
    return other if other and other.current else None


def _blockers(row: Step, language: str) -> list[dict[str, str]]:
    found = Blocker.objects.in_bulk(row.blockers)
    return [_told_blocker(found[code], language) for code in row.blockers if code in found]


def _told_blocker(row: Blocker, language: str) -> dict[str, str]:
    vietnamese = {name: getattr(row, name) for name in ("title", "advice", "wait")}
    # One that nobody has said in English yet helps more in Vietnamese than not at all.
    return {**vietnamese, **(row.english if language == ENGLISH else {})}


def _icons(guides: list[GuideVersion]) -> dict[str, str]:
    """Return the context's `icons`: those that a page needs for guides it may come to show."""
    return {"icons": " ".join(sorted({version.guide.icon for version in guides}))}


def _home_shared() -> dict[str, str]:
    said = _("Hướng dẫn bằng tranh, xem được khi không có mạng. Miễn phí.")
    return sharing.tags(_("Đi từng ngõ, gõ từng nhà"), said, reverse("guides:home"), reverse("guides:share-home"))


def _said(what: Callable[..., Any], *given: Any) -> Any:
    with translation.override(LANGUAGE):
        return what(*given)


def _drawn(template: str, context: dict[str, Any], language: str = LANGUAGE) -> bytes:
    ward = help_line()
    # The house's own address, when it knows it: the same for everybody, unlike that of a request.
    common = {"help": ward, "ward_name": ward.name if ward else "", "site": settings.SITE_URL.rstrip("/")}
    with translation.override(language):
        return _tight(render_to_string(template, {**common, **context})).encode()


def _tight(html: str) -> str:
    """Return html without empty lines and indents: every byte is paid for on a slow line and in a saved guide."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip())
