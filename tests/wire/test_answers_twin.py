"""The browser's rules for answers say word for word what the server says, over the examples both must pass."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from onboarding.submissions.answers import SENTENCES, sentence
from onboarding.submissions.forms import specs
from tests import build

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
FORM = settings.BASE_DIR / "onboarding" / "content" / "forms" / "luu-tru.yaml"
TODAY = "2026-11-22"


@pytest.fixture(scope="module")
def judged() -> list[dict]:
    """What the browser's code makes of every example."""
    node = shutil.which("node")
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("node is not installed")
    fields = specs(yaml.safe_load(FORM.read_text(encoding="utf-8")))
    filled = [{**build.lodging_answers(), **example["answers"]} for example in EXAMPLES]
    asked = [{"specs": fields, "answers": answers, "today": TODAY} for answers in filled]
    lines = "\n".join(json.dumps(one) for one in asked)
    done = subprocess.run([node, HERE / "answers_twin.mjs"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[example["why"] for example in EXAMPLES])
def test_the_browser_judges_as_the_server(judged: list[dict], number: int):
    example, found = EXAMPLES[number], judged[number]
    if "kept" in example:
        assert {name: found["kept"][name] for name in example["kept"]} == example["kept"]
        return
    assert said(found) == example["says"]


def said(found: dict) -> str:
    """The sentence that the browser shows for a broken rule: the field's own, else one of the page's."""
    words = (settings.BASE_DIR / "templates" / "sync" / "words.html").read_text(encoding="utf-8")
    own = re.search(rf'data-w="field.{found["rule"]}">{{% translate "([^"]+)"', words)
    spec = next(s for s in specs(yaml.safe_load(FORM.read_text(encoding="utf-8"))) if s["name"] == found["name"])
    if found["rule"] not in SENTENCES[spec["type"]] and own:
        return own[1]
    return sentence(spec, found["rule"], **found.get("values", {}))
