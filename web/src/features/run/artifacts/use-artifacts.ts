import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { useRunEvents } from '../live/events';
import { useRun } from '../run-context';
import { RunArtifacts } from './documents';

const SETTLE_MS = 300;

/** What the run has made so far: asked anew when an event tells of more. */
export function useArtifacts() {
  const { id } = useRun();
  const found = useQuery(RunArtifacts, {
    variables: { runId: id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useRunEvents((events) => {
    if (!events.some(({ __typename }) => __typename === 'ArtifactCreated')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void found.refetch().catch(() => {}), SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return found;
}
