"""Arguments of the roots that stand in no module of a type."""

from typing import Annotated, Final, TypeAlias

import strawberry

from headrace.api.graphql.pipeline_inputs import PipelineFilterInput, PipelineSource

MAX_NODES: Final = 200

Id: TypeAlias = Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]
Ids: TypeAlias = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"At most {MAX_NODES}.")
]
RunId: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(name="runId", description="The run.")
]
Name: TypeAlias = Annotated[str, strawberry.argument(description="Its name.")]
PipelineFilterArg: TypeAlias = Annotated[
    PipelineFilterInput | None,
    strawberry.argument(name="filter", description="Only pipelines that meet this."),
]
Source: TypeAlias = Annotated[PipelineSource, strawberry.argument(description="The definition.")]
Alive: TypeAlias = Annotated[
    bool | None,
    strawberry.argument(description="Those that live, those that are gone, or (null) all."),
]
