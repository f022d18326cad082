"""Three phones, the real server, a portal and every fault, each as one step of the model.

Reality cuts things in half, so a request, its processing and its answer are three rules. Not for: the world itself
(house.py), what must hold in it (promises.py) or how steps come together (model.py).
"""

import copy
import os
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from onboarding.accounts.models import Membership
from onboarding.ids import new_id
from onboarding.submissions import delivery, tracking
from onboarding.submissions.models import Submission
from onboarding.sync import durable, epochs
from tests import build
from tests.phone import Phone, visit_body
from tests.sync.house import PHONES, WorkerDied
from tests.sync.promises import AFTER_SENDING, FIELDS, Promises
from tests.transport import Answer

HOW = ["ok", "ok_timeout", "timeout", "500", "html"]
phones_ = st.integers(0, PHONES - 1)
homes_ = st.integers(0, 1)
some = st.integers(0, 5)


class Steps(Promises, RuleBasedStateMachine):
    """What may happen. `world` is set by the test; everything else begins anew with each run."""

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
