"""Many texts asked of a provider that is paid: paced, patient, and none of them twice.

Invariants: at most MOST_AT_ONCE answers are at any time asked for or not yet handed to the ledger;
a refused call is made again when the provider says so, else after a wait that doubles; the first
failure that no waiting mends ends the rest at once.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from headrace_worker.llm.ledger import Ledger
from headrace_worker.llm.neighbours import MOST_QUIET_SECONDS
from headrace_worker.llm.pacing import MOST_AT_ONCE, Pacing
from headrace_worker.llm.provider import Answer, Busy, PaidProvider, ProviderError, RateLimited

MOST_TRIES: Final = 8
FIRST_WAIT_SECONDS: Final = 0.5
MOST_WAIT_SECONDS: Final = 30.0


class Calls:
    """Asks one provider. `paid` counts answers, `refusals` 429s, `failures` other calls in vain."""

    def __init__(
        self,
        provider: PaidProvider,
        ledger: Ledger,
        pacing: Pacing,
        *,
        first_wait_seconds: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self.paid = 0
        self.refusals = 0
        self.failures = 0
        self._provider = provider
        self._ledger = ledger
        self._pacing = pacing
        self._first_wait = first_wait_seconds

    async def answers(
        self, texts: Mapping[str, str], arrived: Callable[[str, Answer], None]
    ) -> None:
        """Finds or asks for the answer to each text; `arrived` is told each with its text's key.

        Raises what the provider raises and waiting does not mend.
        """
        found = await self._ledger.find(list(texts))
        for key, answer in found.items():
            arrived(key, answer)
        left = deque((key, text) for key, text in texts.items() if key not in found)
        settling = asyncio.create_task(self._ledger.settling(), name="ledger settling")
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(MOST_AT_ONCE, len(left))):
                    group.create_task(self._work(left, arrived))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            settling.cancel()
            await asyncio.gather(settling, return_exceptions=True)

    async def _work(
        self, left: deque[tuple[str, str]], arrived: Callable[[str, Answer], None]
    ) -> None:
        while left:
            key, text = left.popleft()
            answer = await self._ledger.take(key)
            if answer is None:
                try:
                    answer = await self._ask(text)
                    await self._ledger.keep(key, answer)
                except BaseException:
                    self._ledger.drop(key)
                    raise
            arrived(key, answer)

    async def _ask(self, text: str) -> Answer:
        patience = _Patience(self._provider.name, self._first_wait)
        while True:
            since = await self._pacing.enter()
            try:
                answer = await self._provider.sentiment(text)
            except Busy as error:
                self._pacing.refused(since, error.retry_after_seconds)
                if isinstance(error, RateLimited):
                    self.refusals += 1
                else:
                    self.failures += 1
                wait = patience.wait_after(error, self.paid)
            else:
                self._pacing.answered(since)
                self.paid += 1
                return answer
            finally:
                self._pacing.leave()
            await asyncio.sleep(wait)


class _Patience:
    """With one call: it is made eight times, and refusals count only while nobody is answered."""

    def __init__(self, provider: str, first_wait_seconds: float) -> None:
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
