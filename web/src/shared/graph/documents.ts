import { graphql } from '@/gql';

/** What a node draws of its block in a run; it reads these from the cache by itself. */
export const GraphBlockFragment = graphql(`
  fragment GraphBlock on BlockRun {
    id
    name
    status
    statusReason
    attempt
    startedAt
    finishedAt
    rowsDone
    rowsTotal
    partitions {
      total
      done
    }
  }
`);
