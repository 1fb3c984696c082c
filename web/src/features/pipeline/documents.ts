import { graphql } from '@/gql';

export const PipelineDetail = graphql(`
  query PipelineDetail($name: String!) {
    pipeline(name: $name) {
      id
      name
      description
      createdAt
      archivedAt
      latestVersion {
        id
        number
      }
      params {
        name
        type
        default
        required
        description
        choices
        minimum
        maximum
      }
      versions(first: 100) {
        totalCount
        nodes {
          id
          number
          digest
          createdAt
        }
      }
      recent: runs(first: 10) {
        nodes {
          id
          ...RunSummary
        }
      }
    }
  }
`);

/** One version as it was imported; it never changes. */
export const ShownVersion = graphql(`
  query ShownVersion($name: String!, $number: Int!) {
    pipeline(name: $name) {
      id
      version(number: $number) {
        id
        number
        definition
        graph {
          nodes {
            name
            type
            config
          }
          edges {
            from
            to
            as
          }
        }
      }
    }
  }
`);

export const ArchivePipeline = graphql(`
  mutation ArchivePipeline($input: ArchivePipelineInput!) {
    archivePipeline(input: $input) {
      __typename
      ... on ArchivePipelineSuccess {
        pipeline {
          id
          archivedAt
        }
      }
      ... on Error {
        message
      }
    }
  }
`);
