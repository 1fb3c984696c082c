"""The graph of a definition, bare or with the blocks of a run in its nodes."""

from collections.abc import Sequence

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.references import BlockRunRef
from headrace.api.graphql.scalars import JSON
from headrace.domain.definition import Definition


@object_type
class GraphNode:
    """A block in a graph."""

    name: str = strawberry.field(description="The block's name.")
    type: str = strawberry.field(description="The name of its block type.")
    config: JSON = strawberry.field(description="Its configuration, as the definition has it.")
    level: int = strawberry.field(description="The longest way from a root; roots are 0.")
    block_run: BlockRunRef | None = strawberry.field(
        description="The block in the run whose graph this is; null on a pipeline's own graph."
    )


@object_type
class GraphEdge:
    """A block that waits on another, and sees its data set."""

    from_: str = strawberry.field(name="from", description="The upstream block.")
    to: str = strawberry.field(description="The block that waits.")
    as_: str | None = strawberry.field(
        name="as", description="The name the data set is seen by; null: the upstream block's."
    )


@object_type
class Graph:
    """The blocks of a definition and what they wait on."""

    nodes: list[GraphNode] = strawberry.field(description="The blocks in definition order.")
    edges: list[GraphEdge] = strawberry.field(description="The edges as the definition has them.")

    @classmethod
    def of(cls, definition: Definition, runs: Sequence[BlockRunRef] = ()) -> "Graph":
        """The graph of a definition; `runs` are the blocks of one of its runs, in order."""
        levels = definition.graph.levels
        return cls(
            nodes=[
                GraphNode(
                    name=block.name,
                    type=block.type,
                    config=JSON(block.config),
                    level=levels[block.name],
                    block_run=runs[position] if runs else None,
                )
                for position, block in enumerate(definition.blocks)
            ],
            edges=[
                GraphEdge(from_=edge.source, to=edge.target, as_=edge.alias)
                for edge in definition.edges
            ],
        )
