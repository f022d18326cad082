"""Counts how often short links are opened, by the day, without knowing by whom.

No cookie. A reader who comes again within the same hour of the clock counts once: remembered is a salted hash of
address, program and link, forgotten after an hour. What fetches ahead or for a preview is not counted. Not for: where
links lead (links.py).
"""

import time
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from onboarding.fieldwork.channels import Channel, channels, reads
from onboarding.fieldwork.links import links_of
from onboarding.fieldwork.models import Campaign, LinkCount, ShortLink

HOUR = 3600
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
    if not _is_new(f"{link.pk} {reader_address} {agent}") or not _within_limit(reader_address):
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


def _is_new(reader: str) -> bool:
    # add() alone both asks and remembers, so two requests at the same moment count once.
    return cache.add(f"opened:{_this_hour()}:{_hash(reader)}", 1, HOUR)


def _within_limit(reader_address: str) -> bool:
    """Keep one address from counting as a whole ward by changing its name each time."""
    key = f"opens:{_this_hour()}:{_hash(reader_address)}"
    # Two at the same moment may count as one: this keeps a flood out, it does not keep accounts.
    so_far = cache.get(key, 0) + 1
    if so_far <= settings.LINK_OPENS_AN_HOUR:
        cache.set(key, so_far, HOUR)
    return so_far <= settings.LINK_OPENS_AN_HOUR


def _this_hour() -> int:
    return int(time.time()) // HOUR


def _hash(value: str) -> str:
    return salted_hmac("onboarding.fieldwork.opens", value).hexdigest()
