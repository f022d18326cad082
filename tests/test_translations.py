"""Every marked sentence has its English, the compiled catalogue is the written one, and the cookie alone chooses it.

Pure Python: what `make messages` needs gettext tools for is read here with Django's own template reader, ast and polib.
Each check of the catalogue is shown an offender that it must catch.
"""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from onboarding.submissions.models import Status
from onboarding.submissions.timeline import timeline
from onboarding.templatetags.ui import number
from tests import build

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "onboarding").rglob("templates/**/*.html")])
MODULES = sorted((ROOT / "onboarding").rglob("*.py"))
UNTRANSLATED: set[str] = set()  # sentences that need no English; none so far
NAMES = ("Gõ Cửa", "Hà")  # the only Vietnamese words in the English

Key = tuple[str, str, str]  # context, msgid, plural (both "" where there is none)

# --- What is marked ---------------------------------------------------------------------------------------------------

# Function: places of (context, msgid, plural) among its arguments.
MARKS = {
    "gettext": (None, 0, None), "ngettext": (None, 0, 1), "pgettext": (0, 1, None), "npgettext": (0, 1, 2),
}  # fmt: skip
CALL = re.compile(r"""\b(_|n?p?gettext)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),?)+)""")


def marked_in_module(source: str) -> list[Key]:
    """Return what a Python module marks."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
            found += _marked(name, texts)
    return found


def marked_in_template(source: str) -> list[Key]:
    """Return what a template marks, as makemessages sees it."""
    found = []
    for name, arguments in CALL.findall(templatize(source)):
        found += _marked(name, list(ast.literal_eval(f"[{arguments}]")))
    return found


def _marked(name: str, texts: list[str | None]) -> list[Key]:
    name = "gettext" if name == "_" else re.sub("_(lazy|noop)$", "", name)
    places = MARKS.get(name)
    if places is None or not texts or texts[places[1]] is None:
        return []
    context, msgid, plural = ("" if place is None else texts[place] for place in places)
    return [(context, msgid, plural)]


def marked() -> set[Key]:
    """Return everything that the templates and modules of the house mark."""
    found = [key for path in TEMPLATES for key in marked_in_template(path.read_text())]
    return {*found, *(key for path in MODULES for key in marked_in_module(path.read_text()))}


def key_of(entry: polib.POEntry) -> Key:
    """Return the key under which an entry is marked."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def catalogue(source: str | None = None) -> polib.POFile:
    """Return the English catalogue, or one written in a test."""
    return polib.pofile(source or str(CATALOGUE), encoding="utf-8")


# --- The checks -------------------------------------------------------------------------------------------------------


def english(entry: polib.POEntry) -> list[str]:
    """Return the English forms of an entry: one, or two where it counts."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def not_in_english(keys: set[Key], po: polib.POFile) -> list[Key]:
    """Return the marked sentences without English."""
    told = {key_of(e) for e in po if all(english(e)) and not e.fuzzy and not e.obsolete}
    return sorted(key for key in keys if key not in told and key[1] not in UNTRANSLATED)


def no_longer_marked(keys: set[Key], po: polib.POFile) -> list[Key]:
    """Return the entries that nothing asks for any more."""
    return [key_of(entry) for entry in po if key_of(entry) not in keys]


def counted_and_not(keys: set[Key]) -> list[str]:
    """Return msgids marked both with a plural and without: the one without would always say the singular."""
    counted = {(context, msgid) for context, msgid, plural in keys if plural}
    return [msgid for context, msgid, plural in keys if not plural and (context, msgid) in counted]


HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|</?\w[^>]*>")


def holes_differ(po: polib.POFile) -> list[str]:
    """Return entries whose English lacks a placeholder or tag, has one too many, or lost a space at an edge."""

    def shape(text: str) -> tuple[list[str], bool, bool]:
        return sorted(HOLES.findall(text)), text[:1].isspace(), text[-1:].isspace()

    return [e.msgid for e in po for text in english(e) if shape(text) != shape(e.msgid)]


def badly_worded(po: polib.POFile) -> list[str]:
    """Return English that breaks the house's wording rules, or still is Vietnamese."""
    said = [text for entry in po for text in english(entry)]
    return [text for text in said if re.search(r"(?i)\bplease\b|successful|!|system error", text) or _vietnamese(text)]


