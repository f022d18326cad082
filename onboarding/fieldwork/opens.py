"""Counts how often short links are opened, by the day, without knowing by whom.

No cookie. A reader who comes again within the same hour of the clock counts once: remembered is a salted hash of
address, program and link, forgotten after an hour. What fetches ahead or for a preview is not counted. Not for: where
links lead (links.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from onboarding.accounts import limits
from onboarding.fieldwork.channels import Channel, channels, reads
from onboarding.fieldwork.links import links_of
from onboarding.fieldwork.models import Campaign, LinkCount, ShortLink

SPAN = timedelta(days=30)
AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@dataclass(frozen=True)
class ChannelLine:
    """One channel of a campaign: its link and how often that was opened in the last 30 days."""

    channel: Channel
    link: ShortLink
    opened: int


def is_reading(request: HttpRequest) -> bool:
    """Say whether somebody opens the page now, as far as a request tells."""
    ahead = any(word in request.headers.get(name, "").lower() for name in AHEAD for word in ("prefetch", "preview"))
    return request.method == "GET" and not ahead and reads(request.headers.get("User-Agent", ""))


def count(link: ShortLink, *, reader_address: str, agent: str) -> bool:
    """Count one opening; return whether it counted, or was one of a reader or an address that has been counted."""
    if not limits.is_first("opened", f"{link.pk} {reader_address} {agent}"):
        return False
    # One address does not count as a whole ward by changing its name each time.
    if not limits.allow("opens", reader_address, most=settings.LINK_OPENS_AN_HOUR):
        return False
    row, _made = LinkCount.objects.get_or_create(link=link, day=timezone.localdate())
    LinkCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return True


def by_channel(campaign: Campaign, today: date) -> list[ChannelLine]:
    """Return the channels of a campaign in their order, each with its link and count of the last 30 days."""
    links = links_of(campaign)
    rows = LinkCount.objects.filter(link__campaign=campaign, day__gt=today - SPAN)
    counts = dict(rows.values_list("link").annotate(total=Sum("count")).order_by("link"))
    return [ChannelLine(each, links[each.code], counts.get(links[each.code].pk, 0)) for each in channels()]
