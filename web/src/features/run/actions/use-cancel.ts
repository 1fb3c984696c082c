import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { CancelRun } from './documents';

const WHAT = 'The run could not be cancelled';

/** Asks the run to stop. It is pending until the run's own events say that it stops. */
export function useCancel(runId: string) {
  const [ask, { loading, data }] = useMutation(CancelRun);
  const [problem, setProblem] = useState<Problem | null>(null);
  const cancel = async () => {
    setProblem(null);
    try {
      const { data: told } = await ask({ variables: { input: { runIds: [runId] } } });
      const answer = told?.cancelRuns;
      if (answer?.__typename !== 'CancelRunsSuccess') {
        setProblem(refusalOf(answer ?? { message: 'The server gave no reason.' }, WHAT));
        return;
      }
      const [result] = answer.results;
      if (result && result.__typename !== 'CancelRunSuccess') setProblem(refusalOf(result, WHAT));
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return { cancel, pending: loading || (data !== undefined && data !== null && !problem), problem };
}
