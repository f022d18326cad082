"""Three phones, the real server, a portal and every fault as a rule; what must hold after each step and at the end.

For: the hypothesis state machine that test_model.py runs and test_model_mutants.py breaks on purpose. Reality cuts
things in half, so a request, its processing and its answer are three rules. Not for: the world itself (house.py).
"""

import copy
import os
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from onboarding.accounts.access import is_current_member
from onboarding.accounts.models import Membership, User
from onboarding.fieldwork.models import Conflict, Household, Visit
from onboarding.ids import new_id
from onboarding.journal.models import AreaCounter, AuditEntry, Change
from onboarding.submissions import decisions, delivery, tracking
from onboarding.submissions.models import AT_PORTAL, PortalStatus, Status, Submission
from onboarding.sync import durable, epochs, pull, push
from onboarding.sync.models import Entry
from tests import build
from tests.phone import Answer, Phone, visit_body
from tests.sync.house import PHONES, WorkerDied, World

HOW = ["ok", "ok_timeout", "timeout", "500", "html"]
FIELDS = {"a": "note", "b": "head"}
AFTER_SENDING = {*AT_PORTAL, Status.DONE, Status.REJECTED}
phones_ = st.integers(0, PHONES - 1)
homes_ = st.integers(0, 1)
some = st.integers(0, 5)


class Caught(BaseException):
    """The first broken promise of a run that was meant to break one."""


