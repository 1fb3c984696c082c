import { graphql } from '@/gql';

export const EditorBasis = graphql(`
  query EditorBasis($name: String!, $isNew: Boolean!) {
    pipelineSchema
    pipeline(name: $name) @skip(if: $isNew) {
      id
      name
      definition
      latestVersion {
        id
        number
        digest
      }
    }
  }
`);

export const CheckDefinition = graphql(`
  query CheckDefinition($source: PipelineSource!) {
    validatePipeline(source: $source) {
      valid
      problems {
        code
        message
        path
        line
        column
        blocks
        suggestion
      }
    }
  }
`);

export const SaveDefinition = graphql(`
  mutation SaveDefinition($input: ImportPipelineInput!) {
    importPipeline(input: $input) {
      __typename
      ... on ImportPipelineSuccess {
        version {
          id
          number
          digest
        }
        pipeline {
          id
          name
          description
          definition
          archivedAt
          params {
            name
          }
          latestVersion {
            id
            number
            digest
          }
        }
      }
      ... on PipelineInvalid {
        problems {
          code
          message
          path
          line
          column
          blocks
          suggestion
        }
      }
      ... on PipelineExists {
        pipeline {
          id
          name
          definition
          archivedAt
          latestVersion {
            id
            number
          }
        }
      }
      ... on Error {
        message
      }
    }
  }
`);
