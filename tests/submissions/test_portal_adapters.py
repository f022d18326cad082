"""Each portal has a mapping of its own; sample data reaches none but the stand-in and the file to hand over."""

import dataclasses
import hashlib
import io
import json
import subprocess
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from onboarding.submissions import portal_igate
from onboarding.submissions.portal import (
    NotSent,
    Refused,
    Taken,
    Unknown,
    is_demo,
    open_portal,
    write_package,
)
from onboarding.submissions.portal_dvcqg import payload
from onboarding.submissions.portal_export import DamagedFile
from tests.portal import dossier, dossier_file

REAL = "001299000001"  # province 01, born in 2099: passes as real, belongs to nobody
DEMO = Refused("Đây là dữ liệu mẫu. Chỉ gửi được tới cổng thử nghiệm.", "demo_data")


@pytest.mark.parametrize("adapter", ["dvcqg", "igate"])
@pytest.mark.parametrize(
    "changes",
    [{"number": "097158000001"}, {"number": REAL, "answers": {"nguoi": [{"so": "098299000001"}]}}],
    ids=["applicant", "somebody in the answers"],
)
def test_sample_data_is_refused_by_a_real_adapter_before_a_byte_leaves(sandbox, settings, adapter, changes):
    settings.PORTAL_ADAPTER = adapter
    assert open_portal().send(dossier(**changes)) == DEMO
    assert sandbox.counts() == {} and sandbox.ledger() == []


def test_data_of_real_shape_passes_a_real_adapter(sandbox, settings):
    settings.PORTAL_ADAPTER = "dvcqg"
    sent = dossier(number=REAL)
    assert isinstance(open_portal().send(sent), Taken)
    assert sandbox.ledger()[0]["reference"] == sent.reference


@pytest.mark.parametrize("number", ["", "097", "0971580000011", "09715800000x", REAL])
def test_only_a_whole_number_with_a_never_issued_province_is_sample_data(number):
    assert not is_demo(dossier(number=number))


@pytest.mark.parametrize("adapter", ["dvcqg", "igate"])
def test_a_real_portal_must_be_https(settings, adapter):
    settings.PORTAL_ADAPTER, settings.PORTAL_URL = adapter, "http://portal.example"
    with pytest.raises(ImproperlyConfigured):
        open_portal()
    settings.PORTAL_URL = "https://portal.example"
    assert open_portal().takes_demo is False


def test_an_unknown_adapter_is_said_at_once(settings):
    settings.PORTAL_ADAPTER = "post"
    with pytest.raises(ImproperlyConfigured, match="sandbox"):
        open_portal()


def test_the_older_interface_gets_texts_everywhere_and_local_times():
    sent = dossier(files=1)
    data = payload(sent, {"paper-1": "id-1"})
    assert (data["LoaiDoiTuong"], data["NgayTiepNhan"], data["TrangThaiHoSo"]) == ("1", "20261121083000", "1")
    assert data["TaiLieuNop"] == [
        {
            "TepDinhKemId": "id-1",
            "TenTepDinhKem": "Giấy paper-1.jpg",
            "IsDeleted": "False",
            "MaThanhPhanHoSo": "paper-1",
            "DuongDanTaiTepTin": "",
        }
    ]
    other = json.loads(data["ThongTinKhac"])
    assert other["SUBM_CODE"] == sent.reference and other["SoDinhDanh"] == sent.number
    assert other["ToKhai"] == sent.answers
    assert all(isinstance(value, str | list) for value in data.values())


class Igate(ThreadingHTTPServer):
    """A small stand-in for the newer interface; `answers` replaces the answer of a path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), IgateRequest)
        self.answers, self.seen = {}, []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class IgateRequest(BaseHTTPRequestHandler):
    """Answers token, code, file and dossier."""

    def do_POST(self):
        """Answer one request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, body, self.headers.get("Authorization")))
        told = self.server.answers.get(self.path) or (200, json.dumps(self._good(body)).encode())
        self.send_response(told[0])
        self.end_headers()
        self.wfile.write(told[1])

    def _good(self, body):
        data = {
            "/token": {"access_token": "t-1"},
            "/GetNextValue": {"MaHoSo": "G01.999.999-261121-900001"},
            "/TepTin": {"IdTepTin": "tep-1", "HashTepTin": hashlib.sha256(body).hexdigest()},
            "/NoiHoSo": {"MaHoSo": "G01.999.999-261121-900001"},
        }
        return {"error_code": 0, "data": data[self.path]}

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def igate(settings):
    """The newer interface, and settings that point to it."""
    server = Igate()
    settings.PORTAL_ADAPTER, settings.PORTAL_URL = "igate", server.url
    yield server
    server.shutdown()
    server.server_close()


