"""The stand-in portal keeps an honest ledger: what it accepted, how often, with which files."""

import hashlib
import json
import re
import urllib.error
import urllib.request

import pytest

REFERENCE = "0193-so-cai"


def log_in(sandbox):
    """Return a session."""
    told = sandbox.post("/dang-nhap", {"username": "gocua", "password": "sandbox"}, {"dstcode": "000.99.99.H26"})
    return told["session"]


def upload(sandbox, session, content=b"page", slot="paper-1"):
    """Return what the portal told about an uploaded file."""
    headers = {"session": session, "X-Ten-Tep": "trang.jpg", "X-Thanh-Phan": slot, "Content-Type": "image/jpeg"}
    request = urllib.request.Request(sandbox.url + "/tep", content, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)["data"]


def dossier_data(reference=REFERENCE, name="Trần Thị Mẫu Thử", files=()):
    """The fields that this portal insists on."""
    listed = [{"TepDinhKemId": file["TepDinhKemId"], "MaThanhPhanHoSo": "paper-1"} for file in files]
    other = f'{{"SUBM_CODE":"{reference}"}}'
    return {
        "MaTTHC": "1.004194",
        "ChuHoSo": name,
        "NgayTiepNhan": "20261121083000",
        "ThongTinKhac": other,
        "TaiLieuNop": listed,
    }


def hand_in(sandbox, session, headers=None, **data):
    """Send one dossier."""
    body = {"session": session, "madonvi": "x", "service": "DongBoHoSoMC", "data": [dossier_data(**data)]}
    return sandbox.post("/dich-vu", body, headers)


def look_up(sandbox, session, **by):
    """Ask for a dossier."""
    return sandbox.post("/dich-vu", {"session": session, "service": "TraCuuHoSo", **by})["data"]


def test_a_dossier_gets_a_code_of_a_unit_that_does_not_exist_and_its_reference_back(sandbox):
    told = hand_in(sandbox, log_in(sandbox))
    entry = told["data"][0]
    assert told["error_code"] == "0" and entry["SUBM_CODE"] == REFERENCE
    assert re.fullmatch(r"000\.99\.99\.H26-\d{6}-9\d{3}", entry["MaHoSo"])
    assert [(row["code"], row["count"], row["status"]) for row in sandbox.ledger(REFERENCE)] == [
        (entry["MaHoSo"], 1, 1)
    ]


def test_the_same_dossier_sent_twice_is_two_rows_with_two_codes(sandbox):
    session = log_in(sandbox)
    codes = [hand_in(sandbox, session)["data"][0]["MaHoSo"] for _ in range(2)]
    assert len(set(codes)) == 2
    assert [(row["code"], row["count"]) for row in sandbox.ledger(REFERENCE)] == [(code, 2) for code in codes]
    assert [entry["MaHoSo"] for entry in look_up(sandbox, session, subm_code=REFERENCE)] == codes


def test_files_are_in_the_ledger_with_size_and_hash_and_can_be_read_back(sandbox):
    session = log_in(sandbox)
    file = upload(sandbox, session, b"a page")
    hand_in(sandbox, session, files=[file])
    kept = sandbox.ledger(REFERENCE)[0]["files"]
    digest = hashlib.sha256(b"a page").hexdigest()
    assert [(one["size"], one["sha256"], one["slot"]) for one in kept] == [(6, digest, "paper-1")]
    assert file["Sha256"] == digest and file["KichThuoc"] == "6"
    request = urllib.request.Request(f"{sandbox.url}/tep/{file['TepDinhKemId']}", headers={"session": session})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert answer.read() == b"a page"


def test_the_same_dossier_twice_keeps_its_files_twice(sandbox):
    session = log_in(sandbox)
    file = upload(sandbox, session)
    hand_in(sandbox, session, files=[file])
    hand_in(sandbox, session, files=[file])
    assert [len(row["files"]) for row in sandbox.ledger(REFERENCE)] == [1, 1]


def test_a_dossier_with_an_unknown_file_is_not_accepted_at_all(sandbox):
    told = hand_in(sandbox, log_in(sandbox), files=[{"TepDinhKemId": "no-such-file"}])
    assert told["error_code"] == "3"
    assert sandbox.ledger() == []


