"""The provider `mock`: classifies offline with VADER, and misbehaves on request.

Invariant: the same calls in the same order get the same answers, on every machine.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headrace.blocks import Permanent
from headrace_worker.llm.provider import Answer, Label, RateLimited
from headrace_worker.llm.vader import Vader

POSITIVE_FROM = 0.05
NEGATIVE_UP_TO = -0.05
MALFORMED_ANSWER = "I would say that this message sounds rather friendly."
RETRY_AFTER_SECONDS = 0.05


class Misbehaviour(BaseModel):
    """The setting LLM_MOCK: how `mock` plays a real provider; 0 is never."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency_ms: float = Field(default=0, ge=0, le=600_000)
    rate_limit_every: int = Field(default=0, ge=0)
    malformed_every: int = Field(default=0, ge=0)

    @classmethod
    def from_setting(cls, value: Mapping[str, Any]) -> "Misbehaviour":
        """Raises Permanent, naming the setting, where the value does not fit."""
        try:
            return cls.model_validate(dict(value))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
            )
            raise Permanent(f"The setting LLM_MOCK does not fit: {faults}") from None


class MockProvider:
    """Each call takes `latency_ms`; every n-th is refused with 429, every n-th answer malformed.

    `wait` is given seconds; a block hands in one that ends early when the run is cancelled.
    """

    name = "mock"

    def __init__(self, misbehaviour: Misbehaviour, vader: Vader, wait: Callable[[float], None]):
        self._latency_seconds = misbehaviour.latency_ms / 1000
        self._rate_limit_every = misbehaviour.rate_limit_every
        self._malformed_every = misbehaviour.malformed_every
        self._vader = vader
        self._wait = wait
        self._calls = 0
        self._answers = 0

    def sentiment(self, text: str) -> Answer:
        """POSITIVE from 0.05, NEGATIVE up to −0.05, with VADER's compound score."""
        self._calls += 1
        if self._latency_seconds:
            self._wait(self._latency_seconds)
        if self._rate_limit_every and self._calls % self._rate_limit_every == 0:
            raise RateLimited("429 from the mock provider", retry_after_seconds=RETRY_AFTER_SECONDS)
        self._answers += 1
        if self._malformed_every and self._answers % self._malformed_every == 0:
            return Answer(MALFORMED_ANSWER)
        score = self._vader.compound(text)
        if score >= POSITIVE_FROM:
            return Answer(Label.POSITIVE, score)
        return Answer(Label.NEGATIVE if score <= NEGATIVE_UP_TO else Label.NEUTRAL, score)
