"""Short links: they lead somewhere for good, set no cookie, and count openings without knowing by whom."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from onboarding.fieldwork import channels, links, opens
from onboarding.fieldwork.models import LinkCount, ShortLink
from onboarding.guides.models import GuideVersion
from onboarding.templatetags import ui

PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android/2401"
PREVIEW = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"


@pytest.fixture(autouse=True)
def nobody_remembered(db):
    """Begin each test with an hour in which nobody has opened anything."""
    cache.clear()


@pytest.fixture
def link(campaign) -> ShortLink:
    """The campaign's link for its groups in Zalo."""
    return links.links_of(campaign)["zalo"]


def opened(link: ShortLink, *, address: str = "203.0.113.7", agent: str = PHONE, method: str = "get", **headers: str):
    """Open a link as a reader on some phone at some address."""
    reader = Client(REMOTE_ADDR=address, headers={"user-agent": agent, **headers})
    return getattr(reader, method)(f"/d/{link.code}")


def total() -> int:
    return sum(LinkCount.objects.values_list("count", flat=True))


def test_a_link_leads_to_the_guide_of_its_campaign_without_a_cookie(link):
    answer = opened(link)

    assert (answer.status_code, answer["Location"]) == (302, "/huong-dan/mau/")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_link_may_be_typed_in_capitals_or_with_a_slash(link):
    for path in (f"/d/{link.code.upper()}", f"/d/{link.code}/"):
        assert Client().get(path)["Location"] == "/huong-dan/mau/"


def test_a_link_still_leads_on_after_its_campaign(link, campaign):
    campaign.starts, campaign.ends = (timezone.localdate() - timedelta(days=days) for days in (400, 300))
    campaign.save()

    assert opened(link)["Location"] == "/huong-dan/mau/"
    assert total() == 1


def test_a_link_to_a_guide_that_was_withdrawn_leads_to_all_of_them(link):
    GuideVersion.objects.update(state="withdrawn")

    assert opened(link)["Location"] == "/huong-dan/"


def test_a_link_follows_its_campaign_to_another_guide_or_home(link, campaign):
    campaign.guide = ""
    campaign.save()

    assert opened(link)["Location"] == "/"


@pytest.mark.parametrize("code", ["zzzzzz", "x", "k7m2p%00", "'; drop", "ẵẵẵẵẵẵ", "a" * 40])
def test_an_unknown_code_is_said_in_vietnamese_and_leads_on_to_the_guides(campaign, code, as_supervisor):
    as_supervisor.cookies["language"] = "en"
    answer, known = Client().get(f"/d/{code}"), as_supervisor.get(f"/d/{code}")

    assert answer.status_code == 404 and not answer.cookies
    page = answer.content.decode()
    assert "Không có đường dẫn này" in page and 'href="/huong-dan/"' in page
    assert known.content == answer.content


def test_a_reader_who_opens_it_again_within_the_hour_counts_once(link):
    at = timezone.now().replace(minute=5, second=0, microsecond=0)
    with time_machine.travel(at, tick=False) as clock:
        for _again in range(5):
            opened(link)
        assert total() == 1
        clock.shift(timedelta(minutes=61))
        opened(link)
        assert total() == 2


def test_readers_behind_one_address_are_counted_by_their_phones_and_other_addresses_apart(link, campaign):
    opened(link)
    opened(link, agent=PHONE.replace("SM-A146P", "CPH2387"))
    opened(link, address="203.0.113.8")
    opened(links.links_of(campaign)["facebook"])

    assert total() == 4
    assert LinkCount.objects.get(link=link).count == 3


def test_one_address_does_not_swell_a_count_by_changing_its_name(link, settings):
    settings.LINK_OPENS_AN_HOUR = 3
    for number in range(6):
        assert opened(link, agent=f"{PHONE} {number}").status_code == 302

    assert total() == 3


@pytest.mark.parametrize(
    "how",
    [
        {"method": "head"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"agent": PREVIEW},
        {"agent": "WhatsApp/2.23.20.0"},
        {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"agent": "curl/8.5.0"},
        {"agent": ""},
    ],
    ids=str,
)
def test_what_fetches_without_reading_is_led_on_and_not_counted(link, how):
    assert opened(link, **how)["Location"] == "/huong-dan/mau/"
    assert total() == 0


def test_phones_that_read_inside_zalo_and_facebook_are_counted(link):
    opened(link, agent=PHONE)
    opened(link, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]")

    assert total() == 2


def test_nothing_is_kept_of_who_opened_a_link(link, monkeypatch):
    kept: list[object] = []
    for name in ("add", "set"):
        real = getattr(cache, name)
        monkeypatch.setattr(cache, name, lambda *args, real=real: kept.append(args) or real(*args))
    opened(link)

    assert {field.name for field in LinkCount._meta.get_fields()} == {"id", "link", "day", "count"}
    assert len(kept) == 2 and all(rest[-1] == 3600 for rest in kept)
    for private in ("203.0.113.7", "SM-A146P", link.code, str(link.pk)):
        assert private not in str(kept)


def test_each_channel_has_one_link_and_asking_again_makes_no_other(campaign):
    first = links.links_of(campaign)

    assert list(first) == [channel.code for channel in channels.channels()]
    assert len({link.code for link in first.values()}) == len(first)
    assert all(len(link.code) == 6 and set(link.code) <= set(links.ALPHABET) for link in first.values())
    assert {code: link.pk for code, link in links.links_of(campaign).items()} == {
        code: link.pk for code, link in first.items()
    }


def test_every_channel_has_a_code_that_fits_a_name_and_a_drawing():
    rows = channels.channels()

    assert len({row.code for row in rows}) == len(rows)
    assert all(len(row.code) <= 20 and row.name and ui.drawing_of(row.icon) for row in rows)
    assert {row.paper for row in rows} - {""} == {"to-roi", "ap-phich", "giay-treo-cua"}


def test_a_code_that_is_taken_is_not_given_again(campaign, link, monkeypatch):
    codes = iter([link.code, link.code, "acdefh"])
    monkeypatch.setattr(links, "_code", lambda: next(codes))
    ShortLink.objects.filter(channel="facebook").delete()

    assert links.links_of(campaign)["facebook"].code == "acdefh"


def test_codes_hold_no_two_letters_that_look_alike():
    for pair in ("0o", "1l", "1i", "il", "2z", "5s", "8b", "gq", "uv"):
        assert len(set(pair) & set(links.ALPHABET)) < 2, pair


def test_the_last_thirty_days_are_counted_and_no_more(link, campaign):
    today = timezone.localdate()
    for days, count in ((0, 3), (29, 4), (30, 100)):
        LinkCount.objects.create(link=link, day=today - timedelta(days=days), count=count)

    counts = {line.channel.code: line.opened for line in opens.by_channel(campaign, today)}
    assert counts["zalo"] == 7
    assert sum(counts.values()) == 7