def test_the_newer_interface_gets_its_own_numbers(igate):
    sent = dossier(number=REAL, files=1)
    assert open_portal().send(sent) == Taken("G01.999.999-261121-900001", sent.reference)
    assert [path for path, _, _ in igate.seen] == ["/token", "/TepTin", "/GetNextValue", "/NoiHoSo"]
    assert [authorization for _, _, authorization in igate.seen] == [None] + ["Bearer t-1"] * 3
    data = json.loads(igate.seen[-1][1])
    assert data["LoaiDoiTuong"] == 0 and data["ThanhPhanHoSo"][0]["LoaiBan"] == 2
    assert data["ThanhPhanHoSo"][0]["GiayToDinhKem"][0]["HashTepTin"] == sent.files[0].sha256
    assert data["ThongTinNguoiNop"]["SoDinhDanh"] == REAL


@pytest.mark.fault("F58")
@pytest.mark.fault("F59")
@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        ("/NoiHoSo", (500, b"oops"), Unknown("http_500", code="G01.999.999-261121-900001")),
        ("/NoiHoSo", (200, b"<html>"), Unknown("page", code="G01.999.999-261121-900001")),
        ("/NoiHoSo", (200, b'{"error_code":0,"data":{"MaHoSo":"G01-other"}}'), "not_ours"),
        ("/NoiHoSo", (200, b'{"error_code":0}'), "not_ours"),
        ("/NoiHoSo", (200, b'{"error_code":9,"error_message":"Sai"}'), Refused("Sai", "9")),
        ("/token", (200, b"<html>"), "page"),
        ("/token", (200, b'{"error_code":5}'), "login_refused"),
        ("/TepTin", (200, b'{"error_code":0,"data":{"HashTepTin":"00"}}'), "file_damaged_there"),
        ("/GetNextValue", (500, b""), "http_500"),
        ("/NoiHoSo", (503, b""), "unavailable"),
    ],
)
def test_the_newer_interface_has_the_same_four_results(igate, path, answer, expected):
    igate.answers[path] = answer
    outcome = open_portal().send(dossier(number=REAL, files=1))
    if isinstance(expected, str):
        assert outcome.why == expected
        assert isinstance(outcome, Unknown if expected == "not_ours" else NotSent)
    else:
        assert outcome == expected
    assert [seen[0] for seen in igate.seen].count("/NoiHoSo") == (path == "/NoiHoSo")


def test_what_the_newer_interface_does_not_offer_is_unknown_and_never_none(igate):
    portal = open_portal()
    assert portal.lookup("r") == portal.status("c") == portal.read_back("c") == portal_igate.NOT_OFFERED
    assert igate.seen == []


def test_a_package_to_hand_over_has_the_portals_json_the_files_and_their_sums(tmp_path):
    sent = dossier(files=(dossier_file("../../paper", b"one"), dossier_file("scan", b"two", "application/pdf")))
    path = tmp_path / "goi.zip"
    with path.open("wb") as target:
        write_package(sent, target)
    with zipfile.ZipFile(path) as package:
        assert package.namelist() == ["tep/01-------paper.jpg", "tep/02-scan.pdf", "ho-so.json", "SHA256SUMS"]
        data = json.loads(package.read("ho-so.json"))["data"][0]
        package.extractall(tmp_path)  # names are checked above
    assert data["ChuHoSo"] == sent.applicant and data["TaiLieuNop"][1]["DuongDanTaiTepTin"] == "tep/02-scan.pdf"
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)


def test_the_same_dossier_gives_the_same_package():
    first, second = io.BytesIO(), io.BytesIO()
    write_package(dossier(), first)
    write_package(dossier(), second)
    assert first.getvalue() == second.getvalue()


def test_a_damaged_file_is_not_handed_over():
    bad = dataclasses.replace(dossier_file("paper-1", b"one"), load=lambda: b"two")
    with pytest.raises(DamagedFile, match="paper-1"):
        write_package(dossier(files=(bad,)), io.BytesIO())


def test_the_choice_of_no_portal_sends_nothing(settings):
    settings.PORTAL_ADAPTER = "export"
    portal = open_portal()
    assert portal.send(dossier()) == portal.attach(dossier_file()) == NotSent("hand_over")
    assert portal.lookup("r") == portal.status("c") == portal.read_back("c") == Unknown("hand_over")
