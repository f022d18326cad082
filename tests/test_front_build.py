"""What is served is what the sources say: BUILD.json holds the hash of every source, so no Node is needed to know.

Not for: building again byte for byte; that needs Node and is `npm run build` followed by `git diff --exit-code`.
"""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

SRC = settings.BASE_DIR / "static/src"
DIST = settings.BASE_DIR / "static/dist"
FOLDERS = ("js", "css", "fonts", "brand")
ALONE = ("build.mjs", "package-lock.json")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def found(folder: Path, *parts: str) -> dict[str, str]:
    roots = [folder / part for part in parts] or [folder]
    files = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files if path.name != "BUILD.json"}


def stale(src: Path, dist: Path) -> list[str]:
    """Return what differs between the record of the last build and the files there are now."""
    record = json.loads((dist / "BUILD.json").read_text(encoding="utf-8"))
    now = {"sources": found(src, *FOLDERS, *ALONE), "output": found(dist)}
    return sorted(
        f"{part}: {name}"
        for part in now
        for name in record[part].keys() | now[part].keys()
        if record[part].get(name) != now[part].get(name)
    )


def test_the_served_files_are_built_from_these_sources():
    assert stale(SRC, DIST) == [], "Run `npm run build` in static/src and commit static/dist."


@pytest.fixture
def copy(tmp_path: Path) -> tuple[Path, Path]:
    """The sources and the output, free to be spoilt."""
    for name in (*FOLDERS, *ALONE):
        (shutil.copytree if (SRC / name).is_dir() else shutil.copy)(SRC / name, tmp_path / name)
    shutil.copytree(DIST, tmp_path / "dist")
    return tmp_path, tmp_path / "dist"


def test_an_edited_source_is_found(copy: tuple[Path, Path]):
    src, dist = copy
    (src / "js/app.js").write_text("// edited")
    assert stale(src, dist) == ["sources: js/app.js"]


def test_a_new_source_is_found(copy: tuple[Path, Path]):
    src, dist = copy
    (src / "css/new.css").write_text("p {}")
    assert stale(src, dist) == ["sources: css/new.css"]


def test_an_output_edited_by_hand_is_found(copy: tuple[Path, Path]):
    src, dist = copy
    (dist / "app.css").write_text("p {}")
    assert stale(src, dist) == ["output: app.css"]


def test_the_licences_of_what_is_inside_are_served_with_it():
    text = (DIST / "LICENSES.txt").read_text(encoding="utf-8")
    packages = json.loads((DIST / "BUILD.json").read_text(encoding="utf-8"))["packages"]
    inside = packages.keys() - {"esbuild", "@fontsource/be-vietnam-pro", "@tabler/icons"}
    assert [name for name in inside if name not in text] == []
    assert "SIL OPEN FONT LICENSE" in text.upper()
