"""Only an answer that is ours, for this entry, may make a phone forget anything."""

import json

import pytest

from tests.phone import enrolled, sha256
from tests.transport import Answer


def page(status: int, body: bytes, content_type: str = "text/html", **headers: str) -> Answer:
    """An answer from somewhere else."""
    return Answer(status, {"content-type": content_type, **headers}, body)


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    "answer",
    [
        page(200, b"<html>Wi-Fi mien phi. Dang nhap</html>"),
        page(200, b'{"proto":1,"receipts":[]}', "application/json"),
        page(200, b'{"proto":1,"receipts":[]}', "application/json", **{"x-gocua-proto": "1"}),
        page(302, b"", location="/dang-nhap/"),
        page(200, b"", "application/json", **{"x-gocua-proto": "2"}),
        page(502, b"Bad Gateway"),
    ],
    ids=["captive portal", "no header", "empty receipts", "log-in page", "another protocol", "proxy"],
)
def test_an_answer_that_is_not_ours_removes_nothing(phone, knock, answer):
    entry = knock(phone)
    phone.transport, real = (lambda *_request: answer), phone.transport
    phone.push()
    assert phone.outbox[entry].state == "ready"

    phone.transport = real
    phone.push()
    assert phone.receipt(entry)["verdict"] == "accepted"


@pytest.mark.fault("F18")
def test_a_receipt_of_another_entry_another_phone_or_another_time_settles_nothing(phone, knock, ward):
    mine, other = knock(phone), knock(phone)
    phone.push(other)
    foreign = enrolled(ward.supervisor, ward.member)
    theirs = knock(foreign)
    foreign.push()
    good = phone.receipt(other)
    forged = [
        {**good, "id": mine},
        {**good, "id": mine, "hash": phone.outbox[mine].entry["hash"]},
        {**foreign.receipt(theirs), "id": mine, "hash": phone.outbox[mine].entry["hash"]},
        {key: value for key, value in good.items() if key != "mac"} | {"id": mine},
        {**good, "number": 1},
    ]
    for receipt in forged:
        body = json.dumps({"proto": 1, "receipts": [receipt]}).encode()
        phone.take(page(200, body, "application/json", **{"x-gocua-proto": "1"}), [phone.outbox[mine].entry])
    assert phone.outbox[mine].state == "ready"


@pytest.mark.fault("F18")
def test_a_truncated_answer_settles_nothing(phone, knock):
    entry = knock(phone)
    whole = phone.post([phone.outbox[entry].entry])
    cut = Answer(200, whole.headers, whole.body[: len(whole.body) // 2])
    with pytest.raises(json.JSONDecodeError):
        phone.take(cut, [phone.outbox[entry].entry])
    assert phone.outbox[entry].state == "ready"


@pytest.mark.fault("F17")
def test_a_hello_that_is_replayed_or_altered_is_not_obeyed(phone):
    real, kept = phone.transport, []

    def keep(*request):
        kept.append(real(*request))
        return kept[-1]

    phone.transport = keep
    assert phone.hello() is not None
    phone.transport = lambda *_request: kept[0]
    assert phone.hello() is None
    altered = {**kept[0].json, "wipe": True}
    phone.transport = lambda *_request: Answer(200, kept[0].headers, json.dumps(altered).encode())
    assert phone.hello() is None
    assert not phone.wiped


def test_the_text_of_a_receipt_is_canonical(phone, knock):
    entry = knock(phone)
    answer = phone.post([phone.outbox[entry].entry])
    receipt = answer.json["receipts"][0]
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert text in answer.body
    assert set(receipt) == {"id", "hash", "verdict", "code", "message", "number", "area", "epoch", "at", "mac"}
    assert sha256(text)
