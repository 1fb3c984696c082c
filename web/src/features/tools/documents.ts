import { graphql } from '@/gql';

export const ToolsService = graphql(`
  subscription ToolsService {
    service {
      name
      version
      database
      streamBackend
      llmProvider
      executor
      signedUrlsRequired
      warnings
      checks {
        name
        ok
        message
      }
    }
  }
`);

export const ToolsWorkers = graphql(`
  subscription ToolsWorkers {
    workers {
      id
      name
      host
      pid
      version
      status
      startedAt
      lastSeenAt
      capacity
      running {
        id
        name
      }
    }
  }
`);

export const ToolsQueue = graphql(`
  subscription ToolsQueue {
    queue {
      depth
      waiting
      ready
      running
      oldestReadyAt
      byRun(first: 50) {
        nodes {
          waiting
          ready
          running
          run {
            id
            status
            pipeline {
              id
              name
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

export const ToolsRateLimit = graphql(`
  query ToolsRateLimit {
    rateLimit {
      path
      limit
      windowSeconds
      remaining
      resetAt
    }
  }
`);

export const CleanUp = graphql(`
  mutation CleanUp($days: Int!, $dryRun: Boolean!) {
    cleanup(input: { olderThanDays: $days, dryRun: $dryRun }) {
      __typename
      ... on CleanupSuccess {
        runs
        artifacts
        bytes
        dryRun
      }
      ... on Error {
        message
      }
    }
  }
`);
