"""Finds the provider that the settings name."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from headrace.blocks import LlmSettings, Permanent
from headrace_worker.llm.provider import PaidProvider, Provider

if TYPE_CHECKING:
    from headrace_worker.llm.vader import Vader

KNOWN = ("mock", "gemini")


def paid_provider(settings: LlmSettings) -> PaidProvider | None:
    """The provider, ready to be asked; None where it is a free one.

    Raises Permanent for one that does not exist, and ProviderError for one that cannot be used.
    """
    if settings.provider == "gemini":
        from headrace_worker.llm.gemini import Gemini

        return Gemini(settings)
    if settings.provider not in KNOWN:
        raise Permanent(
            f"LLM_PROVIDER names {settings.provider!r}, which is not available; "
            f"available: {', '.join(KNOWN)}"
        )
    return None


def free_provider(settings: LlmSettings, wait: Callable[[float], None]) -> Provider:
    """The provider `mock`; `wait` is how it spends time (seconds)."""
    from headrace_worker.llm.mock import Misbehaviour, MockProvider

    return MockProvider(Misbehaviour.from_setting(settings.mock), _vader(), wait)


@cache
def _vader() -> "Vader":
    # Kept by the warm process: its lexicon takes 30 ms to read.
    from headrace_worker.llm.vader import Vader

    return Vader()
