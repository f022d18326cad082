"""No bytes that a network can put on the wire are ever taken for success, and every exchange ends in time.

Fault F59 below HTTP: a raw server answers each connection with the bytes it is given.
"""

import json
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.submissions.portal_dvcqg import SandboxPortal
from onboarding.submissions.portal_http import Answer, Deadline, Lost, NotReached, envelope, exchange, retry_after
from onboarding.submissions.portal_types import NotSent, Refused, Taken, Unknown
from tests.portal import dossier

pytestmark = pytest.mark.fault("F59")
REFERENCE = "0193-bytes"


class RawServer:
    """Reads one request a connection and answers with `answer`, whatever that is."""

    def __init__(self) -> None:
        self.answer, self.requests = b"", []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            with wire:
                self._one(wire)

    def _one(self, wire: socket.socket) -> None:
        try:
            self.requests.append(self._request(wire))
            wire.sendall(self.answer)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65536):  # till the client closes: an early close would be a reset
                pass
        except OSError:
            pass

    @staticmethod
    def _request(wire: socket.socket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            got += wire.recv(65536) or b"\r\n\r\n"
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(
            (int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")), 0
        )
        while len(body) < length:
            body += wire.recv(65536)
        return head

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


@pytest.fixture(scope="module")
def raw():
    """One raw server for the module."""
    server = RawServer()
    yield server
    server.close()


def portal_at(server):
    """A portal whose log-in is done, so that the next bytes answer the dossier."""
    portal = SandboxPortal(url=server.url, user="u", password="p", unit="x")
    portal._session = "s"
    return portal


def http(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    """An HTTP answer with a right length."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


def told(**changes) -> bytes:
    """A good answer to our dossier, with changes to its one entry or its envelope (error_code, data)."""
    entry = {"MaHoSo": "000.99.99.H26-261122-9001", "SUBM_CODE": REFERENCE, "TrangThaiHoSo": "1"}
    outer = {"error_code": "0", "data": [{**entry, **{k: v for k, v in changes.items() if k in entry}}]}
    return json.dumps({**outer, **{k: v for k, v in changes.items() if k in outer}}).encode()


def sent(raw, answer):
    """The result of a dossier that is answered with these bytes."""
    raw.answer = answer
    raw.requests.clear()
    return portal_at(raw).send(dossier(REFERENCE, files=0))


def test_the_good_answer_of_these_tests_is_good(raw):
    assert isinstance(sent(raw, http(told())), Taken)
    assert isinstance(sent(raw, http(told(error_code=0))), Taken)
    assert isinstance(sent(raw, http(b"\xef\xbb\xbf" + told())), Taken)
    assert isinstance(sent(raw, b"HTTP/1.0 200 OK\r\n\r\n" + told()), Taken)


NOT_TRUSTED = {
    "nothing at all": (b"", "reset"),
    "no status line": (b"hello\r\n\r\n", "not_http"),
    "half a header": (b"HTTP/1.1 200 OK\r\nContent-", "empty"),
    "a header without end": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000, "not_http"),
    "two hundred headers": (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200 + b"\r\n", "not_http"),
    "a body cut short": (http(told()).replace(b"\r\n\r\n", b"\r\nX: y\r\n\r\n")[:-5], "cut"),
    "chunks that lie": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "not_http"),
    "a body of 10 MB": (http(b" " * 10_000_000 + told()), "too_large"),
    "a body without end": (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 400_000, "too_large"),
    "spaces": (http(b"  \r\n "), "empty"),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", "http_204"),
    "created": (http(told(), b"201 Created"), "http_201"),
    "a page": (http(b"<html>sign in</html>", headers=b"Content-Type: text/html\r\n"), "page"),
    "a page that calls itself JSON": (http(b"\n <html>", headers=b"Content-Type: application/json\r\n"), "page"),
    "latin-1": (http(told().replace(b"H26", b"H\xff6")), "malformed"),
    "nested for harm": (http(b"[" * 100_000), "malformed"),
    "a number of 5,000 digits": (http(b'{"error_code":' + b"9" * 5000 + b"}"), "malformed"),
    "a list": (http(b"[0]"), "schema"),
    "null": (http(b"null"), "schema"),
    "no error_code": (http(b'{"status":"success"}'), "schema"),
    "error_code null": (http(told(error_code=None)), "schema"),
    "error_code false": (http(told(error_code=False)), "schema"),
    "error_code 0.0": (http(told(error_code=0.0)), "schema"),
    "error_code empty": (http(told(error_code=" ")), "schema"),
    "data missing": (http(b'{"error_code":"0"}'), "schema"),
    "data is a text": (http(told(data="ok")), "schema"),
    "data of numbers": (http(told(data=[1])), "schema"),
    "no entry": (http(told(data=[])), "not_ours"),
    "two entries": (http(told(data=[json.loads(told())["data"][0]] * 2)), "not_ours"),
    "another's reference": (http(told(SUBM_CODE="0193-other")), "not_ours"),
    "our reference in capitals": (http(told(SUBM_CODE=REFERENCE.upper())), "not_ours"),
    "no code": (http(told(MaHoSo="")), "not_ours"),
    "a code that is markup": (http(told(MaHoSo="<script>1</script>")), "not_ours"),
    "a code that is a number": (http(told(MaHoSo=5)), "not_ours"),
    "success in a 404": (http(told(), b"404 Not Found"), "http_404"),
    "success in a 500": (http(told(), b"500 Oops"), "http_500"),
    "a refusal in a 500": (http(told(error_code="7"), b"500 Oops"), "http_500"),
    "a refusal in a 302": (http(told(error_code="7"), b"302 Found"), "http_302"),
    "a redirect": (http(b"", b"307 Temporary Redirect", b"Location: http://127.0.0.1:1/\r\n"), "http_307"),
}


@pytest.mark.parametrize(("answer", "why"), NOT_TRUSTED.values(), ids=NOT_TRUSTED)
def test_what_is_not_surely_the_portals_receipt_is_unknown(raw, answer, why):
    assert sent(raw, answer) == Unknown(why)
    assert len(raw.requests) == 1


REFUSALS = {
    "text": (told(error_code="7"), "7"),
    "number": (told(error_code=7), "7"),
    "negative": (told(error_code=-1), "-1"),
    "word": (told(error_code="INVALID"), "INVALID"),
}


@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad Request", b"422 Unprocessable"])
@pytest.mark.parametrize(("body", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_proper_refusal_without_an_echo_is_refused(raw, status, body, code):
    answer = json.loads(body)
    answer["data"] = None
    assert sent(raw, http(json.dumps(answer).encode(), status)) == Refused("Cổng không nhận và không nói lý do.", code)


@pytest.mark.fault("F57")
def test_already_there_twice_under_our_reference_is_for_a_person(raw):
    entry = json.loads(told())["data"][0]
    assert sent(raw, http(told(error_code="17", data=[entry, entry]))) == Unknown("already_there")


def test_a_portals_sentence_is_one_clean_line(raw):
    body = json.dumps({"error_code": "1", "error_message": "  Thiếu\n\tảnh\u202e " + "a" * 2000}).encode()
    refused = sent(raw, http(body))
    assert refused.reason.startswith("Thiếu ảnh a") and len(refused.reason) == 500


@given(body=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_of_any_bytes_is_success(raw, body):
    assert isinstance(sent(raw, http(body)), Unknown | Refused)


@given(answer=st.binary(max_size=300).map(lambda junk: b"HTTP/1.1 200 OK\r\n" + junk) | st.binary(max_size=300))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_of_any_bytes_is_success_or_an_exception(raw, answer):
    assert isinstance(sent(raw, answer), Unknown | Refused | NotSent)


KEYS = st.sampled_from(["error_code", "data", "MaHoSo", "SUBM_CODE", "error_message", "TrangThaiHoSo", "TaiLieuNop"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(answer=st.dictionaries(KEYS, JSON), code=st.sampled_from(["0", 0, "1", None]))
@settings(max_examples=300, deadline=None)
def test_json_of_any_shape_is_never_success_without_the_echo(answer, code):
    portal = SandboxPortal(url="http://127.0.0.1:1", user="u", password="p", unit="x")
    portal._session = "s"
    portal._post = lambda *a, **k: Answer(200, {}, json.dumps({**answer, "error_code": code}).encode())
    assert isinstance(portal.send(dossier(REFERENCE, files=0)), Unknown | Refused)
    for question in (portal.lookup, portal.status, portal.read_back):
        result = question(REFERENCE)
        assert result is None or isinstance(result, Unknown)
        if result is None:
            assert answer["data"] == [] and code in ("0", 0)


@pytest.mark.parametrize("cut", range(0, len(http(told())), 7))
def test_a_receipt_cut_anywhere_is_unknown(raw, cut):
    assert isinstance(sent(raw, http(told())[:cut]), Unknown)


def test_a_server_that_never_reads_a_large_body_ends_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        with pytest.raises(Lost, match="timeout"):
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            exchange("POST", url, body=b"x" * 30_000_000, deadline=Deadline(0.5))
        assert time.monotonic() - began < 3


def test_a_name_server_that_hangs_ends_at_the_deadline(monkeypatch):
    hang = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: hang.wait(20) and [])
    with pytest.raises(NotReached, match="dns"):
        exchange("GET", "https://portal.invalid/", deadline=Deadline(0.2))
    hang.set()


def test_the_environments_proxy_is_not_used(raw, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert isinstance(sent(raw, http(told())), Taken)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), ("0", 0), ("99999999999", 86400), ("-5", None), ("soon", None), ("", None), ("1.5", None)],
)
def test_retry_after_is_a_sane_number_of_seconds(text, seconds):
    assert retry_after(Answer(429, {"retry-after": text}, b"")) == seconds


@pytest.mark.parametrize(
    ("date", "seconds"), [("Wed, 01 Jan 2020 00:00:00 GMT", 0), ("Fri, 01 Jan 2100 00:00:00 GMT", 86400)]
)
def test_retry_after_may_be_a_date(date, seconds):
    assert retry_after(Answer(503, {"retry-after": date}, b"")) == seconds


def test_too_busy_is_said_even_with_a_page_in_the_body():
    with pytest.raises(NotReached) as busy:
        envelope(Answer(503, {"retry-after": "9"}, b"<html>"))
    assert (busy.value.why, busy.value.retry_after) == ("unavailable", 9)
