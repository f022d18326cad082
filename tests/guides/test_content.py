"""The shipped content is complete, and check_content finds every fault that somebody may plant."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from onboarding.guides.content import Shelf
from onboarding.guides.proofreading import faults, sentences

DAY = date(2026, 11, 22)

STEPS = [
    "chuan-bi",
    "cai-dat",
    "mo-ung-dung",
    "so-dinh-danh",
    "ma-otp",
    "mat-khau",
    "passcode",
    "cau-hoi",
    "dang-nhap",
    "muc-2",
    "dung-thu",
]
CODES_OF_THE_FIELD = {
    "NO_CARD",
    "CARD_EXPIRED",
    "CARD_LOST",
    "CARD_BARCODE_UNWILLING",
    "NOT_APPLIED_L2",
    "APPLIED_WAITING",
    "SMS_LOST",
    "NO_PHONE",
    "FEATURE_PHONE",
    "OS_TOO_OLD",
    "STORAGE_FULL",
    "NO_INTERNET",
    "NO_STORE_ACCOUNT",
    "SIM_NOT_OWN",
    "PHONE_MISMATCH",
    "OTP_NOT_ARRIVING",
    "DATA_MISMATCH",
    "NOT_IN_DB",
    "ALREADY_ACTIVE_FORGOT_PW",
    "FORGOT_PASSCODE",
    "FORGOT_QUESTIONS",
    "OTHER_DEVICE_ACTIVE",
    "UNKNOWN_DEVICE_ACTIVE",
    "NFC_NONE",
    "NFC_FAIL",
    "FACE_FAIL",
    "FINGERPRINT_FAINT",
    "APP_ERROR",
    "SYSTEM_OVERLOAD",
    "CHILD_NO_PARENT_L2",
    "FOREIGNER",
    "LIMITED_CAPACITY",
    "BEDRIDDEN",
    "AWAY",
    "REFUSED_FEAR",
    "REFUSED_NO_NEED",
    "HELPER_UNTRUSTED",
    "DECEASED_UNREGISTERED",
}
CODES_OF_THE_SERVICES = {
    "OWNER_NO_CONSENT",
    "HEAD_DATA_WRONG",
    "NO_DWELLING_PAPER",
    "FILE_TOO_BIG",
    "PHOTO_UNREADABLE",
    "MENU_EMPTY",
    "PORTAL_LOGIN_FAIL",
    "PAYMENT_FAIL",
    "RETURNED_FOR_MORE",
    "BOTH_MUST_APPEAR",
    "PAPER_NOT_IN_DB",
    "OLD_REQUEST_OPEN",
    "RESULT_NOT_FOUND",
    "SCAM_CALL",
    "NUMBER_UNKNOWN",
    "LOOKUP_EMPTY",
    "UNSURE",
    "NOT_ONLINE",
    "DOSSIER_CODE_LOST",
    "RESULT_WRONG",
    "DELIVERY_MISSED",
    "DEADLINE_PASSED",
    "NO_BIRTH_PAPER",
    "NO_DEATH_PAPER",
    "GUEST_FOREIGN",
    "GUEST_NO_PAPER",
    "RESIDENCE_CARD",
    "SMS_NO_REPLY",
}
# What is said for these is true of cards and accounts only: "any police will do", "the app opens by itself", …
OF_THE_EID = {"AWAY", "BEDRIDDEN", "LIMITED_CAPACITY", "SMS_LOST", "APPLIED_WAITING"}


def test_the_shipped_content_has_no_fault():
    assert faults(Shelf(), today=DAY) == []
    call_command("check_content", "--on", "2026-11-22", verbosity=0)


def test_the_shipped_guide_has_all_steps_and_every_reason_for_being_stuck():
    shelf = Shelf()
    guide = next(file for file in shelf.guides if file.data["slug"] == "vneid-muc-2")
    assert [step["item"] for step in guide.steps] == STEPS
    assert {row["code"] for row in shelf.blockers} == CODES_OF_THE_FIELD | CODES_OF_THE_SERVICES


def test_advice_about_the_eid_stands_in_guides_about_it_only():
    about = {"vneid", "giay-to", "y-te", "cong-dvc"}
    found = {
        (file.data["slug"], code)
        for file in Shelf().guides
        for step in file.steps
        for code in OF_THE_EID & set(step["blockers"])
        if file.data["topic"] not in about
        or file.data["slug"] in ("ho-chieu", "theo-doi-ho-so", "nhan-ket-qua-dien-tu")
    }
    assert found == set()


def test_foreigners_are_not_sent_to_the_ward_police():
    resolvers = {row["code"]: row["resolver"] for row in Shelf().blockers}
    guide = next(file for file in Shelf().guides if file.data["slug"] == "nguoi-nuoc-ngoai")
    assert [
        (n, code) for n, step in enumerate(guide.steps, 1) for code in step["blockers"] if resolvers[code] == "police"
    ] == []


def test_foreign_guests_are_told_by_passport_and_not_sent_to_get_an_eid():
    guide = next(file for file in Shelf().guides if file.data["slug"] == "luu-tru")
    codes = {code for step in guide.steps for code in step["blockers"]}
    assert "GUEST_FOREIGN" in codes and "FOREIGNER" not in codes


def test_the_shipped_topics_have_the_codes_that_guides_are_written_with():
    codes = ["vneid", "cong-dvc", "cu-tru", "ho-tich", "giay-to", "y-te", "xe", "nha-dien-thue", "hoc-viec", "an-toan"]
    assert [row["code"] for row in Shelf().topics] == codes
    assert {file.data["topic"] for file in Shelf().guides} <= set(codes)


def test_a_safety_line_stands_wherever_a_secret_is_typed():
    guide = next(file for file in Shelf().guides if file.data["slug"] == "vneid-muc-2")
    typed = {
        s["item"]
        for s in guide.steps
        if any(e.get("dots") or e["t"] in ("otp", "dots") for e in s["picture"]["screen"])
    }
    assert typed == {"ma-otp", "mat-khau", "passcode", "cau-hoi", "dang-nhap"}
    assert all(step.get("safety") for step in guide.steps if step["item"] in typed)


def test_sample_numbers_belong_to_nobody():
    values = [e["value"] for f in Shelf().guides for s in f.steps for e in s["picture"]["screen"] if e.get("value")]
    numbers = [number for value in values if (number := value.replace(" ", "")).isdigit()]
    assert any(len(number) == 12 for number in numbers)
    for number in numbers:
        assert len(number) != 12 or number[:3] in ("097", "098", "099")
        assert len(number) != 10 or number.startswith(("0950000", "0000000"))


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda d: d.guide["version"].pop("source"), "thiếu “source”"),
        (lambda d: d.guide["version"].pop("checked_by"), "thiếu “checked_by”"),
        (lambda d: d.guide["version"].update(source="x" * 601), "“source” dài 601 chữ. Rút còn 600 chữ."),
        (lambda d: d.guide["version"].update(checked_by="x" * 81), "“checked_by” dài 81 chữ. Rút còn 80 chữ."),
        (lambda d: d.guide["steps"][0].update(safety="x" * 121), "“safety” dài 121 chữ. Rút còn 120 chữ."),
        (lambda d: d.procedure.update(agency="x" * 201), "“agency” dài 201 chữ. Rút còn 200 chữ."),
        (lambda d: d.guide.update(review_by="2026-01-01"), "đã quá hạn xem lại từ 01/01/2026"),
        (lambda d: d.guide.pop("review_by"), "thiếu “review_by”"),
        (lambda d: d.guide.update(procedure="khac"), "không có thủ tục “khac”"),
        (lambda d: d.guide["steps"][0].update(title="Một cái tên bước dài hơn ba mươi sáu chữ"), "Rút còn 36 chữ"),
        (lambda d: d.guide["steps"][0].update(text="Bác " + "bấm " * 14 + "nút."), "dài 16 tiếng"),
        (lambda d: d.guide["steps"][0].update(text="Một. Hai. Ba."), "quá hai câu"),
        (lambda d: d.guide["steps"][0].update(text="Vui lòng bấm nút."), "không dùng “vui lòng”"),
        (lambda d: d.guide["steps"][0].update(text="Bác bấm nu\u0301t."), "chưa ở dạng NFC"),
        (lambda d: d.guide["steps"][0].update(title="Vui_lòng bấm nút"), "không dùng “vui lòng”"),
        (lambda d: d.guide["steps"][0].update(title="Bấm Đồng_bộ"), "bước 1: chữ “đồng bộ” khó hiểu"),
        (lambda d: d.guide["version"].update(title="Việc đồng_bộ"), "mau.yaml: chữ “đồng bộ” khó hiểu"),
        (lambda d: d.guide["steps"][0].update(text="Bác bấm đồng  bộ."), "chữ “đồng bộ” khó hiểu"),
        (lambda d: d.guide["steps"][0]["picture"].update(note="Máy đồng bộ rồi."), "bước 1: chữ “đồng bộ” khó hiểu"),
        (lambda d: d.guide["steps"][0]["picture"]["targets"][0].update(label="nút CSDL"), "chữ “CSDL” khó hiểu"),
        (lambda d: d.guide["steps"][0].update(text="Bác tự gõ passcode."), "thiếu dòng an toàn"),
        (lambda d: d.guide["steps"][0].update(text="Bác đăng nhập VNeID rồi chờ."), "thiếu dòng an toàn"),
        (lambda d: d.guide["steps"][0].update(text="Xem /can/khac/ đã."), "“/can/khac/” không dẫn đến đâu"),
        (lambda d: d.guide["steps"][1].update(item="gui"), "mau.yaml: bước 2: mục “gui” đã có ở bước 1"),
        (lambda d: d.guide["steps"][1].pop("item"), "mau.yaml: bước 2: thiếu “item”"),
        (lambda d: d.guide.pop("slug"), "mau.yaml: thiếu “slug”"),
        (lambda d: d.guide.pop("code"), "mau.yaml: thiếu “code”"),
        (lambda d: d.guide.update(steps="Bấm nút."), "mau.yaml: “steps” phải là một danh sách"),
        (lambda d: d.guide.update(steps=["Bấm nút."]), "mau.yaml: bước 1 phải là các mục có tên"),
        (lambda d: d.guide.update(review_by="sang năm"), "mau.yaml: “review_by” phải là một ngày"),
        (lambda d: d.guide["version"].update(at_hand="Thẻ căn cước."), "mau.yaml: “at_hand” phải là một danh sách"),
        (lambda d: d.guide["steps"][0].update(title=5), "mau.yaml: bước 1: “title” phải là câu chữ"),
        (lambda d: d.guide["steps"][0].update(needs="network"), "mau.yaml: bước 1: “needs” phải là một danh sách"),
        (lambda d: d.guide["steps"][0].update(blockers=["NO_SUCH"]), "không có chỗ vướng tên “NO_SUCH”"),
        (lambda d: d.guide["steps"][0].update(needs=["wifi"]), "không hiểu “wifi”"),
        (lambda d: d.guide["steps"][0]["picture"]["targets"][0].pop("label"), "chưa có lời tả"),
        (lambda d: d.guide["steps"][0]["picture"]["screen"].append({"t": "logo"}), "Chưa có phần tử nào tên “logo”"),
        (lambda d: d.guide["steps"][0].pop("picture"), "Thêm ít nhất một phần tử"),
        (lambda d: type_a_secret(d.guide["steps"][0]), "thiếu dòng an toàn"),
        (lambda d: d.blockers["blockers"][0].pop("advice"), "NO_INTERNET: thiếu “advice”"),
        (lambda d: d.blockers["blockers"][0].update(source="khac"), "NO_INTERNET: thiếu “source”"),
        (lambda d: d.blockers["blockers"][0].update(resolver="ai"), "không hiểu người giải quyết “ai”"),
        (lambda d: d.blockers["blockers"].append(dict(d.blockers["blockers"][0])), "tên này có hai lần"),
        (
            lambda d: d.procedure["facts"].append(
                {"key": "fee", "valid_from": "2026-01-01", "checked_on": "2026-01-01"}
            ),
            "fee: thiếu “source”",
        ),
        (lambda d: d.procedure["facts"].append(expired_fact()), "fee: đã hết hạn 01/02/2026"),
        (lambda d: d.checklist["items"].pop(), "mục xong không khớp bước 2"),
        (lambda d: d.guide.update(topic="khac"), "mau.yaml: không có nhóm “khac”"),
        (lambda d: d.guide.pop("topic"), "không có nhóm “None”"),
        (lambda d: d.guide.update(icon="logo"), "mau.yaml: chưa có hình “logo”"),
        (lambda d: d.guide.update(words=[]), "thiếu “words”"),
        (lambda d: d.guide.update(words=["ta\u0323m"]), "chưa ở dạng NFC"),
        (lambda d: d.topics[0].pop("title"), "topics.yaml, thu: thiếu “title”"),
        (lambda d: d.topics[0].update(icon="logo"), "topics.yaml, thu: chưa có hình “logo”"),
        (lambda d: d.events[0].update(guides=["mau", "khac"]), "events.yaml, co-viec: không có hướng dẫn “khac”"),
        (lambda d: d.events[0].pop("lead"), "events.yaml, co-viec: thiếu “lead”"),
        (lambda d: d.events[0].update(sentence="Vui lòng chờ."), "events.yaml, co-viec: không dùng “vui lòng”"),
        (lambda d: d.events[0].update(icon="logo"), "events.yaml, co-viec: chưa có hình “logo”"),
    ],
)
def test_a_planted_fault_is_found(desk, plant, said):
    assert faults(desk.write(), today=DAY) == []
    plant(desk)
    found = faults(desk.write(), today=DAY)
    assert any(said in fault for fault in found), found
    with pytest.raises(CommandError):
        call_command("check_content", "--folder", str(desk.folder), "--on", "2026-11-22", stdout=io.StringIO())


@pytest.mark.parametrize("key", ["slug", "code"])
def test_two_guides_of_one_name_are_told_apart_before_they_are_loaded(desk, key):
    desk.write()
    second = (desk.folder / "guides/mau.yaml").read_text(encoding="utf-8").replace(f"{key}: ", f"{key}: X", 1)
    (desk.folder / "guides/sau.yaml").write_text(second, encoding="utf-8")
    other = "code" if key == "slug" else "slug"
    value = desk.guide[other]
    assert f"sau.yaml: “{other}” {value} đã có ở mau.yaml. Đặt khác đi." in faults(Shelf(desk.folder), today=DAY)


def test_a_file_that_cannot_be_read_is_named_with_its_line(desk):
    desk.write()
    (desk.folder / "guides/hong.yaml").write_text("slug: hong\nsteps: [một\n  hai: ba", encoding="utf-8")
    with pytest.raises(CommandError, match="hong.yaml, dòng 3: không đọc được"):
        call_command("check_content", "--folder", str(desk.folder), "--on", "2026-11-22", stdout=io.StringIO())


def type_a_secret(step: dict) -> None:
    """Have the citizen type a password without a line that says whose it is."""
    step.update(title="Đặt mật khẩu", text="Bác gõ mật khẩu mới.")
    step["picture"]["screen"].insert(1, {"t": "field", "dots": 8})


def test_a_message_is_quoted_whole_whatever_its_length(desk):
    said = "Ho so dang ky cua cong dan **** da duoc phe duyet. De nghi truy cap ung dung VNeID de kich hoat tai khoan."
    desk.guide["steps"][0].update(text=f"Bác tìm tin nhắn “{said}” trong máy. Thấy rồi thì làm tiếp.")
    assert faults(desk.write(), today=DAY) == []
    desk.guide["steps"][0].update(text=f"Bác tìm tin nhắn {said}")
    assert any("Rút còn 14 tiếng" in fault for fault in faults(desk.write(), today=DAY))


def expired_fact() -> dict:
    """A fact that ended without a successor."""
    return {
        "key": "fee",
        "value": 0,
        "source": "thử",
        "checked_on": "2026-01-01",
        "valid_from": "2026-01-01",
        "valid_to": "2026-02-01",
    }


APPROVED = (
    "Cuc Canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan **** da duoc phe "
    "duyet. De nghi truy cap ung dung VNeID hoac dia chi https://vneid.gov.vn de kich hoat tai khoan."
)


def test_the_message_of_the_police_is_shown_as_it_comes():
    steps = [step for file in Shelf().guides for step in file.steps]
    shown = [e["text"] for step in steps for e in step["picture"]["screen"] if e["t"] == "bubble"]
    assert {text for text in shown if text.startswith("Cuc Canh sat")} == {APPROVED}
    assert any(f"“{APPROVED}”" in step["text"] for step in steps)


def test_whoever_activates_is_told_how_the_message_begins_in_both_languages():
    for file in [*Shelf().guides, *Shelf().english]:
        if "vneid-muc-2" in (file.data["slug"], file.original):
            assert any(f"“{APPROVED[:35]}”" in line for line in file.version["at_hand"]), file.name


def test_what_is_sent_to_1414_is_shown_and_said_as_it_is_sent():
    guide = next(file for file in Shelf().guides if file.data["slug"] == "sim-khong-chinh-chu")
    first = guide.steps[0]
    assert "TTTB" in first["title"] and "1414" in first["title"]
    assert [e["value"] for e in first["picture"]["screen"] if e["t"] == "field"] == ["1414", "TTTB"]


def test_sentences_are_split_where_a_voice_would_breathe():
    assert sentences("Bác bấm nút. Đợi một lúc? Xong.") == ["Bác bấm nút.", "Đợi một lúc?", "Xong."]


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda p: p.update(screen="x"), "Tranh có quá 40 phần tử"),
        (lambda p: p.update(screen=[{"t": "bars"}] * 41), "Tranh có quá 40 phần tử"),
        (lambda p: p.update(screen=["bar"]), "Phần tử 1 không đọc được"),
        (lambda p: p["screen"][0].update(title={"a": 1}), "Phần tử 1: giá trị của “title”"),
        (lambda p: p["screen"][0].update(title="a" * 5000), "Phần tử 1: giá trị của “title”"),
        (lambda p: p["screen"][1].update(id=False), "Phần tử 2: giá trị của “id”"),
        (lambda p: p["screen"].append({"t": "space", "h": 1e9}), "Phần tử 3: giá trị của “h”"),
        (lambda p: p["screen"].append({"t": "space", "h": float("nan")}), "Phần tử 3: giá trị của “h”"),
        (lambda p: p["screen"].append({"t": "text", "text": "a", "c": "pink"}), "Phần tử 3: giá trị của “c”"),
        (lambda p: p.update(targets={"of": "go"}), "Chỗ chú ý không đọc được"),
        (lambda p: p["targets"][0].update({"là nút": None}), "Chỗ chú ý: giá trị của “là nút”"),
        (lambda p: p.update(hand="go"), "Bàn tay không đọc được"),
        (lambda p: p["hand"].update(at=[9, 9]), "Bàn tay đặt ở chỗ không có"),
        (lambda p: p["hand"].update(at="giữa"), "Bàn tay đặt ở chỗ không có"),
        (lambda p: p.update(view="trên"), "Tranh: giá trị của “view”"),
    ],
)
def test_a_picture_that_is_none_is_named_before_anything_looks_into_it(desk, alter, said):
    alter(desk.guide["steps"][0]["picture"])
    found = [fault for fault in faults(desk.write(), today=DAY) if "bước 1" in fault]
    assert len(found) == 1 and said in found[0]
