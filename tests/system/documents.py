"""What the scripted client asks, in GraphQL."""

IMPORT = """
mutation Import($input: ImportPipelineInput!) {
  importPipeline(input: $input) {
    __typename
    ... on ImportPipelineSuccess { created pipeline { id name } version { number } }
    ... on PipelineInvalid {
      code message problems { code message path line column blocks suggestion }
    }
    ... on Error { code message }
  }
}
"""
START = """
mutation Start($input: StartRunInput!) {
  startRun(input: $input) {
    __typename
    ... on StartRunSuccess { run { id status cursor } }
    ... on ParamsInvalid { problems { code message path suggestion } }
    ... on PipelineNotFound { nearest }
    ... on Error { code message }
  }
}
"""
CANCEL = """
mutation Cancel($input: CancelRunsInput!) {
  cancelRuns(input: $input) {
    __typename
    ... on CancelRunsSuccess {
      results {
        __typename
        ... on CancelRunSuccess { run { id status cancellation { deadline requestedAt } } }
        ... on Error { code message }
      }
    }
    ... on Error { code message }
  }
}
"""
_EVENT = """
fragment OnEvent on RunEvent {
  __typename seq cursor kind timestamp message
  ... on RunStateChanged { status error { kind message } }
  ... on BlockStateChanged { block blockStatus: status attempt error { kind message } }
  ... on ArtifactCreated { block artifact { id name sha256 } }
  ... on WorkerLost { block attempt worker }
}
"""
EVENTS = f"""
subscription Events($run: ID!, $after: Cursor, $kinds: [RunEventKind!]) {{
  runEvents(runId: $run, after: $after, kinds: $kinds) {{
    afterSeq throughSeq cursor status
    events {{ ...OnEvent }}
    progress {{ block attempt rowsDone rowsTotal }}
  }}
}}
{_EVENT}
"""
LOGS = """
subscription Logs($run: ID!, $after: Cursor, $block: String, $minLevel: LogLevel! = DEBUG) {
  logs(runId: $run, after: $after, block: $block, minLevel: $minLevel) {
    cursor
    lines { seq level stream block attempt message omitted }
  }
}
"""
STATE = f"""
query State($run: ID!) {{
  run(id: $run) {{
    id status cursor error {{ kind message }}
    startedAt finishedAt
    progress {{ blocksDone blocksTotal blocksByStatus {{ status count }} }}
    blocks {{
      name status attempt readyAt startedAt finishedAt error {{ kind message }}
      worker {{ id }}
      attempts {{ number status worker {{ id }} error {{ kind }} }}
    }}
    timeline(first: 1000) {{
      nodes {{ ...OnEvent }} pageInfo {{ hasNextPage endCursor }} totalCount
    }}
    artifacts(first: 200) {{
      nodes {{ id name block attempt uri sha256 sizeBytes rows downloadUrl }}
      pageInfo {{ hasNextPage }}
    }}
  }}
}}
{_EVENT}
"""
TIMELINE = f"""
query Timeline($run: ID!, $after: Cursor, $first: Int! = 1000) {{
  run(id: $run) {{
    timeline(first: $first, after: $after) {{
      nodes {{ ...OnEvent }} pageInfo {{ endCursor hasNextPage }}
    }}
  }}
}}
{_EVENT}
"""
WORKERS = """
query Workers { workers(alive: null) { nodes { id pid status running { name } } } }
"""
RUNS = "{ runs(first: 200) { nodes { id status } } }"
UNFINISHED = """
query Unfinished { runs(first: 200, filter: {status: [QUEUED, RUNNING]}) { nodes { id } } }
"""
PREVIEW = """
query Preview($id: ID!) {
  artifact(id: $id) {
    preview { ... on TablePreview { columns { name type } rows totalRows truncated } }
  }
}
"""
VALIDATE = """
query Validate($source: PipelineSource!) {
  validatePipeline(source: $source) {
    valid problems { code message path line column blocks suggestion }
  }
}
"""
SYNTHESIZE = """
mutation Synthesize($input: SynthesizeDatasetInput!) {
  synthesizeDataset(input: $input) {
    __typename
    ... on SynthesizeDatasetSuccess { count path }
    ... on PathRefused { allowedRoots }
    ... on Error { code message }
  }
}
"""
SAID_AND_MADE = """
query SaidAndMade($run: ID!, $block: String!) {
  run(id: $run) {
    logs(first: 1000, block: $block) { nodes { seq } }
    block(name: $block) { artifacts { name } }
  }
}
"""
