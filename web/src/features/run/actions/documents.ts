import { graphql } from '@/gql';

export const CancelRun = graphql(`
  mutation CancelRun($input: CancelRunsInput!) {
    cancelRuns(input: $input) {
      __typename
      ... on CancelRunsSuccess {
        results {
          __typename
          ... on CancelRunSuccess {
            run {
              id
              status
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

/** Of the run that is repeated: what failed can be begun from only where something failed. */
export const RerunOf = graphql(`
  fragment RerunOf on Run {
    id
    status
  }
`);

/** What a rerun would do, before it is asked for. */
export const RerunPlan = graphql(`
  query RerunPlan(
    $runId: ID!
    $from: RerunFrom!
    $blocks: [String!]
    $version: VersionChoice!
  ) {
    planRerun(runId: $runId, from: $from, blocks: $blocks, version: $version) {
      reuse
      run
      skip
      reasons {
        block
        message
      }
    }
  }
`);

export const Rerun = graphql(`
  mutation Rerun($input: RerunInput!) {
    rerun(input: $input) {
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
