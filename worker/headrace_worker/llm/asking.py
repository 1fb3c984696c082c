"""Asks a provider until it answers, and reads what it said."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from headrace.blocks import Context
from headrace_worker.llm.provider import Answer, Label, Provider, ProviderError, RateLimited

MOST_REFUSALS = 8
_SLICE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Sentiment:
    """An answer understood; `score` is from −1 to 1, None where the provider gave none."""

    label: Label
    score: float | None


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
        answer = self._answer(text)
        word = answer.text.strip().upper()
        if word in Label.__members__:
            return Sentiment(Label[word], answer.score)
        self.malformed += 1
        return Sentiment(Label.NEUTRAL, None)

    def _answer(self, text: str) -> Answer:
        for refused in range(MOST_REFUSALS):
            try:
                return self._provider.sentiment(text)
            except RateLimited as error:
                self.refusals += 1
                if refused + 1 < MOST_REFUSALS:
                    # Doubled each time: whoever keeps asking a busy provider keeps it busy.
                    self._wait(error.retry_after_seconds * 2**refused)
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
