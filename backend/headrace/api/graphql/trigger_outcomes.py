"""What mutations of triggers answer, and how the service's outcomes become that."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, assert_never

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import ErrorCode
from headrace.api.graphql.expected_failures import (
    none_named,
    params_invalid,
    pipeline_archived,
    pipeline_not_found,
)
from headrace.api.graphql.failures import (
    IdempotencyConflict,
    ParamsInvalid,
    PipelineArchived,
    PipelineNotFound,
)
from headrace.api.graphql.interfaces import Error
from headrace.api.graphql.triggers import Trigger
from headrace.services import results, triggers
from headrace.services.run_requests import Archived, NoPipeline, NoVersion

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


@object_type
class SaveTriggerSuccess:
    """The trigger is kept; a process that runs triggers takes it up within a second."""

    trigger: Trigger = strawberry.field(description="The trigger.")
    created: bool = strawberry.field(description="Whether it is new.")


@object_type
class TriggerSuccess:
    """The trigger is changed."""

    trigger: Trigger = strawberry.field(description="The trigger.")


@object_type
class DeleteTriggerSuccess:
    """The trigger is gone, and its poison messages are."""

    id: strawberry.ID = strawberry.field(description="Its id.")


@object_type
class DismissPoisonMessageSuccess:
    """The message is forgotten."""

    id: strawberry.ID = strawberry.field(description="Its id.")


@object_type
class TriggerNotFound(Error):
    """No trigger has that name."""

    error_code = ErrorCode.NOT_FOUND


@object_type
class PoisonMessageNotFound(Error):
    """No message that waits has that id."""

    error_code = ErrorCode.NOT_FOUND


SaveTriggerResult: TypeAlias = Annotated[
    SaveTriggerSuccess | PipelineNotFound | PipelineArchived | ParamsInvalid | IdempotencyConflict,
    strawberry.union("SaveTriggerResult", description="What became of a trigger."),
]
TriggerResult: TypeAlias = Annotated[
    TriggerSuccess | TriggerNotFound,
    strawberry.union("TriggerResult", description="What became of a pause or a resumption."),
]
DeleteTriggerResult: TypeAlias = Annotated[
    DeleteTriggerSuccess | TriggerNotFound,
    strawberry.union("DeleteTriggerResult", description="What became of a deletion."),
]
DismissPoisonMessageResult: TypeAlias = Annotated[
    DismissPoisonMessageSuccess | PoisonMessageNotFound,
    strawberry.union("DismissPoisonMessageResult", description="What became of a dismissal."),
]


async def saved(
    context: "Context",
    name: str,
    outcome: triggers.Saved
    | NoPipeline
    | NoVersion
    | Archived
    | results.Invalid
    | results.IdempotencyConflict,
) -> SaveTriggerResult:
    """What became of saveTrigger for the pipeline `name`."""
    await context.renew()
    match outcome:
        case triggers.Saved(trigger_id, created):
            trigger = await context.load.trigger_there(trigger_id)
            return SaveTriggerSuccess(trigger=trigger, created=created)
        case NoPipeline():
            return pipeline_not_found(name, outcome)
        case Archived():
            return await pipeline_archived(context, name, outcome)
        case results.Invalid(problems):
            return params_invalid(problems)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case NoVersion():
            raise AssertionError("a trigger starts the latest version, which is always there")
        case never:
            assert_never(never)


async def changed(
    context: "Context", outcome: triggers.Changed | triggers.TriggerMissing
) -> TriggerResult:
    """What became of pauseTrigger and resumeTrigger."""
    await context.renew()
    if isinstance(outcome, triggers.TriggerMissing):
        return _no_trigger(outcome)
    return TriggerSuccess(trigger=await context.load.trigger_there(outcome.trigger_id))


def deleted(outcome: triggers.Deleted | triggers.TriggerMissing) -> DeleteTriggerResult:
    """What became of deleteTrigger."""
    if isinstance(outcome, triggers.TriggerMissing):
        return _no_trigger(outcome)
    return DeleteTriggerSuccess(id=strawberry.ID(outcome.trigger_id))


def dismissed(outcome: triggers.Dismissed | triggers.PoisonMissing) -> DismissPoisonMessageResult:
    """What became of dismissPoisonMessage."""
    if isinstance(outcome, triggers.PoisonMissing):
        return PoisonMessageNotFound(message=f"There is no message {outcome.poison_id}")
    return DismissPoisonMessageSuccess(id=strawberry.ID(outcome.poison_id))


def _no_trigger(outcome: triggers.TriggerMissing) -> TriggerNotFound:
    return TriggerNotFound(message=none_named("trigger", outcome.name))
