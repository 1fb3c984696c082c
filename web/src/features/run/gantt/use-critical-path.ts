import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { type BlockTimes, criticalPathOf } from '../model/gantt';
import { useRun } from '../run-context';
import { GanttBlockFragment } from './documents';

const NONE: ReadonlySet<string> = new Set();

/**
 * The blocks that decided when the run ended, once it has. They are marked a moment after the bars are
 * drawn: the times of hundreds of blocks are no part of the first drawing.
 */
export function useCriticalPath(finishedAt: string | null): ReadonlySet<string> {
  const { blocks, edges } = useRun();
  const { cache } = useApolloClient();
  const [path, setPath] = useState(NONE);
  useEffect(() => {
    if (finishedAt === null) return;
    const timer = setTimeout(() => {
      const times = blocks.flatMap(({ id }): BlockTimes[] => {
        const entry = cache.identify({ __typename: 'BlockRun', id });
        const read = entry && cache.readFragment({ id: entry, fragment: GanttBlockFragment });
        return read ? [read as BlockTimes] : [];
      });
      setPath(criticalPathOf(times, edges));
    });
    return () => clearTimeout(timer);
  }, [finishedAt, blocks, edges, cache]);
  return path;
}
