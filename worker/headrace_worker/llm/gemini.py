"""The provider `gemini`: Google's models through LangChain (`headrace[gemini]`).

Invariants: one call is one request, never repeated by a library, for the retries are ours; the
address comes from the settings alone, and a redirect is not followed with the key. Everything
heavy is imported when the first object is made.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from headrace.blocks import LlmSettings
from headrace.domain.json import JSONValue
from headrace_worker.llm.provider import Answer, Refused
from headrace_worker.llm.sentiment import INSTRUCTIONS

if TYPE_CHECKING:
    from langchain_google_genai import ChatGoogleGenerativeAI

GOOGLE: Final = "https://generativelanguage.googleapis.com"
TIMEOUT_SECONDS: Final = 60.0
# They tell of each request, and what matters of a failure comes back as an error.
_CHATTY: Final = ("google_genai", "httpcore", "httpx", "langchain_google_genai")


class Gemini:
    """See `headrace_worker.llm.provider.PaidProvider`."""

    name = "gemini"

    def __init__(self, settings: LlmSettings, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        if not settings.api_key:
            raise Refused(
                "LLM_PROVIDER is gemini and GEMINI_API_KEY is empty: set it where the worker runs."
            )
        self.model = settings.model.removeprefix("models/")
        self.parameters: Mapping[str, JSONValue] = {"temperature": settings.temperature}
        self._chat = _chat(settings, self.model, timeout_seconds)

    async def sentiment(self, text: str) -> Answer:
        """See PaidProvider."""
        from headrace_worker.llm.gemini_errors import translated

        try:
            said = await self._chat.ainvoke([("system", INSTRUCTIONS), ("human", text)])
        except Exception as error:
            raise translated(error, self.model) from error
        usage = said.usage_metadata
        return Answer(
            str(said.text),
            input_tokens=usage["input_tokens"] if usage else 0,
            output_tokens=usage["output_tokens"] if usage else 0,
        )

    async def close(self) -> None:
        """See PaidProvider."""
        await self._chat.aclose()


def _chat(settings: LlmSettings, model: str, timeout_seconds: float) -> "ChatGoogleGenerativeAI":
    try:
        from langchain_google_genai import ChatGoogleGenerativeAI
    except ImportError as error:
        raise Refused(
            "LLM_PROVIDER is gemini, whose packages are not installed: "
            "pip install 'headrace[gemini]'"
        ) from error
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    return ChatGoogleGenerativeAI(
        model=model,
        google_api_key=settings.api_key,
        base_url=settings.base_url or GOOGLE,
        temperature=settings.temperature,
        # One attempt: its own loop spends half a minute on a 429 and does not read RetryInfo.
        max_retries=1,
        timeout=timeout_seconds,
        client_args={"follow_redirects": False},
        vertexai=False,
    )
