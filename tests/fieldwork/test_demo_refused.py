"""Where real people are served the fictional ward is not loaded."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from onboarding.accounts.models import User
from onboarding.fieldwork.models import Household

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("production", ["HTTPS", "DEMO"])
def test_a_server_with_real_people_refuses_the_demo(settings, monkeypatch, production):
    if production == "HTTPS":
        settings.HTTPS = True
    else:
        monkeypatch.setenv("DEMO", "0")

    with pytest.raises(CommandError):
        call_command("demo")

    assert not Household.objects.exists() and not User.objects.exists()
