"""Events of snapshot streams, each resolved in a snapshot of its own.

Strawberry takes what a source yields for the field's value. Were that an object, it would have been
read in another moment than what is asked of it; so sources yield what is to be read (a run's id,
or where a watcher notes what it saw), and the schema is given these resolvers.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import GraphQLResolveInfo

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.queue import Queue
from headrace.api.graphql.runs import Run
from headrace.api.graphql.schedules import Schedule
from headrace.api.graphql.service import Service, service_of
from headrace.api.graphql.triggers import Trigger
from headrace.api.graphql.workers import Worker
from headrace.live.shared_state import Seen
from headrace.services.health import Check
from headrace.store.reads.queue import QueueState
from headrace.store.reads.schedules import SchedulesState
from headrace.store.reads.triggers import TriggerState
from headrace.store.reads.workers import Crew

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context

_Info: TypeAlias = GraphQLResolveInfo[Any]


async def run_now(run_id: str, info: _Info, **_arguments: object) -> Run:
    """The run. Raises ApiError NOT_FOUND when it went."""
    found: Run | None = await info.context.load.run.load(run_id)
    if found is None:
        raise no_run(run_id)
    return found


async def queue_now(seen: Seen[QueueState], info: _Info) -> Queue:
    """The whole queue."""
    context: Context = info.context
    async with context.reading() as snapshot:
        return Queue.of((await context.services.watches.queue.show(snapshot, seen)).totals)


async def workers_now(seen: Seen[Crew], info: _Info) -> list[Worker]:
    """The workers that live."""
    context: Context = info.context
    async with context.reading() as snapshot:
        crew = await context.services.watches.workers.show(snapshot, seen)
    return [Worker.of(row) for row in crew.workers]


async def schedules_now(seen: Seen[SchedulesState], info: _Info) -> list[Schedule]:
    """All schedules."""
    context: Context = info.context
    async with context.reading() as snapshot:
        state = await context.services.watches.schedules.show(snapshot, seen)
    return [Schedule.of(row) for row in state.schedules]


async def service_now(seen: Seen[tuple[Check, ...]], info: _Info) -> Service:
    """The service, its checks made now."""
    services = info.context.services
    async with info.context.reading() as snapshot:
        return service_of(services.settings, await services.watches.service.show(snapshot, seen))


async def triggers_now(seen: Seen[TriggerState], info: _Info) -> list[Trigger]:
    """The triggers."""
    context: Context = info.context
    async with context.reading() as snapshot:
        state = await context.services.watches.triggers.show(snapshot, seen)
    return [Trigger.of(row) for row in state.triggers]


def no_run(run_id: str) -> ApiError:
    """The error for a subscription to a run that is absent."""
    return ApiError(Code.NOT_FOUND, f"There is no run {run_id}")


RESOLVERS: Final[Mapping[str, Callable[..., Awaitable[Any]]]] = {
    "run": run_now,
    "queue": queue_now,
    "workers": workers_now,
    "schedules": schedules_now,
    "service": service_now,
    "triggers": triggers_now,
}
"""By the names of the subscriptions whose events they resolve."""
