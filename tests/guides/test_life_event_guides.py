"""The guides for civil status, insurance, tax, land, electricity, exams and unemployment keep their promises."""

import pytest

from onboarding.guides.content import GuideFile, Shelf
from onboarding.guides.layout import RING, Rect, place, targets_of

SERVICES = {
    9: "khai-sinh",
    10: "khai-tu",
    11: "ket-hon",
    15: "lien-thong-khai-sinh",
    16: "lien-thong-khai-tu",
    17: "gia-han-bhyt-ho-gia-dinh",
    18: "dang-ky-thue",
    19: "bien-dong-dat-dai",
    20: "cap-dien-moi",
    21: "doi-ten-hop-dong-dien",
    22: "thi-tot-nghiep",
    23: "tro-cap-that-nghiep",
}
INK = 8  # the ring is drawn this far beyond its place


@pytest.fixture(scope="module")
def guides() -> dict[str, GuideFile]:
    """The service guides by slug."""
    return {file.data["slug"]: file for file in Shelf().guides if file.data["slug"] in SERVICES.values()}


def said(guide: GuideFile) -> str:
    """Everything that a guide says, in small letters."""
    steps = [step[key] for step in guide.steps for key in ("title", "text", "safety") if key in step]
    return " ".join([guide.version["title"], guide.version["summary"], *steps]).lower()


def clear(ring: Rect, other: Rect) -> bool:
    """Say whether an element above or below stands free of the ring."""
    return other.bottom <= ring.y or other.y >= ring.bottom


def test_every_service_has_its_guide_with_five_to_nine_steps(guides):
    assert set(guides) == set(SERVICES.values())
    for number, slug in SERVICES.items():
        data = guides[slug].data
        assert (data["code"], data["procedure"], data["order"]) == (f"DV-{number:02}", slug, 100 + number)
        assert 5 <= len(guides[slug].steps) <= 9


@pytest.mark.parametrize("slug", ["khai-tu", "lien-thong-khai-tu"])
def test_the_bereaved_are_met_with_condolence_and_never_congratulated(guides, slug):
    assert guides[slug].steps[0]["text"].startswith("Xin chia buồn cùng gia đình.")
    assert not any(word in said(guides[slug]) for word in ("mừng", "vui", "tuyệt", "hoàn tất"))


def test_whoever_signs_in_files_or_pays_is_told_to_do_it_alone(guides):
    for guide in guides.values():
        for step in guide.steps:
            if step["item"] in ("dang-nhap", "nop", "trang-3", "tra-tien", "nop-thue", "xet-tuyen"):
                assert step.get("safety"), (guide.name, step["item"])


def test_a_hindrance_of_the_e_id_is_not_offered_where_its_advice_would_mislead(guides):
    only_at_the_police = {"AWAY", "BEDRIDDEN", "FOREIGNER", "LIMITED_CAPACITY", "NO_PHONE", "REFUSED_NO_NEED"}
    for guide in guides.values():
        for step in guide.steps:
            assert not only_at_the_police & set(step["blockers"]), (guide.name, step["item"])


def test_what_is_ringed_stands_free_of_everything_beside_it(guides):
    for guide in guides.values():
        for number, step in enumerate(guide.steps, 1):
            picture = step["picture"]
            placed = place(picture["screen"])
            places = targets_of(placed)
            rings = {target["of"]: places[target["of"]].grown(RING + INK) for target in picture["targets"]}
            for name, ring in rings.items():
                own = places[name]
                others = [r for e, r in placed if e["t"] != "space" and e.get("id") != name and clear(own, r)]
                assert all(clear(ring, other) for other in others), (guide.name, number, name)
