import { graphql } from '@/gql';

export const SynthesizeDemo = graphql(`
  mutation SynthesizeDemo($input: SynthesizeDatasetInput!) {
    synthesizeDataset(input: $input) {
      __typename
      ... on SynthesizeDatasetSuccess {
        path
      }
      ... on Error {
        message
      }
    }
  }
`);
export const ImportDemo = graphql(`
  mutation ImportDemo($input: ImportPipelineInput!) {
    importPipeline(input: $input) {
      __typename
      ... on ImportPipelineSuccess {
        pipeline {
          id
          name
        }
      }
      ... on Error {
        message
      }
    }
  }
`);
export const StartDemo = graphql(`
  mutation StartDemo($input: StartRunInput!) {
    startRun(input: $input) {
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
