import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { DeleteTrigger, PauseTrigger, ResumeTrigger } from './documents';

export interface TriggerActions {
  problem: Problem | null;
  /** The trigger whose deletion waits for a word. */
  asked: string | null;
  ask: (name: string | null) => void;
  pause: (name: string) => Promise<void>;
  resume: (name: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
}

type Told = { __typename: string; message?: string } | null | undefined;

/** What can be done to a trigger; that it is done, the live list shows. */
export function useTriggerActions(): TriggerActions {
  const [pauseIt] = useMutation(PauseTrigger);
  const [resumeIt] = useMutation(ResumeTrigger);
  const [deleteIt] = useMutation(DeleteTrigger);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, ask] = useState<string | null>(null);

  async function tell(work: Promise<Told>) {
    setProblem(null);
    try {
      const outcome = await work;
      if (outcome?.message) {
        setProblem(refusalOf({ message: outcome.message }, 'It was not changed'));
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
  }

  const given = (name: string) => ({ variables: { input: { name } } });
  return {
    problem,
    asked,
    ask,
    pause: (name) => tell(pauseIt(given(name)).then(({ data }) => data?.pauseTrigger)),
    resume: (name) => tell(resumeIt(given(name)).then(({ data }) => data?.resumeTrigger)),
    remove: async (name) => {
      await tell(deleteIt(given(name)).then(({ data }) => data?.deleteTrigger));
      ask(null);
    },
  };
}
