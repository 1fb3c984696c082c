"""The ledger: answers that were paid for, by what they are answers to. It lives in `ctx.memo`.

Invariants: a key holds everything that an answer depends on; an answer that is kept is never asked
for again; nobody on this machine asks for what another is asking for; what was asked and what it
took are kept together. Errors are never kept; an answer that makes no sense was paid for, and is.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from headrace.blocks import Memo, Usage
from headrace.domain.json import JSONValue, digest
from headrace_worker.llm.neighbours import Neighbours
from headrace_worker.llm.provider import Answer, PaidProvider
from headrace_worker.llm.sentiment import PROMPT_VERSION, UNSAID, understood

_POLL_SECONDS: Final = 0.1
_SETTLE_SECONDS: Final = 0.25


@dataclass(frozen=True)
class Keys:
    """Makes keys for one provider, model and set of parameters."""

    provider: str
    model: str
    parameters: JSONValue

    @classmethod
    def of(cls, provider: PaidProvider) -> "Keys":
        return cls(provider.name, provider.model, dict(provider.parameters))

    def key(self, text: str) -> str:
        """The key of the answer to a text."""
        return "llm:" + digest(
            {
                "task": "sentiment",
                "provider": self.provider,
                "model": self.model,
                "parameters": self.parameters,
                "prompt": PROMPT_VERSION,
                "input": text,
            }
        )


class Ledger:
    """Of one attempt, for one event loop; the memo's waiting is done in threads."""

    def __init__(self, memo: Memo, neighbours: Neighbours, *, provider: str, model: str) -> None:
        self._memo = memo
        self._neighbours = neighbours
        self._provider = provider
        self._model = model
        self._asked: list[str] = []  # keys that are ours until their answers are durable
        self._wanted: list[str] = []
        self._looking: asyncio.Task[dict[str, Answer]] | None = None

    async def find(self, keys: Sequence[str]) -> dict[str, Answer]:
        """The answers that are there already."""
        found = await asyncio.to_thread(self._memo.lookup, keys)
        return {key: _answer_of(value) for key, value in found.items()}

    async def take(self, key: str) -> Answer | None:
        """The right to ask for a key, or its answer where somebody came first.

        Waits while another process asks for it. `keep` or `drop` gives the right back.
        """
        while not self._neighbours.take(key):  # noqa: ASYNC110 # a file lock has no event
            await asyncio.sleep(_POLL_SECONDS * random.uniform(0.5, 1))
        # Whoever had it before us let go of it after its answer was durable.
        found = await self._look_again(key)
        if found is not None:
            self._neighbours.release(key)
        return found

    async def keep(self, key: str, answer: Answer) -> None:
        """Keeps what was paid for; waits where more would be at risk than LEDGER_BATCH allows."""
        usage = Usage(
            provider=self._provider,
            model=self._model,
            calls=1,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
        )
        await asyncio.to_thread(self._memo.record, {key: _value_of(answer)}, usage)
        self._asked.append(key)

    def drop(self, key: str) -> None:
        """There is no answer: anyone may ask."""
        self._neighbours.release(key)

    async def settle(self, hits: int = 0) -> None:
        """Returns when all answers are durable; `hits` more rows needed no call."""
        if hits:
            usage = Usage(provider=self._provider, model=self._model, ledger_hits=hits)
            await asyncio.to_thread(self._memo.record, {}, usage)
        asked = list(self._asked)
        await asyncio.to_thread(self._memo.flush)
        for key in asked:
            self._neighbours.release(key)
        self._asked = self._asked[len(asked) :]

    async def settling(self) -> None:
        """Settles now and then, for those who wait for our answers; until it is cancelled."""
        while True:
            await asyncio.sleep(_SETTLE_SECONDS)
            if self._asked:
                await self.settle()

    async def _look_again(self, key: str) -> Answer | None:
        self._wanted.append(key)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="ledger look-up")
        # Shielded: whoever gives up must not take the others' answers along.
        return (await asyncio.shield(self._looking)).get(key)

    async def _look(self) -> dict[str, Answer]:
        """For all who ask in this round of the loop at once."""
        await asyncio.sleep(0)
        wanted, self._wanted, self._looking = self._wanted, [], None
        return await self.find(wanted)


def _value_of(answer: Answer) -> JSONValue:
    return {
        "text": answer.text,
        "label": (understood(answer) or UNSAID).label.value,
        "score": answer.score,
        "tokens": [answer.input_tokens, answer.output_tokens],
    }


def _answer_of(value: Any) -> Answer:
    return Answer(value["text"], value["score"], *value["tokens"])
