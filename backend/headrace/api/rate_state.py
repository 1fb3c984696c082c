"""How a client stands with the rate limit of the endpoint that it asks."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RateState:
    """`remaining` requests are left of `limit` within the window; all are at `reset_at` (ms)."""

    path: str
    limit: int
    window_seconds: int
    remaining: int
    reset_at: int
