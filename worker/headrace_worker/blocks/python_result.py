"""Makes a dataset or an artifact of what a user's function gave back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, NoReturn

from headrace.blocks import ArrowArray, ArrowStream, BadInput, Context, Output, Permanent
from headrace.blocks.datasets import is_array, is_stream
from headrace.blocks.rows import rows_to_batch
from headrace_worker.blocks.batches import ROWS_AT_ONCE, without_rows
from headrace_worker.blocks.python_call import Called

if TYPE_CHECKING:
    from arro3.core import RecordBatch, Schema

RESULT = "result.json"


def as_output(called: Called, ctx: Context) -> Output:
    """The dataset of rows or Arrow data; of any other JSON the artifact `result.json`, no dataset.

    A list of objects is rows. Who was given rows and gives none back hands on its input's columns
    without a row. Raises BadInput for anything else.
    """
    result = called.result
    if result is None or is_stream(result) or is_array(result):
        return result
    if isinstance(result, list | tuple):
        is_rows = all(isinstance(row, Mapping) for row in result)
        if is_rows and (result or called.source is not None):
            return _streamed(called, iter(result), ctx)
    elif isinstance(result, Iterable) and not isinstance(result, Mapping | str | bytes):
        return _streamed(called, iter(result), ctx)
    _keep_json(called, ctx)
    return None


def _keep_json(called: Called, ctx: Context) -> None:
    try:
        text = json.dumps(called.result, ensure_ascii=False, allow_nan=False, indent=2)
        data = text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        kind = type(called.result).__qualname__
        raise BadInput(
            f"{called.name} returned a {kind} that is no JSON ({error}). A function returns "
            "nothing, JSON, rows (dicts, also one by one) or Arrow data."
        ) from None
    with ctx.new_artifact(RESULT, "application/json") as file:
        file.write(data + b"\n")


def _streamed(
    called: Called, items: Iterator[object], ctx: Context
) -> Iterator[ArrowArray | ArrowStream]:
    first = next(items, None)
    if first is None:
        if called.source is not None:
            yield without_rows(called.source)
    elif isinstance(first, Mapping):
        yield from _row_batches(called, chain([first], items), ctx)
    else:
        for number, item in enumerate(chain([first], items), start=1):
            if not (is_array(item) or is_stream(item)):
                _refuse(called, number, item)
            ctx.raise_if_cancelled()
            yield item


def _row_batches(called: Called, items: Iterator[object], ctx: Context) -> "Iterator[RecordBatch]":
    schema: Schema | None = None
    done = 0
    while page := list(islice(items, ROWS_AT_ONCE)):
        ctx.raise_if_cancelled()
        rows: list[Mapping[str, object]] = []
        for number, item in enumerate(page, start=done + 1):
            if not isinstance(item, Mapping) or not all(isinstance(key, str) for key in item):
                _refuse(called, number, item)
            rows.append(item)
        try:
            batch = rows_to_batch(rows, schema=schema)
        except (ValueError, OverflowError) as error:
            place = f"rows {done + 1:,} to {done + len(rows):,}"
            raise Permanent(f"{place} of {called.name} do not fit a table: {error}") from error
        schema = batch.schema
        done += len(rows)
        if called.source is None:
            ctx.progress(done)
        yield batch


def _refuse(called: Called, number: int, item: object) -> NoReturn:
    raise BadInput(
        f"Item {number:,} of {called.name} is a {type(item).__qualname__}: it gives either rows "
        "(dicts with text keys) or Arrow batches"
    )
