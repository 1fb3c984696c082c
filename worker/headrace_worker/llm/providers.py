"""Finds the provider that the settings name."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from headrace.blocks import LlmSettings, Permanent
from headrace_worker.llm.provider import Provider

if TYPE_CHECKING:
    from headrace_worker.llm.vader import Vader

KNOWN = ("mock",)


def provider_of(settings: LlmSettings, wait: Callable[[float], None]) -> Provider:
    """The provider, ready to be asked; `wait` is how it spends time (seconds).

    Raises Permanent for one that this installation does not have.
    """
    if settings.provider == "mock":
        from headrace_worker.llm.mock import Misbehaviour, MockProvider

        return MockProvider(Misbehaviour.from_setting(settings.mock), _vader(), wait)
    raise Permanent(
        f"LLM_PROVIDER names {settings.provider!r}, which is not available; "
        f"available: {', '.join(KNOWN)}"
    )


@cache
def _vader() -> "Vader":
    # Kept by the warm process: its lexicon takes 30 ms to read.
    from headrace_worker.llm.vader import Vader

    return Vader()
