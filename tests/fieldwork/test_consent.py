"""A consent is signed, kept as it was, and can be taken back."""

from datetime import UTC, datetime

import pytest

from onboarding.fieldwork import consents, feed
from onboarding.fieldwork.models import Consent
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 18, tzinfo=UTC)


@pytest.fixture
def person(ward):
    return build.resident(build.household(ward.groups[0]))


def agree(user, person, **changes):
    facts = {
        "user": user, "entry": new_id(), "resident": person.pk, "purposes": {"file": True, "messages": False},
        "text": "consent-luu-tru@1", "text_hash": "a" * 64, "by": "self", "witness": "",
        "signature": build.signature(), "at": AT,
    }  # fmt: skip
    return consents.record_consent(**facts | changes)


def test_a_consent_keeps_the_words_the_purposes_and_the_strokes(member, person):
    consent = agree(member, person)

    told = feed.describe("consent", [consent.pk], user=member)[consent.pk]
    assert (told["text"], told["purposes"], told["withdrawn"]) == (
        "consent-luu-tru@1",
        {"file": True, "messages": False},
        False,
    )
    assert consents.signature_of(consent) == build.signature()
    assert b"strokes" not in bytes(consent.signature_sealed)


def test_the_same_entry_twice_is_one_consent(member, person):
    entry = new_id()

    assert agree(member, person, entry=entry) == agree(member, person, entry=entry)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": {"w": 300, "h": 100, "strokes": []}}, "answers_invalid"),
        ({"signature": None}, "answers_invalid"),
        ({"purposes": {}}, "answers_invalid"),
        ({"purposes": {"file": "yes"}}, "answers_invalid"),
        ({"by": "witness"}, "answers_invalid"),
        ({"by": "neighbour"}, "answers_invalid"),
        ({"text_hash": "short"}, "answers_invalid"),
        ({"resident": new_id()}, "subject_unknown"),
    ],
)
def test_what_is_no_consent_is_refused(member, person, changes, code):
    with pytest.raises(Refused) as refused:
        agree(member, person, **changes)

    assert refused.value.code == code
    assert Consent.objects.count() == 0


def test_somebody_who_can_not_sign_has_a_named_witness(member, person):
    assert agree(member, person, by="witness", witness="Nguyễn Văn  Ví Dụ").witness == "Nguyễn Văn Ví Dụ"


def test_a_consent_is_taken_back_once(member, person):
    consent = agree(member, person)

    first = consents.withdraw_consent(user=member, entry=new_id(), consent=consent.pk, reason="", at=AT)
    second = consents.withdraw_consent(user=member, entry=new_id(), consent=consent.pk, reason="", at=AT)

    assert first.withdrawn_at == second.withdrawn_at is not None
    assert feed.describe("consent", [consent.pk], user=member)[consent.pk]["withdrawn"] is True
    assert AuditEntry.objects.filter(action="consent.withdraw").count() == 1


def test_a_stranger_neither_records_nor_takes_back_nor_reads(member, chandra, person):
    consent = agree(member, person)

    for attempt in (
        lambda: agree(chandra, person),
        lambda: consents.withdraw_consent(user=chandra, entry=new_id(), consent=consent.pk, reason="", at=AT),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "not_assigned"
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert feed.describe("consent", [consent.pk], user=chandra) == {consent.pk: None}
