"""check_content names every fault of a procedure's file, and what loads is what the file says now."""

from datetime import date, timedelta

import pytest

from onboarding.guides.content import Shelf
from onboarding.guides.facts import KEYS, faults_of
from onboarding.guides.models import Procedure, ProcedureFact
from onboarding.guides.proofreading import faults
from onboarding.guides.wording import Words

DAY = date(2026, 11, 22)

# The 25 essential services in their order, the e-ID, and what else is asked at the door.
ESSENTIAL = {
    "xac-nhan-cmnd-9-so", "cap-doi-can-cuoc", "thuong-tru", "tam-tru", "tam-vang", "luu-tru", "dang-ky-xe-may",
    "nop-phat-giao-thong", "khai-sinh", "khai-tu", "ket-hon", "ho-chieu", "mau-dau-moi", "dau-thu-nho",
    "lien-thong-khai-sinh", "lien-thong-khai-tu", "gia-han-bhyt-ho-gia-dinh", "dang-ky-thue", "bien-dong-dat-dai",
    "cap-dien-moi", "doi-ten-hop-dong-dien", "thi-tot-nghiep", "tro-cap-that-nghiep", "giay-phep-lai-xe",
    "ly-lich-tu-phap",
}  # fmt: skip
EID = {
    "kich-hoat-vneid", "dinh-danh-muc-2", "tich-hop-giay-to", "sua-tai-khoan-vneid", "dinh-danh-tre-em",
    "dinh-danh-nguoi-nuoc-ngoai", "kham-bang-can-cuoc", "dang-nhap-cong-dvc", "theo-doi-ho-so",
    "nhan-ket-qua-dien-tu", "chu-ky-so", "an-toan-so",
}  # fmt: skip
ASKED = {
    "1.010041", "1.010038", "1.010039", "1.010040", "1.003197", "1.004873", "2.000635", "1.004884", "1.003583",
    "2.000815", "2.000884", "1.001699", "1.014027", "1.001776", "1.001731", "1.014028", "1.116214", "1.011607",
    "1.001612", "1.002759", "1.013133",
}  # fmt: skip


def fact(key: str = "fee", value: object = None, **fields: object) -> dict:
    """A fact without fault."""
    value = {"unit": "đồng", "cases": [{"any": 0}]} if value is None else value
    return {
        "key": key, "value": value, "valid_from": "2026-01-01", "source": "thử", "checked_on": "2026-11-21", **fields,
    }  # fmt: skip


# --- What ships -------------------------------------------------------------------------------------------------------


def test_the_catalogue_has_the_25_services_the_eid_and_what_is_asked_at_the_door():
    shelf = Shelf()
    shipped = {data["slug"]: data for _path, data in shelf.procedures}
    assert len(ESSENTIAL) == 25
    assert set(shipped) >= ESSENTIAL | EID
    codes = {
        n["number"] for d in shipped.values() for f in d["facts"] if f["key"] == "code" for n in f["value"]["numbers"]
    }
    assert codes >= ASKED


def test_each_of_the_25_says_what_it_costs_who_may_file_what_to_bring_and_how():
    shipped = {data["slug"]: {row["key"] for row in data["facts"]} for _path, data in Shelf().procedures}
    lacking = {slug: missing for slug in ESSENTIAL if (missing := {"fee", "who", "prepare", "online"} - shipped[slug])}
    assert lacking == {}
    assert [slug for slug in sorted(ESSENTIAL) if "time" not in shipped[slug]] == ["nop-phat-giao-thong"]


def test_a_fact_from_experience_is_never_called_verified():
    for path, data in Shelf().procedures:
        for row in data["facts"]:
            assert not (row["verified"] and "chưa đối chiếu" in row["source"]), (path.name, row["key"])


def test_old_codes_have_an_end_and_their_successors_begin_the_day_after():
    shipped = {data["slug"]: data for _path, data in Shelf().procedures}
    for slug in ("cap-doi-can-cuoc", "lien-thong-khai-sinh", "lien-thong-khai-tu"):
        old, new = [row for row in shipped[slug]["facts"] if row["key"] == "code"]
        assert new["valid_from"] - old["valid_to"] == timedelta(days=1)


