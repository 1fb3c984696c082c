"""Pipelines and their versions, as the API shows them."""

from typing import Annotated, cast

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.connections import After, CountedConnection, First
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import DefinitionFormat, ParamType
from headrace.api.graphql.graphs import Graph
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.references import RunRef, ScheduleRef
from headrace.api.graphql.run_inputs import RunFilterArg
from headrace.api.graphql.scalars import JSON, DateTime, optional_time
from headrace.domain import definition as domain
from headrace.domain.documents import dump
from headrace.store.reads.pipelines import PipelineRow, VersionRow

DocumentFormat = Annotated[
    DefinitionFormat, strawberry.argument(name="format", description="The document's format.")
]


@object_type
class Param:
    """A value that a run of the pipeline is given."""

    name: str = strawberry.field(description="Its name; `{{ params.<name> }}` stands for it.")
    type: ParamType = strawberry.field(description="Its type.")
    default: JSON | None = strawberry.field(description="Its value where none is given.")
    required: bool = strawberry.field(description="Whether every run must give it.")
    description: str | None = strawberry.field(description="What it is for.")
    choices: list[JSON] | None = strawberry.field(description="The only values it may have.")
    minimum: float | None = strawberry.field(description="The smallest value, included.")
    maximum: float | None = strawberry.field(description="The largest value, included.")

    @classmethod
    def of(cls, param: domain.Param) -> "Param":
        choices = param.choices
        return cls(
            name=param.name,
            type=param.type,
            default=cast(JSON | None, param.default),
            required=param.required,
            description=param.description,
            choices=None if choices is None else [JSON(choice) for choice in choices],
            minimum=param.minimum,
            maximum=param.maximum,
        )


@object_type
class PipelineVersion(Node):
    """One state of a pipeline's definition. It never changes."""

    number: int = strawberry.field(description="Counts from 1 within the pipeline.")
    digest: str = strawberry.field(
        description="SHA-256 of the definition: equal for equal meaning, whatever the format."
    )
    created_at: DateTime = strawberry.field(description="When it was imported.")

    @classmethod
    def of(cls, row: VersionRow) -> "PipelineVersion":
        return cls(
            id=strawberry.ID(row.id),
            number=row.number,
            digest=row.digest,
            created_at=DateTime(row.created_at),
        )

    @strawberry.field
    async def definition(self, info: Info, format_: DocumentFormat = DefinitionFormat.YAML) -> str:
        """The definition as a document that imports to the same version."""
        return document(await info.context.load.definition.load(self.id), format_)

    @strawberry.field
    async def graph(self, info: Info) -> Graph:
        """The blocks and what they wait on."""
        return Graph.of(await info.context.load.definition.load(self.id))


@object_type
class Pipeline(Node):
    """A named definition of blocks and edges, in versions."""

    name: str = strawberry.field(description="Unique; [A-Za-z0-9_][A-Za-z0-9_.-]{0,99}.")
    description: str | None = strawberry.field(description="What it is for.")
    created_at: DateTime = strawberry.field(description="When it was first imported.")
    archived_at: DateTime | None = strawberry.field(
        description="When it was archived; null while it can be run."
    )
    latest: Private[int]

    @classmethod
    def of(cls, row: PipelineRow) -> "Pipeline":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            description=row.description,
            created_at=DateTime(row.created_at),
            archived_at=optional_time(row.archived_at),
            latest=row.latest_version,
        )

    @strawberry.field
    async def latest_version(self, info: Info) -> PipelineVersion:
        """The newest version: what a new run gets."""
        return await info.context.load.version_at(self.id, self.latest)

    @strawberry.field
    async def version(
        self,
        info: Info,
        number: Annotated[int, strawberry.argument(description="Counts from 1.")],
    ) -> PipelineVersion | None:
        """The version of this number."""
        return await info.context.load.version_by_number.load((self.id, number))

    @strawberry.field
    async def versions(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> CountedConnection[PipelineVersion]:
        """All versions, newest first."""
        return await info.context.lists.versions(self.id, first=first, after=after)

    @strawberry.field
    async def definition(self, info: Info, format_: DocumentFormat = DefinitionFormat.YAML) -> str:
        """The latest version's definition, as a document that imports to the same version."""
        return document(await info.context.load.latest_definition(self.id, self.latest), format_)

    @strawberry.field
    async def graph(self, info: Info) -> Graph:
        """The latest version's blocks and what they wait on."""
        return Graph.of(await info.context.load.latest_definition(self.id, self.latest))

    @strawberry.field
    async def params(self, info: Info) -> list[Param]:
        """The latest version's params, in definition order."""
        latest = await info.context.load.latest_definition(self.id, self.latest)
        return [Param.of(param) for param in latest.params]

    @strawberry.field
    async def runs(
        self,
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        where: RunFilterArg = UNSET,
    ) -> CountedConnection[RunRef]:
        """Its runs of every version, newest first."""
        return await info.context.lists.runs(where, first=first, after=after, pipeline_id=self.id)

    @strawberry.field
    async def schedules(self, info: Info) -> list[ScheduleRef]:
        """The schedules that start it, by name."""
        return await info.context.load.schedules_of_pipeline.load(self.id)


def document(definition: domain.Definition, format_: DefinitionFormat) -> str:
    """A definition's text."""
    return dump(definition, format_.value)
