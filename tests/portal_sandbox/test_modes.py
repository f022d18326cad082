"""The stand-in portal misbehaves exactly as told: before or after it accepted, for one request or for all."""

import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.portal_sandbox.test_ledger import dossier_data, hand_in, log_in

KINDS = [
    "400",
    "404",
    "429",
    "500",
    "502",
    "503",
    "504",
    "redirect",
    "html",
    "malformed",
    "empty",
    "wrong_schema",
    "huge",
]


def ask(sandbox, mode, session=""):
    """Return the raw answer to a dossier under a mode."""
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=30)
    body = json.dumps({"session": session, "service": "DongBoHoSoMC", "data": [dossier_data()]})
    try:
        connection.request("POST", "/dich-vu", body, {"X-Sandbox": mode})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("ending", "rows"), [("", 0), ("_after", 1)])
def test_every_kind_can_happen_before_or_after_accepting(sandbox, kind, ending, rows):
    answer, body = ask(sandbox, kind + ending, log_in(sandbox))
    assert len(sandbox.ledger()) == rows
    assert answer.status == (int(kind) if kind.isdigit() else 302 if kind == "redirect" else 200)
    assert answer.getheader("Retry-After") == ("7" if kind in ("429", "503") else None)
    assert len(body) > 9_000_000 if kind == "huge" else len(body) < 1000


@pytest.mark.parametrize(("mode", "rows"), [("reset", 0), ("reset_after", 1)])
def test_a_reset_cuts_the_connection_without_an_answer(sandbox, mode, rows):
    with pytest.raises(ConnectionResetError):
        ask(sandbox, mode, log_in(sandbox))
    assert len(sandbox.ledger()) == rows


@pytest.mark.parametrize("mode", ["timeout_after", "slow_after", "slow_body_after"])
def test_a_slow_answer_comes_after_the_ledger_and_never_ends(sandbox, mode):
    session = log_in(sandbox)
    body = json.dumps({"session": session, "service": "DongBoHoSoMC", "data": [dossier_data()]}).encode()
    parts = urlsplit(sandbox.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=0.5) as wire:
        head = f"POST /dich-vu HTTP/1.0\r\nX-Sandbox: {mode}\r\nContent-Length: {len(body)}\r\n\r\n"
        wire.sendall(head.encode() + body)
        if mode == "timeout_after":
            with pytest.raises(TimeoutError):
                wire.recv(1)
        else:
            assert wire.recv(1) and wire.recv(1)
    assert len(sandbox.ledger()) == 1


def test_a_mode_can_end_by_itself(sandbox):
    sandbox.mode("refuse", times=1)
    session = log_in(sandbox)
    assert [hand_in(sandbox, session)["error_code"] for _ in range(2)] == ["12", "0"]


def test_a_mode_keeps_to_its_service(sandbox):
    sandbox.mode("refuse", service="dang-nhap")
    told = sandbox.post("/dang-nhap", {"username": "gocua", "password": "sandbox"}, {"dstcode": "x"})
    assert told["error_code"] == "1"
    sandbox.mode("ok")
    assert hand_in(sandbox, log_in(sandbox))["error_code"] == "0"


def test_an_unknown_mode_is_refused_with_the_list(sandbox):
    told = sandbox.post("/dieu-khien/che-do", {"mode": "explode"})
    assert "timeout" in told["modes"] and "refuse" in told["modes"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("Trần Thị Mẫu Từ Chối", "refuse"),
        ("Lê Văn MẪU BẬN", "429"),
        ("Lò Mẫu Hỏng Sau", "500_after"),
        ("Mẫu Thử", "ok"),
    ],
)
def test_a_telling_name_chooses_the_mode(sandbox, name, mode):
    session = log_in(sandbox)
    body = {"session": session, "service": "DongBoHoSoMC", "data": [dossier_data(name=name)]}
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=30)
    connection.request("POST", "/dich-vu", json.dumps(body))
    connection.getresponse().read()
    connection.close()
    assert sandbox.get("/dieu-khien/nhat-ky")["calls"][-1] == {"service": "DongBoHoSoMC", "mode": mode}
