"""What a tick of a schedule does, and what can become of it."""

from enum import StrEnum


class Overlap(StrEnum):
    """What a tick does while a run of its schedule has not ended."""

    ALLOW = "ALLOW"  # starts another one
    SKIP = "SKIP"  # starts none
    REPLACE = "REPLACE"  # cancels it and starts another one


class TickOutcome(StrEnum):
    """What became of a tick."""

    STARTED = "STARTED"
    SKIPPED = "SKIPPED"  # a run had not ended
    MISSED = "MISSED"  # nobody was there to fire it within the catch-up window
    FAILED = "FAILED"  # its run could not be made