def _vietnamese(text: str) -> bool:
    for name in NAMES:
        text = text.replace(name, "")
    return any(letter > "\x7f" and letter.isalpha() for letter in text)


def stale(po: polib.POFile, mo: polib.MOFile) -> list[Key]:
    """Return the keys whose compiled English is not the written one."""
    written, compiled = ({key_of(e): english(e) for e in file} for file in (po, mo))
    return sorted(key for key in written | compiled if written.get(key) != compiled.get(key))


# --- The catalogue ----------------------------------------------------------------------------------------------------


def test_every_marked_sentence_has_its_english():
    assert not_in_english(marked(), catalogue()) == [], "run `make messages` and write the English"


def test_the_english_holds_nothing_that_is_no_longer_asked_for():
    assert no_longer_marked(marked(), catalogue()) == [], "run `make messages`"


def test_a_sentence_that_counts_is_marked_with_its_plural_everywhere():
    assert counted_and_not(marked()) == []


def test_placeholders_and_tags_agree():
    assert holes_differ(catalogue()) == []


def test_the_english_keeps_to_the_wording_rules():
    assert badly_worded(catalogue()) == []


def test_the_compiled_catalogue_is_the_written_one():
    assert stale(catalogue(), polib.mofile(str(CATALOGUE.with_suffix(".mo")))) == [], "run `make messages`"


# --- Planted offenders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("_('Đã gửi') + _(variable)", [("", "Đã gửi", "")]),
        ("gettext_lazy('Đã ' 'gửi')", [("", "Đã gửi", "")]),
        ("translation.ngettext('%d nhà', '%d nhà', n)", [("", "%d nhà", "%d nhà")]),
        ("text.translate(table)", []),
    ],
)
def test_marks_in_modules_are_seen(source, keys):
    assert marked_in_module(source) == keys


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("{% translate 'Đã gửi' %} chữ", [("", "Đã gửi", "")]),
        ('<p title="{% translate "Tối" context "màn hình" %}">', [("màn hình", "Tối", "")]),
        ('{{ name|default:_("để trống") }}', [("", "để trống", "")]),
        ("{% blocktranslate trimmed with n=x %}\n{{ n }} 'nhà'\n{% endblocktranslate %}", [("", "%(n)s 'nhà'", "")]),
        ("{% blocktranslate count n=x %}{{ n }} ảnh{% plural %}{{ n }} ảnh{% endblocktranslate %}",
         [("", "%(n)s ảnh", "%(n)s ảnh")]),
        ("{% translate variable %}", []),
    ],
)  # fmt: skip
def test_marks_in_templates_are_seen(source, keys):
    assert marked_in_template("{% load i18n %}" + source) == keys


PLANTED = """
msgid "Chưa dịch"
msgstr ""

#, fuzzy
msgid "Còn ngờ"
msgstr "In doubt"

msgid "%(n)s máy"
msgid_plural "%(n)s máy"
msgstr[0] "%(n)s phone"
msgstr[1] ""

msgid "Còn {n} nhà"
msgstr "{m} houses left"

msgid "Chậm <b>%d</b>"
msgstr "%d behind"

msgid " hoặc "
msgstr " or"

msgid "Đã gửi"
msgstr "Successfully sent!"

msgid "Hẹn lại"
msgstr "Hẹn again"
"""


def test_a_sentence_without_english_is_caught():
    keys = {("", "Đã gửi", ""), ("", "Chưa dịch", ""), ("", "Còn ngờ", ""), ("", "%(n)s máy", "%(n)s máy")}

    assert [key[1] for key in not_in_english(keys, catalogue(PLANTED))] == ["%(n)s máy", "Chưa dịch", "Còn ngờ"]


def test_a_leftover_is_caught():
    keys = {key_of(entry) for entry in catalogue(PLANTED)} - {("", "Đã gửi", "")}

    assert no_longer_marked(keys, catalogue(PLANTED)) == [("", "Đã gửi", "")]


def test_a_sentence_counted_in_one_place_only_is_caught():
    assert counted_and_not({("", "%(n)s máy", "%(n)s máy"), ("", "%(n)s máy", ""), ("x", "%(n)s máy", "")}) == [
        "%(n)s máy"
    ]


def test_a_lost_placeholder_tag_or_space_is_caught():
    assert holes_differ(catalogue(PLANTED))[-3:] == ["Còn {n} nhà", "Chậm <b>%d</b>", " hoặc "]