class Wire(RuleBasedStateMachine):
    """The machine. `world` is set by the test; everything else begins anew with each run."""

    world: World
    failures: list[str]
    stop_at_once = False

    def must(self, truth: object, otherwise: str) -> None:
        """Assert, and keep the words. With stop_at_once (mutants) nothing is replayed."""
        if truth:
            return
        self.failures.append(otherwise)
        if self.stop_at_once:
            del self.D  # nothing is left to heal
            raise Caught(otherwise)
        raise AssertionError(otherwise)

    @initialize()
    def boot(self) -> None:
        self.D: list[Phone] = self.world.reset()
        self.requests: list[tuple[int, list[dict[str, Any]]]] = []
        self.answers: list[tuple[int, Answer, list[dict[str, Any]]]] = []
        self.pages: list[tuple[int, Answer]] = []
        self.made: dict[str, dict[str, Any]] = {}
        self.copies: dict[int, Phone] = {}
        self.backups: list[Any] = []
        self.erased: set[str] = set()
        self.best: dict[str, int] = {}
        self.said = 0
        self.looked: tuple[int, ...] = ()

    # --- capture --------------------------------------------------------------------------------------------------

    def capture(self, d: int, kind: str, e: int, body: dict[str, Any], subject: Any = None, **more: Any) -> str:
        home = self.world.homes[e]
        phone = self.D[d]
        self.world.later(0.01)
        entry = phone.capture(
            kind, body, subject=subject or home.pk, chain=home.pk, area=self.world.area, **more
        )  # fmt: skip
        raw = phone.outbox[entry].entry
        self.made[entry] = {"d": d, "kind": kind, "e": e, "body": body, "prev": raw["prev"], "seen": raw["seen"]}
        return entry

    @rule(d=phones_, e=homes_, fs=st.sets(st.sampled_from("ab"), min_size=1))
    def edit(self, d, e, fs):
        self.said += 1
        names = [FIELDS[f] for f in sorted(fs)]
        seen = {name: self.view(d, e, name) for name in names}
        body = {"record": "household", "fields": {name: f"ghi {self.said}" for name in names}}
        self.capture(d, "edit", e, body, seen={name: writers for name, writers in seen.items() if writers})

    def view(self, d: int, e: int, name: str) -> list[str]:
        """Whose value this phone shows: what it pulled, and its own captures that are not in that yet."""
        phone, home = self.D[d], str(self.world.homes[e].pk)
        writers = phone.records.get(("household", home), {}).get("writers", {}).get(name, [])
        _epoch, to = phone.cursors.get(self.world.area, ("", 0))
        for row in sorted(phone.outbox.values(), key=lambda row: (row.entry["epoch"], row.entry["seq"])):
            pulled = row.state == "accepted" and row.receipt is not None and row.receipt["number"] <= to
            mine = self.made.get(row.entry["id"])
            if mine and mine["kind"] == "edit" and mine["e"] == e and name in mine["body"]["fields"] and not pulled:
                writers = [row.entry["id"]]
        return writers

    @rule(d=phones_, e=homes_)
    def visit(self, d, e):
        self.capture(d, "visit", e, visit_body())

    @rule(d=phones_, e=homes_)
    def submit(self, d, e):
        self.said += 1
        body = {
            "household": str(self.world.homes[e].pk), "resident": str(self.world.people[e].pk),
            "answers": build.lodging_answers(address=f"{self.said} Ngõ 27 phố Giếng Đá"),
            "consent": self.world.consents[e], "replaces": None,
        }  # fmt: skip
        self.capture(d, "submission", e, body, subject=new_id(), form=self.world.form)

    @rule(d=phones_)
    def submit_poison(self, d):
        self.capture(d, "visit", 0, visit_body("flown"))

    @rule(d=phones_)
    def delete(self, d):
        self.capture(d, "delete", 1, {"record": "household", "reason": ""})

    # --- the way there and back --------------------------------------------------------------------------------

    @rule(d=phones_, skip=st.integers(0, 2), n=st.integers(1, 3))
    def send(self, d, skip, n):
        entries = self.D[d].ready()[skip : skip + n]
        if entries:
            self.requests.append((d, copy.deepcopy(entries)))

    @rule(k=some, dup=st.booleans())
    @precondition(lambda self: self.requests)
    def arrive(self, k, dup):
        request = self.requests[k % len(self.requests)]
        if not dup:
            self.requests.remove(request)
        self.process(*request)

    def process(self, d: int, entries: list[dict[str, Any]]) -> None:
        self.world.later(0.01)
        self.answers.append((d, self.D[d].post(entries), entries))

    @rule(k=some)
    @precondition(lambda self: self.requests)
    def lose_request(self, k):
        self.requests.pop(k % len(self.requests))

    @rule(d=phones_, heard=st.booleans())
    def crash_server_before_commit(self, d, heard):
        self.visit(d, 0)
        os.environ["FAILPOINTS"] = "push.before_numbering=raise"
        try:
            self.process(d, copy.deepcopy(self.D[d].ready()[-2:]))
        finally:
            del os.environ["FAILPOINTS"]
        if heard:
            self.reply(len(self.answers) - 1, False)

    @rule(k=some, dup=st.booleans())
    @precondition(lambda self: self.answers)
    def reply(self, k, dup):
        answer = self.answers[k % len(self.answers)]
        if not dup:
            self.answers.remove(answer)
        d, content, entries = answer
        self.D[d].take(content, entries)

    @rule(k=some)
    @precondition(lambda self: self.answers)
    def lose_reply(self, k):
        self.answers.pop(k % len(self.answers))

    @rule(d=phones_)
    def captive_portal(self, d):
        self.visit(d, 1)
        page = Answer(200, {"content-type": "text/html"}, b"<html>Wi-Fi mien phi</html>")
        self.D[d].take(page, self.D[d].ready()[:1])

    @rule(d=phones_)
    @precondition(lambda self: self.requests or self.answers or self.pages)
    def kill_phone(self, d):
        for pending in (self.requests, self.answers, self.pages):
            pending[:] = [item for item in pending if item[0] != d]

    @rule(d=phones_)
    def backup_phone(self, d):
        self.copies[d] = self.D[d].twin()

    @rule(d=phones_)
    @precondition(lambda self: self.copies)
    def restore_phone(self, d):
        """A thief, a repair shop, a cloud: an older copy comes back. What was nowhere else died with the phone."""
        if d not in self.copies:
            return
        old = self.copies.pop(d)
        gone = {i for i, made in self.made.items() if made["d"] == d and i not in old.outbox}
        self.erased |= gone
        for i in gone - self.at_server():
            self.made.pop(i)
        self.kill_phone(d)
        self.D[d] = old

    # --- whole syncs, with the faults around them ----------------------------------------------------------------

    @rule(d=phones_)
    def hello(self, d):
        self.world.later(0.01)
        told = self.D[d].hello()
        if told is not None:
            self.D[d].purge(told["durable"])

    @rule(d=phones_, n=st.integers(1, 3))
    def good_sync(self, d, n):
        self.pages = [page for page in self.pages if page[0] != d]
        phone = self.D[d]
        told = phone.hello()
        for entry in phone.ready()[:n]:
            self.world.later(0.01)
            phone.push(entry["id"])
        self.pull_now(d)
        if told is not None:
            phone.purge(told["durable"])

    @rule(d=phones_, e=homes_)
    def push_no_reply(self, d, e):
        self.visit(d, e)
        for entry in self.D[d].ready()[:1]:
            self.D[d].post([entry])

    @rule(a=phones_, b=phones_, e=homes_, f=st.sampled_from("ab"))
    def write_on_top(self, a, b, e, f):
        """b edits what a wrote, having seen it."""
        self.edit(a, e, {f})
        self.good_sync(a, 3)
        self.good_sync(b, 3)
        self.edit(b, e, {f})

    # Random rules alone rarely meet: these bring a run to where a mistake would show, and random ones go on from there.

    @rule(d=phones_, e=homes_, order=st.permutations([0, 1, 2]), n=st.integers(1, 3))
    def overtake(self, d, e, order, n):
        """Three captures arrive in another order, perhaps not all."""
        before = len(self.D[d].ready())
        self.visit(d, e)
        self.edit(d, e, {"a"})
        self.visit(d, e)
        entries = copy.deepcopy(self.D[d].ready()[before:])
        for place in order[:n]:
            self.process(d, [entries[place]])

    @rule(d=phones_)
    def leave_with_a_full_outbox(self, d):
        self.visit(d, 0)
        self.deactivate_member(d)
        self.good_sync(d, 9)

    @rule(a=phones_, b=phones_, f=st.sampled_from("ab"))
    def come_back_in_another_order(self, a, b, f):
        """b wrote over what a wrote; the server forgets both; b comes back first."""
        self.backup_server()
        self.write_on_top(a, b, 0, f)
        self.good_sync(b, 9)
        self.restore_server()
        self.good_sync(b, 9)
        self.good_sync(a, 9)

    @rule(d=phones_)
    def go_on_from_a_copy(self, d):
        """A copy of the phone comes back and counts from where it was; what it makes now is new."""
        self.backup_phone(d)
        self.visit(d, 0)
        self.visit(d, 1)
        self.good_sync(d, 9)
        self.restore_phone(d)
        self.visit(d, 0)
        self.D[d].post(self.D[d].ready()[-1:])

    @rule(d=phones_)
    def go_on_after_a_bad_one(self, d):
        self.submit_poison(d)
        self.visit(d, 0)
        self.good_sync(d, 9)

    @rule(a=phones_, b=phones_, f=st.sampled_from("ab"))
    def write_beside(self, a, b, f):
        """Two edit the same field and neither saw the other; then one of them edits it once more."""
        self.edit(a, 0, {f})
        self.edit(b, 0, {f})
        for d in (a, b, a, b):
            self.good_sync(d, 9)
            if d == b:
                self.edit(a, 0, {f})

    @rule(a=phones_, b=phones_)
    def edit_after_a_deletion(self, a, b):
        self.edit(b, 1, {"a"})
        self.delete(a)
        self.good_sync(a, 9)
        self.good_sync(b, 9)

    @rule(d=phones_, how=st.sampled_from(HOW), dies=st.sampled_from(["", "", "before", "after"]))
    def submit_and_deliver(self, d, how, dies):
        self.submit(d, 0)
        self.good_sync(d, 9)
        self.world.bells and self.take_bell(how, dies)

    @rule(d=phones_, cut=st.sampled_from([("ok_timeout", ""), ("ok", "after")]))
    def deliver_and_not_know(self, d, cut):
        """The portal takes it, and we do not hear: the line breaks, or the worker dies."""
        self.submit_and_deliver(d, *cut)
        self.deliver_some("ok", "")

    @rule(d=phones_)
    def forget_a_delivery(self, d):
        """The backup is from before the worker sent it."""
        self.submit(d, 0)
        self.good_sync(d, 9)
        self.backup_server()
        self.world.bells and self.take_bell("ok", "")
        self.restore_server()
        self.deliver_some("ok", "")

    @rule(d=phones_, late=st.integers(0, 2))
    def hear_it_late(self, d, late):
        """The portal goes on unheard; its newest word comes first, an older one after it."""
        self.submit_and_deliver(d, "ok", "")
        row = Submission.objects.exclude(portal_code="").order_by("-pk").first()
        if row is not None:
            self.world.portal.told[row.portal_code] = 4
            steps = list(self.world.portal.status(row.portal_code).steps)
            tracking.apply(row, steps[-1:])
            tracking.apply(row, [steps[late]])

    @rule(d=phones_, e=homes_)
    def lose_a_day_at_the_server(self, d, e):
        """A backup, a day's work that was acknowledged, and then the backup is put back."""
        self.backup_server()
        self.visit(d, e)
        self.good_sync(d, 9)
        self.submit_and_deliver(d, "ok", "")
        self.hello(d)
        self.restore_server()

    @rule(d=phones_)
    @precondition(lambda self: self.backups)
    def restore_then_first_back(self, d):
        self.restore_server()
        self.good_sync(d, 3)

    # --- pulling ----------------------------------------------------------------------------------------------------

    @rule(d=phones_)
    def pull(self, d):
        if any(page[0] == d for page in self.pages):
            return  # a phone has one pull on its way at a time
        epoch, after = self.D[d].cursors.get(self.world.area, ("", 0))
        path = f"/sync/pull/?area={self.world.area}&after={after}&epoch={epoch}"
        self.pages.append((d, self.D[d].request("GET", path)))

    @rule(k=st.integers(0, 3))
    @precondition(lambda self: self.pages)
    def pulled(self, k):
        d, answer = self.pages.pop(k % len(self.pages))
        self.D[d].take_page(self.world.area, answer)

    def pull_now(self, d: int) -> None:
        self.D[d].pull(self.world.area)
        self.nothing_skipped(d)

    # --- delivery -----------------------------------------------------------------------------------------------------

    @rule(how=st.sampled_from(HOW), dies=st.sampled_from(["", "", "before", "after"]))
    @precondition(lambda self: Submission.objects.exclude(status__in=AFTER_SENDING).exists())
    def deliver_some(self, how, dies):
        self.wait()
        delivery.sweep()
        if self.world.bells:
            self.take_bell(how, dies)

    @rule(how=st.sampled_from(HOW), dup=st.booleans())
    @precondition(lambda self: self.world.bells)
    def worker_takes_message(self, how, dup):
        self.take_bell(how, "", dup=dup)

    def take_bell(self, how: str, dies: str, *, dup: bool = False) -> None:
        task, pk = self.world.bells[0] if dup else self.world.bells.pop(0)
        self.world.portal.how, self.world.portal.dies = how, dies
        try:
            if task == "deliver":
                delivery.deliver(pk)
        except WorkerDied:
            pass
        finally:
            self.world.portal.how, self.world.portal.dies = "ok", ""

    @rule()
    @precondition(lambda self: self.world.bells)
    def lose_bell(self):
        self.world.bells.pop()

    @rule()
    def wait(self):
        """Hours pass: leases end, what waited for a while is due."""
        self.world.later(7 * 3600)

    @rule(k=some, rises=st.booleans())
    @precondition(lambda self: self.world.portal.ledger)
    def portal_tells(self, k, rises):
        """The portal goes on with a dossier; we hear of it by asking, or as a late and doubled word."""
        portal = self.world.portal
        reference, _name = portal.ledger[k % len(portal.ledger)]
        code = portal.code(reference)
        if rises:
            portal.told[code] = min(portal.told.get(code, 1) + 1, 4)
        row = Submission.objects.filter(portal_code=code).first()
        if row is not None:
            steps = list(portal.status(code).steps)
            tracking.apply(row, steps if rises else [steps[k % len(steps)]])

    # --- the house ----------------------------------------------------------------------------------------------------

    @rule()
    def backup_server(self):
        self.world.later(1)
        self.backups.append(durable.back_up())

    @rule()
    @precondition(lambda self: self.backups)
    def restore_server(self):
        self.world.put(self.backups[-1] / "db.sqlite3")
        epochs.renew()
        self.world.bells.clear()
        self.best.clear()
        self.looked = ()
        for i in self.erased - self.at_server():  # double failure: the server AND that phone were put back
            self.made.pop(i, None)

    @rule(d=phones_)
    def deactivate_member(self, d):
        Membership.objects.filter(user=self.world.members[d]).delete()

    # --- after every step ---------------------------------------------------------------------------------------------

    @invariant()
    def promises_hold(self):
        """Look only when something happened: most rules only move what is on its way."""
        now = (AuditEntry.objects.count(), Entry.objects.count(), PortalStatus.objects.count())
        now += (len(self.world.portal.ledger),)
        if now != self.looked:
            self.looked = now
            self.look()

    def look(self) -> None:
        deeds = self.deeds()
        self.one_effect_here(deeds)
        self.one_effect_at_the_portal()
        self.status_never_goes_back()
        self.device_order(deeds)
        self.nobody_waits_for_what_is_settled()

    def one_effect_here(self, deeds: dict[str, list[int]]) -> None:
        """I2: each accepted entry did its deed exactly once."""
        accepted = set(map(str, Entry.objects.filter(verdict="accepted").values_list("pk", flat=True)))
        for i in accepted & set(self.made):
            times, kind = len(deeds.get(i, [])), self.made[i]["kind"]
            self.must(times == 1 or (times == 0 and kind == "delete"), f"{kind} was applied {times} times")
        self.must(set(deeds) <= accepted, "something was applied that was not accepted")

    def one_effect_at_the_portal(self) -> None:
        """I3: whatever happened, the portal has each submission at most once."""
        names = [name for _reference, name in self.world.portal.ledger]
        self.must(len(names) == len(set(names)), "the portal got it twice")

    def status_never_goes_back(self) -> None:
        """I4: along one submission the portal's status only rises."""
        for pk, told in Submission.objects.exclude(portal_status=None).values_list("pk", "portal_status"):
            rank = tracking.RANK[told]
            self.must(rank >= self.best.get(pk, 0), "a status went back")
            self.best[pk] = rank

    def device_order(self, deeds: dict[str, list[int]]) -> None:
        """I5: of one phone and one household, what was captured first is applied first."""
        for i, numbers in deeds.items():
            before = self.made.get(i, {}).get("prev")
            if before in deeds:
                self.must(deeds[before][0] < numbers[0], "an entry was applied before the one that it follows")

    def nobody_waits_for_what_is_settled(self) -> None:
        """G11: only an entry whose predecessor is not settled waits."""
        settled = Entry.objects.exclude(verdict="held").values("pk")
        waits = Entry.objects.filter(verdict="held", previous__in=settled).exists()
        self.must(not waits, "held behind a settled one")

    def deeds(self) -> dict[str, list[int]]:
        """Entry → the places of its deeds in the area's audit chain: what was really applied, in which order."""
        carried = {str(pk): str(entry) for pk, entry in Submission.objects.values_list("pk", "entry")}
        found: dict[str, list[int]] = {}
        rows = AuditEntry.objects.filter(area=self.world.area).order_by("number")
        for number, action, pk, detail in rows.values_list("number", "action", "object_id", "detail"):
            entry = {"visit.record": str(pk), "submission.take": carried.get(str(pk), "")}.get(action)
            if action in ("household.edit", "household.edit_of_deleted", "household.delete"):
                entry = detail["entry"]
            if entry:
                found.setdefault(entry, []).append(number)
        return found

    def at_server(self) -> set[str]:
        return set(map(str, Entry.objects.values_list("pk", flat=True)))

    def nothing_skipped(self, d: int) -> None:
        """I11: a phone at number n has every change up to n; what did not change since is as the server has it."""
        phone, user = self.D[d], User.objects.get(pk=self.world.members[d].pk)
        epoch, to = phone.cursors.get(self.world.area, ("", 0))
        counter = AreaCounter.objects.get(pk=self.world.area)
        if epoch != counter.epoch or not is_current_member(user):
            return
        last: dict[tuple[str, Any], int] = {}
        for kind, pk, number in Change.objects.filter(area=self.world.area).values_list("kind", "object_id", "number"):
            last[kind, pk] = max(number, last.get((kind, pk), 0))
        for kind, describe in pull.DESCRIBED.items():
            ids = [pk for (of, pk), number in last.items() if of == kind and number <= to]
            now = describe(kind, ids, user=user) if ids else {}
            for pk in ids:
                if (now[pk] or {}).get("status") == Status.SENDING:
                    continue  # the claim is the one move that phones do not hear of; what ends it, they do
                self.must(
                    phone.records.get((kind, str(pk))) == now[pk], f"phone {d} at {to} lacks a change of a {kind}"
                )

    # --- when the world heals, everything is there --------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "D"):
            return
        self.requests, self.answers, self.pages = [], [], []
        for turn in range(9):
            for phone in self.D:
                self.world.later(0.01)
                phone.sync()
            if turn == 1:  # what a lost phone never sent: after five days its followers go on, flagged
                self.world.later(6 * 86_400)
            push.release_overdue()
            before = self.stirred
            self.heal_delivery()
            if turn > 1 and before == self.stirred == getattr(self, "quiet", None):
                break
            self.quiet = self.stirred
        self.world.later(1)
        durable.back_up()
        for phone in self.D:
            phone.sync()
        self.look()
        self.nothing_lost()
        self.everything_delivered()
        self.no_silent_overwrite()
        self.nothing_came_back_to_life()
        for d in range(PHONES):
            self.nothing_skipped(d)
        self.phones_agree()

    @property
    def stirred(self) -> tuple[int, int]:
        """How much has happened in the area so far."""
        return Change.objects.count(), Submission.objects.filter(status__in=AFTER_SENDING).count()

    def heal_delivery(self) -> None:
        """The portal answers, the worker runs, and a person says of what the portal never got that it never got it."""
        self.wait()
        delivery.sweep()
        while self.world.bells:
            self.take_bell("ok", "")
        boss = self.world.ward.supervisor
        for row in Submission.objects.filter(status=Status.UNKNOWN, absent_at__isnull=False):
            if row.reference not in {reference for reference, _name in self.world.portal.ledger}:
                decisions.confirm_never_arrived(user=boss, submission=row.pk, note="Tổng đài Cổng")
        for row in Submission.objects.filter(status=Status.FAILED):
            decisions.retry(user=boss, submission=row.pk)

    def nothing_lost(self) -> None:
        """I1 and I8: whatever was captured is at the server with a verdict, and no phone waits to send."""
        rows = {str(row.pk): row for row in Entry.objects.all()}
        lost = [made["kind"] for i, made in self.made.items() if i not in rows]
        self.must(not lost, f"lost: {lost}")
        self.must(all(row.settled and row.receipt for row in rows.values()), "an entry without a verdict")
        for phone in self.D:
            stuck = [row.state for row in phone.outbox.values() if row.state not in ("parked", "conflict")]
            self.must(not stuck, f"queue stuck: {stuck}")

    def everything_delivered(self) -> None:
        """I9: each accepted submission is at the portal, once, and we know it."""
        there = [name for _reference, name in self.world.portal.ledger]
        for i, made in self.made.items():
            row = Submission.objects.filter(entry=i).first()
            if made["kind"] == "submission" and Entry.objects.get(pk=i).verdict == "accepted":
                self.must(row is not None, "an accepted submission is nowhere")
                self.must(row.status in AFTER_SENDING, f"not delivered: {row.status} {row.last_error}")
                self.must(there.count(made["body"]["answers"]["address"]) == 1, "the portal does not have it once")

    def no_silent_overwrite(self) -> None:
        """I7: a value is shown, was seen by who replaced it, or stands in an open conflict; never the older of two."""
        home = Household.objects.get(pk=self.world.homes[0].pk)
        accepted = set(map(str, Entry.objects.filter(verdict="accepted", kind="edit").values_list("pk", flat=True)))
        edits = {i: m for i, m in self.made.items() if i in accepted and m["e"] == 0 and m["kind"] == "edit"}
        for name in FIELDS.values():
            written = {i: m["body"]["fields"][name] for i, m in edits.items() if name in m["body"]["fields"]}
            seen = {i for m in edits.values() for i in m["seen"].get(name, [])}
            standing = Conflict.objects.filter(subject=home.pk, field=name, closed_at=None)
            open_ = set(map(str, standing.values_list("entry", flat=True)))
            for i, value in written.items():
                self.must(getattr(home, name) == value or i in seen | open_, "a value disappeared unseen")
                self.must(getattr(home, name) != value or i not in seen, "the older of two values won")

    def nothing_came_back_to_life(self) -> None:
        """I10: what was deleted stays deleted; every visit that was accepted is there."""
        accepted = Entry.objects.filter(verdict="accepted")
        if accepted.filter(kind="delete").exists():
            self.must(Household.objects.get(pk=self.world.homes[1].pk).deleted_at, "resurrected")
        self.must(Visit.objects.count() == accepted.filter(kind="visit").count(), "visits and their entries differ")

    def phones_agree(self) -> None:
        """I6: all phones that may still read show the same."""
        shown = [
            phone.records for d, phone in enumerate(self.D)
            if is_current_member(User.objects.get(pk=self.world.members[d].pk))
        ]  # fmt: skip
        self.must(all(records == shown[0] for records in shown), "two phones do not agree")
