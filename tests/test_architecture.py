"""The house rules as tests, each with a planted offender that it must catch.

For: what import-linter's contracts and these small readers of source can see. Not for: behaviour.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["accounts", "journal", "guides", "fieldwork", "submissions", "sync", "oversight", "portal_sandbox"]
DOORS = {"urls", "admin", "views"}
TABLES = {"models", "migrations"}
BAD_NAMES = {"utils", "helpers", "common", "manager", "managers", "service", "services"}
SOURCES = sorted(p for p in (ROOT / "onboarding").rglob("*.py") if "migrations" not in p.parts)
SCRIPTS = sorted(p for p in (ROOT / "static/src/js").rglob("*.js"))


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def imported(tree: ast.AST) -> list[str]:
    """Return the dotted names that a module imports."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def storeys(room: str, module: str, names: list[str]) -> list[str]:
    """Return the imports that run against doors → work → tables inside one room."""
    inside = [n.split(".")[2] for n in names if n.startswith(f"onboarding.{room}.") and len(n.split(".")) > 2]
    if module in DOORS or module.endswith("_views"):
        return []
    if module in TABLES:
        return [n for n in inside if n not in TABLES and n != module]
    return [n for n in inside if n in DOORS or n.endswith("_views")]


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.parent.name in ROOMS], ids=lambda p: f"{p.parent.name}.{p.stem}"
)
def test_inside_a_room_doors_import_work_and_work_imports_tables(path):
    assert storeys(path.parent.name, path.stem, imported(ast.parse(path.read_text()))) == []


def test_work_that_imports_a_door_is_caught():
    planted = ast.parse("from onboarding.sync.views import shell")
    assert storeys("sync", "push", imported(planted)) == ["views", "views"]


def test_no_module_has_a_name_that_says_nothing():
    assert [p for p in SOURCES if p.stem in BAD_NAMES] == []
    assert "utils" in BAD_NAMES


def opening(source: str) -> str | None:
    """Return a module's docstring."""
    return ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", [p for p in SOURCES if p.read_text().strip()], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_opens_by_saying_what_it_is_for(path):
    assert opening(path.read_text())


def test_a_module_without_an_opening_is_caught():
    assert opening("x = 1") is None


FORBIDDEN = re.compile(
    r"mark_safe\(|\|\s*safe\b|\.raw\(|\.extra\(|\bpickle\b|yaml\.load\(|shell=True|(?<![\w.])eval\(|(?<![\w.])exec\("
)


# Reviewed: prints our own committed drawings and three literals, never anything a person typed.
REVIEWED = {ROOT / "onboarding/templatetags/ui.py"}


def test_no_dangerous_call_stands_in_the_source():
    found = [str(p) for p in SOURCES if p not in REVIEWED and FORBIDDEN.search(p.read_text())]
    found += [str(p) for p in (ROOT / "templates").rglob("*.html") if FORBIDDEN.search(p.read_text())]
    assert found == []


@pytest.mark.parametrize("line", ["mark_safe(x)", "{{ x|safe }}", "M.objects.raw(q)", "yaml.load(f)", "eval(x)"])
def test_a_dangerous_call_is_caught(line):
    assert FORBIDDEN.search(line)


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)


def test_templates_have_no_inline_script_or_style():
    found = [str(p) for p in (ROOT / "templates").rglob("*.html") if INLINE.search(p.read_text())]
    assert found == []


@pytest.mark.parametrize("line", ["<script>x</script>", '<p style="x">', '<a onclick="x">', "<style>"])
def test_inline_code_is_caught(line):
    assert INLINE.search(line)


DOM = re.compile(r"\b(document|window|HTMLElement|querySelector)\b")
FETCH = re.compile(r"\bfetch\s*\(|XMLHttpRequest|sendBeacon")


def without_comments(source: str) -> str:
    """Return JavaScript without its comments (good enough for a search)."""
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.S)


def test_sync_modules_know_no_page_and_components_do_not_fetch():
    sync = [str(p) for p in SCRIPTS if p.parent.name == "sync" and DOM.search(without_comments(p.read_text()))]
    parts = [str(p) for p in SCRIPTS if p.parent.name == "components" and FETCH.search(without_comments(p.read_text()))]
    assert (sync, parts) == ([], [])


def test_a_fetching_component_and_a_painting_sync_module_are_caught():
    assert FETCH.search("await fetch('/x')")
    assert DOM.search("document.title")
    assert not DOM.search(without_comments("// the document is elsewhere"))


SECRET_FIELD = re.compile(r"name=\"(otp|passcode|mat_khau|matkhau|ma_pin_vneid)\"|one-time-code", re.IGNORECASE)


def test_no_page_has_a_field_for_a_citizens_secret():
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "account" not in p.parts and "mfa" not in p.parts]
    assert [str(p) for p in pages if SECRET_FIELD.search(p.read_text())] == []
    passwords = [str(p) for p in pages if re.search(r"type=\"password\"", p.read_text())]
    assert passwords == []


def test_a_secret_field_is_caught():
    assert SECRET_FIELD.search('<input name="otp">')


LOOKBEHIND = re.compile(r"\(\?<[=!]")


def test_no_script_looks_behind_because_older_safaris_refuse_the_whole_expression():
    assert [str(p) for p in SCRIPTS if LOOKBEHIND.search(p.read_text())] == []
    assert LOOKBEHIND.search(r"/(?<=\D)\d/")
