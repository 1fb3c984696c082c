"""The root of subscriptions.

A stream of record (runEvents, logs) has cursors and never a hole; a snapshot stream (run, queue,
workers, schedules, service) begins with the current state; `runs` tells changes only. Each event is
executed in a context, and so in a snapshot, of its own: a source hands over what is to be told,
never what it read beside that.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, TypeVar, cast

import strawberry
from strawberry import UNSET

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.arguments import RunId
from headrace.api.graphql.changes import RunChange, run_changes
from headrace.api.graphql.connections import After, position
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import LogLevel, RunEventKind
from headrace.api.graphql.events import RunEventBatch
from headrace.api.graphql.logs import LinesOfBlock, LogBatch
from headrace.api.graphql.operation import Info
from headrace.api.graphql.queue import Queue
from headrace.api.graphql.run_inputs import RunFilterArg, given, run_filter
from headrace.api.graphql.runs import Run
from headrace.api.graphql.schedules import Schedule
from headrace.api.graphql.service import Service
from headrace.api.graphql.snapshots import no_run
from headrace.api.graphql.streams import StreamMessage, TopicArg, topic_name
from headrace.api.graphql.triggers import Trigger
from headrace.api.graphql.workers import Worker
from headrace.live.log_lines import log_lines
from headrace.live.run_events import RunMissing, run_events
from headrace.live.run_snapshots import run_snapshots
from headrace.live.shared_state import Seen, SharedState
from headrace.services.streams import OFF, PlaceGone
from headrace.store.reads.events import events_scope
from headrace.store.reads.keyset import BadCursor
from headrace.store.reads.logs import logs_scope
from headrace.streams.errors import StreamError, TopicMissing

T = TypeVar("T")


@object_type
class Subscription:
    """What happens, as it happens. One of an absent object ends with the error NOT_FOUND.

    Streams of record (`runEvents`, `logs`, `messages`) carry a cursor that also works on the
    matching query. Snapshot streams (`run`, `queue`, `workers`, `schedules`, `service`,
    `triggers`) start with
    the current state, are coalesced, and are fetched anew after a reconnect. `runs` sends changes
    only.
    """

    @strawberry.subscription
    async def run_events(
        self,
        info: Info,
        run_id: RunId,
        after: After = UNSET,
        kinds: Annotated[
            list[RunEventKind] | None, strawberry.argument(description="Only these kinds.")
        ] = UNSET,
    ) -> AsyncGenerator[RunEventBatch, None]:
        """The backlog after the cursor, then live, in order, each event of record once.

        It completes after the run's terminal event, at once if `after` is past it; `after: null`
        starts at the first event. Who falls behind gets the events later, never a hole. A block's
        logs and artifacts are there before its terminal event.
        """
        start = position(after, events_scope(run_id))
        wanted = given(kinds)
        pages = run_events(
            info.context.services.hub,
            run_id,
            start,
            None if wanted is None else frozenset(wanted),
        )
        async for page in _of_run(run_id, pages):
            await info.context.renew()
            yield RunEventBatch.of(run_id, page)

    @strawberry.subscription
    async def logs(
        self,
        info: Info,
        run_id: RunId,
        block: LinesOfBlock = UNSET,
        after: After = UNSET,
        min_level: Annotated[
            LogLevel, strawberry.argument(description="Only lines of this level or higher.")
        ] = LogLevel.DEBUG,
    ) -> AsyncGenerator[LogBatch, None]:
        """The log after the cursor, then live, each line once; it completes as runEvents does."""
        pages = log_lines(
            info.context.services.hub,
            run_id,
            position(after, logs_scope(run_id)),
            block=given(block),
            min_level=min_level.value,
        )
        async for page in _of_run(run_id, pages):
            yield LogBatch.of(run_id, page)

    @strawberry.subscription
    async def run(
        self,
        info: Info,
        id_: Annotated[strawberry.ID, strawberry.argument(name="id", description="The run.")],
    ) -> AsyncGenerator[Run, None]:
        """The run as it is now, then as it is after changes, coalesced; completes when terminal.

        Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for _ in _of_run(id_, run_snapshots(info.context.services.hub, id_)):
            await info.context.renew()
            # `snapshots.run_now` reads it, where everything beside it is read.
            yield cast(Run, id_)

    @strawberry.subscription
    async def runs(
        self, info: Info, where: RunFilterArg = UNSET
    ) -> AsyncGenerator[RunChange, None]:
        """Changes of runs, beginning with the matching runs that changed in the last 10 s.

        Subscribe first, query second, and apply each change by its runId.
        """
        async with aclosing(run_changes(info.context.services, run_filter(where))) as changes:
            async for change in changes:
                await info.context.renew()
                yield change

    @strawberry.subscription
    async def queue(self, info: Info) -> AsyncGenerator[Queue, None]:
        """The queue as it is now, then as it is after changes, coalesced.

        Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for seen in _watched(info.context.services.watches.queue):
            yield cast(Queue, seen)

    @strawberry.subscription
    async def workers(self, info: Info) -> AsyncGenerator[list[Worker], None]:
        """The workers that live, in the order of their start, as they are now and after changes.

        At most 1,000. Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for seen in _watched(info.context.services.watches.workers):
            yield cast(list[Worker], seen)

    @strawberry.subscription
    async def schedules(self, info: Info) -> AsyncGenerator[list[Schedule], None]:
        """The schedules by name, as they are now and after changes: of theirs, of what became of
        their ticks, and of their runs that have not ended.

        At most 1,000. Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for seen in _watched(info.context.services.watches.schedules):
            yield cast(list[Schedule], seen)

    @strawberry.subscription
    async def service(self, info: Info) -> AsyncGenerator[Service, None]:
        """How the service is now, and after changes.

        Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for seen in _watched(info.context.services.watches.service):
            yield cast(Service, seen)

    @strawberry.subscription
    async def triggers(self, info: Info) -> AsyncGenerator[list[Trigger], None]:
        """The triggers by name, as they are now and after changes.

        At most 200. Not a stream of record: after a reconnect it begins with the state by then.
        """
        async for seen in _watched(info.context.services.watches.triggers):
            yield cast(list[Trigger], seen)

    @strawberry.subscription
    async def messages(
        self, info: Info, topic: TopicArg = UNSET, after: After = UNSET
    ) -> AsyncGenerator[StreamMessage, None]:
        """The messages of a stream as they come, after the cursor or from now on.

        UNAVAILABLE while streaming is off; CURSOR_EXPIRED where the messages after the cursor are
        gone, by retention or because the topic was made anew.
        """
        streams = info.context.services.streams
        if streams.kafka is None:
            raise ApiError(Code.UNAVAILABLE, OFF, retryable=False)
        try:
            async with aclosing(streams.follow(topic_name(topic), given(after))) as found:
                async for each in found:
                    yield StreamMessage.of(each)
        except BadCursor as error:
            raise ApiError(Code.BAD_CURSOR, str(error)) from error
        except PlaceGone as error:
            raise ApiError(Code.CURSOR_EXPIRED, str(error)) from error
        except TopicMissing as error:
            raise ApiError(Code.NOT_FOUND, str(error)) from error
        except StreamError as error:
            raise ApiError(Code.UNAVAILABLE, str(error)) from error


async def _watched(state: SharedState[T]) -> AsyncGenerator[Seen[T], None]:
    async with aclosing(state.changes()) as changes:
        async for seen in changes:
            yield seen


async def _of_run(run_id: str, pages: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The pages, closed with their reader. Raises ApiError NOT_FOUND for an absent run."""
    async with aclosing(cast(AsyncGenerator[T, None], pages)):
        try:
            async for page in pages:
                yield page
        except RunMissing as error:
            raise no_run(run_id) from error
