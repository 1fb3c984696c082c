"""The sentiments of texts by the provider of the settings, as a block asks for them: in pieces.

Invariant: one sentiment for each text, in order; where nothing was said nobody is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from headrace.blocks import Context
from headrace_worker.llm.asking import Asking, cancellable_wait
from headrace_worker.llm.providers import free_provider, paid_provider
from headrace_worker.llm.sentiment import UNSAID, Sentiment

_CHECK_ROWS = 64

Told = Callable[[int], None]
"""Is told how many texts of a piece are done."""


class Classifier(Protocol):
    """For one attempt."""

    def sentiments(self, texts: Sequence[str | None], told: Told) -> list[Sentiment]:
        """Raises BlockCancelled when the run is cancelled, and the provider's errors."""

    def conclude(self) -> None:
        """Tell the block's log what people should know in the end."""


@contextmanager
def classifier(ctx: Context) -> Iterator[Classifier]:
    """The one that LLM_PROVIDER names; raises Permanent where this installation has it not."""
    provider = paid_provider(ctx.environment.llm)
    if provider is None:
        yield _FreeClassifier(ctx)
        return
    # Here and not above: the mock does without an event loop, and so do most children.
    from headrace_worker.llm.paid import PaidClassifier

    with PaidClassifier(ctx, provider) as made:
        yield made


class _FreeClassifier:
    """Asks text by text: the provider is in this process."""

    def __init__(self, ctx: Context) -> None:
        wait = cancellable_wait(ctx)
        self._asking = Asking(free_provider(ctx.environment.llm, wait), wait)
        self._ctx = ctx

    def sentiments(self, texts: Sequence[str | None], told: Told) -> list[Sentiment]:
        found = []
        for done, text in enumerate(texts):
            if done % _CHECK_ROWS == 0:
                self._ctx.raise_if_cancelled()
                told(done)
            found.append(UNSAID if text is None else self._asking.sentiment(text))
        return found

    def conclude(self) -> None:
        for remark in remarks(malformed=self._asking.malformed, refusals=self._asking.refusals):
            self._ctx.log.warning(remark)


def remarks(*, malformed: int, refusals: int, failures: int = 0) -> Iterator[str]:
    """What went otherwise than it should, in sentences."""
    if malformed:
        yield f"Malformed answers, which count as NEUTRAL: {malformed:,}"
    if refusals:
        times = "1 time" if refusals == 1 else f"{refusals:,} times"
        yield f"The provider asked to wait {times} (429)"
    if failures:
        yield f"Calls that failed and were made again: {failures:,}"
