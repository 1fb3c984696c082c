import { createContext, use } from 'react';
import type { BlockStatuses, GraphViewEdge } from '@/shared/graph';
import type { LogStores } from './logs/log-stores';
import type { Address } from './model/address';
import type { Go } from './use-address';

export interface PlannedBlock {
  /** Of its BlockRun. */
  id: string;
  name: string;
  type: string;
}

/** What a run does, all of it known when it is queued and never changed. */
export interface Plan {
  /** In definition order. */
  blocks: readonly PlannedBlock[];
  edges: readonly GraphViewEdge[];
}

/** What every panel of a run's page needs to know. */
export interface RunOnPage extends Plan {
  id: string;
  /** How its blocks stand. */
  statuses: BlockStatuses;
  /** Whether the cache has them all: for a moment the graph stands there without what is drawn of that. */
  hasBlocks: boolean;
  address: Address;
  now: () => Address;
  go: Go;
  logs: LogStores;
}

/** The heading of what can be done on a run's page. */
export const SECTION = 'This run';

const Context = createContext<RunOnPage | null>(null);
export const RunProvider = Context;

export function useRun(): RunOnPage {
  const run = use(Context);
  if (!run) throw new Error('useRun is used outside of a run page');
  return run;
}
