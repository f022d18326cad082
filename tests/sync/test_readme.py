"""The README of sync says what the code does: codes, kinds, modules and limits."""

import re
from pathlib import Path

from django.conf import settings

from onboarding.sync import codes, enrolments, envelope, push, uploads, views

ROOM = Path(settings.BASE_DIR) / "onboarding" / "sync"
TEXT = (ROOM / "README.md").read_text(encoding="utf-8")


def test_every_code_is_in_the_table_of_codes_and_nothing_else():
    table = TEXT.split("**Codes.**")[1].split("###")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", table, re.M)) == set(codes.SENTENCES)


def test_every_verdict_is_in_the_ordered_table_of_rules():
    rules = TEXT.split("**Rules")[1].split("**Codes.**")[0]
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", rules, re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    for word in ("accepted", "parked", "held", "quarantined", "conflict", "later"):
        assert f"`{word}`" in rules


def test_the_enrolment_codes_and_their_statuses_are_told():
    table = TEXT.split("### `POST /sync/enrol/`")[1].split("###")[0]
    for code, status in views.ENROL_STATUS.items():
        assert re.search(rf"^\| {status} \|.*`{code}`", table, re.M), code
    assert enrolments.UNKNOWN in views.ENROL_STATUS


def test_every_module_and_every_kind_is_named():
    named = set(re.findall(r"`([a-z_]+)\.py`", TEXT))
    here = {path.stem for path in ROOM.glob("*.py")} - {"__init__", "apps", "models", "urls", "tasks", "times"}
    assert here <= named
    words = TEXT.split("## Words")[1].split("##")[0]
    assert all(kind in words for kind in push.KINDS)


def test_the_limits_are_the_ones_in_force():
    assert f"at most {views.MAX_ENTRIES} entries" in TEXT
    assert f"{envelope.MAX_FILE // 2**20} MB each, {envelope.MAX_FILES} an entry" in " ".join(TEXT.split())
    assert f"{settings.SYNC_FILE_BYTES_A_DAY // 10**6} MB a device" in TEXT
    assert f"up to {uploads.CHUNK // 1024} KB" in TEXT
    assert f"lives {settings.ENROL_MINUTES} minutes" in TEXT
