"""The editor keeps whatever is typed, says what is wrong beside it, and lets nobody in who does not write guides."""

import html
import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from onboarding.accounts.models import Role
from onboarding.guides import drafts, stage, step_form
from onboarding.guides.elements import ELEMENTS
from onboarding.guides.models import Guide, GuideVersion
from tests import build

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ward():
    return build.ward()


@pytest.fixture
def editor(ward, client):
    who = build.editor(ward.area)
    client.force_login(who)
    return who


@pytest.fixture
def draft(editor, guide):
    return drafts.begin(user=editor, guide=guide)


def step_page(number=1):
    return reverse("guides:edit-step", args=["mau", number])


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form #sua as it stands."""
    form = page[page.index('<form id="sua"') : page.index("</form>", page.index('<form id="sua"'))]
    form += "".join(re.findall(r'<input[^>]*form="sua"[^>]*>', page))
    found: dict[str, list[str]] = {}

    def say(name, value):
        found.setdefault(name, []).append(unescape(value))

    for tag in re.findall(r"<input[^>]*>", form):
        name, value = attribute(tag, "name"), attribute(tag, "value")
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            say(name, value)
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        say(name, inside)
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        say(name, chosen[1] if chosen else attribute(inside, "value"))
    return found


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def unescape(text: str) -> str:
    return html.unescape(text)


def page_of(client, number=1) -> str:
    return client.get(step_page(number)).content.decode()


def work() -> dict:
    return GuideVersion.objects.get(state="draft").work


def test_beginning_leads_to_the_first_step(client, editor, guide):
    answer = client.post(reverse("guides:edit-begin", args=["mau"]))
    assert answer.url == step_page(1)
    assert GuideVersion.objects.get(state="draft").author == editor


@pytest.mark.parametrize("digits", ["9" * 5000, "٣" * 5000, "-1", "", "²"])
def test_a_number_that_is_none_breaks_nothing_and_what_was_typed_stays(client, draft, digits):
    form = fields_of(page_of(client))
    for said in ({"do": f"drop:{digits}"}, {"target-1": digits}, {"hand": digits}, {"elements": digits}):
        assert client.post(step_page(), {**form, "title": "Bấm nút", **said}).status_code in (302, 303)
        assert work()["steps"][0]["title"] == "Bấm nút"
        form = fields_of(page_of(client))
    client.post(reverse("guides:edit", args=["mau"]), {"title": "Bài", "minutes": digits})
    assert (work()["version"]["title"], work()["version"]["minutes"]) == ("Bài", digits)
    assert client.post(reverse("guides:edit-steps", args=["mau"]), {"do": "drop", "step": digits}).status_code == 302


@pytest.mark.parametrize("name", ["edit", "edit-try"])
def test_pages_of_a_draft_are_there_for_editors_and_supervisors_only(name, client, ward, draft):
    address = reverse(f"guides:{name}", args=["mau"])
    assert client.get(address).status_code == 200
    for who, status in ((ward.supervisor, 200), (ward.member, 404), (build.user("la"), 404)):
        client.force_login(who)
        assert client.get(address).status_code == status
    client.logout()
    assert client.get(address).status_code == 302


def test_a_stranger_changes_nothing(client, ward, draft):
    before = work()
    client.force_login(ward.member)
    posts = [
        (step_page(1), {"title": "Hỏng"}),
        (reverse("guides:edit", args=["mau"]), {"title": "Hỏng"}),
        (reverse("guides:edit-steps", args=["mau"]), {"do": "drop", "step": "1"}),
        (reverse("guides:edit-discard", args=["mau"]), {}),
        (reverse("guides:edit-begin", args=["mau"]), {}),
        (reverse("guides:edit-new"), {"title": "Hỏng"}),
    ]
    assert [client.post(address, data).status_code for address, data in posts] == [404] * len(posts)
    assert client.get(reverse("guides:edit-picture", args=["mau", 1])).status_code == 404
    assert work() == before


def test_sending_a_form_back_as_it_is_changes_nothing(client, draft):
    before = work()
    for number in (1, 2):
        data = fields_of(page_of(client, number))
        assert client.post(step_page(number), data).status_code == 303
    assert work() == before


def test_one_word_is_kept_and_the_answer_says_so(client, draft):
    data = fields_of(page_of(client)) | {"title": ["Bấm Gửi ngay"]}
    answer = client.post(step_page(1), data, headers=HTMX).content.decode()
    assert work()["steps"][0]["title"] == "Bấm Gửi ngay"
    assert "Đã lưu lúc" in answer and 'hx-swap-oob="true"' in answer
    assert attribute(answer, "value") != data["saw"][0]


def test_after_the_session_ended_no_page_to_sign_in_on_is_put_into_the_editor(client, draft):
    form = fields_of(page_of(client))
    client.logout()
    answer = client.post(step_page(), {**form, "title": "Bấm nút"}, headers=HTMX)
    assert (answer.status_code, answer.content) == (401, b"")
    assert client.post(step_page(), form).headers["Location"].startswith("/dang-nhap/")
    assert work() == draft.work


