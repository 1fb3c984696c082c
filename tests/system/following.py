"""Clients that follow streams of record, resume by cursor, and keep book of what they are sent."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol

from gql.transport.exceptions import TransportConnectionFailed

from tests.system import documents
from tests.system.streams import PATIENCE_SECONDS, JSONObject, Stream

AWAY_SECONDS = 0.1
TERMINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


class Book(Protocol):
    """What a client has been sent so far; `take` fails where a batch does not belong there."""

    @property
    def entries(self) -> list[JSONObject]: ...
    def take(self, batch: Mapping[str, Any]) -> None: ...
    def completed(self) -> None: ...


@dataclass
class Chain:
    """The book of one `runEvents`, whose batches each begin where the one before ended."""

    kinds: frozenset[str] | None = None
    at: int = 0
    status: str = "QUEUED"
    entries: list[JSONObject] = field(default_factory=list)

    def take(self, batch: Mapping[str, Any]) -> None:
        assert self.status not in TERMINAL, f"after the last event came {batch}"
        assert batch["afterSeq"] == self.at, (self.at, batch)
        if batch["progress"]:
            assert not batch["events"], batch
            assert batch["throughSeq"] == self.at, batch
            assert batch["status"] == self.status, batch
            return
        before, self.at, self.status = self.at, batch["throughSeq"], batch["status"]
        events = batch["events"]
        seqs = [event["seq"] for event in events]
        told = [event["status"] for event in events if "status" in event]
        if self.kinds is None:
            assert seqs == list(range(before + 1, self.at + 1)), batch
            assert batch["cursor"] == events[-1]["cursor"], batch
            assert not told or told[-1] == self.status, batch
        else:
            assert seqs or self.status in TERMINAL, f"an empty batch before the last: {batch}"
            assert seqs == sorted(set(seqs)), batch
            assert all(before < seq <= self.at for seq in seqs), batch
            assert {event["kind"] for event in events} <= self.kinds, batch
        self.entries += events

    def completed(self) -> None:
        assert self.status in TERMINAL, f"it completed while the run was {self.status}"


@dataclass
class Lines:
    """The book of one `logs`; a whole log has every seq."""

    whole: bool
    entries: list[JSONObject] = field(default_factory=list)

    def take(self, batch: Mapping[str, Any]) -> None:
        assert batch["lines"], batch
        for line in batch["lines"]:
            last = self.entries[-1]["seq"] if self.entries else 0
            assert line["seq"] == last + 1 if self.whole else line["seq"] > last, line
            self.entries.append(line)

    def completed(self) -> None:
        return None


class Follower:
    """Follows a stream at one server or several, whatever becomes of its connections.

    With `drops` it tears the connection itself after one batch in two. Each reconnection goes to
    the next of `urls`; a server that is away is asked again, for PATIENCE_SECONDS in all.
    """

    def __init__(
        self,
        urls: str | Sequence[str],
        document: str,
        asked: Mapping[str, Any],
        book: Book,
        *,
        drops: random.Random | None = None,
        on_batch: Callable[[JSONObject], None] = lambda _: None,
    ) -> None:
        self.book = book
        self.connections = 0
        self._urls = [urls] if isinstance(urls, str) else list(urls)
        self._document, self._asked = document, dict(asked)
        self._drops = drops
        self._on_batch = on_batch

    async def to_the_end(self) -> list[JSONObject]:
        """Every event or line, each exactly once."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for _ in self.batches():
                pass
        return self.book.entries

    async def until(self, wanted: Callable[[JSONObject], bool]) -> JSONObject:
        """The first event or line that is wanted, once it is there."""
        async with asyncio.timeout(PATIENCE_SECONDS), aclosing(self.batches()) as batches:
            async for _ in batches:
                for entry in self.book.entries:
                    if wanted(entry):
                        return entry
        raise AssertionError(f"it never came; there was {self.book.entries}")

    async def first(self, count: int) -> list[JSONObject]:
        """The first batches, once so many are there."""
        found: list[JSONObject] = []
        async with asyncio.timeout(PATIENCE_SECONDS), aclosing(self.batches()) as batches:
            async for batch in batches:
                found.append(batch)
                if len(found) == count:
                    break
        return found

    async def batches(self) -> AsyncGenerator[JSONObject, None]:
        """The batches as they come, until the stream completes."""
        after = None
        while True:
            url = self._urls[self.connections % len(self._urls)]
            self.connections += 1
            stream = Stream(url, self._document, {**self._asked, "after": after})
            try:
                async with aclosing(stream.values()) as values:
                    async for batch in values:
                        self.book.take(batch)
                        after = batch["cursor"]
                        self._on_batch(batch)
                        yield batch
                        if self._drops is not None and self._drops.random() < 0.5:
                            stream.tear(rudely=self._drops.random() < 0.5)
                            break
                    else:
                        self.book.completed()
                        return
            except (TransportConnectionFailed, OSError):
                await asyncio.sleep(AWAY_SECONDS)


def follow_run(
    urls: str | Sequence[str], run_id: str, *, kinds: Sequence[str] | None = None, **rest: Any
) -> Follower:
    """Follows a run's events."""
    chain = Chain(None if kinds is None else frozenset(kinds))
    asked = {"run": run_id, "kinds": kinds}
    return Follower(urls, documents.EVENTS, asked, chain, **rest)


def follow_log(
    urls: str | Sequence[str],
    run_id: str,
    *,
    block: str | None = None,
    level: str = "DEBUG",
    **rest: Any,
) -> Follower:
    """Follows a run's log."""
    book = Lines(whole=block is None and level == "DEBUG")
    asked = {"run": run_id, "block": block, "minLevel": level}
    return Follower(urls, documents.LOGS, asked, book, **rest)
