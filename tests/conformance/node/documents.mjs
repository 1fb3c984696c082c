// What every client asks.
export const IMPORT = `mutation Import($yaml: String!) {
  importPipeline(input: { source: { yaml: $yaml }, replaceIfExists: true }) {
    __typename
    ... on ImportPipelineSuccess { pipeline { name } }
    ... on PipelineInvalid { problems { code message } }
  }
}`;
export const START = `mutation Start($pipeline: String!) {
  startRun(input: { pipeline: $pipeline }) {
    __typename
    ... on StartRunSuccess { run { id status cursor } }
    ... on Error { code message }
  }
}`;
export const EVENTS = `subscription Follow($run: ID!, $after: Cursor) {
  runEvents(runId: $run, after: $after) {
    afterSeq
    throughSeq
    cursor
    status
    events { seq kind cursor message }
  }
}`;
export const TIMELINE = `query Timeline($run: ID!, $after: Cursor) {
  run(id: $run) { status timeline(first: 1000, after: $after) { nodes { seq kind cursor message } } }
}`;
