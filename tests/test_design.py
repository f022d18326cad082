"""The look of every page is ours and safe: no inline code, known icons, one sprite, dates and numbers as said here."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from onboarding.templatetags import ui

TEMPLATES = settings.BASE_DIR / "templates"
ALL_TEMPLATES = sorted(path for path in TEMPLATES.rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:",
    re.I,
)
ICON = re.compile(r"{%\s*icon\s+[\"']([^\"']+)")


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def inline_code(source: str) -> list[str]:
    return INLINE.findall(source)


def unknown_icons(source: str) -> set[str]:
    return {name for name in ICON.findall(source) if name not in ui.drawings()}


def no_comment_first(source: str) -> bool:
    head = re.sub(r"^{% extends [^%]+%}", "", source)
    return not head.startswith("{% comment %}")


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_inline_code_or_style(path: Path):
    assert inline_code(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<script>go()</script>",
        '<p style="color:red">',
        '<a onclick="go()">',
        "<style>p{}</style>",
        '<b hx-on:click="x">',
    ],
)
def test_planted_inline_code_is_found(planted: str):
    assert inline_code(planted) != []


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_icon_a_template_names_is_shipped(path: Path):
    assert unknown_icons(path.read_text(encoding="utf-8")) == set()


def test_a_planted_unknown_icon_is_found_and_refused():
    assert unknown_icons('{% icon "no-such-icon" %}') == {"no-such-icon"}
    with pytest.raises(ui.UnknownIcon, match="no-such-icon"):
        render('{% icon "no-such-icon" %}')


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("components/*.html")), ids=lambda path: path.name)
def test_every_component_opens_with_what_it_needs(path: Path):
    assert not no_comment_first(path.read_text(encoding="utf-8"))


def test_a_planted_component_without_a_comment_is_found():
    assert no_comment_first('<div class="row"></div>')


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_can_be_read(path: Path):
    assert get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize(
    "name", ["offline.html", "404.html", "403.html", "403_csrf.html", "500.html", "layouts/ward.html"]
)
def test_the_pages_for_trouble_and_the_layouts_draw_without_inline_code(name: str):
    html = render_to_string(name, request=RequestFactory().get("/"))
    assert "app.css" in html
    assert inline_code(html) == []


def test_the_sprite_holds_each_icon_of_the_page_once_wherever_it_was_used():
    html = render(
        '{% icon "door" %}{% icon "door" %}{% include "components/safety.html" only %}{% icons "check door" %}',
    )
    assert html.count('<symbol id="i-door"') == 1
    assert re.findall(r'<symbol id="i-([^"]+)"', html) == ["check", "door", "shield-lock"]
    assert all(f'href="#i-{name}"' in html for name in ("door", "shield-lock"))


def test_two_pages_do_not_share_their_sprites():
    render('{% icon "door" %}')
    assert "i-door" not in render("{% icons %}")


def test_the_look_comes_from_the_cookies_and_nothing_else_gets_in():
    request = RequestFactory().get("/")
    request.COOKIES.update(theme="sun", text="130")
    assert render("{% look %}", request=request) == 'data-theme="sun" data-text="130"'
    request.COOKIES.update(theme='"><script>', text="999")
    assert render("{% look %}", request=request) == 'data-theme="light"'


def test_an_address_below_is_here_too_unless_only_the_exact_one_is_meant():
    request = RequestFactory().get("/phuong/ho-so/1/")
    assert "aria-current" in render('{% here "/phuong/ho-so/" %}', request=request)
    assert render('{% here "/phuong/" True %}', request=request) == ""


def test_a_name_in_a_plate_or_chip_cannot_become_markup():
    html = render('{% plate n "lg" %}{% chip "ok" "check" n %}', n="<b>8A")
    assert "<b>" not in html and html.count("&lt;b&gt;8A") == 2


def test_a_meter_stays_inside_its_frame():
    html = render('{% meter 12 10 "Đã đến" target=5 %}')
    assert 'width="100.00%"' in html and 'x="50.00%"' in html and "style=" not in html
    assert 'width="0.00%"' in render('{% meter 1 0 "Trống" %}')


def test_the_progress_of_a_guide_marks_the_current_step():
    html = render("{% steps 2 3 %}")
    assert html.count('data-s="done"') == 1 and html.count('aria-current="step"') == 1
    assert "Bước 2 trên 3" in html


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (1284, "1.284"), (1234567, "1.234.567"), (3.5, "3,5"), (2.0, "2"), (None, "")]
)
def test_numbers_have_a_dot_between_thousands(value: float | None, written: str):
    assert ui.number(value) == written


@pytest.mark.parametrize(("value", "written"), [(10, "1 KB"), (640_400, "640 KB"), (1_120_000, "1,1 MB"), (None, "")])
def test_sizes_are_rounded_to_what_matters(value: int | None, written: str):
    assert ui.size(value) == written


def test_a_masked_number_shows_three_digits_only():
    assert ui.masked("099148000214") == "••• ••• ••• 214"
    assert ui.masked("214") == "•••"
    assert ui.masked("") == ""


@pytest.mark.parametrize(
    ("value", "written"), [("0950000123", "095 000 0123"), ("02400000108", "024 0000 0108"), ("113", "113"), (None, "")]
)
def test_phone_numbers_are_grouped_as_they_are_said(value: str | None, written: str):
    assert ui.phone(value) == written


def test_times_are_those_of_ha_noi(time_machine):
    time_machine.move_to(datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    assert ui.when(datetime(2026, 11, 21, 2, 30, tzinfo=UTC)) == "9:30"
    assert ui.when(datetime(2026, 11, 20, 2, 30, tzinfo=UTC)) == "hôm qua 9:30"
    assert ui.when(datetime(2026, 11, 19, 18, 5, tzinfo=UTC)) == "hôm qua 1:05"
    assert ui.when(datetime(2026, 10, 18, 2, 30, tzinfo=UTC)) == "18/10 9:30"
    assert ui.when(datetime(2025, 10, 18, 2, 30, tzinfo=UTC)) == "18/10/2025 9:30"
    assert ui.weekday(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) == "Thứ Bảy 21/11"


def test_the_sync_words_are_said_in_one_place_only():
    words = [str(text) for _, _, text in ui.SYNC.values()]
    assert words == ["Đã lưu trên máy", "Đang chờ mạng", "Đang gửi", "Đã gửi", "Cần xem lại"]
    assert 'data-s="wait"' in render('{% sync_chip "wait" %}')


def test_the_site_is_two_installable_apps_with_ids_of_their_own(client):
    citizen, team = (json.loads(client.get(path).content) for path in ("/manifest.json", "/manifest.json?app=doi"))
    assert (citizen["id"], citizen["start_url"]) == ("/", "/")
    assert (team["id"], team["start_url"]) == ("/doi/", "/doi/")
    assert {icon.get("purpose", "any") for icon in team["icons"]} == {"any", "maskable"}


def test_every_font_the_pages_use_holds_vietnamese():
    from fontTools.ttLib import TTFont

    letters = "ẲẴỔỄẬỵđĐƯươẩ0123456789 .,–“”…"
    for weight in (400, 600, 700):
        held = TTFont(settings.BASE_DIR / f"static/dist/fonts/bvp-{weight}.woff2").getBestCmap()
        assert [letter for letter in letters if ord(letter) not in held] == []
