import { graphql } from '@/gql';

/** When a block did what. */
export const GanttBlockFragment = graphql(`
  fragment GanttBlock on BlockRun {
    id
    name
    status
    readyAt
    startedAt
    finishedAt
    attempts {
      number
      status
      startedAt
      finishedAt
    }
  }
`);

export const GanttRunFragment = graphql(`
  fragment GanttRun on Run {
    id
    createdAt
    finishedAt
  }
`);
