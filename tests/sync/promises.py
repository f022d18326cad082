"""What must hold of phones, server and portal: after each step of the model, and when the world has healed.

Numbers are those of the guarantees in the protocol (onboarding/sync/README.md). Not for: what happens (model.py).
"""

from typing import Any

from onboarding.accounts.access import is_current_member
from onboarding.accounts.models import User
from onboarding.fieldwork.models import Conflict, Household, Visit
from onboarding.journal.models import AreaCounter, AuditEntry, Change
from onboarding.submissions import tracking
from onboarding.submissions.models import AT_PORTAL, Status, Submission
from onboarding.sync import pull
from onboarding.sync.models import Entry
from tests.phone import Phone
from tests.sync.house import World

FIELDS = {"a": "note", "b": "head"}
AFTER_SENDING = {*AT_PORTAL, Status.DONE, Status.REJECTED}


class Caught(BaseException):
    """The first broken promise of a run that was meant to break one."""


class Promises:
    """The promises, asked of a world. made: what was captured, by entry; best: the highest status seen, by dossier."""

    world: World
    D: list[Phone]
    made: dict[str, dict[str, Any]]
    best: dict[str, int]
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

    # --- at any time ----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at all that must hold at any time."""
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

    # --- in the end -----------------------------------------------------------------------------------------------

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
