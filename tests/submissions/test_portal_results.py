"""Whatever a portal or a network does, delivery gets one of four results, and the right one.

The portal is the real stand-in over HTTP; its ledger is the truth that each result is compared with.
"""

import dataclasses
import json
import socket
import time
from types import SimpleNamespace

import pytest

from onboarding.submissions import portal_http
from onboarding.submissions.portal import Found, NotSent, Refused, Taken, Unknown, open_portal
from tests.portal import dossier, dossier_file

SHORT = 1.5  # seconds; only for answers that never end


def test_a_dossier_is_taken_once_with_its_files(sandbox):
    sent = dossier(files=3)
    outcome = open_portal().send(sent)
    row = sandbox.ledger()[0]
    assert outcome == Taken(row["code"], sent.reference, 1)
    assert row["count"] == 1 and row["reference"] == sent.reference and row["name"] == sent.applicant
    assert [(f["slot"], f["size"], f["sha256"]) for f in row["files"]] == [
        (f.slot, f.size, f.sha256) for f in sent.files
    ]


def test_a_session_serves_more_than_one_dossier(sandbox):
    portal = open_portal()
    for number in range(3):
        portal.send(dossier(f"ref-{number}", files=1))
    assert sandbox.counts() == {"dang-nhap": 1, "tep": 3, "DongBoHoSoMC": 3} and len(sandbox.ledger()) == 3


# mode, why, may the portal have it? (rows in its ledger)
AFTER_SENDING = [
    ("reset", "reset"),
    ("500", "http_500"),
    ("502", "http_502"),
    ("504", "http_504"),
    ("redirect", "http_302"),
    ("404", "http_404"),
    ("html", "page"),
    ("malformed", "malformed"),
    ("empty", "empty"),
    ("wrong_schema", "schema"),
    ("huge", "too_large"),
]


@pytest.mark.fault("F58")
@pytest.mark.fault("F59")
@pytest.mark.parametrize(("mode", "why"), AFTER_SENDING)
@pytest.mark.parametrize("accepted", [False, True])
def test_an_answer_that_cannot_be_trusted_is_unknown_and_nothing_is_sent_again(sandbox, mode, why, accepted):
    sandbox.mode(mode + ("_after" if accepted else ""))
    assert open_portal().send(dossier()) == Unknown(why)
    assert len(sandbox.ledger()) == int(accepted)
    assert sandbox.counts()["DongBoHoSoMC"] == 1


@pytest.mark.fault("F59")
@pytest.mark.parametrize("mode", ["swap", "no_echo"])
def test_success_without_our_reference_is_unknown(sandbox, mode):
    sandbox.mode(mode)
    assert open_portal().send(dossier()) == Unknown("not_ours")
    assert len(sandbox.ledger()) == 1


@pytest.mark.fault("F57")
def test_a_timeout_after_accepting_is_unknown_and_the_lookup_finds_it(sandbox, settings):
    portal, sent = open_portal(), dossier()
    portal.send(dossier("warm-up"))
    settings.PORTAL_DEADLINE_SECONDS = SHORT
    sandbox.mode("timeout_after")
    outcome = portal.send(sent)
    settings.PORTAL_DEADLINE_SECONDS = 30
    row = sandbox.ledger(sent.reference)[0]
    assert outcome == Unknown("timeout")
    assert portal.lookup(sent.reference) == Found(sent.reference, (row["code"],), 1)
    assert row["count"] == 1


@pytest.mark.fault("F57")
def test_a_timeout_before_accepting_is_unknown_too_and_the_lookup_finds_nothing(sandbox, settings):
    portal, sent = open_portal(), dossier()
    portal.send(dossier("warm-up"))
    settings.PORTAL_DEADLINE_SECONDS = SHORT
    sandbox.mode("timeout")
    outcome = portal.send(sent)
    settings.PORTAL_DEADLINE_SECONDS = 30
    assert outcome == Unknown("timeout")
    assert portal.lookup(sent.reference) is None and sandbox.ledger(sent.reference) == []


@pytest.mark.fault("F57")
def test_already_there_is_success_only_with_our_reference(sandbox):
    portal, sent = open_portal(), dossier()
    first = portal.send(sent)
    sandbox.mode("already_there")
    assert portal.send(sent) == first
    assert portal.send(dossier("another")) == Refused("Hồ sơ đã có.", "17")
    assert len(sandbox.ledger()) == 1


