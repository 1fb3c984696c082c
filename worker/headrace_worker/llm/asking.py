"""Asks a free provider until it answers, and reads what it said."""

import time
from collections.abc import Callable

from headrace.blocks import Context
from headrace_worker.llm.provider import Answer, Provider, ProviderError, RateLimited
from headrace_worker.llm.sentiment import UNSAID, Sentiment, understood

MOST_REFUSALS = 8
_SLICE_SECONDS = 0.1
_FIRST_WAIT_SECONDS = 0.5


class Asking:
    """A provider with the patience of one block; counts refusals (429) and malformed answers."""

    def __init__(self, provider: Provider, wait: Callable[[float], None]) -> None:
        self.refusals = 0
        self.malformed = 0
        self._provider = provider
        self._wait = wait

    def sentiment(self, text: str) -> Sentiment:
        """What the provider thinks; an answer that is none of the three labels counts as NEUTRAL.

        Raises ProviderError when the provider refused eight times in a row.
        """
        sentiment = understood(self._answer(text))
        if sentiment is not None:
            return sentiment
        self.malformed += 1
        return UNSAID

    def _answer(self, text: str) -> Answer:
        for refused in range(MOST_REFUSALS):
            try:
                return self._provider.sentiment(text)
            except RateLimited as error:
                self.refusals += 1
                if refused + 1 < MOST_REFUSALS:
                    # Doubled each time: whoever keeps asking a busy provider keeps it busy.
                    first = error.retry_after_seconds
                    self._wait((_FIRST_WAIT_SECONDS if first is None else first) * 2**refused)
        raise ProviderError(
            f"The provider {self._provider.name} refused {MOST_REFUSALS} times in a row (429)"
        )


def cancellable_wait(ctx: Context) -> Callable[[float], None]:
    """Waits as many seconds as it is told, and raises BlockCancelled when the run is cancelled."""

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ctx.raise_if_cancelled()
            time.sleep(min(left, _SLICE_SECONDS))

    return wait
