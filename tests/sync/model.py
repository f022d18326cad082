"""Runs of the model: steps that meet, what is looked at after each, and how the world heals in the end.

For: the hypothesis state machine that test_model.py runs and test_model_mutants.py breaks on purpose. Not for: single
steps (steps.py) or what must hold (promises.py).
"""

import copy

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from onboarding.journal.models import AuditEntry, Change
from onboarding.submissions import decisions, delivery, tracking
from onboarding.submissions.models import PortalStatus, Status, Submission
from onboarding.sync import durable, push
from onboarding.sync.models import Entry
from tests.sync.house import PHONES
from tests.sync.promises import AFTER_SENDING
from tests.sync.steps import HOW, Steps, homes_, phones_


class Wire(Steps):
    """The machine."""

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

    # --- after every step ---------------------------------------------------------------------------------------------

    @invariant()
    def promises_hold(self):
        """Look only when something happened: most rules only move what is on its way."""
        now = (AuditEntry.objects.count(), Entry.objects.count(), PortalStatus.objects.count())
        now += (len(self.world.portal.ledger),)
        if now != self.looked:
            self.looked = now
            self.look()

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
