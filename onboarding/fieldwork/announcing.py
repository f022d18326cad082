"""What is said of a campaign over the loudspeaker, in a message, on paper: made from what is known, or the ward's own.

Always Vietnamese, whatever language a supervisor works in: the ward's people read it. Not for: checking what somebody
wrote (public_words.py, spoken.py; campaigns.py refuses) or how it is drawn (campaign_papers.py).
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.fieldwork import spoken
from onboarding.fieldwork.models import Campaign
from onboarding.guides.models import Guide, GuideVersion
from onboarding.templatetags.ui import phone, short_day

LANGUAGE = "vi"
AT_HAND = 3  # things to bring that a guide is asked for


@dataclass(frozen=True)
class Told:
    """What there is to say of a campaign, each part a phrase without its full stop; unknown parts are empty."""

    invitation: str
    days: str
    hours: str
    place: str
    bring: list[str]
    help: str
    safety: str


def told(campaign: Campaign) -> Told:
    """Return what there is to say of a campaign, in Vietnamese."""
    ward = campaign.area
    with translation.override(LANGUAGE):
        return Told(
            invitation=_("%(ward)s mời bà con tham gia: %(name)s") % {"ward": ward.name, "name": campaign.name},
            days=_days(campaign),
            hours=campaign.hours,
            place=campaign.place,
            bring=_bring(campaign),
            help=_("Cần giúp, gọi %(phone)s") % {"phone": phone(ward.phone)} if ward.phone else "",
            safety=_("Cán bộ thật không bao giờ hỏi mã OTP, mật khẩu của bác."),
        )


def loudspeaker(campaign: Campaign) -> str:
    """Return the text for the loudspeaker: the ward's own, or one that takes 30 seconds at most where it can."""
    return campaign.loudspeaker or suggested(campaign)["loudspeaker"]


def message(campaign: Campaign) -> str:
    """Return the text for a message, without its link: the ward's own, or one made from what is known."""
    return campaign.message or suggested(campaign)["message"]


def suggested(campaign: Campaign) -> dict[str, str]:
    """Return both texts as made from what is known, by the name of their field."""
    known = told(campaign)
    return {"loudspeaker": _suggested_loudspeaker(known), "message": _suggested_message(known)}


def with_link(text: str, address: str) -> str:
    """Return a message with the link of the channel that carries it."""
    with translation.override(LANGUAGE):
        return text + "\n\n" + _("Xem từng bước bằng tranh:") + f" {address}"


def guide_of(campaign: Campaign) -> GuideVersion | None:
    """Return the published version of the guide that a campaign is about, or None: it is about all of them."""
    found = Guide.objects.filter(slug=campaign.guide).first() if campaign.guide else None
    return found.current if found else None


def _days(campaign: Campaign) -> str:
    first, last = short_day(campaign.starts), short_day(campaign.ends)
    if campaign.starts == campaign.ends:
        return _("Ngày %(day)s") % {"day": first}
    return _("Từ %(first)s đến %(last)s") % {"first": first, "last": last}


def _bring(campaign: Campaign) -> list[str]:
    if campaign.bring:
        return [campaign.bring.rstrip(".")]
    version = guide_of(campaign)
    # Held-together words are for pages; in a message they would only be strange spaces.
    return [need.rstrip(".").replace("\u00a0", " ") for need in version.at_hand[:AT_HAND]] if version else []


def _suggested_loudspeaker(known: Told) -> str:
    """Return what fits into the time: things to bring are left out first, then the hours; never the safety line."""
    with translation.override(LANGUAGE):
        tries = [_said(known, hours, most) for hours in (known.hours, "") for most in range(len(known.bring), -1, -1)]
    return next((text for text in tries if spoken.seconds(text) <= spoken.MOST_SECONDS), tries[-1])


def _said(known: Told, hours: str, most: int) -> str:
    place = _("tại %(place)s") % {"place": known.place} if known.place else ""
    when = ", ".join(part for part in (known.days, hours, place) if part)
    bring = _("Nhớ mang %(things)s.") % {"things": _listed(known.bring[:most])} if most else ""
    call = f"{known.help}." if known.help else ""
    sentences = (f"{known.invitation}.", f"{when}.", bring, _("Hỗ trợ miễn phí."), call, known.safety)
    return " ".join(sentence for sentence in sentences if sentence)


def _suggested_message(known: Told) -> str:
    with translation.override(LANGUAGE):
        facts = [
            known.days,
            _("Giờ làm việc: %(hours)s") % {"hours": known.hours} if known.hours else "",
            _("Nơi làm: %(place)s") % {"place": known.place} if known.place else "",
            _("Mang theo: %(things)s") % {"things": _listed(known.bring)} if known.bring else "",
            _("Hỗ trợ miễn phí"),
        ]
        call = f"{known.help}.\n" if known.help else ""
        listed = "\n".join(f"{fact}." for fact in facts if fact)
        return f"{known.invitation}.\n\n{listed}\n\n{call}{known.safety}"


def _listed(things: list[str]) -> str:
    return ", ".join(_lower_first(thing) for thing in things)


def _lower_first(words: str) -> str:
    """Return words as they stand within a sentence; VNeID and OTP keep their capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
