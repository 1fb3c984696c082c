export const EXAMPLE = `# Headrace's API. Ctrl-Space completes, Ctrl-Enter runs what the cursor is in.
# Subscriptions run here too; behind an API_KEY, give the key above.

query Runs {
  runs(first: 10) {
    nodes { id status pipeline { name } createdAt progress { fraction } }
  }
}

# Everything that happens in a run, from its first event to its last:
subscription Follow($run: ID!, $after: Cursor) {
  runEvents(runId: $run, after: $after) {
    throughSeq
    cursor
    status
    events { seq kind message }
    progress { block rowsDone rowsTotal }
  }
}
`;
