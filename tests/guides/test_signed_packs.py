"""What phones keep of a guide is signed over exact bytes, follows the pages, and never once the content drifted."""

import copy
import hashlib
import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from onboarding import seal
from onboarding.guides import drawing_room, packing, pictures, publishing, sealing, signing
from onboarding.guides.management.commands import guide_keys
from onboarding.guides.models import Blocker, Feedback, Guide, GuideVersion, Picture, Step, StepCount
from onboarding.refusal import Refused
from tests.guides.conftest import STEP

pytestmark = pytest.mark.django_db

PACK = "/huong-dan/mau/goi.json"
NEWS = "/huong-dan/rut.json"


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A ring of its own for every test."""
    settings.GUIDE_KEYS_FILE = tmp_path / "keys" / "guide_keys.json"


@pytest.fixture
def reader(guide) -> Client:
    """A browser nobody knows, with the small guide published."""
    return Client()


@pytest.fixture
def five(desk) -> Guide:
    """The small guide with five steps, published."""
    desk.guide["steps"] = [{**STEP, "title": f"Bấm nút số {n}", "item": "", "picture": shows(n)} for n in range(1, 6)]
    desk.checklist["items"] = []
    desk.load()
    return Guide.objects.get(slug="mau")


def shows(number: int) -> dict:
    """A picture of its own for each step."""
    return {**STEP["picture"], "screen": [{"t": "button", "id": "go", "text": f"Nút {number}"}]}


def files(client: Client) -> dict[str, str]:
    """The hash of every file of the pack by its address."""
    return {file["url"]: file["sha256"] for file in client.get(PACK).json()["manifest"]["files"]}


def verified(given: signing.Signed) -> bool:
    """Whether the only key there is signed this."""
    [point] = signing.public_keys()
    return seal.verify(seal.unb64u(point), seal.canonical(given["manifest"]), seal.unb64u(given["sig"]))


# --- the signature ---------------------------------------------------------------------------------------------------


def test_the_signature_is_over_the_exact_manifest(reader):
    pack = reader.get(PACK).json()
    assert verified(pack) and pack["keys"] == []
    for change in ({"version": 2}, {"title": "Khác"}, {"files": pack["manifest"]["files"][1:]}):
        assert not verified({**pack, "manifest": {**pack["manifest"], **change}})
    other = reader.get(PACK)
    assert other.content == reader.get(PACK).content  # so that its ETag says whether anything is new


def test_the_pack_is_sealed_with_the_version_at_publication(version):
    assert version.sealed["manifest"]["version"] == 1
    assert signing.holds(version.sealed)
    assert len(version.sealed["manifest"]["content"]) == 64


def test_only_the_owner_may_read_the_keys_and_the_first_ring_stays(settings):
    first = signing.public_keys()
    path = Path(settings.GUIDE_KEYS_FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    signing._put(path, [signing.Key(signing.ec.generate_private_key(signing.ec.SECP256R1()))], first=True)
    assert signing.public_keys() == first
    signing.rotate()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_two_threads_that_make_the_first_ring_at_once_get_the_same(settings, monkeypatch):
    gate, really = Barrier(2), os.link
    monkeypatch.setattr(os, "link", lambda *a: (gate.wait(20), really(*a)))
    with ThreadPoolExecutor(2) as pool:
        rings = list(pool.map(lambda _number: signing.public_keys(), range(2)))
    assert rings == [signing.public_keys()] * 2
    assert [p.name for p in Path(settings.GUIDE_KEYS_FILE).parent.iterdir()] == ["guide_keys.json"]


def test_a_new_key_is_introduced_by_the_one_before_and_signs_from_then_on(reader):
    old = signing.ring()[-1]
    fresh = signing.rotate()
    pack = reader.get(PACK).json()
    assert pack["key"] == fresh.id != old.id and signing.holds(pack)
    [said] = pack["keys"]
    assert (said["id"], said["by"]) == (fresh.id, old.id)
    message = seal.canonical({"kind": "key", "public": said["public"]})
    assert seal.verify(seal.unb64u(old.public), message, seal.unb64u(said["sig"]))


def test_the_operator_sees_and_rotates_the_keys(guide, capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "onboarding.guides.management.commands.guide_keys.call_command", lambda *a, **k: asked.append(a)
    )
    call_command("guide_keys")
    assert capsys.readouterr().out.count("introduced by") == 1 and asked == []
    call_command("guide_keys", "--rotate")
    assert capsys.readouterr().out.count("introduced by") == 2 and asked == [("build_sw",)]
    assert guide.current.sealed["key"] == signing.ring()[-1].id


def test_after_the_loss_of_the_keys_nothing_is_signed_until_the_operator_says_so(reader, settings, monkeypatch, caplog):
    monkeypatch.setattr(guide_keys, "call_command", lambda *a, **k: None)
    Path(settings.GUIDE_KEYS_FILE).unlink()
    assert reader.get(PACK).status_code == 503
    with pytest.raises(CommandError, match="mau"):
        call_command("guide_keys", "--rotate")
    call_command("guide_keys", "--sign-again")
    assert reader.get(PACK).status_code == 200
    assert "cannot be signed" in caplog.text


# --- what was published, and nothing else ----------------------------------------------------------------------------


@pytest.mark.parametrize("drift", ["title", "text", "face", "alt", "step gone", "file gone", "file changed"])
def test_content_that_is_not_what_was_published_is_never_signed(reader, version, drift, caplog, monkeypatch):
    step = version.steps.get(number=1)
    really = pictures.read
    match drift:
        case "title":
            Step.objects.filter(pk=step.pk).update(title="Bấm chỗ khác")
        case "text":
            Step.objects.filter(pk=step.pk).update(text="Đọc mã cho người gọi đến.")
        case "face":
            GuideVersion.objects.filter(pk=version.pk).update(summary="Khác.")
        case "alt":
            Picture.objects.filter(step=step, variant="step").update(alt="Khác")
        case "step gone":
            step.delete()
        case "file gone":
            monkeypatch.setattr(pictures, "read", lambda *a: (_ for _ in ()).throw(FileNotFoundError()))
        case "file changed":
            monkeypatch.setattr(pictures, "read", lambda *a: really(*a)[:-1] + b"x")
    assert reader.get(PACK).status_code == 503
    assert "cannot be signed" in caplog.text
    assert version.sealed == GuideVersion.objects.get(pk=version.pk).sealed


def test_a_seal_that_somebody_wrote_into_the_database_is_not_believed(reader, version):
    step = version.steps.get(number=1)
    Step.objects.filter(pk=step.pk).update(text="Đọc mã cho người gọi đến.")
    forged = copy.deepcopy(version.sealed)
    forged["manifest"]["content"] = sealing._content(GuideVersion.objects.get(pk=version.pk))
    GuideVersion.objects.filter(pk=version.pk).update(sealed=forged)
    assert reader.get(PACK).status_code == 503


def test_a_version_of_the_time_before_seals_is_sealed_when_it_is_first_asked_for(reader, version):
    GuideVersion.objects.update(sealed=None)
    Step.objects.update(mark="", help_mark="")
    assert verified(reader.get(PACK).json())
    assert all(step.mark and step.help_mark for step in version.steps.all())


def test_a_release_that_changes_pages_is_signed_again_over_the_same_content(reader, version):
    before = reader.get(PACK).json()["manifest"]
    Blocker.objects.filter(code="NO_INTERNET").update(advice="Ra đầu ngõ.")
    after = reader.get(PACK).json()
    assert verified(after)
    after = after["manifest"]
    assert after["content"] == before["content"] and after["mark"] != before["mark"]
    assert GuideVersion.objects.get(pk=version.pk).sealed["manifest"]["mark"] == after["mark"]
    changed = {f["url"] for f in after["files"]} - {f["url"] for f in before["files"] if f in after["files"]}
    assert changed == {"/huong-dan/mau/1/vuong/", "/huong-dan/mau/2/vuong/"}
    assert reader.get(NEWS).json()["manifest"]["current"]["mau"] == [1, after["mark"]]


def test_who_signs_again_never_writes_over_a_seal_that_came_meanwhile(reader, version, monkeypatch):
    Blocker.objects.filter(code="NO_INTERNET").update(advice="Ra đầu ngõ.")
    really, newer = packing.manifest, []

    def drawn_anew_meanwhile(*given):
        made = really(*given)
        if len(newer) < 1 and given[2] == "":  # the one that is to be kept
            newer.append(None)
            Step.objects.filter(version=version, number=1).update(text="Bác bấm nút Gửi.")
            sealing.freeze(GuideVersion.objects.get(pk=version.pk))
        return made

    monkeypatch.setattr(packing, "manifest", drawn_anew_meanwhile)
    reader.get(PACK)
    assert newer
    kept = GuideVersion.objects.get(pk=version.pk)
    assert kept.sealed["manifest"]["content"] == sealing._content(kept)
    assert reader.get(PACK).status_code == 200


def test_a_guide_that_the_house_draws_anew_is_sealed_anew_when_it_is_whole(reader, version):
    before = version.sealed["manifest"]["content"]
    Step.objects.filter(version=version).update(scene="")
    Picture.objects.filter(step__version=version).update(alt="Một nét vẽ cũ")
    assert reader.get(PACK).status_code == 503
    drawing_room.draw_due(seconds=60)
    pack = reader.get(PACK)
    assert pack.status_code == 200 and pack.json()["manifest"]["content"] == before


def test_a_draft_whose_pictures_are_lost_is_not_published_and_says_what_to_do(guide, version, monkeypatch):
    draft = publishing.write_draft(user=None, guide=guide, face=face(version), steps=words(version))
    publishing.draw_missing(draft)
    monkeypatch.setattr(pictures, "read", lambda *a: b"another")
    with pytest.raises(Refused) as refused:
        publishing.publish(user=None, version=draft)
    assert "vẽ lại" in refused.value.message
    assert GuideVersion.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.parametrize("slug", ["khong-co", "nhap"])
def test_what_strangers_may_not_read_has_no_pack(reader, guide, slug):
    other = Guide.objects.create(slug="nhap", code="NHAP", procedure=guide.procedure)
    publishing.write_draft(user=None, guide=other, face=face(guide.current), steps=[])
    assert reader.get(f"/huong-dan/{slug}/goi.json").status_code == 404


# --- exactly what changed --------------------------------------------------------------------------------------------


def test_one_word_and_one_target_change_that_step_and_nothing_of_its_neighbours(five, desk):
    client = Client()
    before, old = files(client), step_pictures(five.current, 5)
    desk.guide["steps"][4]["text"] = "Bác bấm nút Gửi."
    desk.guide["steps"][4]["picture"] = {**shows(5), "hand": {"of": "go", "at": [0.2, 0.5]}}
    desk.load()
    after, new = files(client), step_pictures(five.current, 5)
    assert len(new) == 2 and not new & old
    pages = {f"/huong-dan/mau/{part}" for part in ("", "buoc.json", "in/", "5/")}
    assert {url for url in after if after[url] != before.get(url)} == pages | new
    assert set(before) - set(after) == old


def test_steps_that_show_the_same_share_one_file(five, desk):
    desk.guide["steps"] = [{**step, "picture": shows(1)} for step in desk.guide["steps"]]
    desk.load()
    listed = [file["url"] for file in Client().get(PACK).json()["manifest"]["files"]]
    assert len(listed) == len(set(listed))
    assert len([url for url in listed if url.startswith("/tranh/")]) == 2


def test_another_number_of_steps_changes_every_page(five, desk):
    client = Client()
    before = files(client)
    desk.guide["steps"].pop()
    desk.load()
    after = files(client)
    assert all(after[f"/huong-dan/mau/{n}/"] != before[f"/huong-dan/mau/{n}/"] for n in range(1, 5))


def step_pictures(version: GuideVersion, number: int) -> set[str]:
    """The addresses of a step's pictures that belong to a pack."""
    rows = Picture.objects.filter(step__version=version, step__number=number)
    return {f"/tranh/{p.sha256}.{p.format}" for p in rows if (p.variant, p.format) in packing.OFFLINE}


