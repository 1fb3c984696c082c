import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import type { SynthesizeDatasetInput, SynthesizeDatasetMutation } from '@/gql/graphql';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { DatasetsPage, SynthesizeDataset } from './documents';
import type { Faults } from './model/wish';

type Made = Extract<
  SynthesizeDatasetMutation['synthesizeDataset'],
  { __typename: 'SynthesizeDatasetSuccess' }
> & { turn: number };

/** Makes up data sets; what the server refuses stands at the field that it is about. */
export function useSynthesize() {
  const [ask, { loading: isPending }] = useMutation(SynthesizeDataset, {
    refetchQueries: [DatasetsPage],
  });
  const [made, setMade] = useState<Made | null>(null);
  const [refused, setRefused] = useState<Faults>({});
  const [problem, setProblem] = useState<Problem | null>(null);

  async function synthesize(input: SynthesizeDatasetInput) {
    setRefused({});
    setProblem(null);
    try {
      const { data } = await ask({ variables: { input } });
      const outcome = data?.synthesizeDataset;
      switch (outcome?.__typename) {
        case 'SynthesizeDatasetSuccess':
          setMade((before) => ({ ...outcome, turn: (before?.turn ?? 0) + 1 }));
          break;
        case 'PathRefused':
          setRefused({ name: outcome.message });
          break;
        case 'ValueOutOfRange':
          setRefused({ count: outcome.message });
          break;
        case 'IdempotencyConflict':
          setProblem(refusalOf(outcome, 'The dataset was not made'));
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return { made, refused, problem, isPending, synthesize };
}
