"""The one argument of each mutation: in the schema it is called `input`."""

from typing import Annotated, Final, TypeAlias

import strawberry

from headrace.api.graphql.mutation_inputs import (
    ArchivePipelineInput,
    CleanupInput,
    ImportPipelineInput,
    PublishMessageInput,
    SignArtifactInput,
    SynthesizeDatasetInput,
)
from headrace.api.graphql.rerun_plans import RerunInput
from headrace.api.graphql.run_cancels import CancelRunsInput
from headrace.api.graphql.run_starts import StartRunInput
from headrace.api.graphql.schedule_inputs import (
    DeleteScheduleInput,
    PauseScheduleInput,
    ResumeScheduleInput,
    SaveScheduleInput,
)
from headrace.api.graphql.trigger_inputs import (
    DeleteTriggerInput,
    DismissPoisonMessageInput,
    PauseTriggerInput,
    ResumeTriggerInput,
    SaveTriggerInput,
)

_INPUT: Final = strawberry.argument(name="input", description="What is asked for.")
ImportPipelineArg: TypeAlias = Annotated[ImportPipelineInput, _INPUT]
ArchivePipelineArg: TypeAlias = Annotated[ArchivePipelineInput, _INPUT]
StartRunArg: TypeAlias = Annotated[StartRunInput, _INPUT]
CancelRunsArg: TypeAlias = Annotated[CancelRunsInput, _INPUT]
RerunArg: TypeAlias = Annotated[RerunInput, _INPUT]
SaveScheduleArg: TypeAlias = Annotated[SaveScheduleInput, _INPUT]
PauseScheduleArg: TypeAlias = Annotated[PauseScheduleInput, _INPUT]
ResumeScheduleArg: TypeAlias = Annotated[ResumeScheduleInput, _INPUT]
DeleteScheduleArg: TypeAlias = Annotated[DeleteScheduleInput, _INPUT]
SignArtifactArg: TypeAlias = Annotated[SignArtifactInput, _INPUT]
SynthesizeDatasetArg: TypeAlias = Annotated[SynthesizeDatasetInput, _INPUT]
CleanupArg: TypeAlias = Annotated[CleanupInput, _INPUT]
PublishMessageArg: TypeAlias = Annotated[PublishMessageInput, _INPUT]
SaveTriggerArg: TypeAlias = Annotated[SaveTriggerInput, _INPUT]
PauseTriggerArg: TypeAlias = Annotated[PauseTriggerInput, _INPUT]
ResumeTriggerArg: TypeAlias = Annotated[ResumeTriggerInput, _INPUT]
DeleteTriggerArg: TypeAlias = Annotated[DeleteTriggerInput, _INPUT]
DismissPoisonMessageArg: TypeAlias = Annotated[DismissPoisonMessageInput, _INPUT]
