import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';
import { graphql } from '@/gql';
import type { ChangeKind } from '@/gql/schema-enums';
import { FrameBuffer, useApi, writeResult } from '@/shared/api';

export const RunChanges = graphql(`
  subscription RunChanges {
    runs {
      kind
      runId
      run {
        id
        ...RunSummary
      }
    }
  }
`);

export interface RunChange {
  kind: ChangeKind;
  runId: string;
}

type Listener = (changes: RunChange[]) => void;
const Listeners = createContext<Set<Listener> | null>(null);

/** Keeps the app-wide subscription open: every run in the cache is as the server last told. */
export function RunChangesProvider({ children }: { children: ReactNode }) {
  const { live, apollo } = useApi();
  const [listeners] = useState(() => new Set<Listener>());
  const [generation, setGeneration] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation follows anew
  useEffect(() => {
    const buffer = new FrameBuffer<RunChange & { write: () => void }>((changes) => {
      apollo.cache.batch({
        update: () => {
          for (const { write } of changes) write();
        },
      });
      for (const listener of [...listeners]) listener(changes);
    });
    const stop = live.follow({
      document: RunChanges,
      variables: () => ({}),
      next: (data) => {
        const { kind, runId } = data.runs;
        buffer.push({ kind, runId, write: () => writeResult(apollo.cache, RunChanges, data) });
      },
      failed: reportError,
      broken: () => setGeneration((last) => last + 1),
    });
    return () => {
      stop();
      buffer.clear();
    };
  }, [live, apollo, listeners, generation]);
  return <Listeners value={listeners}>{children}</Listeners>;
}

/** Calls back, once per frame, with runs that came, changed or went; they are in the cache by then. */
export function useRunChanges(changed: Listener): void {
  const listeners = use(Listeners);
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    const listener: Listener = (changes) => latest.current(changes);
    listeners?.add(listener);
    return () => {
      listeners?.delete(listener);
    };
  }, [listeners]);
}
