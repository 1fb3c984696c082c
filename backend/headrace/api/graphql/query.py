"""The root of queries. An absent object is null."""

import asyncio
from typing import Annotated

import strawberry
from strawberry import UNSET

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.arguments import (
    MAX_NODES,
    Alive,
    Id,
    Ids,
    Name,
    PipelineFilterArg,
    RunId,
    Source,
)
from headrace.api.graphql.artifacts import Artifact
from headrace.api.graphql.catalogue import BlockType
from headrace.api.graphql.connections import (
    After,
    Before,
    Connection,
    CountedConnection,
    First,
    Last,
)
from headrace.api.graphql.data_outcomes import consumed
from headrace.api.graphql.datasets import Dataset
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import RerunFrom, VersionChoice
from headrace.api.graphql.graphs import Graph
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.nodes import find_node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipeline_inputs import pipeline_filter, source_of
from headrace.api.graphql.pipelines import Pipeline
from headrace.api.graphql.problems import PipelineProblem, PipelineValidation
from headrace.api.graphql.queue import Queue
from headrace.api.graphql.rate_limits import RateLimit
from headrace.api.graphql.rerun_plans import (
    BlocksArg,
    FromArg,
    RerunPlan,
    VersionArg,
    plan_of,
    rerun_of,
)
from headrace.api.graphql.run_inputs import RunFilterArg
from headrace.api.graphql.runs import Run, RunStatusCount
from headrace.api.graphql.scalars import JSON
from headrace.api.graphql.schedule_inputs import CronArg, TimeZoneArg
from headrace.api.graphql.schedules import CountArg, CronCheck, Schedule, most_times
from headrace.api.graphql.service import Service, service_of
from headrace.api.graphql.streams import (
    ConsumeMessagesResult,
    MaxMessages,
    TimeoutMs,
    TopicArg,
    topic_name,
)
from headrace.api.graphql.triggers import Trigger
from headrace.api.graphql.workers import Worker
from headrace.domain.schema import definition_schema
from headrace.services import pipelines, schedules
from headrace.services.datasets import find_dataset
from headrace.services.health import checks_of
from headrace.streams.errors import StreamError


