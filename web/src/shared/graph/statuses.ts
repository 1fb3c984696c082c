import { createContext, use, useCallback, useRef, useSyncExternalStore } from 'react';
import type { BlockStatus } from '@/gql/schema-enums';
import { isActiveBlock, isTerminalBlock, lookOf } from '@/shared/status';
import { type Count, countsOf } from './model/counts';
import type { GraphViewNode } from './types';

type Listener = () => void;

/**
 * How the blocks of one run stand, by the ids of their BlockRuns. Whoever follows the run tells it what
 * it writes to the cache; edges, folds and the map then look hundreds of blocks up without reading
 * hundreds of entries there.
 */
export class BlockStatuses {
  private readonly known = new Map<string, BlockStatus>();
  private readonly ofOne = new Map<string, Set<Listener>>();
  private readonly ofAny = new Set<Listener>();

  get(id: string): BlockStatus | null {
    return this.known.get(id) ?? null;
  }

  /** Tells those that watch a block that has changed, and no others. */
  tell(statuses: Iterable<readonly [id: string, status: BlockStatus]>): void {
    const changed = [...statuses].filter(([id, status]) => this.known.get(id) !== status);
    for (const [id, status] of changed) this.known.set(id, status);
    if (changed.length === 0) return;
    for (const [id] of changed) for (const listener of [...(this.ofOne.get(id) ?? [])]) listener();
    for (const listener of [...this.ofAny]) listener();
  }

  watch(id: string, listener: Listener): () => void {
    const listeners = this.ofOne.get(id) ?? new Set();
    this.ofOne.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  readonly watchAny = (listener: Listener): (() => void) => {
    this.ofAny.add(listener);
    return () => this.ofAny.delete(listener);
  };
}

const Context = createContext<BlockStatuses | null>(null);
export const StatusesProvider = Context;

export function useBlockStatuses(): BlockStatuses {
  const statuses = use(Context);
  if (!statuses) throw new Error('useBlockStatuses is used outside of a graph');
  return statuses;
}

/** The status of one block of a run, as it is now; null on a pipeline's graph. */
export function useStatus(blockRunId: string | null): BlockStatus | null {
  const statuses = useBlockStatuses();
  const watch = useCallback(
    (listener: Listener) => (blockRunId === null ? () => {} : statuses.watch(blockRunId, listener)),
    [statuses, blockRunId],
  );
  return useSyncExternalStore(watch, () => (blockRunId === null ? null : statuses.get(blockRunId)));
}

/** How many of these blocks stand where; the same object until that changes. */
export function useCounts(nodes: readonly GraphViewNode[]): readonly Count[] {
  const statuses = useBlockStatuses();
  const last = useRef<{ key: string; counts: readonly Count[] } | null>(null);
  return useSyncExternalStore(statuses.watchAny, () => {
    const counts = countsOf(statusesOf(statuses, nodes).values());
    const key = counts.map(({ status, count }) => `${status} ${count}`).join();
    if (last.current?.key !== key) last.current = { key, counts };
    return last.current.counts;
  });
}

/** Whether any of these blocks may still change. */
export function useMoving(nodes: readonly GraphViewNode[]): boolean {
  const statuses = useBlockStatuses();
  return useSyncExternalStore(statuses.watchAny, () =>
    nodes.some(({ blockRunId }) => {
      const status = blockRunId === null ? null : statuses.get(blockRunId);
      return status !== null && !isTerminalBlock(status);
    }),
  );
}

/** How the blocks of a run stand at this moment, by name; those that are known. */
export function statusesOf(
  statuses: BlockStatuses,
  nodes: readonly GraphViewNode[],
): Map<string, BlockStatus> {
  const found = new Map<string, BlockStatus>();
  for (const { name, blockRunId } of nodes) {
    const status = blockRunId === null ? null : statuses.get(blockRunId);
    if (status) found.set(name, status);
  }
  return found;
}

/** The blocks to look at first: what runs or failed. */
export function frontierOf(statuses: BlockStatuses, nodes: readonly GraphViewNode[]): string[] {
  return [...statusesOf(statuses, nodes)].flatMap(([name, status]) =>
    isActiveBlock(status) || lookOf(status).tone === 'failed' ? [name] : [],
  );
}