def face(version: GuideVersion) -> dict:
    """The face of a version for a copy of it."""
    names = ("title", "summary", "minutes", "at_hand", "checked_on", "checked_by", "source", "spec_hash")
    return {name: getattr(version, name) for name in names}


def words(version: GuideVersion) -> list[dict]:
    """The steps of a version for a copy of it."""
    return [{name: getattr(step, name) for name in publishing.STEP_FIELDS} for step in version.steps.all()]


def test_what_is_said_under_a_mark_counts_for_the_newest_version_that_shows_just_that(five, desk):
    client = Client()
    first, last = mark_on(client, "/huong-dan/mau/1/"), mark_on(client, "/huong-dan/mau/5/")
    helped = mark_on(client, "/huong-dan/mau/5/vuong/")
    desk.guide["steps"][4]["text"] = "Bác bấm nút Gửi."
    desk.load()
    old, new = five.versions.order_by("number")
    assert mark_on(client, "/huong-dan/mau/1/") == first and mark_on(client, "/huong-dan/mau/5/") != last
    for seen, step, kind in ((first, 1, "opened"), (last, 5, "differs"), (helped, 5, "stuck"), ("mau.1", 2, "differs")):
        assert say(client, seen, step, kind) == 303
    counted = set(StepCount.objects.values_list("version__number", "step", "kind"))
    assert counted == {(new.number, 1, "opened"), (new.number, 5, "stuck")}
    assert set(Feedback.objects.values_list("version__number", "step")) == {(old.number, 5), (1, 2)}


