"""The patience with a provider that refuses or fails, without its waits."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from headrace.blocks.testing import RecordingMemo
from headrace_worker.llm.calls import Calls
from headrace_worker.llm.ledger import Ledger
from headrace_worker.llm.neighbours import Neighbours
from headrace_worker.llm.pacing import Pacing
from headrace_worker.llm.patience import MOST_TRIES
from headrace_worker.llm.provider import Answer, Busy, ProviderError, RateLimited, Unavailable


class Scripted:
    """Says for each text what it is told to, one after the other, and the last for ever."""

    name, model = "scripted", "m"
    parameters: dict[str, float] = {}  # noqa: RUF012 # as the protocol has it; nobody writes it

    def __init__(self, **script: Sequence[Answer | Exception]) -> None:
        self.script = {text: list(said) for text, said in script.items()}
        self.calls: list[str] = []

    async def sentiment(self, text: str) -> Answer:
        self.calls.append(text)
        left = self.script[text]
        said = left[0] if len(left) == 1 else left.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    async def close(self) -> None:
        """It has nothing."""


async def ask(provider: Scripted, folder: Path, told: list[str] | None = None) -> dict[str, Answer]:
    neighbours = Neighbours(folder)
    ledger = Ledger(RecordingMemo(), neighbours, provider=provider.name, model=provider.model)
    heard: list[str] = [] if told is None else told
    calls = Calls(provider, ledger, Pacing(), tell=heard.append, first_wait_seconds=0.0001)
    found: dict[str, Answer] = {}
    try:
        await calls.answers({text: text for text in provider.script}, found.__setitem__)
    finally:
        neighbours.close()
    return found


@pytest.mark.parametrize(
    ("error", "words"),
    [(RateLimited("busy"), r"refused \(429\) 8 times"), (Unavailable("down"), "failed 8 times")],
)
async def test_a_provider_that_never_answers_is_given_up(
    tmp_path: Path, error: Busy, words: str
) -> None:
    provider = Scripted(a=[error])
    with pytest.raises(ProviderError, match=words) as caught:
        await ask(provider, tmp_path)
    assert len(provider.calls) == MOST_TRIES
    assert (caught.value.kind, caught.value.retryable) == ("PROVIDER_ERROR", True)


async def test_a_call_that_makes_the_provider_fail_is_given_up_though_others_are_answered(
    tmp_path: Path,
) -> None:
    others = {f"x{number}": [Answer("NEUTRAL")] for number in range(100)}
    provider = Scripted(a=[Unavailable("500: oops")], **others)
    with pytest.raises(ProviderError, match="failed 8 times in a row: 500: oops"):
        await ask(provider, tmp_path)
    assert provider.calls.count("a") == MOST_TRIES


async def test_a_wait_that_no_block_can_wait_is_told(tmp_path: Path) -> None:
    provider = Scripted(a=[RateLimited("quota of the day", retry_after_seconds=40_000)])
    with pytest.raises(ProviderError, match=r"40,000 s.*quota of the day"):
        await ask(provider, tmp_path)
    assert provider.calls == ["a"]


async def test_the_log_says_why_nothing_moves_but_not_at_each_call(tmp_path: Path) -> None:
    provider = Scripted(a=[Unavailable("503: overloaded"), Unavailable("x"), Answer("NEUTRAL")])
    told: list[str] = []
    await ask(provider, tmp_path, told)
    assert told == ["The provider scripted is asked again in 0.0 s: 503: overloaded"]
