"""What a link to a guide looks like where people pass it on, and that the page stays the same for everybody."""

import hashlib
import io
import re

import pytest
from django.test import Client
from PIL import Image

from onboarding.guides import packing, sharing
from onboarding.guides.models import Guide
from onboarding.guides.pen import COLOURS

pytestmark = pytest.mark.django_db
ORIGIN = "https://hosen.example"
PAGES = {"/huong-dan/mau/": "/huong-dan/mau/chia-se.png", "/": "/chia-se.png"}


@pytest.fixture
def own(settings):
    """The address at which this house stands."""
    settings.SITE_URL = f"{ORIGIN}/"


def tags(path: str, **headers: str) -> dict[str, str]:
    """The tags that preview machines read on a page."""
    page = Client(headers=headers).get(path).content.decode()
    return dict(re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)"', page))


@pytest.mark.parametrize(("path", "image"), PAGES.items())
def test_a_page_names_its_title_words_and_picture_by_their_whole_address(version, own, path, image):
    found = tags(path, host="elsewhere.example")

    assert (found["url"], found["image"]) == (ORIGIN + path, ORIGIN + image)
    assert (found["image:width"], found["image:height"]) == ("1200", "630")
    assert found["title"] and found["description"]
    if path != "/":
        assert (found["title"], found["description"]) == ("Hướng dẫn mẫu", "Để thử.")


@pytest.mark.parametrize("path", PAGES)
def test_a_house_that_does_not_know_its_address_names_no_picture(version, settings, path):
    settings.SITE_URL = ""

    found = tags(path)
    assert found["title"] and "image" not in found and "url" not in found


def test_the_pack_still_promises_the_page_that_is_served(version, own):
    promised = packing.manifest(version, "", "")["files"][0]

    served = Client(headers={"host": "elsewhere.example"}).get(promised["url"]).content
    assert (promised["sha256"], promised["bytes"]) == (hashlib.sha256(served).hexdigest(), len(served))


@pytest.mark.parametrize("path", PAGES.values())
def test_the_picture_has_the_size_of_previews_and_may_be_kept_by_anybody(version, path):
    answer = Client().get(path)

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=300")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 300_000 and not answer.cookies


def test_a_guide_nobody_may_read_has_no_picture_to_pass_on(version):
    Guide.objects.get().versions.update(state="withdrawn")

    assert Client().get("/huong-dan/mau/chia-se.png").status_code == 404


def test_a_guide_whose_pictures_are_not_drawn_yet_shows_the_door(version):
    version.steps.get(number=1).pictures.all().delete()
    version.steps.get(number=2).pictures.all().delete()

    assert Image.open(io.BytesIO(sharing.of_guide(version))).size == (1200, 630)


@pytest.mark.parametrize("words", ["Ẵ" * 120, "Ồ kích hoạt " * 10, "x"])
def test_words_of_any_length_end_above_the_foot_and_beside_the_picture(words):
    card = sharing.Card("Phường Hồ Sen", words, (words, words), "Không đọc mã OTP cho ai.")
    drawn = Image.open(io.BytesIO(sharing.image(card))).convert("RGB")

    ground = Image.new("RGB", (1, 1), COLOURS["paper"]).getpixel((0, 0))
    edge = sharing.HEIGHT - sharing.FOOT
    assert {drawn.getpixel((x, edge - 1)) for x in range(sharing.PICTURE[0])} == {ground}
    tint = Image.new("RGB", (1, 1), COLOURS["green_t"]).getpixel((0, 0))
    assert {drawn.getpixel((sharing.PICTURE[0] + 8, y)) for y in range(edge)} == {tint}


def test_the_same_words_are_drawn_once(monkeypatch):
    drawn, real = [], sharing._drawn
    monkeypatch.setattr(sharing, "_drawn", lambda card: drawn.append(card) or real(card))
    card = sharing.Card("Phường Hồ Sen", "Chỉ một lần", (), "Không đọc mã OTP cho ai.")

    assert sharing.image(card) == sharing.image(card)
    assert len(drawn) == 1