def test_bad_words_and_vietnamese_left_over_are_caught():
    assert badly_worded(catalogue(PLANTED)) == ["Successfully sent!", "Hẹn again"]


def test_a_stale_compiled_catalogue_is_caught(tmp_path):
    po = catalogue('msgid "Đã gửi"\nmsgstr "Sent"\n')
    po.save_as_mofile(str(tmp_path / "old.mo"))
    old = polib.mofile(str(tmp_path / "old.mo"))
    assert stale(po, old) == []

    po[0].msgstr = "Sent off"

    assert stale(po, old) == [("", "Đã gửi", "")]


# --- Choosing ---------------------------------------------------------------------------------------------------------

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9"}


def test_a_browser_that_prefers_english_still_gets_vietnamese(client):
    page = client.get("/dang-nhap/", **ENGLISH)

    assert "Đăng nhập của phường" in page.content.decode()
    assert '<html lang="vi"' in page.content.decode()
    assert page.headers["Content-Language"] == "vi"


def test_the_cookie_gives_english_and_is_set_by_the_form(client, db):
    answer = client.post("/ngon-ngu/setlang/", {"language": "en", "next": "/dang-nhap/"})
    page = client.get("/dang-nhap/")

    assert answer.headers["Location"] == "/dang-nhap/"
    assert client.cookies["language"].value == "en"
    assert client.cookies["language"]["httponly"]
    assert "The ward's sign-in" in page.content.decode().replace("&#x27;", "'")
    assert '<html lang="en"' in page.content.decode()
    assert page.headers["Content-Language"] == "en"

    client.post("/ngon-ngu/setlang/", {"language": "vi", "next": "/dang-nhap/"})
    assert "Đăng nhập của phường" in client.get("/dang-nhap/").content.decode()


@pytest.mark.parametrize("told", ["fr", "", "en-GB", "../en"])
def test_a_language_we_do_not_have_is_vietnamese(client, db, told):
    client.cookies["language"] = told

    assert client.get("/dang-nhap/").headers["Content-Language"] == "vi"


def test_choosing_needs_the_token_of_our_own_page_and_leads_nowhere_else(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/ngon-ngu/setlang/", {"language": "en"}).status_code == 403
    assert "language" not in client.cookies

    away = Client().post("/ngon-ngu/setlang/", {"language": "en", "next": "https://example.com/"})
    assert away.headers["Location"] == "/"


def test_the_ward_offers_the_other_language_and_is_then_in_english(as_supervisor):
    page = as_supervisor.get("/phuong/?ky=week", **ENGLISH).content.decode()
    assert 'action="/ngon-ngu/setlang/"' in page
    assert 'value="en" lang="en">English<' in page
    assert 'name="next" value="/phuong/?ky=week"' in page

    as_supervisor.cookies["language"] = "en"
    page = as_supervisor.get("/phuong/?ky=week").content.decode()

    assert "Overview" in page
    assert 'value="vi" lang="vi">Tiếng Việt<' in page


@pytest.mark.parametrize("address", ["/doi/", "/offline/", "/huong-dan/", "/"])
def test_what_is_kept_for_everybody_is_the_same_whatever_the_cookie_says(client, db, address):
    plain = client.get(address)
    client.cookies["language"] = "en"
    chosen = client.get(address, **ENGLISH)

    assert plain.status_code == 200
    assert chosen.content == plain.content
    assert '<html lang="vi"' in chosen.content.decode()


def test_what_a_supervisor_does_in_english_is_kept_in_vietnamese_and_told_in_english(ward, as_supervisor):
    person = build.resident(build.household(ward.groups[0]))
    row = build.submission(person, ward.member, status=Status.FAILED)
    as_supervisor.cookies["language"] = "en"

    as_supervisor.post(f"/phuong/ho-so/{row.pk}/thu-lai/")

    assert row.transitions.get(after=Status.QUEUED, by=ward.supervisor).detail == "Cho gửi lại."
    with translation.override("en"):
        told = [event.sub for event in timeline(row)]
    assert any("To be sent again." in sub for sub in told)


def test_numbers_are_grouped_as_the_reader_expects():
    assert number(1284) == "1.284"
    with translation.override("en"):
        assert number(1284) == "1,284"
        assert number(3.5) == "3.5"
