import { useMutation } from '@apollo/client/react';
import { useCallback, useState } from 'react';
import type { RerunFrom } from '@/gql/graphql';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { CancelListed, RerunListed } from './documents';

export interface RowActions {
  cancel: (id: string) => void;
  rerun: (id: string, from: RerunFrom) => void;
  /** The run that an action waits for. */
  pending: string | null;
  problem: Problem | null;
  /** The run that was queued last. */
  queued: string | null;
}

/** What can be done with a run without opening it, and what became of it. */
export function useRowActions(): RowActions {
  const [cancelRun] = useMutation(CancelListed);
  const [rerunRun] = useMutation(RerunListed);
  const [pending, setPending] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [queued, setQueued] = useState<string | null>(null);

  const attempt = useCallback(async (id: string, act: () => Promise<Problem | null>) => {
    setPending(id);
    setProblem(null);
    try {
      setProblem(await act());
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setPending(null);
    }
  }, []);

  // The same functions each time, so that a row is drawn only when something of its own changes.
  const cancel = useCallback(
    (id: string) =>
      void attempt(id, async () => {
        const { data } = await cancelRun({ variables: { id } });
        const outcome = data?.cancelRuns;
        const failure =
          outcome?.__typename === 'CancelRunsSuccess'
            ? outcome.results.find((each) => each.__typename !== 'CancelRunSuccess')
            : outcome;
        return failure && 'message' in failure
          ? refusalOf(failure, 'The run was not cancelled')
          : null;
      }),
    [attempt, cancelRun],
  );

  const rerun = useCallback(
    (id: string, from: RerunFrom) =>
      void attempt(id, async () => {
        const { data } = await rerunRun({ variables: { id, from } });
        const outcome = data?.rerun;
        if (outcome?.__typename !== 'StartRunSuccess') {
          return outcome ? refusalOf(outcome, 'The run was not repeated') : null;
        }
        setQueued(outcome.run.id);
        return null;
      }),
    [attempt, rerunRun],
  );

  return { cancel, rerun, pending, problem, queued };
}
