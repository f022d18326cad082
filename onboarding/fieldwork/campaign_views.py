"""The ward's doors to its campaigns: the list, beginning and changing one, and its communication kit.

Not for: the public door of short links (link_views.py), or what is said and drawn (announcing.py, campaign_papers.py).
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding.accounts.gates import WardRequest, supervisor_only
from onboarding.fieldwork import announcing, campaign_papers, campaigns, links, opens, spoken
from onboarding.fieldwork.campaign_forms import CampaignForm, WordsForm
from onboarding.fieldwork.channels import Channel, carried_by
from onboarding.fieldwork.models import Campaign, ShortLink
from onboarding.guides import papers
from onboarding.guides.sharing import origin_of

FACTS = ("name", "starts", "ends", "guide", "place", "hours", "bring", "target_activations", "target_households")
# Address of a paper: its name in content/channels.yaml, which says whose code it carries, and how it is drawn.
PAPERS: dict[str, tuple[str, Callable[[Campaign, str, str], bytes]]] = {
    "to-roi": ("to-roi", lambda campaign, at, origin: campaign_papers.sheet(campaign, "leaflet", address=at)),
    "hai-to-roi": ("to-roi", lambda campaign, at, origin: campaign_papers.sheet(campaign, "leaflets", address=at)),
    "ap-phich": ("ap-phich", lambda campaign, at, origin: campaign_papers.sheet(campaign, "poster", address=at)),
    "giay-treo-cua": ("giay-treo-cua", lambda campaign, at, origin: papers.door_hanger(origin=origin, address=at)),
}
QR_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


@require_safe
@supervisor_only
def campaign_list(request: WardRequest) -> HttpResponse:
    """List the ward's campaigns, the newest first, each with how often its links were opened in the last 30 days."""
    today = timezone.localdate()
    recent = Q(links__counts__day__gt=today - opens.SPAN)
    rows = campaigns.supervised_by(request.user).annotate(opened=Sum("links__counts__count", filter=recent))
    context = {"campaigns": rows.order_by("-ends", "name"), "today": today}
    return render(request, "fieldwork/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_only
def begin(request: WardRequest) -> HttpResponse:
    """Show the empty form of a campaign, or begin one and show its kit."""
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_only
def edit(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show what is known of a campaign as a form, or change it and show its kit."""
    return _edited(request, _campaign(request, pk))


@require_safe
@supervisor_only
def kit(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show the kit: texts to copy, papers to print, links and codes with their counts."""
    campaign = _campaign(request, pk)
    return _kit(request, campaign, WordsForm(ward=campaign.area, initial=_words(campaign)))


@require_POST
@supervisor_only
def save_words(request: WardRequest, pk: UUID) -> HttpResponse:
    """Keep the texts (loudspeaker, message); what can't be kept is shown again as it was typed."""
    campaign = _campaign(request, pk)
    form = WordsForm(request.POST, ward=campaign.area)
    if not form.is_valid():
        return _kit(request, campaign, form, status=422)
    campaigns.save_words(user=request.user, campaign=campaign, words=form.cleaned_data)
    messages.success(request, _("Đã lưu lời."))
    return redirect("fieldwork:campaign-kit", campaign.pk)


@require_safe
@supervisor_only
def paper(request: WardRequest, pk: UUID, kind: str) -> HttpResponse:
    """Answer with a paper of a campaign to print; its code is that of its own channel."""
    campaign = _campaign(request, pk)
    name, draw = PAPERS[kind]
    origin = origin_of(request)
    made = draw(campaign, links.address(_link(campaign, carried_by(name).code), origin), origin)
    return _file(made, "application/pdf", f"{kind}.pdf")


@require_safe
@supervisor_only
def picture(request: WardRequest, pk: UUID) -> HttpResponse:
    """Answer with the picture of a campaign to pass on."""
    return _file(campaign_papers.picture(_campaign(request, pk)), "image/png", "anh-chia-se.png")


@require_safe
@supervisor_only
def qr(request: WardRequest, pk: UUID, channel: str, kind: str) -> HttpResponse:
    """Answer with the code of one channel as a picture to put on something of the ward's own."""
    address = links.address(_link(_campaign(request, pk), channel), origin_of(request))
    return _file(links.as_qr(address, kind), QR_TYPES[kind], f"qr-{channel}.{kind}")


# --- What the pages show ----------------------------------------------------------------------------------------------


def _campaign(request: WardRequest, pk: UUID) -> Campaign:
    return get_object_or_404(campaigns.supervised_by(request.user).select_related("area"), pk=pk)


def _link(campaign: Campaign, channel: str) -> ShortLink:
    try:
        return links.links_of(campaign)[channel]
    except KeyError:
        raise Http404("No such channel") from None


def _edited(request: WardRequest, campaign: Campaign | None) -> HttpResponse:
    ward = campaign.area if campaign else request.ward
    initial = {name: getattr(campaign, name) for name in FACTS} if campaign else {}
    form = CampaignForm(request.POST if request.method == "POST" else None, ward=ward, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = campaigns.save_campaign(user=request.user, ward=ward, campaign=campaign, facts=form.cleaned_data)
        messages.success(request, _("Đã lưu đợt."))
        return redirect("fieldwork:campaign-kit", saved.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "fieldwork/campaign_form.html", context, status=422 if form.errors else 200)


def _words(campaign: Campaign) -> dict[str, str]:
    return {"loudspeaker": announcing.loudspeaker(campaign), "message": announcing.message(campaign)}


def _kit(request: WardRequest, campaign: Campaign, form: WordsForm, status: int = 200) -> HttpResponse:
    lines = opens.by_channel(campaign, timezone.localdate())
    spoken_text = form["loudspeaker"].value() or ""
    context = {
        "campaign": campaign, "told": announcing.told(campaign), "guide": announcing.guide_of(campaign),
        "form": form, "seconds": spoken.seconds(spoken_text), "syllables": spoken.syllables(spoken_text),
        "most_seconds": spoken.MOST_SECONDS, "a_second": spoken.A_SECOND,
        "messages_to_copy": _messages(request, campaign, lines), "papers": _papers(campaign),
        "lines": [(line, *_addresses(request, line)) for line in lines],
        "opened": sum(line.opened for line in lines), "most_opened": max(line.opened for line in lines),
    }  # fmt: skip
    return render(request, "fieldwork/campaign_kit.html", context, status=status)


def _addresses(request: HttpRequest, line: opens.ChannelLine) -> tuple[str, str]:
    """Return a link's address as it is opened and as it is read: without the protocol."""
    whole = links.address(line.link, origin_of(request))
    return whole, whole.partition("://")[2]


def _messages(request: HttpRequest, campaign: Campaign, lines: list[opens.ChannelLine]) -> list[tuple[Channel, str]]:
    """Return the message with the link of each channel that carries messages."""
    text, carried = announcing.message(campaign), [line for line in lines if line.channel.message]
    return [(line.channel, announcing.with_link(text, _addresses(request, line)[0])) for line in carried]


def _papers(campaign: Campaign) -> list[tuple[str, str, str, str]]:
    """Return icon, name, size and address of each paper."""
    rows = [
        ("file-text", _("Tờ rơi"), _("Khổ A5, một tờ"), "to-roi"),
        ("copy", _("Tờ rơi, hai tờ một trang"), _("In khổ A4 ngang rồi cắt đôi"), "hai-to-roi"),
        ("photo", _("Áp phích"), _("Khổ A4"), "ap-phich"),
        ("door", _("Giấy treo cửa"), _("Khổ A5, khi không có ai ở nhà"), "giay-treo-cua"),
    ]
    return [(*row[:3], reverse("fieldwork:campaign-paper", args=[campaign.pk, row[3]])) for row in rows]


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=kind, headers=headers)