# --- Planted faults ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda p: p["facts"].append(fact(source="")), "fee: thiếu “source”"),
        (lambda p: p["facts"].append(fact(valid_from=None)), "fee: thiếu “valid_from”"),
        (lambda p: p["facts"].append(fact(checked_on="2027-06-01")), "fee: ngày kiểm tra 01/06/2027 ở tương lai"),
        (lambda p: p["facts"].append(fact(valid_to="2026-02-01")), "fee: đã hết hạn 01/02/2026"),
        (
            lambda p: p["facts"].append(fact(valid_from="2026-02-01", valid_to="2026-01-01")),
            "hết hạn 01/01/2026 trước khi bắt đầu",
        ),
        (lambda p: p["facts"].extend([fact(), fact()]), "fee: có hai lần từ cùng một ngày"),
        (lambda p: p["facts"].append(fact("price")), "không hiểu “price”"),
        (lambda p: p["facts"].append(fact(value={"dong": 0})), "fee: không hiểu mục “dong”"),
        (lambda p: p["facts"].append(fact(value={"unit": "đô la", "cases": [{"any": 1}]})), "không hiểu “đô la”"),
        (lambda p: p["facts"].append(fact(value={"cases": [{"any": 1}]})), "mục “cases” thiếu “unit”"),
        (lambda p: p["facts"].append(fact("time", {"cases": [{"most": 3, "unit": "hôm"}]})), "không hiểu “hôm”"),
        (lambda p: p["facts"].append(fact("code", {"numbers": [{"number": "1.4"}]})), "mã “1.4” không có dạng"),
        (lambda p: p["facts"].append(fact("related", {"procedures": ["khac"]})), "không có thủ tục “khac”"),
        (lambda p: p["facts"].append(fact("states", {"set": "khac"})), "states: không có bộ “khac”"),
        (lambda p: p.update(topic="khac"), "không có nhóm “khac”"),
        (lambda p: p.update(slug="khac"), "tên tệp khác slug “khac”"),
        (lambda p: p.update(plain_name="Việc " * 10), "plain_name dài 50 chữ. Rút còn 48 chữ"),
        (lambda p: p.update(name="Việc " * 41), "name dài 205 chữ. Rút còn 200 chữ"),
        (lambda p: p.update(plain_name=""), "thiếu “plain_name”"),
        (lambda p: p.update(plain_name="Tra CSDL"), "chữ “CSDL” khó hiểu"),
        (
            lambda p: p["facts"].append(fact("note", {"list": ["Tra trong CSDL."]})),
            "chữ “CSDL” khó hiểu. Viết “dữ liệu”",
        ),
        (lambda p: p["facts"].append(fact("note", {"list": ["Vui lòng chờ."]})), "không dùng “vui lòng”"),
        (lambda p: p["facts"].append(fact("note", {"list": ["Bấm " * 15]})), "dài 15 tiếng"),
        (
            lambda p: p["facts"].append(fact("note", {"list": ["Xem /thu-tuc/khac/ nhé."]})),
            "“/thu-tuc/khac/” không dẫn",
        ),
        (
            lambda p: p["facts"].append(fact("links", {"list": [{"text": "Xem", "href": "/huong-dan/khac/"}]})),
            "“/huong-dan/khac/” không dẫn đến đâu",
        ),
    ],
)
def test_a_planted_fault_is_found(desk, plant, said):
    assert faults(desk.write(), today=DAY) == []
    plant(desk.procedure)
    found = faults(desk.write(), today=DAY)
    assert any(fault.startswith("viec-mau.yaml") and said in fault for fault in found), found


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda d: d.guide["version"].update(title="Một cái tên " * 5), "mau.yaml: tên hướng dẫn dài 60 chữ"),
        (lambda d: d.guide["steps"][0].update(text="Bác bấm Đồng bộ."), "bước 1: chữ “đồng bộ” khó hiểu. Viết “gửi”"),
        (lambda d: d.guide["steps"][0].update(text="Xem /thu-tuc/khac/ đã."), "“/thu-tuc/khac/” không dẫn đến đâu"),
        (lambda d: d.guide["steps"][0].update(text="Xem /huong-dan/mau/9/ đã."), "“/huong-dan/mau/9/” không dẫn"),
        (lambda d: d.blockers["blockers"][0].update(advice="Hỏi CSDL."), "NO_INTERNET: chữ “CSDL” khó hiểu"),
        (lambda d: d.jargon.append({"word": "TTHC"}), "jargon.yaml, TTHC: thiếu “plain”"),
        (lambda d: d.states["cong-dvc"].pop("source"), "states.yaml, cong-dvc: thiếu “source”"),
    ],
)
def test_a_fault_around_the_procedures_is_found(desk, plant, said):
    plant(desk)
    found = faults(desk.write(), today=DAY)
    assert any(said in fault for fault in found), found


