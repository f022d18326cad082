"""Zips of guides for tests: looked into, made by no program of ours, altered, refused."""

import io
import json
import zipfile

import pytest

from onboarding.guides import incoming
from onboarding.guides.models import Guide, GuideVersion
from onboarding.refusal import Refused


def entries(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


def made(files):
    """A zip of these entries, written by no program of ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(name, body)
    return out.getvalue()


def altered(packed, alter):
    """The zip with its guide.json altered."""
    files = entries(packed)
    told = json.loads(files["guide.json"])
    alter(told)
    return made({**files, "guide.json": json.dumps(told, ensure_ascii=False).encode()})


def refusal(packed, author):
    """Take packed in, see that it is refused and that nothing has come of it; return the sentence."""
    before = (Guide.objects.count(), GuideVersion.objects.count())
    with pytest.raises(Refused) as no:
        incoming.take_in(user=author, packed=packed)
    assert (Guide.objects.count(), GuideVersion.objects.count()) == before
    assert no.value.message.endswith(".")
    return no.value.message
