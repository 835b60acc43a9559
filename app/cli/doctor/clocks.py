"""How far two clocks are apart: leases, heartbeats and the pages' cache are written by one machine and judged by another."""

from datetime import datetime

from app.cli.doctor.verdicts import Verdict, fail, ok, warn

# A process counts as living for six seconds and a lease lasts ten, by the clock of whoever looks.
WARN_S, FAIL_S = 0.25, 5.0


def skew(check: str, theirs: datetime, began: datetime, ended: datetime, remedy: str) -> Verdict:
    """What a clock says that was read at some moment between `began` and `ended` of ours."""
    apart = max((theirs - ended).total_seconds(), (began - theirs).total_seconds(), 0.0)
    said = f"at least {apart:.3f} s apart from this machine's"
    if apart > FAIL_S:
        return fail(check, f"The clock is {said}.", f"Set up {remedy}; above {FAIL_S:.0f} s living processes count as dead.")
    if apart > WARN_S:
        return warn(check, f"The clock is {said}.", f"Set up {remedy}.")
    return ok(check, "the same as this machine's")
