"""Real threads against the real database: twice at once is once, and the feed never skips."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections

from onboarding.fieldwork.models import Visit
from onboarding.ids import new_id
from onboarding.journal.models import AreaCounter, Change
from onboarding.journal.recording import recording
from onboarding.sync import push, receipts
from onboarding.sync.models import Entry
from tests.phone import CHUNK, enrolled, visit_body

pytestmark = pytest.mark.django_db(transaction=True)
SERVER = connection.vendor != "sqlite"


def at_once(*calls):
    """Run the calls in threads that start together; return their results."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.fault("F20")
def test_the_same_entry_sent_several_times_at_once_is_one_row_and_one_answer(phone, home):
    threads = 8 if SERVER else 4
    for _round in range(50):
        entry = phone.capture("visit", visit_body(), subject=home.pk, chain=new_id(), area=home.area_id)
        raw = phone.outbox[entry].entry
        answers = at_once(*[lambda raw=raw: phone.post([raw])] * threads)
        receipts_given = {answer.body for answer in answers}
        assert len(receipts_given) == 1
        assert answers[0].json["receipts"][0]["verdict"] == "accepted"
    assert Entry.objects.count() == Visit.objects.count() == 50
    numbers = list(Change.objects.filter(area=home.area_id).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.fault("F20")
@pytest.mark.fault("F21")
def test_two_contents_under_one_id_at_once_end_as_one_row_and_one_collision(phone, home):
    for _round in range(10):
        pair = []
        for note in ("một", "hai"):
            entry = phone.capture(
                "visit", visit_body(note=note), subject=home.pk, chain=new_id(), area=home.area_id,
                **({"id": pair[0]["id"]} if pair else {}),
            )  # fmt: skip
            pair.append(phone.outbox.pop(entry).entry)
        verdicts = [a.json["receipts"][0]["verdict"] for a in at_once(*[lambda e=e: phone.post([e]) for e in pair])]
        assert sorted(verdicts) == ["accepted", "conflict"]
        assert Entry.objects.get(pk=pair[0]["id"]).collisions.count() == 1


@pytest.mark.fault("F22")
def test_an_entry_and_the_one_behind_it_at_once_never_leave_the_second_waiting(phone, home):
    for _round in range(25):
        chain = new_id()
        place = {"subject": home.pk, "chain": chain, "area": home.area_id}
        first, second = (phone.capture("visit", visit_body(), **place) for _ in range(2))
        at_once(*[lambda e=e: phone.post([phone.outbox[e].entry]) for e in (first, second)])
        rows = dict(Entry.objects.filter(pk__in=[first, second]).values_list("pk", "verdict"))
        assert set(rows.values()) == {"accepted"}


@pytest.mark.fault("F33")
def test_a_reader_beside_many_writers_never_skips_a_change(ward, home):
    writers, turns = (16, 25) if SERVER else (4, 15)
    area, done, written, lock = home.area_id, threading.Event(), set(), threading.Lock()
    phone = enrolled(ward.supervisor, ward.member)
    seen: list[int] = []

    def write(writer):
        for turn in range(turns):
            pk = new_id()
            try:
                with recording(ward.member) as journal:
                    journal.changed("visit", pk, area)
                    if (turn + writer) % 10 == 0:
                        raise ValueError("roll back")
            except ValueError:
                continue
            with lock:
                written.add(pk)

    def read():
        after, epoch = 0, ""
        while True:
            last_turn = done.is_set()
            page = phone.request("GET", f"/sync/pull/?area={area}&after={after}&epoch={epoch}").json
            rows = Change.objects.filter(area=area, number__gt=after, number__lte=page["to"])
            found = sorted(rows.values_list("number", flat=True))
            assert found == list(range(after + 1, page["to"] + 1))
            seen.extend(found)
            after, epoch = page["to"], page["epoch"]
            if last_turn and not page["more"]:
                return

    def all_writers():
        try:
            at_once(*[lambda w=w: write(w) for w in range(writers)])
        finally:
            done.set()

    at_once(read, all_writers)
    assert seen == list(range(1, len(written) + 1))
    assert set(Change.objects.filter(area=area).values_list("object_id", flat=True)) == written
    assert AreaCounter.objects.get(pk=area).last == len(written)


@pytest.mark.fault("F49")
def test_entries_from_many_phones_at_once_all_get_through(ward, home):
    phones = [enrolled(ward.supervisor, ward.member) for _ in range(8 if SERVER else 4)]
    for phone in phones:
        for _ in range(5):
            phone.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    at_once(*[phone.push for phone in phones])

    assert all(row.state == "accepted" for phone in phones for row in phone.outbox.values())
    assert Visit.objects.count() == 5 * len(phones)


@pytest.mark.fault("F49")
@pytest.mark.parametrize("text", ["database is locked", "deadlock detected", "could not serialize access"])
def test_a_passing_trouble_of_the_database_is_tried_three_times_with_a_pause(phone, home, monkeypatch, text):
    naps, calls, kept = [], [], push._receive_once

    def troubled(*args):
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError(text)
        return kept(*args)

    monkeypatch.setattr(push, "_receive_once", troubled)
    entry = phone.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    device = phone_row(phone)
    receipt = push.receive(device, phone.outbox[entry].entry, sleep=naps.append)
    assert '"verdict":"accepted"' in receipt
    assert len(naps) == 2
    assert 0 < naps[0] < naps[1] + 0.5 < 1

    monkeypatch.setattr(push, "_receive_once", always(OperationalError(text)))
    receipt = push.receive(device, phone.outbox[entry].entry, sleep=naps.append)
    assert '"verdict":"later"' in receipt
    assert len(naps) == 4


@pytest.mark.fault("F49")
def test_trouble_that_will_not_pass_is_not_tried_again(phone, home, monkeypatch):
    naps = []
    monkeypatch.setattr(push, "_receive_once", always(OperationalError("no such table: sync_entry")))
    entry = phone.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    receipt = push.receive(phone_row(phone), phone.outbox[entry].entry, sleep=naps.append)
    assert '"verdict":"later"' in receipt
    assert naps == []


def always(error):
    """A function that always raises."""

    def raise_it(*_args):
        raise error

    return raise_it


def phone_row(phone):
    """The device row of a phone."""
    from onboarding.sync.models import Device

    return Device.objects.select_related("user", "area").get(pk=phone.device)


@pytest.mark.fault("F90")
def test_the_same_pieces_from_two_tabs_at_once_make_one_whole_file(phone, home):
    plain = bytes(range(256)) * 1000
    entry = phone.capture(
        "visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id, files={"paper-1": plain}
    )
    phone.push()
    name, sealed = next(iter(phone.outbox[entry].files.items()))

    def tab():
        for _try in range(30):
            offset = phone.where(entry, name, len(sealed))
            answer = phone.patch(name, sealed[offset : offset + CHUNK // 4], offset)
            if answer.status == 200:
                return True
        return False

    assert all(at_once(tab, tab))
    assert receipts.missing_of([entry]) == []