@pytest.mark.parametrize(
    "seen", ["mau.0123456789abcdef", "mau.012345678", "khac.0123456789abcdef", "mau.01234567ABCDEF89"]
)
def test_a_mark_that_no_step_has_is_not_heard(reader, seen):
    assert say(reader, seen, 1) == 400
    assert not Feedback.objects.exists()


def test_a_mark_of_one_step_says_nothing_about_another(reader, version):
    mark = version.steps.get(number=1).mark
    assert say(reader, f"mau.{mark}", 2) == 400


def say(client: Client, seen: str, step: int, kind: str = "differs") -> int:
    """Say something about a step; return the status of the answer."""
    body = f"version={seen}&step={step}&kind={kind}"
    return client.post("/y-kien/", body, content_type="application/x-www-form-urlencoded").status_code


def mark_on(client: Client, path: str) -> str:
    """What a page calls itself."""
    found = re.search(r'data-seen="(mau\.[0-9a-f]{16})"', client.get(path).content.decode())
    assert found, path
    return found[1]


# --- withdrawn first -------------------------------------------------------------------------------------------------


def test_what_was_taken_back_is_named_first_with_what_is_current(five, desk):
    client = Client()
    desk.guide["steps"][0]["text"] = "Bác bấm nút Gửi."
    desk.load()
    first, second = five.versions.order_by("number")
    publishing.withdraw(version=second)
    news = client.get(NEWS).json()
    assert verified(news)
    assert news["manifest"] == {
        "kind": "news", "withdrawn": [["mau", 2]], "current": {"mau": [1, first.sealed["manifest"]["mark"]]},
    }  # fmt: skip
    assert client.get(PACK).json()["manifest"]["version"] == 1
    publishing.withdraw(version=first)
    news = client.get(NEWS).json()["manifest"]
    assert (news["withdrawn"], news["current"]) == ([["mau", 1], ["mau", 2]], {})