@pytest.mark.fault("F60")
@pytest.mark.parametrize("mode", ["slow", "slow_body", "slow_after"])
def test_an_answer_that_drips_ends_at_the_deadline(sandbox, settings, mode):
    portal = open_portal()
    portal.send(dossier("warm-up"))
    settings.PORTAL_DEADLINE_SECONDS = SHORT
    sandbox.mode(mode)
    began = time.monotonic()
    outcome = portal.send(dossier())
    assert outcome == Unknown("timeout")
    assert SHORT * 0.9 < time.monotonic() - began < SHORT + 3 < settings.PORTAL_LEASE_SECONDS


@pytest.mark.fault("F60")
def test_the_deadline_covers_files_and_dossier_together(sandbox, settings):
    portal = open_portal()
    portal.send(dossier("warm-up"))
    settings.PORTAL_DEADLINE_SECONDS = SHORT
    sandbox.mode("slow", service="tep")
    outcome = portal.send(dossier(files=3))
    assert outcome == NotSent("timeout") and sandbox.ledger("0193-ho-so-1") == []
    assert sandbox.counts()["DongBoHoSoMC"] == 1  # the warm-up


@pytest.mark.fault("F60")
@pytest.mark.parametrize(("eaten", "taken"), [(19, True), (21, False)])
def test_files_that_eat_the_time_keep_the_dossier_from_leaving(sandbox, monkeypatch, eaten, taken):
    clock = SimpleNamespace(monotonic=lambda: clock.now, time=time.time, now=1000.0)
    monkeypatch.setattr(portal_http, "time", clock)

    def load():
        clock.now += eaten  # of 30 seconds; a third must be left
        return b"slow disk"

    file = dataclasses.replace(dossier_file("paper-1", b"slow disk"), load=load)
    outcome = open_portal().send(dossier(files=(file,)))
    assert isinstance(outcome, Taken) == taken == bool(sandbox.ledger())
    assert taken or (outcome.why == "deadline" and set(outcome.attached) == {"paper-1"})


@pytest.mark.fault("F58")
@pytest.mark.parametrize(("mode", "why"), [("429", "busy"), ("503", "unavailable")])
def test_a_portal_that_did_not_look_is_not_sent_and_its_wish_to_wait_is_kept(sandbox, mode, why):
    sandbox.mode(mode, retry_after=42)
    outcome = open_portal().send(dossier())
    assert isinstance(outcome, NotSent) and (outcome.why, outcome.retry_after) == (why, 42)
    assert sandbox.ledger() == []


@pytest.mark.fault("F58")
def test_a_refused_connection_is_not_sent_and_the_same_dossier_goes_when_the_portal_is_back(sandbox):
    portal, sent = open_portal(), dossier()
    sandbox.kill9()
    assert portal.send(sent) == NotSent("connect")
    assert portal.lookup(sent.reference) == Unknown("connect")
    sandbox.start()
    assert isinstance(portal.send(sent), Taken)
    assert [row["count"] for row in sandbox.ledger()] == [1]


@pytest.mark.fault("F58")
@pytest.mark.parametrize("trouble", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_looked_up_is_not_sent(sandbox, settings, monkeypatch, trouble):
    def unknown(*args, **kwargs):
        raise trouble

    settings.PORTAL_URL = "http://portal.invalid"
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert open_portal().send(dossier(files=0)) == NotSent("dns")


@pytest.mark.fault("F58")
def test_a_failed_tls_handshake_is_not_sent(sandbox, settings):
    settings.PORTAL_URL = sandbox.url.replace("http://", "https://")
    assert open_portal().send(dossier()) == NotSent("tls")
    assert sandbox.counts() == {}


def test_a_proper_refusal_carries_the_portals_sentence(sandbox):
    sandbox.mode("refuse")
    assert open_portal().send(dossier()) == Refused("Thành phần hồ sơ không hợp lệ.", "12")
    assert sandbox.ledger() == []


def test_an_error_inside_a_success_is_a_refusal(sandbox):
    sandbox.mode("inner_error")
    assert open_portal().send(dossier()) == Refused("Thành phần hồ sơ không hợp lệ.", "12")


def test_an_ended_session_costs_one_new_log_in_and_no_second_dossier(sandbox):
    portal = open_portal()
    portal.send(dossier("first", files=0))
    sandbox.expire_sessions()
    assert isinstance(portal.send(dossier("second", files=0)), Taken)
    assert sandbox.counts() == {"dang-nhap": 2, "DongBoHoSoMC": 3} and len(sandbox.ledger()) == 2


def test_a_session_that_always_ends_is_tried_twice_and_then_not_sent(sandbox):
    sandbox.mode("expired")
    outcome = open_portal().send(dossier(files=0))
    assert outcome == NotSent("session") and sandbox.ledger() == []
    assert sandbox.counts()["DongBoHoSoMC"] == 2


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("refuse", "login_refused"),
        ("html", "login_page"),
        ("500", "login_http_500"),
        ("malformed", "login_malformed"),
        ("reset", "login_reset"),
        ("503", "unavailable"),
    ],
)
def test_trouble_at_the_log_in_is_never_unknown(sandbox, mode, why):
    sandbox.mode(mode, service="dang-nhap")
    outcome = open_portal().send(dossier())
    assert isinstance(outcome, NotSent) and outcome.why == why
    assert sandbox.counts() == {"dang-nhap": 1}


