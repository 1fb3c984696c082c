"""One task in the child, from its message to the message that ends it."""

import hashlib
import importlib
import resource
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from headrace.artifacts.content import ContentStore, TemporaryContent, content_store
from headrace.blocks import Block, BlockCancelled, Environment, Inputs, Output, Permanent
from headrace.blocks.arrow import (
    DATASET_MEDIA_TYPE,
    InlineDataset,
    SpilledDataset,
    write_dataset,
)
from headrace.blocks.artifact_names import OUTPUT_NAME
from headrace_worker import processes
from headrace_worker.child.channel import Session
from headrace_worker.child.context import ChildContext
from headrace_worker.child.failures import config_failure, failure_of
from headrace_worker.child.inputs import combined, dataset_of
from headrace_worker.child.logs import CaptureHandler, flush_streams, streams_intact
from headrace_worker.child.surroundings import import_path
from headrace_worker.wire import INLINE_URI

_RETIRE_BYTES = 512 * 1024 * 1024
"""A child that ever held more is not kept warm: what it freed seldom goes back to the system."""


class Performer:
    """Runs tasks one after the other; keeps what the next one can use again."""

    def __init__(self, handler: CaptureHandler) -> None:
        self._handler = handler
        self._types: dict[str, type[Block[Any]]] = {}
        self._environment: Environment | None = None
        self._store: ContentStore | None = None

    def perform(self, session: Session) -> tuple[Any, ...]:
        """Run the task; returns the message that ends it."""
        fit = True
        try:
            with import_path(session.task["sys_path"]):
                ending = self._run(session)
        except BlockCancelled:
            ending = ("cancelled",)
        except BaseException as error:
            # Whatever a block raises is its failure, not the child's.
            ending = ("failed", *failure_of(error))
            fit = not isinstance(error, MemoryError)
        session.finishing = True
        session.close()
        flush_streams()
        processes.flush_c_streams()
        peak = processes.rss_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        again = fit and peak < _RETIRE_BYTES and streams_intact() and not processes.has_children()
        return (*ending, again)

    def _run(self, session: Session) -> tuple[Any, ...]:
        task = session.task
        environment, store = self._environment_of(task)
        context = ChildContext(session, environment, store)
        self._handler.logger = context.log
        try:
            block_type = self._type(task["target"])
            try:
                config = block_type.config_type.model_validate(task["config"])
            except ValidationError as error:
                return ("failed", *config_failure(error, block_type.config_type, task["config"]))
            rows, artifact = _publish(
                _work(block_type(), config, task, context, store), context, store
            )
        except BaseException:
            # What was recorded was paid for: it is kept, whatever else went wrong.
            context.close_quietly()
            raise
        context.close()
        return ("succeeded", rows, artifact)

    def _environment_of(self, task: Mapping[str, Any]) -> tuple[Environment, ContentStore]:
        # None: as in the task before, which is nearly always so.
        if task["environment"] is not None or self._environment is None or self._store is None:
            self._environment = Environment.from_json(task["environment"])
            self._store = content_store(self._environment.artifacts_place, patient=True)
        return self._environment, self._store

    def _type(self, target: str) -> type[Block[Any]]:
        found = self._types.get(target)
        if found is None:
            module, _, name = target.partition(":")
            found = getattr(importlib.import_module(module), name)
            if not (isinstance(found, type) and issubclass(found, Block)):
                raise Permanent(f"{target} is no block type.")
            self._types[target] = found
        return found


def _work(
    block: Block[Any],
    config: Any,
    task: Mapping[str, Any],
    context: ChildContext,
    store: ContentStore,
) -> Callable[[], Output]:
    parts = task["parts"]
    if parts is not None:
        return lambda: combined(block, config, parts, context, store)
    inputs = Inputs({ref["name"]: dataset_of(ref, store) for ref in task["inputs"]})
    return lambda: block.run(config, inputs, context)


def _publish(
    work: Callable[[], Output], context: ChildContext, store: ContentStore
) -> tuple[int | None, dict[str, Any] | None]:
    """Do the work and keep its dataset: inline where it is small, else as content."""
    opened: list[TemporaryContent] = []

    def open_file() -> TemporaryContent:
        opened.append(store.temporary())
        return opened[0]

    try:
        written = write_dataset(
            work(), inline_bytes=context.environment.inline_bytes, open_file=open_file
        )
        if written is None:
            return None, None
        return written.rows, _artifact(written, store)
    finally:
        for file in opened:
            file.discard()


def _artifact(
    written: InlineDataset | SpilledDataset[TemporaryContent], store: ContentStore
) -> dict[str, Any]:
    if isinstance(written, InlineDataset):
        place: dict[str, Any] = {
            "uri": INLINE_URI,
            "data": written.data,
            "size_bytes": len(written.data),
            "sha256": hashlib.sha256(written.data).hexdigest(),
        }
    else:
        published = store.publish(written.file)
        place = {
            "uri": published.uri,
            "data": None,
            "size_bytes": published.size_bytes,
            "sha256": published.sha256,
        }
    return {
        "name": OUTPUT_NAME,
        "media_type": DATASET_MEDIA_TYPE,
        "rows": written.rows,
        "output": True,
        **place,
    }
