import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';
import { graphql } from '@/gql';
import type { TimelinePageQuery } from '@/gql/graphql';
import { type Problem, problemOf } from '@/shared/api';
import type { Status } from '@/shared/status';
import { useRunEvents } from '../live/events';
import { joined } from '../model/timeline';
import { useRun } from '../run-context';

export const TimelinePage = graphql(`
  query TimelinePage($runId: ID!, $after: Cursor) {
    run(id: $runId) {
      id
      timeline(first: 1000, after: $after) {
        nodes {
          __typename
          seq
          kind
          timestamp
          message
          ... on RunStateChanged {
            runStatus: status
          }
          ... on BlockStateChanged {
            block
            blockStatus: status
          }
          ... on ArtifactCreated {
            block
          }
          ... on WorkerLost {
            block
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export interface TimelineEvent {
  seq: number;
  timestamp: string;
  message: string;
  block: string | null;
  status: Status | null;
}

type TimelineNodes = NonNullable<TimelinePageQuery['run']>['timeline'] | undefined;

interface Told {
  seq: number;
  timestamp: string;
  message: string;
  block?: string;
  runStatus?: Status;
  blockStatus?: Status;
}

/** The run's events so far, and each new one as it happens. */
export function useTimeline() {
  const { id } = useRun();
  const apollo = useApolloClient();
  const [events, setEvents] = useState<readonly TimelineEvent[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setLoading] = useState(true);

  const load = useCallback(
    async (isWanted: () => boolean) => {
      let after: string | null = null;
      for (;;) {
        const answer: ApolloClient.QueryResult<TimelinePageQuery> = await apollo.query({
          query: TimelinePage,
          variables: { runId: id, after },
          fetchPolicy: 'no-cache',
        });
        if (!isWanted()) return;
        const page: TimelineNodes = answer.data?.run?.timeline;
        const nodes = page?.nodes ?? [];
        setEvents((before) => joined(before, nodes.map(eventOf)));
        setLoading(false);
        if (!page?.pageInfo.hasNextPage) return;
        after = page.pageInfo.endCursor ?? null;
      }
    },
    [apollo, id],
  );
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is asked for
  useEffect(() => {
    let wanted = true;
    setProblem(null);
    load(() => wanted).catch((error) => wanted && setProblem(problemOf(error)));
    return () => {
      wanted = false;
    };
  }, [load, asked]);
  useRunEvents((told) => setEvents((before) => joined(before, told.map(eventOf))));
  return { events, problem, isLoading, retry: () => setAsked(asked + 1) };
}

function eventOf({ seq, timestamp, message, block, runStatus, blockStatus }: Told): TimelineEvent {
  return {
    seq,
    timestamp,
    message,
    block: block ?? null,
    status: runStatus ?? blockStatus ?? null,
  };
}
