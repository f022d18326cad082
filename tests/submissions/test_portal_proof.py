"""Delivery can ask what became of a dossier, and whether every file arrived whole."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onboarding.submissions.portal import (
    Arrival,
    ArrivedFile,
    Found,
    Proof,
    Unknown,
    open_portal,
    prove,
)
from tests.portal import dossier, dossier_file


def sent_and_read_back(sandbox, mode="ok"):
    """Send a dossier of three files under a mode and compare what arrived."""
    portal, sent = open_portal(), dossier(files=3)
    sandbox.mode(mode)
    taken = portal.send(sent)
    sandbox.mode("ok")
    return prove(sent, portal.read_back(taken.code))


def test_what_arrived_whole_is_complete(sandbox):
    proof = sent_and_read_back(sandbox)
    assert proof == Proof(sent=3, arrived=3, missing=(), different=(), foreign=0) and proof.complete
    assert sandbox.counts()["doc-tep"] == 3


def test_a_lost_file_is_named(sandbox):
    proof = sent_and_read_back(sandbox, "lost_file")
    assert (proof.arrived, proof.missing, proof.complete) == (2, ("paper-1",), False)


def test_a_file_of_the_same_size_with_another_byte_is_named(sandbox):
    proof = sent_and_read_back(sandbox, "damaged_file")
    assert (proof.arrived, proof.different, proof.complete) == (2, ("paper-1",), False)


def test_a_file_that_we_never_sent_or_came_twice_is_no_proof():
    file = dossier_file("paper-1")
    there = ArrivedFile(file.slot, file.size, file.sha256)
    sent = dossier(files=(file,))
    foreign = prove(sent, Arrival("c", "r", (there, ArrivedFile("other", 1, "00"))))
    twice = prove(sent, Arrival("c", "r", (there, there)))
    assert (foreign.arrived, foreign.foreign, foreign.complete) == (1, 1, False)
    assert not twice.complete and twice.different == ("paper-1",)


def test_a_dossier_without_files_is_complete_without_any(sandbox):
    portal, sent = open_portal(), dossier(files=0)
    assert prove(sent, portal.read_back(portal.send(sent).code)).complete


@pytest.mark.parametrize(
    ("mode", "service", "why"),
    [("500", "doc-tep", "http_500"), ("reset", "doc-tep", "reset"), ("html", "TraCuuHoSo", "page")],
)
def test_a_read_back_that_fails_proves_nothing(sandbox, mode, service, why):
    portal, sent = open_portal(), dossier(files=1)
    code = portal.send(sent).code
    sandbox.mode(mode, service=service)
    assert portal.read_back(code) == Unknown(why)


def test_a_session_that_ends_before_reading_back_is_renewed(sandbox):
    portal, sent = open_portal(), dossier(files=1)
    code = portal.send(sent).code
    sandbox.expire_sessions()
    assert prove(sent, portal.read_back(code)).complete


def test_a_session_that_ends_between_two_files_is_renewed(sandbox, monkeypatch):
    portal, sent = open_portal(), dossier(files=2)
    code, one = portal.send(sent).code, portal._one

    def list_then_end(*args):
        listed = one(*args)
        sandbox.expire_sessions()
        return listed

    monkeypatch.setattr(portal, "_one", list_then_end)
    assert prove(sent, portal.read_back(code)).complete
    assert sandbox.counts()["dang-nhap"] == 2


def test_the_lookup_by_our_reference_tells_found_none_and_unknown_apart(sandbox):
    portal, sent = open_portal(), dossier()
    assert portal.lookup(sent.reference) is None
    code = portal.send(sent).code
    assert portal.lookup(sent.reference) == Found(sent.reference, (code,), 1)
    for mode, why in (("500", "http_500"), ("html", "page"), ("malformed", "malformed"), ("wrong_schema", "schema")):
        sandbox.mode(mode, service="TraCuuHoSo")
        assert portal.lookup(sent.reference) == Unknown(why)
    sandbox.mode("429", service="TraCuuHoSo", retry_after=9)
    assert portal.lookup(sent.reference) == Unknown("busy", 9)


@pytest.mark.fault("F57")
def test_a_dossier_that_is_there_twice_is_found_twice(sandbox):
    portal, sent = open_portal(), dossier()
    codes = tuple(portal.send(sent).code for _ in range(2))
    found = portal.lookup(sent.reference)
    assert (found.codes, found.code, found.doubled) == (codes, codes[0], True)


@pytest.mark.fault("F65")
def test_a_portal_that_forgot_a_dossier_says_so(sandbox):
    portal, sent = open_portal(), dossier()
    code = portal.send(sent).code
    sandbox.forget(code=code)
    assert portal.lookup(sent.reference) is None
    assert portal.status(code) is None and portal.read_back(code) is None


@pytest.mark.fault("F63")
def test_the_status_comes_with_the_portals_history_in_the_portals_order_and_time(sandbox):
    portal, sent = open_portal(), dossier()
    code = portal.send(sent).code
    sandbox.advance(code=code, status=4, at="20991121090000")
    sandbox.advance(code=code, status=2, note="Đủ giấy tờ", at="20991121080000")
    standing = portal.status(code)
    assert (standing.code, standing.reference, standing.number, standing.text) == (
        code,
        sent.reference,
        2,
        "Được tiếp nhận",
    )
    assert [step.number for step in standing.steps] == [1, 4, 2]
    assert standing.steps[2].note == "Đủ giấy tờ"
    assert standing.steps[2].at == datetime(2099, 11, 21, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def test_a_code_nobody_knows_has_no_status(sandbox):
    assert open_portal().status("000.99.99.H26-261122-9999") is None


def test_a_status_that_we_do_not_know_is_kept(sandbox, monkeypatch):
    portal = open_portal()
    entry = {"MaHoSo": "X-1", "SUBM_CODE": "r", "TrangThaiHoSo": "42", "TenTrangThai": "Mới lạ"}
    steps = [{"TrangThai": "42", "ThoiDiemXuLy": "20261121080000"}, {"TrangThai": "4", "ThoiDiemXuLy": "sáng nay"}, 7]
    monkeypatch.setattr(portal, "_ask", lambda *a: {"data": [{**entry, "DanhSachTienDo": steps}]})
    standing = portal.status("X-1")
    assert (standing.number, standing.text) == (42, "Mới lạ")
    assert [step.number for step in standing.steps] == [42]


def test_another_dossiers_answer_is_not_believed(sandbox, monkeypatch):
    portal = open_portal()
    monkeypatch.setattr(portal, "_ask", lambda *a: {"data": [{"MaHoSo": "X-2", "SUBM_CODE": "other"}]})
    assert portal.lookup("mine") == Unknown("not_ours")
    assert portal.status("X-1") == Unknown("not_ours")
    assert portal.read_back("X-1") == Unknown("not_ours")


def test_a_dossier_needs_a_reference_and_a_slot_for_each_file():
    with pytest.raises(ValueError, match="slot"):
        dossier(files=(dossier_file("a"), dossier_file("a")))
    with pytest.raises(ValueError, match="reference"):
        dossier("")
