"""A campaign of the ward and a guide it is about, with one picture and files in a folder of their own."""

import copy
import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from onboarding.fieldwork.models import Campaign
from onboarding.guides.models import Guide, GuideVersion, Picture
from tests import build

ORIGIN = "https://hosen.example"


@pytest.fixture
def own_files(settings, tmp_path):
    """A storage of its own for what is drawn in a test."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"] = {"location": str(tmp_path / "files")}
    settings.STORAGES = storages


@pytest.fixture
def guide(db, own_files) -> GuideVersion:
    """A published guide of one step with its picture."""
    row = Guide.objects.create(slug="mau", code="MAU", procedure=build.procedure())
    today = timezone.localdate()
    version = GuideVersion.objects.create(
        guide=row, number=1, state="published", title="Hướng dẫn mẫu", checked_on=today, checked_by="biên tập viên",
        source="bài thử", spec_hash="0" * 64, at_hand=["Thẻ căn\u00a0cước.", "VNeID đã cài."],
    )  # fmt: skip
    step = version.steps.create(number=1, title="Mở ứng dụng", text="Bác mở ứng dụng.", spec={})
    drawn = build.drawn_photo(720, 900, "WEBP")
    digest = hashlib.sha256(drawn).hexdigest()
    default_storage.save(f"guides/{digest}.webp", ContentFile(drawn))
    Picture.objects.create(
        step=step, variant="step", format="webp", sha256=digest, width=720, height=900, bytes=len(drawn), alt="Tranh."
    )
    return version


@pytest.fixture
def campaign(ward, guide, settings) -> Campaign:
    """A running campaign about the guide, in a house that knows its address."""
    settings.SITE_URL = ORIGIN
    today = timezone.localdate()
    return Campaign.objects.create(
        area=ward.area, name="90 ngày kích hoạt mức 2", starts=today - timedelta(days=10),
        ends=today + timedelta(days=10), guide="mau", place="Nhà văn hóa Tổ 5", hours="8:00 đến 11:30",
    )  # fmt: skip