def test_an_expired_fact_that_another_follows_is_history_not_a_fault(desk):
    desk.procedure["facts"] = [fact(valid_to="2026-02-01"), fact(valid_from="2026-11-21")]
    assert faults(desk.write(), today=DAY) == []


def test_a_link_that_leads_somewhere_is_no_fault(desk):
    links = [{"text": "Tranh", "href": "/huong-dan/mau/2/"}, {"text": "Việc", "href": "/thu-tuc/viec-mau/"}]
    desk.procedure["facts"] = [fact("links", {"list": links})]
    assert faults(desk.write(), today=DAY) == []


# --- Words and shapes -------------------------------------------------------------------------------------------------


def test_jargon_is_found_as_a_whole_word_and_not_in_a_label_of_a_screen():
    words = Words([{"word": "file", "plain": "ảnh"}, {"word": "GCN", "plain": "giấy chứng nhận"}])
    assert list(words.faults("Chọn File này.")) == ["chữ “file” khó hiểu. Viết “ảnh”."]
    for fine in ("Bấm “Chọn file”.", "Mở profile.", "gcn viết thường."):
        assert list(words.faults(fine)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fee", []),
        ("fee", {}),
        ("fee", {"unit": "đồng", "cases": []}),
        ("fee", {"unit": "đồng", "cases": [{"case": "Một người"}]}),
        ("fee", {"unit": "đồng", "cases": [{"any": -1}]}),
        ("fee", {"unit": "đồng", "cases": [{"any": True}]}),
        ("fee", {"unit": "đồng", "cases": [{"any": "miễn phí"}]}),
        ("support", {"online": 0, "unit": "đồng"}),
        ("time", {"cases": [{"most": 3}]}),
        ("deadline", {"cases": [{"within": 60}]}),
        ("prepare", {"list": [""]}),
        ("prepare", {"list": ["dài " * 80]}),
        ("prepare", {"list": "Căn cước."}),
        ("online", {"level": "half"}),
        ("online", {"level": "full", "url": "http://dichvucong.gov.vn"}),
        ("code", {"numbers": [{"number": "1.004194", "fee": 1}]}),
    ],
)
def test_a_value_out_of_shape_is_refused(key, value):
    assert faults_of(key, value)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_refuses_a_field_it_does_not_know(key):
    assert any("không hiểu mục “la”" in fault for fault in faults_of(key, {"la": 1}))


# --- Loading ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_fact_that_the_file_no_longer_says_is_gone_and_an_end_that_was_lifted_too(desk):
    desk.procedure["facts"] = [fact(valid_to="2026-12-01", verified=True), fact("note", {"list": ["Chờ."]})]
    desk.load()
    assert Procedure.objects.get().topic == "thu"
    desk.procedure["facts"] = [fact()]
    desk.load()
    row = ProcedureFact.objects.get()
    assert (row.key, row.valid_to, row.verified) == ("fee", None, False)


@pytest.mark.django_db
def test_a_set_of_states_is_loaded_with_its_stations(desk):
    desk.procedure["facts"] = [fact("states", {"set": "cong-dvc", "parts": ["Khai sinh."]})]
    desk.load()
    assert ProcedureFact.objects.get().value["list"] == [{"plain": "Đã gửi."}]
