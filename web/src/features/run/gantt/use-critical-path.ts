import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { isTerminalBlock } from '@/shared/status';
import { type BlockTimes, criticalPathOf } from '../model/gantt';
import { useRun } from '../run-context';
import { GanttBlockFragment } from './documents';

const NONE: ReadonlySet<string> = new Set();

/**
 * The blocks that decided when the run ended, once it has. They are marked a moment after the bars are
 * drawn: the times of hundreds of blocks are no part of the first drawing.
 */
export function useCriticalPath(finishedAt: string | null): ReadonlySet<string> {
  const { blocks, edges, statuses } = useRun();
  // That the run is over may be told before its last block is: the list of runs is another stream.
  const isOver = useSyncExternalStore(statuses.watchAny, () =>
    blocks.every(({ id }) => {
      const status = statuses.get(id);
      return status !== null && isTerminalBlock(status);
    }),
  );
  const { cache } = useApolloClient();
  const [path, setPath] = useState(NONE);
  useEffect(() => {
    if (finishedAt === null || !isOver) return;
    const timer = setTimeout(() => {
      const times = blocks.flatMap(({ id }): BlockTimes[] => {
        const entry = cache.identify({ __typename: 'BlockRun', id });
        const read = entry && cache.readFragment({ id: entry, fragment: GanttBlockFragment });
        return read ? [read as BlockTimes] : [];
      });
      setPath(criticalPathOf(times, edges));
    });
    return () => clearTimeout(timer);
  }, [finishedAt, isOver, blocks, edges, cache]);
  return path;
}
