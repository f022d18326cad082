"""Every request is signed by the phone; nothing else opens the door, and every answer is recognisably ours."""

import json

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from onboarding.sync import hello
from tests.phone import now_ms
from tests.transport import through_django

DOORS = [
    ("POST", "/sync/enrol/"),
    ("POST", "/sync/hello/"),
    ("POST", "/sync/push/"),
    ("GET", "/sync/pull/?area=x&after=0&epoch="),
    ("POST", "/sync/files/"),
    ("PATCH", f"/sync/files/{'a' * 64}/"),
    ("HEAD", f"/sync/files/{'a' * 64}/"),
]


def is_ours(answer) -> bool:
    """JSON, protocol header, never stored."""
    return (
        answer.headers["content-type"] == "application/json"
        and answer.headers["x-gocua-proto"] == "1"
        and answer.headers["cache-control"] == "no-store"
    )


@pytest.mark.parametrize(("method", "path"), DOORS[1:])
def test_without_a_signature_every_door_answers_401_as_json(db, method, path):
    answer = through_django(method, path, b"", {})
    assert answer.status == 401
    assert is_ours(answer)


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_another_method_is_405_as_json(db, method, path):
    answer = through_django("DELETE", path, b"", {})
    assert answer.status == 405
    assert method in answer.headers["allow"]
    assert is_ours(answer)


def test_every_address_of_sync_is_in_the_table_above():
    known = {path.partition("?")[0].replace("a" * 64, "#") for _method, path in DOORS}
    found = set()
    for pattern in get_resolver("onboarding.sync.urls").url_patterns:
        found.add("/" + str(pattern.pattern).replace("<str:sha256>", "#"))
    assert {address for address in found if address.startswith("/sync/")} == known


def test_a_signature_over_another_path_body_or_method_opens_nothing(phone):
    body = b"{}"
    good = phone.headers("POST", "/sync/hello/", body)
    assert through_django("POST", "/sync/hello/", body, good).status == 200
    assert through_django("POST", "/sync/hello/", b'{"x":1}', good).status == 401
    assert through_django("POST", "/sync/push/", body, good).status == 401
    assert through_django("POST", "/sync/hello/?x=1", body, good).status == 401
    other = {**good, "X-Device-Time": str(int(good["X-Device-Time"]) + 1)}
    assert through_django("POST", "/sync/hello/", body, other).status == 401


@pytest.mark.fault("F12")
def test_a_clock_that_is_off_is_told_the_time_and_the_phone_corrects_itself_once(phone):
    headers = phone.headers("POST", "/sync/hello/", b"{}", at=now_ms() - 11 * 60_000)
    answer = through_django("POST", "/sync/hello/", b"{}", headers)
    assert (answer.status, answer.json["code"]) == (401, "clock")
    assert abs(answer.json["now"] - now_ms()) < 5000

    phone.offset = -3 * 86_400_000
    assert phone.hello() is not None
    assert abs(phone.offset) < 5000


@pytest.mark.fault("F29")
def test_changed_secrets_and_a_browsers_log_in_change_nothing_for_a_phone(phone, knock, settings, ward):
    first = knock(phone)
    phone.push()
    settings.SECRET_KEY = "another key, as after a rotation"
    settings.CSRF_COOKIE_NAME = "another"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ward.supervisor)

    def with_cookies(method, path, body, headers):
        headers = dict(headers)
        content_type = headers.pop("Content-Type", "application/json")
        response = browser.generic(method, path, data=body, content_type=content_type, headers=headers)
        answer = through_django(method, path, body, headers)
        assert response.status_code == answer.status
        return answer

    phone.transport = with_cookies
    second = knock(phone)
    phone.push()
    assert [phone.receipt(entry)["verdict"] for entry in (first, second)] == ["accepted"] * 2


def test_a_browsers_session_is_no_phone(ward):
    browser = Client()
    browser.force_login(ward.member)
    assert browser.post("/sync/hello/", "{}", content_type="application/json").status_code == 401


@pytest.mark.fault("F68")
def test_a_body_over_the_limit_is_413_as_json_whatever_its_length_header_says(phone):
    for size in (300_000, 10_000_000):
        body = b'{"proto":1,"entries":["' + b"x" * size + b'"]}'
        answer = phone.request("POST", "/sync/push/", body=body)
        assert answer.status == 413
        assert is_ours(answer)
        lying = through_django("POST", "/sync/push/", body, phone.headers("POST", "/sync/push/", body))
        assert lying.status == 413


def test_more_than_25_entries_are_413(phone, knock):
    entries = [phone.outbox[knock(phone)].entry for _ in range(26)]
    assert phone.post(entries).status == 413
    assert phone.post(entries[:25]).status == 200


@pytest.mark.fault("F72")
def test_a_compressed_body_is_refused(phone):
    headers = phone.headers("POST", "/sync/hello/", b"{}") | {"Content-Encoding": "gzip"}
    assert through_django("POST", "/sync/hello/", b"{}", headers).status == 415


@pytest.mark.fault("F69")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"proto":NaN}', b'{"a":Infinity}',
        b'{"a":1,"a":2}', b'{"a":' + b"9" * 5000 + b"}", b'{"a":1e999}', b'{"a":1.5}', b'"\\ud800"', b'{"\\udfff":1}',
        b"\xff\xfe", b"", b"null", b"[]", b'{"proto":1,"entries":{}}', b'{"proto":1,"entries":[1]}',
        b'{"proto":1,"entries":[{"id":"../../etc"}]}', b'{"proto":1,"entries":[{"id":{}}]}', b'{"proto":true}',
    ],
    ids=range(20),
)  # fmt: skip
def test_malformed_json_is_a_4xx_as_json_never_a_500(phone, body):
    for path in ("/sync/push/", "/sync/hello/"):
        answer = phone.request("POST", path, body=body)
        assert answer.status in (400, 413, 426) or (path == "/sync/hello/" and answer.status == 200)
        assert is_ours(answer)


def test_another_protocol_is_426_and_says_to_update(phone):
    answer = phone.request("POST", "/sync/push/", {"proto": 0, "entries": []})
    assert (answer.status, answer.json["code"]) == (426, "update")
    assert "cập nhật" in answer.json["message"]


def test_our_own_mistake_and_a_busy_database_are_json_too(phone, monkeypatch, caplog):
    def broken(*_args):
        raise ValueError("Trần Thị Mẫu Thử")

    monkeypatch.setattr(hello, "greet", broken)
    answer = phone.request("POST", "/sync/hello/", {})
    assert (answer.status, answer.json) == (500, {"code": "server_error"})
    assert is_ours(answer)
    assert "Mẫu Thử" not in caplog.text

    def busy(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(hello, "greet", busy)
    answer = phone.request("POST", "/sync/hello/", {})
    assert (answer.status, answer.json["code"]) == (503, "busy")
    assert int(answer.headers["retry-after"]) > 0


def test_the_limit_of_django_leaves_room_for_the_largest_push():
    assert django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE > 264 * 1024


def test_sync_sets_no_cookie(phone):
    answer = phone.request("POST", "/sync/hello/", {})
    assert "set-cookie" not in answer.headers
    assert json.loads(answer.body)["proto"] == [1, 1]


def test_an_address_that_is_not_there_is_a_404_of_ours(db):
    answer = through_django("GET", "/sync/nothing/", b"", {})
    assert (answer.status, answer.json) == (404, {"code": "not_found"})
    assert is_ours(answer)
