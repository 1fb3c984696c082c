import { graphql } from '@/gql';

/** Queues a run; whoever starts one goes to its page. */
export const StartRun = graphql(`
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) {
      __typename
      ... on StartRunSuccess {
        run {
          id
          ...RunSummary
        }
      }
      ... on ParamsInvalid {
        problems {
          code
          message
          path
          suggestion
        }
      }
      ... on Error {
        message
      }
    }
  }
`);
