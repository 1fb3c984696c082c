import { graphql } from '@/gql';

/** A page of a run's log: from an end, or around the numbers of lines. */
export const LogPage = graphql(`
  query LogPage(
    $runId: ID!
    $block: String
    $attempt: Int
    $minLevel: LogLevel
    $search: String
    $fromSeq: Int
    $toSeq: Int
    $first: Int
    $last: Int
  ) {
    run(id: $runId) {
      id
      logs(
        block: $block
        attempt: $attempt
        minLevel: $minLevel
        search: $search
        fromSeq: $fromSeq
        toSeq: $toSeq
        first: $first
        last: $last
      ) {
        nodes {
          seq
          timestamp
          level
          stream
          block
          attempt
          message
          omitted
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          endCursor
        }
      }
    }
  }
`);

/** What the log gains after a place in it. */
export const RunLogs = graphql(`
  subscription RunLogs($runId: ID!, $block: String, $minLevel: LogLevel!, $after: Cursor) {
    logs(runId: $runId, block: $block, minLevel: $minLevel, after: $after) {
      lines {
        seq
        timestamp
        level
        stream
        block
        attempt
        message
        omitted
      }
      cursor
    }
  }
`);
