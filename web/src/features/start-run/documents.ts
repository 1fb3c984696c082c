import { graphql } from '@/gql';

export const StartRunForm = graphql(`
  query StartRunForm($name: String!) {
    pipeline(name: $name) {
      id
      name
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
      runs(first: 1) {
        nodes {
          id
          params
        }
      }
    }
    datasets(first: 100) {
      nodes {
        name
        path
        sizeBytes
      }
    }
  }
`);
