import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { type Draft, type Param, readDraft, refusalsOf } from '@/shared/params';
import { StartRun } from '@/shared/runs';

const NONE: Record<string, string> = {};

/** Starts a run with what is written, and goes to its page. */
export function useStart(pipeline: string, params: readonly Param[]) {
  const apollo = useApolloClient();
  const navigate = useNavigate();
  const [isStarting, setStarting] = useState(false);
  const [faults, setFaults] = useState(NONE);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function attempt(values: Record<string, unknown>): Promise<void> {
    const { data } = await apollo.mutate({
      mutation: StartRun,
      variables: { input: { pipeline, params: values } },
    });
    const result = data?.startRun;
    if (result?.__typename === 'StartRunSuccess') {
      await navigate(`/runs/${result.run.id}`);
    } else if (result?.__typename === 'ParamsInvalid') {
      const { byParam, others } = refusalsOf(result.problems, params);
      setFaults(byParam);
      if (others.length > 0) setProblem(refusalOf({ message: others.join(' ') }, NOT_STARTED));
    } else {
      setProblem(refusalOf(result ?? { message: 'The server gave no reason.' }, NOT_STARTED));
    }
  }

  async function start(draft: Draft): Promise<void> {
    const { params: values, faults: found } = readDraft(params, draft);
    setFaults(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    setStarting(true);
    try {
      await attempt(values);
    } catch (error) {
      // A second try by itself might start a second run.
      setProblem({ ...problemOf(error), retryAfterMs: null });
    } finally {
      setStarting(false);
    }
  }

  const forget = (name: string) => setFaults(({ [name]: _, ...others }) => others);
  return { isStarting, faults, problem, start, forget };
}

const NOT_STARTED = 'The run could not be started';
