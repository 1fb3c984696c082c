import { graphql } from '@/gql';

/** Pipelines and runs by a part of a name or of an id. */
export const PaletteSearch = graphql(`
  query PaletteSearch($text: String!, $first: Int!) {
    pipelines(first: $first, filter: { nameContains: $text, archived: null }) {
      nodes {
        id
        name
        archivedAt
      }
    }
    runs(first: $first, filter: { search: $text }) {
      nodes {
        id
        status
        createdAt
        pipeline {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);
