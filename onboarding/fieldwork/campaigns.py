"""Beginning and changing a campaign of a ward, and the words that spread it.

Not for: checking what was typed (campaign_forms.py), what is said when nobody wrote anything (announcing.py).
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from onboarding.accounts.models import Area, AreaQuerySet, Role, User
from onboarding.fieldwork import announcing
from onboarding.fieldwork.links import links_of
from onboarding.fieldwork.models import Campaign
from onboarding.journal.recording import recording
from onboarding.refusal import Refused


def save_campaign(*, user: User, ward: Area, campaign: Campaign | None, facts: dict[str, Any]) -> Campaign:
    """Begin a campaign of ward, or change one; return it with its links. facts: cleaned by CampaignForm.

    Raises Refused: not_assigned (user does not supervise ward).
    """
    with recording(user) as journal:
        _check_reach(user, ward)
        campaign = campaign or Campaign(area=ward)
        for name, value in facts.items():
            setattr(campaign, name, value)
        campaign.save()
        links_of(campaign)
        journal.did("campaign.save", "campaign", campaign.pk, ward.pk)
    return campaign


def save_words(*, user: User, campaign: Campaign, words: dict[str, str]) -> Campaign:
    """Keep the words of a campaign, cleaned by WordsForm; those that say what is suggested go on following the facts.

    Raises Refused: not_assigned.
    """
    with recording(user) as journal:
        _check_reach(user, campaign.area)
        suggested = announcing.suggested(campaign)
        for name, value in words.items():
            setattr(campaign, name, "" if value == suggested[name] else value)
        campaign.save(update_fields=list(words))
        journal.did("campaign.words", "campaign", campaign.pk, campaign.area_id)
    return campaign


def supervised_by(user: User) -> QuerySet[Campaign]:
    """Return the campaigns of the places that user supervises today; a team's member has none."""
    return Campaign.objects.filter(area__in=_supervised(user))


def _check_reach(user: User, ward: Area) -> None:
    if not _supervised(user).filter(pk=ward.pk).exists():
        raise Refused("not_assigned", _("Chỉ phụ trách phường sửa được đợt này. Báo phụ trách phường."))


def _supervised(user: User) -> AreaQuerySet:
    return Area.objects.visible_to(user, (Role.SUPERVISOR,))