@pytest.mark.parametrize(("mode", "why"), [("500", "http_500"), ("html", "page"), ("reset", "reset"), ("429", "busy")])
def test_trouble_with_a_file_is_not_sent_because_the_dossier_never_left(sandbox, mode, why):
    sandbox.mode(mode, service="tep")
    outcome = open_portal().send(dossier())
    assert isinstance(outcome, NotSent) and outcome.why == why
    assert "DongBoHoSoMC" not in sandbox.counts()


def test_a_refused_file_is_a_refusal(sandbox):
    sandbox.mode("refuse", service="tep")
    assert open_portal().send(dossier()) == Refused("Tệp không hợp lệ.", "13")


def test_files_that_went_the_first_time_are_not_sent_again(sandbox):
    portal, sent = open_portal(), dossier(files=2)
    sandbox.mode("503")
    first = portal.send(sent)
    sandbox.mode("ok")
    assert set(first.attached) == {"paper-1", "paper-2"}
    assert isinstance(portal.send(sent, attached=first.attached), Taken)
    assert sandbox.counts()["tep"] == 2
    assert [f["sha256"] for f in sandbox.ledger()[0]["files"]] == [f.sha256 for f in sent.files]


@pytest.mark.parametrize("lie", [{"KichThuoc": "1"}, {"Sha256": "00"}, {"Sha256": None}])
def test_a_file_that_arrived_otherwise_keeps_the_dossier_from_leaving(sandbox, monkeypatch, lie):
    portal, sent = open_portal(), dossier(files=1)
    post = portal._post

    def lying(path, *args):
        answer = post(path, *args)
        if path != "/tep":
            return answer
        told = json.loads(answer.body)
        return dataclasses.replace(answer, body=json.dumps({**told, "data": {**told["data"], **lie}}).encode())

    monkeypatch.setattr(portal, "_post", lying)
    assert portal.send(sent) == NotSent("file_damaged_there")
    assert sandbox.ledger() == []


def test_a_file_can_be_uploaded_ahead(sandbox):
    portal, sent = open_portal(), dossier(files=1)
    kept = portal.attach(sent.files[0])
    assert isinstance(portal.send(sent, attached={kept.slot: kept.id}), Taken)
    assert sandbox.counts()["tep"] == 1


def damaged():
    """A file whose bytes are no longer the ones that were recorded."""
    return dataclasses.replace(dossier_file("paper-1", b"the page"), load=lambda: b"the pagE")


def unreadable():
    """A file whose storage fails."""

    def fail():
        raise OSError("disk")

    return dataclasses.replace(dossier_file("paper-1"), load=fail)


@pytest.mark.parametrize(("file", "why"), [(damaged(), "file_damaged_here"), (unreadable(), "file_unreadable")])
def test_a_file_that_is_not_the_recorded_one_never_leaves(sandbox, file, why):
    outcome = open_portal().send(dossier(files=(file,)))
    assert outcome == NotSent(why)
    assert "tep" not in sandbox.counts() and sandbox.ledger() == []


def test_nothing_personal_and_no_secret_is_logged(sandbox, caplog, settings):
    caplog.set_level(0)
    sandbox.mode("html")
    portal, sent = open_portal(), dossier()
    outcome = portal.send(sent)
    sandbox.mode("refuse", service="dang-nhap")
    sandbox.expire_sessions()
    portal.send(sent)
    said = caplog.text + repr(sent) + repr(outcome)
    assert sent.reference in caplog.text and "web page" in caplog.text and "account is refused" in caplog.text
    for secret in (sent.applicant, sent.number, sent.phone, sent.address, sent.summary, "Ở với con", "Giấy"):
        assert secret not in said
    assert settings.PORTAL_PASSWORD not in caplog.text.replace("onboarding.portal_sandbox", "")
