"""What a block raised, as the words and the kind of a failure."""

import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from pydantic import ValidationError

from headrace.blocks import BlockError, Config
from headrace.blocks.config_faults import faults_of
from headrace_worker.lines import clean

Failure = tuple[str, str, str | None, bool]
"""kind, message, detail, retryable"""

_MESSAGE_CHARACTERS = 4_000
_DETAIL_CHARACTERS = 16_000
_OURS = ("headrace_worker.child", "headrace.blocks.", "contextlib")


def failure_of(error: BaseException) -> Failure:
    """The failure that `error` stands for; texts are bounded and fit to be stored."""
    if isinstance(error, BlockError):
        detail = error.detail
        if detail is None and error.__cause__ is not None:
            detail = trace_of(error)
        return (clean(error.kind), _message(error.message), _detail(detail), error.retryable)
    if isinstance(error, MemoryError):
        text = "The block ran out of memory."
    elif isinstance(error, SystemExit):
        text = f"The block called exit({error.code!r})."
    else:
        said = _text(error)
        text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return ("BLOCK_ERROR", _message(text), _detail(trace_of(error)), True)


def config_failure(
    error: ValidationError, config_type: type[Config], config: Mapping[str, Any]
) -> Failure:
    """A config that the block's model refuses, which can happen once params are filled in."""
    faults = [
        f"{'.'.join(fault.path) or 'config'}: {fault.message}"
        for fault in faults_of(error, config_type, config)
    ]
    return ("BAD_INPUT", _message("The config does not fit: " + "; ".join(faults)), None, False)


def trace_of(error: BaseException) -> str:
    """The traceback from the block's own code on: the way there is of no use to its author."""
    trace = error.__traceback__
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace or error.__traceback__))


def _is_ours(trace: TracebackType) -> bool:
    return str(trace.tb_frame.f_globals.get("__name__", "")).startswith(_OURS)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        # An error whose own text raises is still to be reported.
        return "[its text could not be had]"


def _message(text: str) -> str:
    return clean(
        text if len(text) <= _MESSAGE_CHARACTERS else text[: _MESSAGE_CHARACTERS - 1] + "…"
    )


def _detail(text: str | None) -> str | None:
    if text is None or len(text) <= _DETAIL_CHARACTERS:
        return None if text is None else clean(text)
    # The end of a traceback says what happened; its beginning says where it started.
    half = _DETAIL_CHARACTERS // 2
    return clean(f"{text[:half]}\n[… {len(text) - 2 * half} characters left out …]\n{text[-half:]}")
