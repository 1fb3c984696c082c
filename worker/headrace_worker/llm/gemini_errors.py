"""What went wrong with a call to Gemini, in the words of `headrace_worker.llm.provider`.

This module imports the client's libraries: it is imported where a call has failed.
"""

import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
from google.genai.errors import APIError

from headrace.blocks import BlockError
from headrace_worker.llm.provider import (
    ModelNotFound,
    RateLimited,
    Refused,
    TextRefused,
    Unavailable,
)

_MESSAGE_CHARACTERS: Final = 500
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")
_WRONG_KEY: Final = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED"})


def translated(error: Exception, model: str) -> BlockError:
    """The failure that an error of the client stands for."""
    found = next((each for each in _chain(error) if isinstance(each, APIError)), None)
    if found is not None:
        return _of_status(found, model)
    said = _cut(str(error)) or type(error).__name__
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Unavailable("no answer in time")
    if isinstance(error, httpx.HTTPError | OSError):
        return Unavailable(f"out of reach: {said}")
    return Unavailable(f"an answer that is none: {type(error).__name__}: {said}")


def _of_status(error: APIError, model: str) -> BlockError:
    code, said = error.code, _cut(str(error.message or error.status or "no reason given"))
    after = _retry_after(error)
    if code == 429:
        return RateLimited(said, retry_after_seconds=after)
    if code == 408 or code >= 500:
        return Unavailable(f"{code}: {said}", retry_after_seconds=after)
    if code == 404:
        return ModelNotFound(
            f"Gemini does not know the model {model!r}: set GEMINI_MODEL to one that it has. "
            f"It says: {said}"
        )
    if code in {401, 403} or _WRONG_KEY & set(_reasons(error)):
        return Refused(f"Gemini refuses the key in GEMINI_API_KEY ({code}): {said}")
    if code < 400:
        return Refused(f"Gemini's address answers with a redirect ({code}): mend GEMINI_BASE_URL.")
    return TextRefused(f"Gemini refuses the request ({code}): {said}")


def _retry_after(error: APIError) -> float | None:
    """Seconds, by the answer's RetryInfo or else by its header Retry-After."""
    for detail in _details(error):
        if str(detail.get("@type", "")).endswith("google.rpc.RetryInfo") and (
            match := _SECONDS.fullmatch(str(detail.get("retryDelay", "")))
        ):
            return float(match[1])
    header = str(getattr(error.response, "headers", {}).get("retry-after", "")).strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", header):
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return None


def _reasons(error: APIError) -> Iterator[str]:
    for detail in _details(error):
        yield str(detail.get("reason", ""))


def _details(error: APIError) -> list[dict[str, Any]]:
    body = error.details
    inner = body.get("error", body) if isinstance(body, dict) else {}
    details = inner.get("details") if isinstance(inner, dict) else None
    return [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _cut(text: str) -> str:
    told = " ".join(text.split())
    return told if len(told) <= _MESSAGE_CHARACTERS else told[: _MESSAGE_CHARACTERS - 1] + "…"