def test_a_title_of_5000_signs_stays_and_is_named(client, draft):
    long = "Bấm " * 1250
    data = fields_of(page_of(client)) | {"title": [long]}
    answer = client.post(step_page(1), data, headers=HTMX).content.decode()
    assert work()["steps"][0]["title"] == long.strip()
    assert "Tên bước dài 4999 chữ. Rút còn 36 chữ." in answer
    assert long.strip() in page_of(client)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<script>alert(1)</script>", "có mã lệnh"),
        ("[bấm](http://xau.example)", "có mã lệnh"),
        ("Mở vne1d.gov.vn", "giống “vneid.gov.vn” nhưng không phải"),
        ("Tải vneid.apk", "có tệp cài đặt"),
        ("Mở \u202egnov", "có ký tự ẩn"),
        ("Bác vui lòng bấm.", "không dùng “vui lòng”"),
        ("Bác bấm CSDL.", "chữ “CSDL” khó hiểu"),
    ],
)
def test_words_that_may_not_stand_there_are_named_and_kept(client, draft, text, said):
    data = fields_of(page_of(client)) | {"text": [text]}
    client.post(step_page(1), data, headers=HTMX)
    assert work()["steps"][0]["text"] == text
    faults = [fault for _step, fault in drafts.faults(work(), today=draft.checked_on)]
    assert any(said in fault for fault in faults), faults
    assert "<script>alert(1)" not in page_of(client)


def test_what_was_changed_elsewhere_is_not_written_over_and_the_typed_words_stay(client, draft, ward):
    data = fields_of(page_of(client)) | {"title": ["Của tôi"]}
    client.post(step_page(1), fields_of(page_of(client)) | {"title": ["Của người khác"]})
    live = client.post(step_page(1), data, headers=HTMX)
    assert live.status_code == 422
    assert "Phần này vừa được sửa ở nơi khác" in live.content.decode()
    assert f'name="saw" value="{data["saw"][0]}"' in live.content.decode()
    whole = client.post(step_page(1), data)
    assert whole.status_code == 422
    assert 'value="Của tôi"' in whole.content.decode()
    assert work()["steps"][0]["title"] == "Của người khác"


def test_a_target_is_moved_by_its_place_and_the_hand_follows(client, draft):
    data = fields_of(page_of(client))
    assert data["target-1"] == ["2"] and data["hand"] == ["1"]
    answer = client.post(step_page(1), data | {"target-1": ["1"], "target-1-label": ["tên màn hình"]}, headers=HTMX)
    picture = work()["steps"][0]["picture"]
    name = picture["screen"][0]["id"]
    assert picture["targets"] == [{"n": 1, "of": name, "label": "tên màn hình"}]
    assert picture["hand"]["of"] == name
    assert re.search(r'data-spot="1"[^>]*aria-pressed="true"', answer.content.decode())


def test_a_target_that_is_no_place_is_named(client, draft):
    data = fields_of(page_of(client)) | {"target-1": ["77"]}
    client.post(step_page(1), data, headers=HTMX)
    assert "cần 1 hoặc 2 chỗ chú ý" in page_of(client)


def test_elements_are_added_moved_copied_and_dropped(client, draft):
    def kinds(do):
        client.post(step_page(1), fields_of(page_of(client)) | {"do": [do]}, headers=HTMX)
        return [e["t"] for e in work()["steps"][0]["picture"]["screen"]]

    assert kinds("add:otp") == ["bar", "button", "otp"]
    assert kinds("up:3") == ["bar", "otp", "button"]
    assert kinds("copy:2") == ["bar", "otp", "otp", "button"]
    assert kinds("drop:1") == ["otp", "otp", "button"]
    assert kinds("add:logo") == ["otp", "otp", "button"]
    assert kinds("drop:99") == ["otp", "otp", "button"]


def test_every_kind_of_element_can_be_added_and_drawn(altered):
    for kind in ELEMENTS:
        one = {"picture": altered(screen=[{"t": "button", "id": "go", "text": "Gửi"}])}
        step_form.rearrange(one, f"add:{kind}")
        assert stage.drawable(one["picture"]), kind
        assert stage.spots(one["picture"])


def test_an_element_that_a_form_invents_is_named_not_drawn(client, draft):
    data = fields_of(page_of(client)) | {"e1-t": ["logo"], "e2-rest": ['{"size": {"a": 1}, "id": "go"}']}
    answer = client.post(step_page(1), data, headers=HTMX)
    assert answer.status_code == 200
    page = page_of(client)
    assert "Chưa vẽ được tranh" in page
    assert client.get(reverse("guides:edit-picture", args=["mau", 1])).status_code == 404


