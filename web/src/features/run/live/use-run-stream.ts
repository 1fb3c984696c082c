import { useEffect, useRef, useState } from 'react';
import { useApi, useOnKey } from '@/shared/api';
import { BlockStatuses } from '@/shared/graph';
import type { RunEvent } from '../model/batches';
import type { Plan } from '../run-context';
import { planIn } from './plan';
import { RunStream, type StreamState } from './run-stream';

interface Followed {
  state: StreamState;
  /** Null until it came; there at once when the run was seen before. */
  plan: Plan | null;
  statuses: BlockStatuses;
  /** Whether the cache has every block of it. */
  hasBlocks: boolean;
  restart: () => void;
}

/** Follows a run while the component is shown. */
export function useRunStream(runId: string, onEvents: (events: RunEvent[]) => void): Followed {
  const { apollo, live } = useApi();
  const [state, setState] = useState<StreamState>({ phase: 'loading' });
  const [statuses] = useState(() => new BlockStatuses());
  const [plan, setPlan] = useState(() => planIn(apollo.cache, runId, statuses));
  const [hasBlocks, setHasBlocks] = useState(plan !== null);
  const stream = useRef<RunStream | null>(null);
  useEffect(() => {
    const started = new RunStream({
      apollo,
      live,
      runId,
      statuses,
      // It is the same one each time: what is drawn of it stays.
      onPlan: (told) => setPlan((before) => before ?? told),
      onBlocks: () => setHasBlocks(true),
      onState: setState,
      onEvents,
    });
    stream.current = started;
    started.start();
    return () => started.stop();
  }, [apollo, live, runId, statuses, onEvents]);
  // Another key empties the cache, of which the page is drawn, and may not read this run.
  useOnKey(() => {
    setPlan(null);
    setHasBlocks(false);
    stream.current?.start();
  });
  return { state, plan, statuses, hasBlocks, restart: () => stream.current?.start() };
}
