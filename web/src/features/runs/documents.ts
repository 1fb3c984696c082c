import { graphql } from '@/gql';

export const RunsPage = graphql(`
  query RunsPage($filter: RunFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      totalCountExact
      nodes {
        id
        ...RunSummary
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const RunCounts = graphql(`
  query RunCounts($filter: RunFilter) {
    runCounts(filter: $filter) {
      status
      count
    }
  }
`);

export const RunsPipelines = graphql(`
  query RunsPipelines {
    pipelines(first: 200, filter: { archived: null }) {
      nodes {
        id
        name
      }
    }
  }
`);

export const CancelListed = graphql(`
  mutation CancelListed($id: ID!) {
    cancelRuns(input: { runIds: [$id] }) {
      __typename
      ... on CancelRunsSuccess {
        results {
          __typename
          ... on CancelRunSuccess {
            run {
              id
              ...RunSummary
            }
          }
          ... on Error {
            message
          }
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const RerunListed = graphql(`
  mutation RerunListed($id: ID!, $from: RerunFrom!) {
    rerun(input: { runId: $id, from: $from }) {
      __typename
      ... on StartRunSuccess {
        run {
          id
          ...RunSummary
        }
      }
      ... on Error {
        message
      }
    }
  }
`);
