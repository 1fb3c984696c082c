import { graphql } from '@/gql';

export const PipelinesPage = graphql(`
  query PipelinesPage($first: Int!, $after: Cursor, $filter: PipelineFilter, $runs: Int!) {
    pipelines(first: $first, after: $after, filter: $filter) {
      totalCount
      totalCountExact
      nodes {
        id
        ...PipelineRow
        recent: runs(first: $runs) {
          nodes {
            id
            ...RunSummary
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const PipelineRowFragment = graphql(`
  fragment PipelineRow on Pipeline {
    id
    name
    description
    archivedAt
    latestVersion {
      id
      number
      createdAt
      graph {
        nodes {
          name
        }
      }
    }
  }
`);
