"""The team's empty shell: the same bytes for everybody, nothing personal, cheap to ask for again."""

import json
import re

import pytest
from django.test import Client

from onboarding.guides.models import Blocker
from onboarding.submissions.forms import consent_hash
from onboarding.sync import catalogue
from tests import build


@pytest.fixture(autouse=True)
def plain_static(settings):
    """Static addresses without the manifest, which only a deployment has."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def test_the_shell_is_the_same_for_everybody_and_holds_no_personal_data(ward, as_supervisor):
    home = build.household(ward.groups[0])
    build.resident(home)
    anonymous, signed_in = Client().get("/doi/"), as_supervisor.get("/doi/")

    assert anonymous.status_code == 200
    assert anonymous.content == signed_in.content
    assert not signed_in.cookies
    page = anonymous.content.decode()
    for secret in ("Mẫu Thử", "099158000001", home.head, ward.supervisor.name):
        assert secret not in page


def test_it_may_be_kept_and_asked_for_by_its_etag(ward):
    first = Client().get("/doi/")
    assert set(first["Cache-Control"].split(", ")) == {"public", "no-cache"}
    again = Client().get("/doi/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_it_carries_checklists_blockers_forms_and_consent_text(ward):
    build.checklist()
    version = build.lodging_notice()
    Blocker.objects.create(code="NO_CARD", title="Chưa có thẻ", advice="Đi làm thẻ.", resolver="police")
    context = catalogue.context()

    assert context["catalogue"]["checklists"][0]["items"][0]["code"] == "install"
    assert context["catalogue"]["blockers"]["NO_CARD"]["advice"] == "Đi làm thẻ."
    form = context["catalogue"]["forms"][0]
    assert (form["code"], form["hash"]) == (version.code, version.hash)
    assert consent_hash(version.definition) in context["forms"][0]["consent"]
    assert 'name="guest_name"' in context["forms"][0]["html"]
    page = Client().get("/doi/").content.decode()
    data = re.search(r'<script id="catalogue" type="application/json">(.*?)</script>', page, re.S)
    assert json.loads(data.group(1)) == json.loads(json.dumps(context["catalogue"]))


def test_only_reading_is_allowed(ward):
    assert Client().post("/doi/").status_code == 405
