"""The guides of the essential services: what each must bring, whoever wrote it."""

import pytest

from onboarding.guides.content import GuideFile, Shelf

SERVICES = [file for file in Shelf().guides if str(file.data.get("code", "")).startswith("DV-")]
FEWEST_WORDS = 3


def money_is_paid(step: dict) -> bool:
    """Say whether the citizen pays on the drawn screen."""
    return any(e.get("id") == "pay" for e in step["picture"]["screen"])


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.path.stem)
class TestAServiceGuide:
    def test_is_named_and_ordered_after_the_number_of_its_service(self, file: GuideFile):
        number = int(file.data["code"].removeprefix("DV-"))
        assert file.data["order"] == 100 + number
        assert file.path.stem == file.data["slug"] == file.data["procedure"]

    def test_is_found_by_what_people_call_it(self, file: GuideFile):
        assert len(file.data["words"]) >= FEWEST_WORDS
        assert file.data["topic"]

    def test_has_five_to_nine_steps_each_named_once(self, file: GuideFile):
        items = [step["item"] for step in file.steps]
        assert 5 <= len(items) <= 9
        assert len(set(items)) == len(items)

    def test_says_whose_money_it_is_where_money_is_paid(self, file: GuideFile):
        assert all(step.get("safety") for step in file.steps if money_is_paid(step))
