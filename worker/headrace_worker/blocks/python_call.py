"""Calls a user's function with what its signature asks for."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.blocks import BadInput, Context, Dataset, Inputs
from headrace.blocks.rows import batch_to_rows
from headrace.domain.json import JSONValue
from headrace_worker.blocks.batches import pieces

if TYPE_CHECKING:
    from arro3.core import RecordBatch

_NAMED = {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a function gave back, and the dataset that it was given, if any."""

    name: str
    result: object
    source: Dataset | None


def call(
    function: Callable[..., object], args: Mapping[str, JSONValue], inputs: Inputs, ctx: Context
) -> Called:
    """Call it with `args`, and with what it has parameters for and `args` does not give:

    `rows` (an iterator of dicts) or `batches` (of Arrow batches) of the one input, `inputs` (all
    datasets by name), `ctx`. Raises BadInput where arguments do not fit; whatever the function
    raises comes through.
    """
    name = getattr(function, "__qualname__", repr(function))
    try:
        signature = inspect.signature(function)
    except ValueError as error:
        raise BadInput(f"{name} cannot be called: {error}") from None
    source: Dataset | None = None
    given: dict[str, object] = dict(args)
    for parameter in signature.parameters.values():
        if parameter.kind not in _NAMED or parameter.name in args:
            continue
        if parameter.name in {"rows", "batches"}:
            if not inputs and parameter.default is not inspect.Parameter.empty:
                continue
            source = inputs.one()
            make = _rows if parameter.name == "rows" else _batches
            given[parameter.name] = make(source, ctx)
        elif parameter.name == "inputs":
            given["inputs"] = inputs
        elif parameter.name == "ctx":
            given["ctx"] = ctx
    try:
        bound = signature.bind(**given)
    except TypeError as error:
        raise BadInput(f"{name}{signature} does not take these args: {error}") from None
    result = function(*bound.args, **bound.kwargs)
    if inspect.iscoroutine(result):
        import asyncio

        result = asyncio.run(result)
    return Called(name=name, result=result, source=source)


def _rows(dataset: Dataset, ctx: Context) -> Iterator[dict[str, object]]:
    for batch in _batches(dataset, ctx):
        yield from batch_to_rows(batch)


def _batches(dataset: Dataset, ctx: Context) -> "Iterator[RecordBatch]":
    done = 0
    for piece in pieces(dataset):
        ctx.raise_if_cancelled()
        yield piece
        done += piece.num_rows
        ctx.progress(done, dataset.rows)
