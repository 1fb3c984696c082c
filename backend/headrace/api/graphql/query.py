"""The root of queries. An absent object is null."""

import asyncio
from typing import Annotated, Final

import strawberry
from strawberry import UNSET

from headrace.api.errors import ApiError, Code
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
from headrace.api.graphql.described import object_type
from headrace.api.graphql.graphs import Graph
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.nodes import find_node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipeline_inputs import (
    PipelineFilterInput,
    PipelineSource,
    pipeline_filter,
    source_of,
)
from headrace.api.graphql.pipelines import Pipeline
from headrace.api.graphql.problems import PipelineProblem, PipelineValidation
from headrace.api.graphql.queue import Queue
from headrace.api.graphql.run_inputs import RunFilterArg
from headrace.api.graphql.runs import Run
from headrace.api.graphql.service import Service, service_of
from headrace.api.graphql.workers import Worker
from headrace.services import pipelines

MAX_NODES: Final = 200

Id = Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]


@object_type
class Query:
    """What there is. One operation reads one moment of the database."""

    @strawberry.field
    async def node(self, info: Info, id_: Id) -> Node | None:
        """Whatever has this id."""
        return await find_node(info.context.load, id_)

    @strawberry.field
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description=f"At most {MAX_NODES}.")
        ],
    ) -> list[Node | None]:
        """Whatever has these ids, in their order; null for each that is absent."""
        if len(ids) > MAX_NODES:
            raise ApiError(Code.BAD_USER_INPUT, f"`ids` must be at most {MAX_NODES}")
        load = info.context.load
        return list(await asyncio.gather(*(find_node(load, each) for each in ids)))

    @strawberry.field
    async def service(self, info: Info) -> Service:
        """What runs and how it is; never a secret."""
        return await service_of(info.context)

    @strawberry.field
    def block_types(self, info: Info) -> list[BlockType]:
        """The block types that pipelines can use, by name."""
        catalogue = info.context.services.catalogue
        found = [catalogue.get(name) for name in sorted(catalogue.names())]
        return [BlockType.of(each) for each in found if each is not None]

    @strawberry.field
    async def pipeline(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="Its name.")],
    ) -> Pipeline | None:
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
        where: Annotated[
            PipelineFilterInput | None,
            strawberry.argument(name="filter", description="Only pipelines that meet this."),
        ] = UNSET,
    ) -> CountedConnection[Pipeline]:
        """Pipelines by name; without a filter those that are not archived."""
        return await info.context.lists.pipelines(
            pipeline_filter(where), first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def validate_pipeline(
        self,
        info: Info,
        source: Annotated[PipelineSource, strawberry.argument(description="The definition.")],
    ) -> PipelineValidation:
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
    async def artifact(self, info: Info, id_: Id) -> Artifact | None:
        """The artifact of this id."""
        return await info.context.load.artifact.load(id_)

    @strawberry.field
    async def queue(self, info: Info) -> Queue:
        """What waits and what runs."""
        return await info.context.lists.queue()

    @strawberry.field
    async def workers(
        self,
        info: Info,
        alive: Annotated[
            bool | None,
            strawberry.argument(description="Those that live, those that are gone, or (null) all."),
        ] = True,
        first: First = UNSET,
        after: After = UNSET,
    ) -> Connection[Worker]:
        """Workers in the order of their start."""
        return await info.context.lists.workers(alive, first=first, after=after)
