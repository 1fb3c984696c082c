"""Many texts asked of a provider that is paid: paced, patient, and none of them twice.

Invariants: at most MOST_AT_ONCE answers are at any time asked for or not yet handed to the ledger;
a refused call is made again when the provider says so, else after a wait that doubles; the first
failure that no waiting mends ends the rest at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from headrace_worker.llm.ledger import Ledger
from headrace_worker.llm.pacing import MOST_AT_ONCE, Pacing
from headrace_worker.llm.patience import FIRST_WAIT_SECONDS, Patience
from headrace_worker.llm.provider import Answer, Busy, PaidProvider, RateLimited, TextRefused

_TELL_SECONDS: Final = 5.0
_SHOWN_CHARACTERS: Final = 500


class Calls:
    """Asks one provider. `paid` counts answers, `refusals` 429s, `failures` other calls in vain.

    `tell` hears of trouble, every few seconds at most.
    """

    def __init__(
        self,
        provider: PaidProvider,
        ledger: Ledger,
        pacing: Pacing,
        *,
        tell: Callable[[str], None] = lambda _: None,
        first_wait_seconds: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self.paid = 0
        self.refusals = 0
        self.failures = 0
        self._provider = provider
        self._ledger = ledger
        self._pacing = pacing
        self._first_wait = first_wait_seconds
        self._tell = tell
        self._tell_from = 0.0

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
                except TextRefused as error:
                    error.detail = f"Asked for the text: {text[:_SHOWN_CHARACTERS]}"
                    raise
                finally:
                    if answer is None:
                        self._ledger.drop(key)
            arrived(key, answer)

    async def _ask(self, text: str) -> Answer:
        patience = Patience(self._provider.name, self._first_wait)
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
                self._complain(error, wait)
            else:
                self._pacing.answered(since)
                self.paid += 1
                return answer
            finally:
                self._pacing.leave()
            await asyncio.sleep(wait)

    def _complain(self, error: Busy, wait: float) -> None:
        """Now and then: why the block does not move is in its log while it does not."""
        if (now := time.monotonic()) >= self._tell_from:
            self._tell_from = now + _TELL_SECONDS
            name = self._provider.name
            self._tell(f"The provider {name} is asked again in {wait:.1f} s: {error.message}")
