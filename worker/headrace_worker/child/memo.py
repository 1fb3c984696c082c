"""`ctx.memo`: results by key, looked up and recorded through the worker.

Invariant: at most `batch` recorded items are not yet durable. Those of a batch that is on its way
count, so a worker killed at any moment loses no more than the promise says; `record` waits where
there would be more. What finding them out took of a language model goes in the same message.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from headrace.blocks import BlockError, Permanent, Usage
from headrace.blocks.usage import summed
from headrace.domain.json import JSONValue
from headrace_worker.child.channel import Session

_MAX_AGE_SECONDS = 0.25
_LOOKUP_KEYS = 2_000


@dataclass
class _Batch:
    items: dict[str, JSONValue] = field(default_factory=dict)
    usages: list[Usage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.items or self.usages)

    def __len__(self) -> int:
        return len(self.items)


class ChildMemo:
    """See `headrace.blocks.Memo`; safe to use from any thread of the block."""

    def __init__(self, session: Session, batch: int) -> None:
        self._session = session
        self._batch = max(batch, 1)
        self._changed = threading.Condition()
        self._buffered = _Batch()
        self._sent = _Batch()
        self._oldest = 0.0
        self._error: BlockError | None = None

    def lookup(self, keys: Sequence[str]) -> dict[str, JSONValue]:
        with self._changed:
            known: dict[str, JSONValue] = {**self._sent.items, **self._buffered.items}
        missing = [key for key in keys if key not in known]
        for start in range(0, len(missing), _LOOKUP_KEYS):
            known.update(self._session.request("lookup", missing[start : start + _LOOKUP_KEYS]))
        return {key: known[key] for key in keys if key in known}

    def record(self, items: Mapping[str, JSONValue], usage: Usage | None = None) -> None:
        if not items and usage is None:
            return
        with self._changed:
            while self._sent and len(self._sent) + len(self._buffered) >= self._batch:
                self._changed.wait()
            self._raise_if_refused()
            if not self._buffered:
                self._oldest = time.monotonic()
            self._buffered.items.update(items)
            if usage is not None:
                self._buffered.usages = summed([*self._buffered.usages, usage])
            if not self._sent and len(self._buffered) >= self._batch:
                self._send()
                self._raise_if_refused()

    def flush(self) -> None:
        with self._changed:
            while self._sent or self._buffered:
                if self._sent:
                    self._changed.wait()
                else:
                    self._send()
            self._raise_if_refused()

    def tick(self) -> None:
        """Send what is old enough; called on the reading thread, and so never waits."""
        if not self._changed.acquire(blocking=False):
            return
        try:
            old = time.monotonic() - self._oldest >= _MAX_AGE_SECONDS
            if self._buffered and not self._sent and old:
                self._send()
        finally:
            self._changed.release()

    def _send(self) -> None:
        self._sent, self._buffered = self._buffered, _Batch()
        usages = [asdict(usage) for usage in self._sent.usages]
        try:
            self._session.post("record", self._sent.items, usages, answer=self._answered)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            # Kept for the block's own thread: this may be the reading one, which must live on.
            self._sent = _Batch()
            self._error = Permanent(f"The memo cannot be sent (its values are JSON): {error}")
            self._changed.notify_all()

    def _answered(self, answer: tuple[bool, Any]) -> None:
        ok, value = answer
        with self._changed:
            if not ok:
                self._error = BlockError(f"Results could not be kept: {value}")
            self._sent = _Batch()
            if len(self._buffered) >= self._batch:
                self._send()
            self._changed.notify_all()

    def _raise_if_refused(self) -> None:
        if self._error is not None:
            raise self._error
