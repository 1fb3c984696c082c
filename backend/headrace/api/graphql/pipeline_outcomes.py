"""From what the service of pipelines answers to the members of the result unions."""

from typing import TYPE_CHECKING, assert_never

from headrace.api.graphql.expected_failures import counted, pipeline_not_found, shown
from headrace.api.graphql.failures import IdempotencyConflict, PipelineExists, PipelineInvalid
from headrace.api.graphql.results import (
    ArchivePipelineResult,
    ArchivePipelineSuccess,
    ImportPipelineResult,
    ImportPipelineSuccess,
)
from headrace.services import pipelines, results, runs

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


async def imported(
    context: "Context",
    outcome: pipelines.Imported | pipelines.Exists | results.Invalid | results.IdempotencyConflict,
) -> ImportPipelineResult:
    """What became of importPipeline."""
    await context.renew()
    load = context.load
    match outcome:
        case pipelines.Imported(pipeline_id, version_id, created):
            return ImportPipelineSuccess(
                pipeline=await load.pipeline_there(pipeline_id),
                version=await load.version_there(version_id),
                created=created,
            )
        case pipelines.Exists(pipeline_id):
            pipeline = await load.pipeline_there(pipeline_id)
            words = f"There is another pipeline {pipeline.name!r}; ask for it to be replaced"
            return PipelineExists(message=words, pipeline=pipeline)
        case results.Invalid(problems):
            words = f"The definition has {counted(problems)}"
            return PipelineInvalid(message=words, problems=shown(problems))
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def archived(
    context: "Context",
    name: str,
    outcome: pipelines.ArchivedNow | runs.NoPipeline | results.IdempotencyConflict,
) -> ArchivePipelineResult:
    """What became of archivePipeline for the pipeline `name`."""
    await context.renew()
    match outcome:
        case pipelines.ArchivedNow(pipeline_id):
            return ArchivePipelineSuccess(pipeline=await context.load.pipeline_there(pipeline_id))
        case runs.NoPipeline():
            return pipeline_not_found(name, outcome)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)
