"""What an LLM provider is to the blocks: a text in, an answer out, or a named failure.

ProviderError       PROVIDER_ERROR, another attempt may succeed
├── Busy            comes to its senses after a while: the call is made again
│   ├── RateLimited     429
│   └── Unavailable     5xx, no connection, no answer in time, an answer that is none
└── Refused         a wrong key or address: no call is made again
    └── TextRefused     this text is not answered, however often it is asked
ModelNotFound       MODEL_NOT_FOUND, never made again
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from headrace.blocks import BlockError
from headrace.domain.json import JSONValue


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
    input_tokens: int = 0
    output_tokens: int = 0


class Provider(Protocol):
    """Free of charge, and answers one text at a time; one object serves one attempt of a block."""

    @property
    def name(self) -> str:
        """As LLM_PROVIDER names it."""

    def sentiment(self, text: str) -> Answer:
        """The provider's answer; raises `RateLimited` or another `ProviderError`."""


class PaidProvider(Protocol):
    """Answers as many texts at once as it is asked for; each answer costs money."""

    @property
    def name(self) -> str:
        """As LLM_PROVIDER names it."""

    @property
    def model(self) -> str: ...

    @property
    def parameters(self) -> Mapping[str, JSONValue]:
        """What else an answer depends on; all of it is in the keys of the ledger."""

    async def sentiment(self, text: str) -> Answer:
        """One call, never repeated here. Raises `Busy`, `Refused` or `ModelNotFound`."""

    async def close(self) -> None:
        """Ends its connections."""


class ProviderError(BlockError):
    """The provider failed or could not be reached; another attempt may succeed."""

    default_kind = "PROVIDER_ERROR"


class Busy(ProviderError):
    """The call can be made again, after `retry_after_seconds` where the provider names a time."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RateLimited(Busy):
    """The provider asks to wait (429)."""


class Unavailable(Busy):
    """The provider does not work just now, or is out of reach."""


class Refused(ProviderError):
    """The provider will answer nothing that is asked in this way."""

    default_retryable = False


class TextRefused(Refused):
    """The provider will not answer to this text."""


class ModelNotFound(BlockError):
    """The provider does not know the model."""

    default_kind = "MODEL_NOT_FOUND"
    default_retryable = False
