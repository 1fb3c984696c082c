"""The GraphQL documents of the command line; a test validates each against schema.graphql."""

from typing import Final

PROBLEMS: Final = "problems { code message path line column blocks suggestion }"
ERROR: Final = "error { kind message block retryable detail }"

IMPORT: Final = f"""
mutation Import($input: ImportPipelineInput!) {{
  importPipeline(input: $input) {{
    __typename
    ... on ImportPipelineSuccess {{
      created
      pipeline {{ id name params {{ name type }} }}
      version {{ id number digest }}
    }}
    ... on PipelineInvalid {{ {PROBLEMS} }}
    ... on PipelineExists {{ pipeline {{ id name }} }}
    ... on Error {{ code message }}
  }}
}}
"""

VALIDATE: Final = f"""
query Validate($source: PipelineSource!) {{
  validatePipeline(source: $source) {{
    valid
    {PROBLEMS}
    graph {{ nodes {{ name type level }} edges {{ from to as }} }}
  }}
}}
"""

PIPELINE: Final = """
query Pipeline($name: String!) {
  pipeline(name: $name) { id name archivedAt params { name type } latestVersion { number } }
}
"""

EXPORT: Final = """
query Export($name: String!, $format: DefinitionFormat!) {
  pipeline(name: $name) { definition(format: $format) }
}
"""

EXPORT_VERSION: Final = """
query ExportVersion($name: String!, $format: DefinitionFormat!, $number: Int!) {
  pipeline(name: $name) {
    latestVersion { number }
    version(number: $number) { definition(format: $format) }
  }
}
"""

BLOCK_TYPES: Final = """
query BlockTypes { blockTypes { name description minInputs maxInputs configSchema } }
"""

START: Final = f"""
mutation Start($input: StartRunInput!) {{
  startRun(input: $input) {{
    __typename
    ... on StartRunSuccess {{ run {{ id status pipeline {{ name }} version {{ number }} }} }}
    ... on PipelineNotFound {{ nearest }}
    ... on PipelineVersionNotFound {{ latest }}
    ... on ParamsInvalid {{ {PROBLEMS} }}
    ... on Error {{ code message }}
  }}
}}
"""

CANCEL: Final = """
mutation Cancel($input: CancelRunsInput!) {
  cancelRuns(input: $input) {
    __typename
    ... on CancelRunsSuccess {
      results {
        __typename
        ... on CancelRunSuccess { run { id status } }
        ... on RunAlreadyFinished { run { id status } }
        ... on Error { code message }
      }
    }
    ... on Error { code message }
  }
}
"""

RUN_PLAN: Final = """
query RunPlan($id: ID!) {
  run(id: $id) { id status pipeline { name } version { number } blocks { name type } }
}
"""

RUN_EVENTS: Final = """
subscription RunEvents($runId: ID!, $after: Cursor) {
  runEvents(runId: $runId, after: $after) {
    cursor
    status
    progress { block attempt rowsDone rowsTotal timestamp }
    events {
      __typename
      seq
      timestamp
      kind
      message
      ... on BlockStateChanged { block blockStatus: status attempt }
      ... on RunStateChanged { runStatus: status }
      ... on ArtifactCreated { block artifact { name rows } }
      ... on WorkerLost { block attempt worker }
    }
  }
}
"""

RUN_WAITING: Final = """
query RunWaiting($id: ID!) {
  run(id: $id) { status waitingReasons { message } }
  workers(alive: true, first: 1) { nodes { id } }
}
"""

RUN_STATUS: Final = """
subscription RunStatus($id: ID!) { run(id: $id) { id status } }
"""

RUN_RESULT: Final = f"""
query RunResult($id: ID!) {{
  run(id: $id) {{
    id
    status
    statusReason
    params
    createdAt
    startedAt
    finishedAt
    pipeline {{ name }}
    version {{ number }}
    {ERROR}
    blocks {{
      name
      type
      status
      statusReason
      attempt
      startedAt
      finishedAt
      rowsDone
      rowsTotal
      {ERROR}
    }}
    artifacts(first: 200) {{ nodes {{ id name block rows sizeBytes mediaType uri sha256 }} }}
  }}
}}
"""

RUN_LOGS: Final = """
query RunLogs($id: ID!, $block: String, $last: Int!) {
  run(id: $id) {
    logs(block: $block, last: $last) {
      nodes { seq timestamp level stream block attempt message }
    }
  }
}
"""

RUNS: Final = """
query Runs($first: Int!, $filter: RunFilter) {
  runs(first: $first, filter: $filter) {
    totalCount
    nodes {
      id
      status
      statusReason
      trigger
      createdAt
      startedAt
      finishedAt
      pipeline { name }
      version { number }
      progress { fraction blocksDone blocksTotal }
    }
  }
}
"""

SYNTHESIZE: Final = """
mutation Synthesize($input: SynthesizeDatasetInput!) {
  synthesizeDataset(input: $input) {
    __typename
    ... on SynthesizeDatasetSuccess { count path }
    ... on PathRefused { allowedRoots }
    ... on ValueOutOfRange { field min max }
    ... on Error { code message }
  }
}
"""

SUMMARY: Final = """
query Summary($id: ID!) { artifact(id: $id) { preview { ... on TextPreview { text truncated } } } }
"""

SIGN: Final = """
mutation Sign($input: SignArtifactInput!) {
  signArtifact(input: $input) {
    __typename
    ... on SignArtifactSuccess { url expiresAt }
    ... on Error { code message }
  }
}
"""

TRIGGERS: Final = """
query Triggers {
  triggers(first: 200) {
    nodes {
      id name status statusReason problem topic pipelineName lag poisonCount lastMessageAt lastError
      params { name source } lastRun { id }
    }
    totalCount
  }
}
"""

SAVE_TRIGGER: Final = f"""
mutation SaveTrigger($input: SaveTriggerInput!) {{
  saveTrigger(input: $input) {{
    __typename
    ... on SaveTriggerSuccess {{
      created
      trigger {{ id name status topic pipelineName params {{ name source }} }}
    }}
    ... on ParamsInvalid {{ {PROBLEMS} }}
    ... on Error {{ code message }}
  }}
}}
"""

PAUSE_TRIGGER: Final = """
mutation PauseTrigger($input: PauseTriggerInput!) {
  pauseTrigger(input: $input) {
    ... on TriggerSuccess { trigger { name status } }
    ... on Error { message }
  }
}
"""

RESUME_TRIGGER: Final = """
mutation ResumeTrigger($input: ResumeTriggerInput!) {
  resumeTrigger(input: $input) {
    ... on TriggerSuccess { trigger { name status } }
    ... on Error { message }
  }
}
"""

DELETE_TRIGGER: Final = """
mutation DeleteTrigger($input: DeleteTriggerInput!) {
  deleteTrigger(input: $input) { ... on DeleteTriggerSuccess { id } ... on Error { message } }
}
"""

POISON: Final = """
query Poison($name: String!) {
  trigger(name: $name) {
    poisonMessages(first: 200) {
      nodes { id partition offset error key value sizeBytes sentAt createdAt }
    }
  }
}
"""

DISMISS_POISON: Final = """
mutation DismissPoison($input: DismissPoisonMessageInput!) {
  dismissPoisonMessage(input: $input) {
    ... on DismissPoisonMessageSuccess { id }
    ... on Error { message }
  }
}
"""
