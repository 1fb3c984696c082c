
      export type PossibleTypesResultData = {
  "possibleTypes": {
    "ArchivePipelineResult": [
      "ArchivePipelineSuccess",
      "IdempotencyConflict",
      "PipelineNotFound"
    ],
    "CancelRunResult": [
      "CancelRunSuccess",
      "RunAlreadyFinished",
      "RunNotFound"
    ],
    "CancelRunsResult": [
      "CancelRunsSuccess",
      "IdempotencyConflict",
      "LimitExceeded"
    ],
    "CleanupResult": [
      "CleanupSuccess",
      "IdempotencyConflict",
      "ValueOutOfRange"
    ],
    "ConsumeMessagesResult": [
      "ConsumeMessagesSuccess",
      "StreamUnavailable",
      "ValueOutOfRange"
    ],
    "DeleteScheduleResult": [
      "DeleteScheduleSuccess",
      "IdempotencyConflict",
      "ScheduleNotFound"
    ],
    "DeleteTriggerResult": [
      "DeleteTriggerSuccess",
      "TriggerNotFound"
    ],
    "DismissPoisonMessageResult": [
      "DismissPoisonMessageSuccess",
      "PoisonMessageNotFound"
    ],
    "Error": [
      "ArtifactNotFound",
      "IdempotencyConflict",
      "LimitExceeded",
      "ParamsInvalid",
      "PathRefused",
      "PipelineArchived",
      "PipelineExists",
      "PipelineInvalid",
      "PipelineNotFound",
      "PipelineVersionNotFound",
      "PoisonMessageNotFound",
      "RerunImpossible",
      "RunAlreadyFinished",
      "RunNotFound",
      "RunRefused",
      "ScheduleExists",
      "ScheduleInvalid",
      "ScheduleNotFound",
      "StreamUnavailable",
      "TriggerNotFound",
      "ValueOutOfRange"
    ],
    "ImportPipelineResult": [
      "IdempotencyConflict",
      "ImportPipelineSuccess",
      "PipelineExists",
      "PipelineInvalid"
    ],
    "Node": [
      "Artifact",
      "BlockRun",
      "Pipeline",
      "PipelineVersion",
      "PoisonMessage",
      "Run",
      "Schedule",
      "Trigger",
      "Worker"
    ],
    "PauseScheduleResult": [
      "IdempotencyConflict",
      "PauseScheduleSuccess",
      "ScheduleNotFound"
    ],
    "Preview": [
      "TablePreview",
      "TextPreview"
    ],
    "PublishMessageResult": [
      "IdempotencyConflict",
      "PublishMessageSuccess",
      "StreamUnavailable"
    ],
    "RerunResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "RerunImpossible",
      "RunNotFound",
      "RunRefused",
      "StartRunSuccess"
    ],
    "ResumeScheduleResult": [
      "IdempotencyConflict",
      "ResumeScheduleSuccess",
      "ScheduleNotFound"
    ],
    "RunEvent": [
      "ArtifactCreated",
      "BlockStateChanged",
      "RunStateChanged",
      "WorkerLost"
    ],
    "SaveScheduleResult": [
      "IdempotencyConflict",
      "PipelineArchived",
      "PipelineNotFound",
      "SaveScheduleSuccess",
      "ScheduleExists",
      "ScheduleInvalid"
    ],
    "SaveTriggerResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "PipelineArchived",
      "PipelineNotFound",
      "SaveTriggerSuccess"
    ],
    "SignArtifactResult": [
      "ArtifactNotFound",
      "SignArtifactSuccess",
      "ValueOutOfRange"
    ],
    "StartRunResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "PipelineArchived",
      "PipelineNotFound",
      "PipelineVersionNotFound",
      "RunRefused",
      "StartRunSuccess"
    ],
    "SynthesizeDatasetResult": [
      "IdempotencyConflict",
      "PathRefused",
      "SynthesizeDatasetSuccess",
      "ValueOutOfRange"
    ],
    "TriggerResult": [
      "TriggerNotFound",
      "TriggerSuccess"
    ]
  }
};
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "ArchivePipelineResult": [
      "ArchivePipelineSuccess",
      "IdempotencyConflict",
      "PipelineNotFound"
    ],
    "CancelRunResult": [
      "CancelRunSuccess",
      "RunAlreadyFinished",
      "RunNotFound"
    ],
    "CancelRunsResult": [
      "CancelRunsSuccess",
      "IdempotencyConflict",
      "LimitExceeded"
    ],
    "CleanupResult": [
      "CleanupSuccess",
      "IdempotencyConflict",
      "ValueOutOfRange"
    ],
    "ConsumeMessagesResult": [
      "ConsumeMessagesSuccess",
      "StreamUnavailable",
      "ValueOutOfRange"
    ],
    "DeleteScheduleResult": [
      "DeleteScheduleSuccess",
      "IdempotencyConflict",
      "ScheduleNotFound"
    ],
    "DeleteTriggerResult": [
      "DeleteTriggerSuccess",
      "TriggerNotFound"
    ],
    "DismissPoisonMessageResult": [
      "DismissPoisonMessageSuccess",
      "PoisonMessageNotFound"
    ],
    "Error": [
      "ArtifactNotFound",
      "IdempotencyConflict",
      "LimitExceeded",
      "ParamsInvalid",
      "PathRefused",
      "PipelineArchived",
      "PipelineExists",
      "PipelineInvalid",
      "PipelineNotFound",
      "PipelineVersionNotFound",
      "PoisonMessageNotFound",
      "RerunImpossible",
      "RunAlreadyFinished",
      "RunNotFound",
      "RunRefused",
      "ScheduleExists",
      "ScheduleInvalid",
      "ScheduleNotFound",
      "StreamUnavailable",
      "TriggerNotFound",
      "ValueOutOfRange"
    ],
    "ImportPipelineResult": [
      "IdempotencyConflict",
      "ImportPipelineSuccess",
      "PipelineExists",
      "PipelineInvalid"
    ],
    "Node": [
      "Artifact",
      "BlockRun",
      "Pipeline",
      "PipelineVersion",
      "PoisonMessage",
      "Run",
      "Schedule",
      "Trigger",
      "Worker"
    ],
    "PauseScheduleResult": [
      "IdempotencyConflict",
      "PauseScheduleSuccess",
      "ScheduleNotFound"
    ],
    "Preview": [
      "TablePreview",
      "TextPreview"
    ],
    "PublishMessageResult": [
      "IdempotencyConflict",
      "PublishMessageSuccess",
      "StreamUnavailable"
    ],
    "RerunResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "RerunImpossible",
      "RunNotFound",
      "RunRefused",
      "StartRunSuccess"
    ],
    "ResumeScheduleResult": [
      "IdempotencyConflict",
      "ResumeScheduleSuccess",
      "ScheduleNotFound"
    ],
    "RunEvent": [
      "ArtifactCreated",
      "BlockStateChanged",
      "RunStateChanged",
      "WorkerLost"
    ],
    "SaveScheduleResult": [
      "IdempotencyConflict",
      "PipelineArchived",
      "PipelineNotFound",
      "SaveScheduleSuccess",
      "ScheduleExists",
      "ScheduleInvalid"
    ],
    "SaveTriggerResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "PipelineArchived",
      "PipelineNotFound",
      "SaveTriggerSuccess"
    ],
    "SignArtifactResult": [
      "ArtifactNotFound",
      "SignArtifactSuccess",
      "ValueOutOfRange"
    ],
    "StartRunResult": [
      "IdempotencyConflict",
      "ParamsInvalid",
      "PipelineArchived",
      "PipelineNotFound",
      "PipelineVersionNotFound",
      "RunRefused",
      "StartRunSuccess"
    ],
    "SynthesizeDatasetResult": [
      "IdempotencyConflict",
      "PathRefused",
      "SynthesizeDatasetSuccess",
      "ValueOutOfRange"
    ],
    "TriggerResult": [
      "TriggerNotFound",
      "TriggerSuccess"
    ]
  }
};
      export default result;
    