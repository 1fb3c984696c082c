import { graphql } from '@/gql';

export const ArtifactRowFragment = graphql(`
  fragment ArtifactRow on Artifact {
    id
    name
    mediaType
    sizeBytes
    sha256
    rows
    createdAt
    removedAt
    block
    attempt
  }
`);

export const RunArtifacts = graphql(`
  query RunArtifacts($runId: ID!, $after: Cursor) {
    run(id: $runId) {
      id
      artifacts(first: 200, after: $after) {
        totalCount
        nodes {
          id
          block
          ...ArtifactRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const ArtifactPreview = graphql(`
  query ArtifactPreview($id: ID!) {
    artifact(id: $id) {
      id
      name
      mediaType
      sizeBytes
      removedAt
      preview(rows: 100, bytes: 262144) {
        __typename
        ... on TablePreview {
          columns {
            name
            type
          }
          rows
          totalRows
          truncated
        }
        ... on TextPreview {
          text
          textTruncated: truncated
        }
      }
    }
  }
`);

export const SignArtifact = graphql(`
  mutation SignArtifact($input: SignArtifactInput!) {
    signArtifact(input: $input) {
      __typename
      ... on SignArtifactSuccess {
        url
        expiresAt
      }
      ... on Error {
        message
      }
    }
  }
`);
