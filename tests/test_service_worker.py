"""The worker that is served: always fresh, its lists filled from what was collected, never more than it must keep."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from onboarding.management.commands import build_sw

PLACES = (
    "keep(self.__CITIZEN_FILES__, self.__TEAM_FILES__, self.__TEAM_VERSION__, self.__CITIZEN_VERSION__,"
    " self.__ASK_FILES__, self.__GUIDE_KEYS__)"
)


@pytest.fixture
def collected(db, tmp_path: Path):
    """Everything collected under hashed names in a folder of its own."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(tmp_path / "static"), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def built(folder: Path) -> str:
    call_command("build_sw", to=str(folder / "worker.js"), verbosity=0, stdout=(folder / "out").open("w"))
    return (folder / "worker.js").read_text(encoding="utf-8")


def lists(worker: str) -> list[list[dict[str, str | None]]]:
    return [json.loads(found) for found in re.findall(r'\[\{"url".*?\}\]', worker)]


def test_the_built_worker_keeps_hashed_files_and_the_offline_page(collected: Path):
    citizen, team, ask = lists(built(collected))
    assert citizen[0]["url"] == "/offline/" and len(str(citizen[0]["revision"])) == 64
    assert all(re.search(r"\.[0-9a-f]{12}\.", str(one["url"])) and one["revision"] is None for one in citizen[1:])
    assert not any("team" in str(one["url"]) or "wasm" in str(one["url"]) for one in citizen)
    assert any("zxing" in str(one["url"]) for one in team)
    assert [str(one["url"]).startswith("/static/ask.") for one in ask] == [True]


def test_building_again_from_the_same_files_gives_the_same_bytes(collected: Path):
    assert built(collected) == built(collected)


def test_the_lists_hold_no_page_that_may_be_personal(collected: Path):
    pages = [str(one["url"]) for kept in lists(built(collected)) for one in kept if one["revision"]]
    assert set(pages) <= {"/offline/", "/doi/"}


def test_what_citizens_keep_weighs_less_than_fifty_kilobytes_compressed():
    held = [settings.BASE_DIR / "static/dist" / name for name in build_sw.CITIZEN_FILES]
    assert sum(len(gzip.compress(path.read_bytes())) for path in held) < 50_000


def test_the_version_of_the_team_app_changes_with_any_of_its_files():
    files = [{"url": "/doi/", "revision": "a"}]
    assert build_sw.version_of(files) != build_sw.version_of([{"url": "/doi/", "revision": "b"}])
    assert build_sw.version_of(files) == build_sw.version_of(list(files))


def test_a_worker_without_a_place_for_the_lists_is_refused():
    with pytest.raises(CommandError, match="__TEAM_FILES__"):
        build_sw.filled(PLACES.replace("self.__TEAM_FILES__", "[]"), citizen=[], team=[])


def test_nothing_collected_is_said_with_what_to_do(tmp_path: Path):
    with override_settings(STATIC_ROOT=str(tmp_path)), pytest.raises(CommandError, match="collectstatic"):
        call_command("build_sw", to=str(tmp_path / "worker.js"))


def test_the_worker_is_served_from_the_root_and_never_kept(client, tmp_path: Path):
    with override_settings(PWA_SERVICE_WORKER_PATH=str(tmp_path / "worker.js")):
        served_fresh(client, tmp_path)


def served_fresh(client, tmp_path: Path) -> None:
    assert client.get("/serviceworker.js").status_code == 404
    (tmp_path / "worker.js").write_text("self")
    answer = client.get("/serviceworker.js")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == b"self"
    (tmp_path / "worker.js").write_text("self;" * 1000)
    assert client.get("/serviceworker.js", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer["Cache-Control"] and "no-cache" in answer["Cache-Control"]
