import { useMutation } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { CleanUp } from './documents';

export interface Counted {
  days: number;
  runs: number;
  artifacts: number;
  bytes: number | string;
}

/** A cleanup in two steps: what would go is counted, and only what was counted is deleted. */
export function useCleanup() {
  const [cleanUp, { loading: isPending }] = useMutation(CleanUp);
  const [counted, setCounted] = useState<Counted | null>(null);
  const [removed, setRemoved] = useState<Counted | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const asked = useRef(0);

  function forget() {
    asked.current += 1;
    setCounted(null);
    setRemoved(null);
    setProblem(null);
  }

  async function ask(days: number, dryRun: boolean): Promise<Counted | null> {
    setProblem(null);
    try {
      const { data } = await cleanUp({ variables: { days, dryRun } });
      const outcome = data?.cleanup;
      if (outcome?.__typename === 'CleanupSuccess') return { ...outcome, days };
      if (outcome) setProblem(refusalOf(outcome, 'Nothing was deleted'));
    } catch (error) {
      setProblem(problemOf(error));
    }
    return null;
  }

  const count = async (days: number) => {
    forget();
    const { current } = asked;
    const found = await ask(days, true);
    // Of the days that were written before it would say what it does not mean.
    if (current === asked.current) setCounted(found);
  };
  const remove = async (days: number) => {
    const gone = await ask(days, false);
    if (!gone) return;
    setCounted(null);
    setRemoved(gone);
  };
  return { counted, removed, problem, isPending, count, remove, forget };
}
