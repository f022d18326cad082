"""A shelf with a small guide to alter, and a storage of its own for every test."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from onboarding.guides import arranging, loading, pictures
from onboarding.guides.content import Shelf
from onboarding.guides.models import Guide, GuideVersion

PICTURE = {
    "screen": [{"t": "bar", "title": "Kích hoạt"}, {"t": "button", "id": "go", "text": "Gửi yêu cầu"}],
    "targets": [{"of": "go", "n": 1, "label": "nút Gửi yêu cầu"}],
    "hand": {"of": "go", "at": [0.8, 0.9]},
}
STEP = {
    "item": "gui",
    "title": "Bấm Gửi yêu_cầu",
    "text": "Bác bấm nút Gửi yêu cầu.",
    "needs": ["network"],
    "blockers": ["NO_INTERNET"],
    "picture": PICTURE,
}
GUIDE = {
    "slug": "mau",
    "code": "MAU",
    "procedure": "viec-mau",
    "topic": "thu",
    "words": ["mẫu đơn", "TTX"],
    "review_by": "2027-06-01",
    "version": {
        "title": "Hướng dẫn mẫu",
        "summary": "Để thử.",
        "minutes": 5,
        "at_hand": ["Thẻ căn cước."],
        "checked_on": "2026-11-21",
        "checked_by": "biên tập viên",
        "source": "bài thử",
    },
    "steps": [
        STEP,
        {
            **copy.deepcopy(STEP),
            "item": "xong",
            "title": "Đợi máy báo xong",
            "safety": "Không đọc mã này cho ai.",
        },
    ],
}
BLOCKER = {
    "code": "NO_INTERNET",
    "title": "Không có mạng",
    "advice": "Ra chỗ sóng tốt hơn.",
    "resolver": "team",
    "next_step": "Dùng mạng của tổ.",
    "wait": "vài phút",
    "ability": "can",
    "source": "thu",
}


ENGLISH = {
    "of": "mau",
    "title": "A sample guide",
    "summary": "To try things.",
    "at_hand": ["Your ID card."],
    "checked_by": "editor",
    "steps": [
        {
            "title": "Tap “Gửi yêu cầu”",
            "text": "Tap the “Gửi yêu cầu” (Send request) button.",
            "labels": ["the “Gửi yêu cầu” (Send request) button"],
        },
        {
            "title": "Wait until it says done",
            "text": "Keep the phone in your hand.",
            "safety": "Do not read this code to anyone.",
            "labels": ["the “Gửi yêu cầu” (Send request) button"],
        },
    ],
}
ENGLISH_BLOCKER = {
    "title": "There is no network",
    "advice": "Go where the signal is better.",
    "next_step": "Use the team's network.",
    "wait": "a few minutes",
}
EVENT = {
    "slug": "co-viec",
    "title": "Nhà có việc",
    "icon": "home-2",
    "sentence": "Việc để thử.",
    "lead": "Bác làm việc này trước.",
    "guides": ["mau"],
}


class Desk:
    """Content in a folder of its own: alter the dicts, write(), load()."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.guide = copy.deepcopy(GUIDE)
        self.blockers = {"checked_on": "2026-11-21", "sources": {"thu": "bài thử"}, "blockers": [dict(BLOCKER)]}
        self.procedure = {
            "slug": "viec-mau",
            "name": "Việc mẫu",
            "plain_name": "Việc mẫu",
            "topic": "thu",
            "facts": [],
        }
        self.topics = [{"code": "thu", "title": "Việc để thử", "icon": "home-2"}]
        self.jargon = [{"word": "CSDL", "plain": "dữ liệu"}, {"word": "đồng bộ", "plain": "gửi"}]
        self.states = {"cong-dvc": {"source": "thử", "checked_on": "2026-11-21", "states": [{"plain": "Đã gửi."}]}}
        self.events = [dict(EVENT)]
        self.english: dict = {}  # in_english() fills these two
        self.english_blockers: dict = {}
        self.links = {"domains": [{"domain": "vneid.gov.vn", "what": "VNeID"}], "ends": ["vn", "com"]}
        self.manners = {"same": [["hướng dẫn mẫu", "HDM"]], "idle": ["lam sao", "cho"]}
        self.checklist = {
            "code": "mau",
            "title": "Việc mẫu",
            "guide": "mau",
            "valid_from": "2026-11-21",
            "source": "bài thử",
            "items": [{"code": "gui", "guide_step": 1}, {"code": "xong", "guide_step": 2}],
        }

    def write(self) -> Shelf:
        """Write the files as an editor would and return the shelf."""
        files = {
            "guides/mau.yaml": self.guide,
            "blockers.yaml": self.blockers,
            "topics.yaml": self.topics,
            "jargon.yaml": self.jargon,
            "states.yaml": self.states,
            "events.yaml": self.events,
            "links.yaml": self.links,
            "search.yaml": self.manners,
            "procedures/viec-mau.yaml": self.procedure,
            "checklists/mau.yaml": self.checklist,
        }
        files |= {"guides/en/mau.yaml": self.english} if self.english else {}
        files |= {"en/blockers.yaml": self.english_blockers} if self.english_blockers else {}
        for name, data in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Dates in YAML are bare, not quoted.
            text = yaml.safe_dump(data, allow_unicode=True)
            for day in ("2026-11-21", "2027-06-01", "2026-01-01", "2026-02-01", "2026-12-01"):
                text = text.replace(f"'{day}'", day)
            path.write_text(text, encoding="utf-8")
        return Shelf(self.folder)

    def in_english(self) -> None:
        """Put the English guide beside the Vietnamese one."""
        self.guide["english"] = True
        self.topics[0]["english"] = "Things to try"
        self.english, self.english_blockers = copy.deepcopy(ENGLISH), {"NO_INTERNET": dict(ENGLISH_BLOCKER)}

    def load(self) -> loading.Loaded:
        """Write and load."""
        return loading.load(self.write(), everything=True)


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Path:
    """One folder for the drawn files of all tests: their names are their hashes, so tests can't disturb each other."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def drawn_once() -> dict[str, list]:
    """What has been drawn so far, by scene."""
    return {}


@pytest.fixture(autouse=True)
def quick_pictures(settings, files, drawn_once, monkeypatch):
    """Keep drawn pictures apart, and draw each scene once a run: drawing takes a second a step."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"] = {"location": str(files)}
    settings.STORAGES = storages
    really = pictures._draw_all

    def draw_all(scene):
        if scene.key() not in drawn_once:
            drawn_once[scene.key()] = really(scene)
        return copy.deepcopy(drawn_once[scene.key()])

    monkeypatch.setattr(pictures, "_draw_all", draw_all)


@pytest.fixture
def desk(tmp_path) -> Desk:
    """A folder with one guide of two steps."""
    return Desk(tmp_path)


@pytest.fixture(autouse=True)
def own_shelf(desk, monkeypatch):
    """Topics, events and manners of the search come from the desk, not from what is shipped."""
    monkeypatch.setattr(arranging, "SHELF", desk.write())


@pytest.fixture
def guide(db, desk) -> Guide:
    """The small guide, published."""
    desk.load()
    return Guide.objects.get(slug="mau")


@pytest.fixture
def version(guide) -> GuideVersion:
    """Its published version."""
    assert guide.current is not None
    return guide.current


@pytest.fixture(scope="session")
def altered() -> Callable[..., dict]:
    """A function that returns the small picture with parts replaced."""
    return lambda **parts: {**copy.deepcopy(PICTURE), **parts}
