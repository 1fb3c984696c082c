"""What an LLM provider is to the blocks: a text in, an answer out, or a named failure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from headrace.blocks import BlockError


class Label(StrEnum):
    """The three answers there are to the question of sentiment."""

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"
    NEUTRAL = "NEUTRAL"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said: its words, and a score from −1 to 1 where it gives one."""

    text: str
    score: float | None = None


class Provider(Protocol):
    """Answers one text at a time; one object serves one attempt of a block."""

    @property
    def name(self) -> str:
        """As LLM_PROVIDER names it."""

    def sentiment(self, text: str) -> Answer:
        """The provider's answer; raises `RateLimited` or another `ProviderError`."""


class ProviderError(BlockError):
    """The provider failed or could not be reached; another attempt may succeed."""

    default_kind = "PROVIDER_ERROR"


class RateLimited(ProviderError):
    """The provider asks to wait for `retry_after_seconds` (429)."""

    def __init__(self, message: str, *, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
