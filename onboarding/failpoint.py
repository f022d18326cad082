"""Places where a test may kill or break the process, to prove what is left behind.

For: `failpoint("push.before_commit")` between two statements whose order matters; it does nothing unless the
environment variable FAILPOINTS names it ("push.before_commit=kill,uploads.after_write=raise").
Not for: anything in production; the variable is never set there, and each call costs one dictionary look-up.
"""

import os
import signal


class FailpointReached(RuntimeError):
    """The exception that a failpoint set to "raise" throws: a stand-in for any mistake of our own."""


def failpoint(name: str) -> None:
    """Do what FAILPOINTS says for name: nothing, raise FailpointReached, or end the process as by kill -9."""
    plan = os.environ.get("FAILPOINTS")
    if not plan:
        return
    action = dict(part.split("=", 1) for part in plan.split(",")).get(name)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "raise":
        raise FailpointReached(name)
