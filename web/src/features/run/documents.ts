import { graphql } from '@/gql';

/**
 * The run and all its planned blocks at one moment, with the place in its events where that is. It is
 * written into the cache as it comes, for every panel to read its own part there.
 */
export const RunSnapshot = graphql(`
  query RunSnapshot($id: ID!) {
    run(id: $id) {
      id
      cursor
      ...RunHeader @unmask
      ...StartedBy @unmask
      graph {
        edges {
          from
          to
          as
        }
      }
      blocks {
        id
        name
        type
        ...BlockState @unmask
      }
    }
  }
`);

/** Of a snapshot what the graph and what stands above it are drawn of; its blocks come a moment later. */
export const RunHead = graphql(`
  query RunHead($id: ID!) {
    run(id: $id) {
      id
      ...RunHeader @unmask
      ...StartedBy @unmask
    }
  }
`);

/** What a page of a run that was seen before begins with, while its snapshot is on the way. */
export const RunPlan = graphql(`
  query RunPlan($id: ID!) {
    run(id: $id) {
      id
      graph {
        edges {
          from
          to
          as
        }
      }
      blocks {
        id
        name
        type
        status
      }
    }
  }
`);

/** All of a block that events change or that only its end tells: what the panels' fragments are parts of. */
export const BlockState = graphql(`
  fragment BlockState on BlockRun {
    id
    ...GraphBlock @unmask
    ...GanttBlock @unmask
    ...FailedBlock @unmask
  }
`);

/** Everything that happens after that place, and the rows that running blocks have dealt with. */
export const RunEvents = graphql(`
  subscription RunEvents($runId: ID!, $after: Cursor) {
    runEvents(runId: $runId, after: $after) {
      afterSeq
      throughSeq
      cursor
      status
      events {
        __typename
        seq
        kind
        timestamp
        message
        ... on RunStateChanged {
          runStatus: status
          error {
            kind
            message
            block
            retryable
            detail
          }
        }
        ... on BlockStateChanged {
          block
          blockStatus: status
          attempt
          error {
            kind
            message
            block
            retryable
            detail
          }
        }
        ... on ArtifactCreated {
          block
          artifact {
            id
            name
          }
        }
        ... on WorkerLost {
          block
          attempt
          worker
        }
      }
      progress {
        block
        attempt
        rowsDone
        rowsTotal
        partitionsDone
        partitionsTotal
      }
    }
  }
`);

/** Blocks that have just ended, with what of them is told by no event. */
export const EndedBlocks = graphql(`
  query EndedBlocks($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ...BlockState
    }
  }
`);
