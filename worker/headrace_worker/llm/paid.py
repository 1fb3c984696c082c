"""Sentiments by a provider that is paid: many calls at once, and the ledger before each.

Invariant: each row was either paid for or found: `calls + ledger_hits` is the number of rows that
said something.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Final, Self

from headrace.blocks import Context
from headrace_worker.llm.calls import Calls
from headrace_worker.llm.classifying import Told, remarks
from headrace_worker.llm.ledger import Keys, Ledger
from headrace_worker.llm.neighbours import Neighbours
from headrace_worker.llm.pacing import Pacing
from headrace_worker.llm.provider import Answer, PaidProvider
from headrace_worker.llm.sentiment import UNSAID, Sentiment, understood

_CHECK_SECONDS: Final = 0.1


class PaidClassifier:
    """See `headrace_worker.llm.classifying.Classifier`; its event loop is its own."""

    def __init__(self, ctx: Context, provider: PaidProvider) -> None:
        folder, address = ctx.environment.artifacts_dir / "llm", ctx.environment.llm.base_url
        self._ctx = ctx
        self._provider = provider
        self._neighbours = Neighbours(folder, provider.name, address, provider.model)
        self._keys = Keys.of(provider)
        self._ledger = Ledger(
            ctx.memo, self._neighbours, provider=provider.name, model=provider.model
        )
        pacing = Pacing(self._neighbours)
        self._calls = Calls(provider, self._ledger, pacing, tell=ctx.log.warning)
        self._loop = asyncio.Runner()
        self._rows = 0
        self._malformed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._loop.run(self._provider.close())
        finally:
            self._loop.close()
            self._neighbours.close()

    def sentiments(self, texts: Sequence[str | None], told: Told) -> list[Sentiment]:
        return self._loop.run(self._sentiments(texts, told))

    def conclude(self) -> None:
        calls, log = self._calls, self._ctx.log
        told = f"Answers paid for: {calls.paid:,}; from the ledger: {self._rows - calls.paid:,}"
        log.info(told)
        for remark in remarks(
            malformed=self._malformed, refusals=calls.refusals, failures=calls.failures
        ):
            log.warning(remark)

    async def _sentiments(self, texts: Sequence[str | None], told: Told) -> list[Sentiment]:
        keys = [self._keys.key(text) if text and not text.isspace() else None for text in texts]
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key and text}
        rows = Counter(key for key in keys if key)
        found: dict[str, Sentiment] = {}
        done = len(texts) - rows.total()
        paid = self._calls.paid

        def arrived(key: str, answer: Answer) -> None:
            nonlocal done
            sentiment = understood(answer)
            found[key] = sentiment or UNSAID
            done += rows[key]
            self._malformed += 0 if sentiment else rows[key]
            told(done)

        await self._uncancelled(self._calls.answers(wanted, arrived))
        self._rows += rows.total()
        await self._ledger.settle(hits=rows.total() - (self._calls.paid - paid))
        return [found[key] if key else UNSAID for key in keys]

    async def _uncancelled(self, coroutine: Coroutine[Any, Any, None]) -> None:
        work = asyncio.create_task(coroutine, name="llm calls")
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=_CHECK_SECONDS)
                self._ctx.raise_if_cancelled()
            await work
        finally:
            # Calls under way end here, with their connections.
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
