import { graphql } from '@/gql';

/** What lists show of a run. The app-wide subscription keeps exactly these fields alive. */
export const RunSummaryFragment = graphql(`
  fragment RunSummary on Run {
    id
    status
    statusReason
    trigger
    params
    createdAt
    startedAt
    finishedAt
    pipeline {
      id
      name
    }
    version {
      id
      number
    }
    progress {
      fraction
      blocksDone
      blocksTotal
      blocksByStatus {
        status
        count
      }
    }
  }
`);
