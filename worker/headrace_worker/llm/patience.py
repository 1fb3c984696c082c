"""How often one call is made again, and after what.

Invariants: a time that the server names is kept; without one, waits double from half a second to
half a minute; a call fails at most eight times, and a refusal (429) counts only as long as nobody
is answered, since it tells of all calls together and not of this one.
"""

import random
from typing import Final

from headrace_worker.llm.neighbours import MOST_QUIET_SECONDS
from headrace_worker.llm.provider import Busy, ProviderError, RateLimited

MOST_TRIES: Final = 8
FIRST_WAIT_SECONDS: Final = 0.5
MOST_WAIT_SECONDS: Final = 30.0


class Patience:
    """With one call."""

    def __init__(self, provider: str, first_wait_seconds: float = FIRST_WAIT_SECONDS) -> None:
        self._provider = provider
        self._first_wait = first_wait_seconds
        self._refusals = 0
        self._failures = 0
        self._answered = 0

    def wait_after(self, error: Busy, answered: int) -> float:
        """The seconds to wait; `answered` counts the answers that anyone got so far.

        Raises ProviderError when it is over.
        """
        tries, words = self._count(error, answered)
        if tries >= MOST_TRIES:
            raise ProviderError(
                f"The provider {self._provider} {words} {tries} times in a row: {error.message}"
            ) from error
        asked = error.retry_after_seconds
        if asked is None:
            wait = min(self._first_wait * 2.0 ** (tries - 1), MOST_WAIT_SECONDS)
            return wait * random.uniform(0.5, 1)
        if asked > MOST_QUIET_SECONDS:
            raise ProviderError(
                f"The provider {self._provider} wants no calls for {asked:,.0f} s, which is more "
                f"than the {MOST_QUIET_SECONDS:g} s that a block waits: {error.message}"
            ) from error
        return asked

    def _count(self, error: Busy, answered: int) -> tuple[int, str]:
        if not isinstance(error, RateLimited):
            self._failures += 1
            return self._failures, "failed"
        if answered != self._answered:
            self._refusals, self._answered = 0, answered
        self._refusals += 1
        return self._refusals, "refused (429)"