@pytest.mark.parametrize(
    ("user", "password", "headers"),
    [("gocua", "wrong", {"dstcode": "x"}), ("somebody", "sandbox", {"dstcode": "x"}), ("gocua", "sandbox", {})],
)
def test_a_stranger_gets_no_session(sandbox, user, password, headers):
    told = sandbox.post("/dang-nhap", {"username": user, "password": password}, headers)
    assert told["error_code"] == "1" and "session" not in told


def test_without_a_session_nothing_is_accepted_or_shown(sandbox):
    hand_in(sandbox, log_in(sandbox))
    for body in (
        {"service": "DongBoHoSoMC", "data": [dossier_data()]},
        {"service": "TraCuuHoSo", "subm_code": REFERENCE},
    ):
        assert sandbox.post("/dich-vu", {"session": "guessed", **body})["error_code"] == "401"
    assert len(sandbox.ledger()) == 1


def test_a_session_ends_when_told(sandbox):
    session = log_in(sandbox)
    sandbox.expire_sessions()
    assert hand_in(sandbox, session)["error_code"] == "401"


def test_a_dossier_walks_through_the_statuses_and_leaves_its_history(sandbox):
    session = log_in(sandbox)
    code = hand_in(sandbox, session)["data"][0]["MaHoSo"]
    for expected in (2, 4, 9, 10):
        assert sandbox.advance(code=code) == {code: expected}
    entry = look_up(sandbox, session, mahoso=code)[0]
    assert entry["TrangThaiHoSo"] == "10" and entry["TenTrangThai"] == "Đã trả kết quả"
    assert [step["TrangThai"] for step in entry["DanhSachTienDo"]] == ["1", "2", "4", "9", "10"]


def test_a_dossier_can_be_sent_back_for_more_with_a_note_and_a_time_in_the_past(sandbox):
    session = log_in(sandbox)
    code = hand_in(sandbox, session)["data"][0]["MaHoSo"]
    sandbox.advance(reference=REFERENCE, status=5, note="Thiếu ảnh", at="20261120070000")
    step = look_up(sandbox, session, mahoso=code)[0]["DanhSachTienDo"][-1]
    assert (step["TrangThai"], step["NoiDungXuLy"], step["ThoiDiemXuLy"]) == ("5", "Thiếu ảnh", "20261120070000")


def test_nothing_follows_the_last_status_by_itself(sandbox):
    code = hand_in(sandbox, log_in(sandbox))["data"][0]["MaHoSo"]
    sandbox.advance(code=code, status=10)
    assert "error" in sandbox.post("/dieu-khien/tien", {"code": code})
    assert sandbox.ledger()[0]["status"] == 10


def test_a_forgotten_dossier_is_gone_for_clients_and_stays_in_the_ledger(sandbox):
    session = log_in(sandbox)
    first = hand_in(sandbox, session)["data"][0]["MaHoSo"]
    sandbox.forget(reference=REFERENCE)
    assert look_up(sandbox, session, subm_code=REFERENCE) == []
    assert [row["forgotten"] for row in sandbox.ledger(REFERENCE)] == [True]
    assert hand_in(sandbox, session)["data"][0]["MaHoSo"] != first


def test_the_page_lists_dossiers_and_its_button_moves_one_on(sandbox):
    code = hand_in(sandbox, log_in(sandbox))["data"][0]["MaHoSo"]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(sandbox.url + "/", timeout=30) as answer:  # noqa: S310
        page = answer.read().decode()
    assert code in page and "Trần Thị Mẫu Thử" in page and "Mới đăng ký" in page
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    with opener.open(f"{sandbox.url}/ho-so/{code}/tien", f"csrfmiddlewaretoken={token}".encode(), timeout=30):
        assert sandbox.ledger()[0]["status"] == 2


def test_the_button_without_the_pages_token_moves_nothing(sandbox):
    code = hand_in(sandbox, log_in(sandbox))["data"][0]["MaHoSo"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{sandbox.url}/ho-so/{code}/tien", b"", timeout=30)  # noqa: S310
    assert refused.value.code == 403 and sandbox.ledger()[0]["status"] == 1
    refused.value.close()