@object_type
class Query:
    """What there is. One operation reads one moment of the database.

    Ids are opaque, globally unique, prefixed by kind and time-ordered (`run_01k…`, `pl_…`,
    `art_…`); `node` finds any again. What is absent is null.

    Lists are connections: `first` 50 by default, `first` or `last` from 1 to 200 (timeline and
    logs: 1000); both together, or out of range, is BAD_USER_INPUT, the cursor of another list
    BAD_CURSOR. Order: runs, reruns, versions and ticks newest first; pipelines, schedules and data
    sets by name;
    workers by start; queue shares oldest run first; timeline and logs by seq; artifacts in order of
    creation; failed rows by number. `totalCount` is exact up to 10,000.

    Keys, limits and bugs are GraphQL errors with `extensions: {code, retryable, errorId}`. Codes:
    BAD_USER_INPUT, BAD_CURSOR, CURSOR_EXPIRED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, GONE,
    UNAVAILABLE, RATE_LIMITED (with retryAfterMs), QUERY_TOO_COMPLEX (with cost), PAYLOAD_TOO_LARGE,
    TIMEOUT and INTERNAL. A request's body has at most 2 MiB.

    GraphQL is at /graphql: by POST as GraphQL over HTTP has it, by websocket with the protocol
    `graphql-transport-ws`, and subscriptions as server-sent events too. Beside it, for REST: GET
    /health, /ready and /metrics, and GET or HEAD /artifacts/{id}/download with `expires` (Unix
    seconds) and `signature`, or without while that is allowed, and /datasets/download as a data
    set's downloadUrl gives it. Their errors are JSON `{code, message}`: 401 no or a wrong key, 403
    a signature that is missing where it is required, wrong or expired, 404 unknown, 410 removed by
    a cleanup, 416 range, 421 host, 429 with Retry-After.
    """

    @strawberry.field
    async def node(self, info: Info, id_: Id) -> Node | None:
        """Whatever has this id."""
        return await find_node(info.context.load, id_)

    @strawberry.field
    async def nodes(self, info: Info, ids: Ids) -> list[Node | None]:
        """Whatever has these ids, in their order; null for each that is absent."""
        if len(ids) > MAX_NODES:
            raise ApiError(Code.BAD_USER_INPUT, f"`ids` must be at most {MAX_NODES}")
        load = info.context.load
        return list(await asyncio.gather(*(find_node(load, each) for each in ids)))

    @strawberry.field
    async def service(self, info: Info) -> Service:
        """What runs and how it is; never a secret."""
        services = info.context.services
        async with info.context.reading() as snapshot:
            checks = await checks_of(services.settings, services.content, snapshot)
            return service_of(services.settings, checks)

    @strawberry.field
    def block_types(self, info: Info) -> list[BlockType]:
        """The block types that pipelines can use, by name."""
        catalogue = info.context.services.catalogue
        found = [catalogue.get(name) for name in sorted(catalogue.names())]
        return [BlockType.of(each) for each in found if each is not None]

    @strawberry.field
    def pipeline_schema(self, info: Info) -> JSON:
        """JSON Schema (2020-12) of a whole definition with the block types that there are, for
        editors.
        """
        return JSON(definition_schema(info.context.services.catalogue))

    @strawberry.field
    async def pipeline(self, info: Info, name: Name) -> Pipeline | None:
        """The pipeline of this name, archived or not."""
        return await info.context.load.pipeline_by_name(name)

    @strawberry.field
    async def pipelines(
        self,
        info: Info,
        *,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: PipelineFilterArg = UNSET,
    ) -> CountedConnection[Pipeline]:
        """Pipelines by name; without a filter those that are not archived."""
        return await info.context.lists.pipelines(
            pipeline_filter(where), first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def validate_pipeline(self, info: Info, source: Source) -> PipelineValidation:
        """Every problem of a definition, each with its place; saves nothing."""
        context = info.context
        # A document of a megabyte takes its time; others go on meanwhile.
        checked = await asyncio.to_thread(
            pipelines.validate, context.services, source_of(source), context.caller.grants
        )
        definition = None if checked.problems else checked.definition
        return PipelineValidation(
            valid=definition is not None,
            problems=[PipelineProblem.of(problem) for problem in checked.problems],
            graph=None if definition is None else Graph.of(definition),
        )

    @strawberry.field
    async def run(self, info: Info, id_: Id) -> Run | None:
        """The run of this id."""
        return await info.context.load.run.load(id_)

    @strawberry.field
    async def runs(
        self,
        info: Info,
        *,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: RunFilterArg = UNSET,
    ) -> CountedConnection[Run]:
        """Runs, newest first."""
        return await info.context.lists.runs(
            where, first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def run_counts(self, info: Info, where: RunFilterArg = UNSET) -> list[RunStatusCount]:
        """How many runs stand where: exact, and 0 for each state that has none."""
        return await info.context.lists.run_counts(where)

    @strawberry.field
    async def plan_rerun(
        self,
        info: Info,
        run_id: RunId,
        from_: FromArg = RerunFrom.FAILED,
        blocks: BlocksArg = UNSET,
        version: VersionArg = VersionChoice.SAME,
    ) -> RerunPlan | None:
        """What a rerun would reuse, run and skip, and why; null when there is no such run."""
        return await plan_of(info.context, rerun_of(run_id, from_, blocks, version))

    @strawberry.field
    async def schedule(self, info: Info, name: Name) -> Schedule | None:
        """The schedule of this name."""
        return await info.context.load.schedule_by_name(name)

    @strawberry.field
    async def schedules(
        self,
        info: Info,
        *,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> CountedConnection[Schedule]:
        """Schedules by name."""
        return await info.context.lists.schedules(
            first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def check_cron(
        self, cron: CronArg, time_zone: TimeZoneArg = "UTC", count: CountArg = 5
    ) -> CronCheck:
        """What a cron expression says and when it ticks next; for forms."""
        return CronCheck.of(await schedules.check_cron(cron, time_zone, most_times(count)))

    @strawberry.field
    async def artifact(self, info: Info, id_: Id) -> Artifact | None:
        """The artifact of this id."""
        return await info.context.load.artifact.load(id_)

    @strawberry.field
    async def datasets(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> Connection[Dataset]:
        """CSV, TSV, JSON Lines and Parquet files in the allowed roots, by name, then by path."""
        return await info.context.lists.datasets(info.context.services, first=first, after=after)

    @strawberry.field
    async def dataset(
        self,
        info: Info,
        path: Annotated[
            str, strawberry.argument(description="Its path, as a pipeline can name it.")
        ],
    ) -> Dataset | None:
        """The file of this path; null where pipelines can read no such file."""
        found = await find_dataset(info.context.services, path)
        return None if found is None else Dataset.of(found)

    @strawberry.field
    async def queue(self, info: Info) -> Queue:
        """What waits and what runs."""
        return await info.context.lists.queue()

    @strawberry.field
    async def workers(
        self,
        info: Info,
        alive: Alive = True,
        first: First = UNSET,
        after: After = UNSET,
    ) -> Connection[Worker]:
        """Workers in the order of their start."""
        return await info.context.lists.workers(alive, first=first, after=after)

    @strawberry.field
    async def trigger(self, info: Info, name: Name) -> Trigger | None:
        """The trigger of this name."""
        return await info.context.load.trigger_by_name(name)

    @strawberry.field
    async def triggers(
        self,
        info: Info,
        *,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> CountedConnection[Trigger]:
        """Messages that start runs: what does so, by name."""
        return await info.context.lists.triggers(first=first, after=after, last=last, before=before)

    @strawberry.field
    def rate_limit(self, info: Info) -> RateLimit | None:
        """The limit of this endpoint for this client; null where no limit is on."""
        rate = info.context.caller.rate
        return None if rate is None else RateLimit.of(rate())

    @strawberry.field
    async def stream_topics(self, info: Info) -> list[str]:
        """The topics of streams; empty while STREAM_BACKEND=none."""
        try:
            return await info.context.services.streams.topics()
        except StreamError as error:
            raise ApiError(Code.UNAVAILABLE, str(error)) from error

    @strawberry.field
    async def consume_messages(
        self,
        info: Info,
        topic: TopicArg = UNSET,
        max_messages: MaxMessages = 5,
        timeout_ms: TimeoutMs = 500,
    ) -> ConsumeMessagesResult:
        """The newest messages that are there; waits only if there are none. Takes nothing away."""
        outcome = await info.context.services.streams.consume(
            topic=topic_name(topic), max_messages=max_messages, timeout_ms=timeout_ms
        )
        return consumed(outcome)
