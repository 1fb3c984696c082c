import type { ApolloCache } from '@apollo/client';
import type { BlockStatuses } from '@/shared/graph';
import { RunPlan } from '../documents';
import type { Plan } from '../run-context';

interface Planned {
  blocks: Plan['blocks'];
  graph: { edges: readonly { from: string; to: string; as?: string | null }[] };
}

/** Of a snapshot what never changes. */
export const planOf = ({ blocks, graph }: Planned): Plan => ({
  blocks: blocks.map(({ id, name, type }) => ({ id, name, type })),
  edges: graph.edges.map(({ from, to, as }) => ({ from, to, as: as ?? null })),
});

/** The plan of a run that was seen before, and how its blocks stood then; null of any other. */
export function planIn(cache: ApolloCache, runId: string, statuses: BlockStatuses): Plan | null {
  const run = cache.readQuery({ query: RunPlan, variables: { id: runId } })?.run;
  if (!run) return null;
  statuses.tell(run.blocks.map(({ id, status }) => [id, status]));
  return planOf(run);
}
