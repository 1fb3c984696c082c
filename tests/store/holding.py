"""A writer that is held until units of work are queued: they share a group then."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from headrace.store.database import Store
from headrace.store.transaction import Transaction


@contextmanager
def held(store: Store) -> Iterator["asyncio.Future[None]"]:
    """What is queued inside waits until the end, and is taken up all at once.

    It gives a future, which is to be awaited afterwards.
    """
    queued = threading.Event()

    def wait(_: Transaction) -> None:
        assert queued.wait(30)

    waiting = store.write(wait)
    try:
        yield waiting
    finally:
        queued.set()
