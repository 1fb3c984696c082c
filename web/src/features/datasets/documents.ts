import { graphql } from '@/gql';

export const DatasetsPage = graphql(`
  query DatasetsPage($first: Int!, $after: Cursor) {
    datasets(first: $first, after: $after) {
      nodes {
        name
        path
        sizeBytes
        rows
        modifiedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const DatasetPreview = graphql(`
  query DatasetPreview($path: String!, $rows: Int!) {
    dataset(path: $path) {
      name
      path
      preview(rows: $rows) {
        columns {
          name
          type
        }
        rows
        totalRows
        truncated
      }
    }
  }
`);

export const DatasetDownload = graphql(`
  query DatasetDownload($path: String!) {
    dataset(path: $path) {
      path
      downloadUrl
    }
  }
`);

export const DatasetUses = graphql(`
  query DatasetUses {
    pipelines(first: 200) {
      nodes {
        id
        name
        description
        params {
          name
          type
        }
      }
    }
  }
`);

export const SynthesizeDataset = graphql(`
  mutation SynthesizeDataset($input: SynthesizeDatasetInput!) {
    synthesizeDataset(input: $input) {
      __typename
      ... on SynthesizeDatasetSuccess {
        count
        path
        mix {
          positive
          negative
          neutral
          toxic
        }
      }
      ... on ValueOutOfRange {
        message
        field
      }
      ... on PathRefused {
        message
      }
      ... on IdempotencyConflict {
        message
      }
    }
  }
`);