@pytest.mark.parametrize("rest", ["[" * 50_000, "{", "[1]", '"x"', '{"text": "\\u0000"}', '{"h": 1e999}'])
def test_a_hidden_field_full_of_nonsense_breaks_nothing(client, draft, rest):
    data = fields_of(page_of(client)) | {"e1-rest": [rest]}
    assert client.post(step_page(1), data, headers=HTMX).status_code in (200, 422)
    assert client.get(step_page(1)).status_code == 200


def test_the_picture_is_the_renderers_and_its_address_never_changes_what_it_shows(client, draft):
    page = page_of(client)
    address = re.search(r'src="(/phuong/[^"]+tranh\.webp\?v=[0-9a-f]{16})"', page)[1]
    answer = client.get(address)
    assert answer["Cache-Control"].startswith("private")
    assert Image.open(io.BytesIO(answer.content)).size == (720, 900)
    small = Image.open(io.BytesIO(client.get(address + "&co=nho").content))
    assert small.size == (144, 180)


def test_steps_are_moved_and_dropped_as_they_were_seen(client, draft):
    order = reverse("guides:edit-steps", args=["mau"])
    first, second = (step["title"] for step in work()["steps"])
    assert client.post(f"{order}?den=1", {"do": "move", "step": "2"}).url == step_page(1)
    assert [step["title"] for step in work()["steps"]] == [second, first]
    assert client.post(order, {"do": "copy", "step": "1"}).url == step_page(2)
    assert client.post(order, {"do": "drop", "step": "1"}).url == step_page(1)
    assert client.post(order, {"do": "add", "step": "2"}).url == step_page(3)
    assert len(work()["steps"]) == 3
    assert client.post(order, {"do": "eat", "step": "2"}).status_code == 404
    client.post(order, {"do": "drop", "step": "9"})
    assert len(work()["steps"]) == 3


def test_the_face_is_kept_faulty_or_not(client, draft):
    address = reverse("guides:edit", args=["mau"])
    data = fields_of(client.get(address).content.decode())
    said = {
        "title": ["T" * 60],
        "minutes": ["mười"],
        "review_by": ["mai"],
        "words": ["a, b ,, c"],
        "at_hand": ["Một.\n\nHai."],
    }
    answer = client.post(address, data | said, headers=HTMX).content.decode()
    assert "Tên hướng dẫn dài 60 chữ. Rút còn 48 chữ." in answer
    assert "Số phút “mười” không dùng được" in answer
    assert "Thiếu “Xem lại trước ngày”" in answer
    doc = work()
    assert (doc["words"], doc["version"]["at_hand"]) == (["a", "b", "c"], ["Một.", "Hai."])
    assert 'value="mười"' in client.get(address).content.decode()


def test_a_new_guide_starts_with_a_free_address_and_an_empty_step(client, editor, guide):
    address = reverse("guides:edit-new")
    data = {"title": "Hướng dẫn mẫu", "procedure": guide.procedure.slug, "topic": "thu"}
    assert client.post(address, data).url == reverse("guides:edit-step", args=["huong-dan-mau", 1])
    assert client.post(address, data).url == reverse("guides:edit-step", args=["huong-dan-mau-2", 1])
    made = Guide.objects.get(slug="huong-dan-mau-2")
    assert (made.code, made.topic, made.current) == ("PX-02", "thu", None)
    assert client.get(f"/huong-dan/{made.slug}/").status_code == 404
    assert client.get(reverse("guides:edit-step", args=[made.slug, 1])).status_code == 200


@pytest.mark.parametrize(("title", "procedure"), [("", "viec-mau"), ("Bài", "khong-co")])
def test_a_new_guide_without_a_name_or_a_procedure_is_asked_for_it(client, editor, guide, title, procedure):
    answer = client.post(reverse("guides:edit-new"), {"title": title, "procedure": procedure, "topic": "thu"})
    assert answer.status_code == 422
    assert f'value="{title}"' in answer.content.decode()
    assert Guide.objects.count() == 1


def test_a_guide_never_takes_an_address_of_the_wards_own_pages(client, editor, guide):
    data = {"title": "Mới", "procedure": guide.procedure.slug, "topic": "thu"}
    assert client.post(reverse("guides:edit-new"), data).url == reverse("guides:edit-step", args=["moi-2", 1])


def test_throwing_a_draft_away_leaves_what_readers_have(client, draft, guide, version):
    assert client.post(reverse("guides:edit-discard", args=["mau"])).url == reverse("guides:ward-guide", args=["mau"])
    assert not GuideVersion.objects.filter(state="draft").exists()
    assert guide.current == version
    assert client.get(step_page(1)).status_code == 404


def test_what_waits_for_review_is_no_longer_changed(client, draft):
    draft.state = GuideVersion.State.REVIEW
    draft.save()
    assert client.post(step_page(1), {"title": "Hỏng"}).status_code == 404


def test_a_supervisor_of_any_ward_of_the_house_may_write(client, ward, guide):
    build.grant(ward.colleague, Role.SUPERVISOR, ward.area)
    client.force_login(ward.colleague)
    assert client.post(reverse("guides:edit-begin", args=["mau"])).status_code == 302