def test_a_version_that_has_expired_is_named_before_the_beat_moves_it(reader, version):
    GuideVersion.objects.filter(pk=version.pk).update(expires_at=timezone.now())
    news = reader.get(NEWS).json()["manifest"]
    assert (news["withdrawn"], news["current"]) == ([["mau", 1]], {})
    assert reader.get(PACK).status_code == 404


def test_the_list_of_withdrawals_is_for_everybody_small_and_sent_once(reader):
    answer = reader.get(NEWS)
    assert answer.headers["Cache-Control"].startswith("public") and not answer.cookies
    assert len(answer.content) < 600
    assert reader.get(NEWS, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
    assert reader.post(NEWS).status_code == 405


def test_a_draft_that_nobody_saw_is_not_listed(reader, version):
    GuideVersion.objects.filter(pk=version.pk).update(state="withdrawn", published_at=None)
    assert reader.get(NEWS).json()["manifest"]["withdrawn"] == []


@pytest.mark.parametrize("path", ["", "1/", "1/vuong/", "in/", "goi.json", "buoc.json"])
def test_a_guide_that_was_withdrawn_is_404_and_says_so_on_its_pages(reader, version, path):
    publishing.withdraw(version=version)
    answer = reader.get(f"/huong-dan/mau/{path}")
    assert answer.status_code == 404
    assert "Hướng dẫn này đã được rút" in answer.content.decode()
    assert "Hướng dẫn này đã được rút" not in reader.get("/huong-dan/khac/").content.decode()


# --- the print -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["", "https://gocua.example"])
def test_the_print_belongs_to_the_pack_with_the_bytes_that_are_served(reader, site):
    with override_settings(SITE_URL=site):
        listed = files(reader)["/huong-dan/mau/in/"]
        assert hashlib.sha256(reader.get("/huong-dan/mau/in/").content).hexdigest() == listed
        elsewhere = Client(headers={"host": "192.168.1.5:8000"})
        page = elsewhere.get("/huong-dan/mau/in/").content
        assert hashlib.sha256(page).hexdigest() == files(elsewhere)["/huong-dan/mau/in/"]
        assert (page == reader.get("/huong-dan/mau/in/").content) is bool(site)


def test_every_address_of_the_house_gives_the_same_mark(reader):
    marks = [Client(headers={"host": host}).get(PACK).json()["manifest"]["mark"] for host in ("mot.test", "hai.test")]
    assert marks == [reader.get(NEWS).json()["manifest"]["current"]["mau"][1]] * 2


def test_the_print_shows_the_pictures_that_steps_show_and_its_style_is_in_the_pack(reader):
    listed = files(reader)
    page = reader.get("/huong-dan/mau/in/").content.decode()
    asked = re.findall(r'(?:srcset|src)="(/tranh/[^"]+)"', page)
    assert len(asked) == 4 and set(asked) <= set(listed)
    style = re.search(r'href="([^"]*print[^"]*\.css)"', page)
    assert style and style[1] in listed


def test_the_style_of_the_print_is_promised_as_it_is_collected(tmp_path):
    storages = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(tmp_path / "static"), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        url = packing.staticfiles_storage.url("print.css")
        file = packing._style(url)
        served = (tmp_path / "static" / url.removeprefix("/static/")).read_bytes()
    assert re.search(r"print\.[0-9a-f]{12}\.css$", url)
    assert file == {"url": url, "sha256": hashlib.sha256(served).hexdigest(), "bytes": len(served)}


def test_the_keys_are_named_where_a_guide_is_saved_and_in_the_team_app(reader):
    [point] = signing.public_keys()
    assert f'data-keys="{point}"' in reader.get("/huong-dan/mau/").content.decode()
    assert json.dumps(point) in reader.get("/doi/").content.decode()
