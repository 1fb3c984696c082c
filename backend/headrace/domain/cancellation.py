"""How hard a cancellation pushes, as a function of the time since it was asked for.

The stages are derived, never stored: the worker that runs the block terminates and kills on time,
and at REVOKED any process takes the claim away, so a cancellation converges whoever is alive.
"""

from headrace.domain.lifecycle import CancelStage

TERMINATE_AFTER_MS = 4_000
KILL_AFTER_MS = 6_000
REVOKE_AFTER_MS = 8_000
DEADLINE_MS = 10_000


def cancel_stage(elapsed_ms: int, *, done: bool) -> CancelStage:
    """The stage of a cancellation that was asked for `elapsed_ms` ago."""
    if done:
        return CancelStage.DONE
    # A clock that went back (another boot) counts as overdue.
    if elapsed_ms < 0 or elapsed_ms >= REVOKE_AFTER_MS:
        return CancelStage.REVOKED
    if elapsed_ms >= KILL_AFTER_MS:
        return CancelStage.KILLING
    return CancelStage.TERMINATING if elapsed_ms >= TERMINATE_AFTER_MS else CancelStage.ASKED
