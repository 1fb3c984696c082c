"""Names of types for annotations in modules that could not import them without a circle.

Types refer to each other both ways (a pipeline has runs, a run its pipeline), modules never do:
what makes the objects, the loaders and lists, stands apart from the types and imports them all.
"""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from headrace.api.graphql.artifacts import Artifact
    from headrace.api.graphql.blocks import BlockRun
    from headrace.api.graphql.pipelines import Pipeline
    from headrace.api.graphql.runs import Run
    from headrace.api.graphql.schedules import Schedule
    from headrace.api.graphql.workers import Worker

ArtifactRef = Annotated["Artifact", strawberry.lazy("headrace.api.graphql.artifacts")]
BlockRunRef = Annotated["BlockRun", strawberry.lazy("headrace.api.graphql.blocks")]
PipelineRef = Annotated["Pipeline", strawberry.lazy("headrace.api.graphql.pipelines")]
RunRef = Annotated["Run", strawberry.lazy("headrace.api.graphql.runs")]
ScheduleRef = Annotated["Schedule", strawberry.lazy("headrace.api.graphql.schedules")]
WorkerRef = Annotated["Worker", strawberry.lazy("headrace.api.graphql.workers")]
