import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useCallback, useEffect, useState } from 'react';
import { waitToRetry } from './backoff';
import { useApi } from './context';
import { type Problem, problemOf } from './problem';

export interface LiveState<TData> {
  /** The state as it was told last; null before the first word. */
  data: TData | null;
  problem: Problem | null;
  restart: () => void;
}

/**
 * Follows a subscription that begins with the state as it is (`queue`, `workers`, `service`). It
 * outlives breaks, and waits for another key where the one there is was refused.
 */
export function useLiveState<TData>(
  document: TypedDocumentNode<TData, Record<string, never>>,
): LiveState<TData> {
  const { live } = useApi();
  const [generation, setGeneration] = useState(0);
  const [data, setData] = useState<TData | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const restart = useCallback(() => setGeneration((last) => last + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation follows anew
  useEffect(() => {
    setProblem(null);
    return live.follow({
      document,
      variables: () => ({}),
      next: setData,
      failed: (error) => setProblem(problemOf(error)),
      broken: restart,
      // It has no end of its own; a server that stops ends it.
      completed: () => void waitToRetry(0).then(restart),
    });
  }, [live, document, generation, restart]);
  return { data, problem, restart };
}
