import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { type Draft, type Param, readDraft, refusalsOf } from '@/shared/params';
import { SaveSchedule } from './documents';
import {
  type Faults,
  faultsOf,
  inputOf,
  type Kept,
  refusalsByField,
  type Wish,
} from './model/wish';

const NOT_SAVED = 'The schedule was not saved';
const NONE: Faults = {};

/** Saves what is written; what is wrong with it stands at its field. */
export function useSave(kept: Kept | null, onSaved: () => void) {
  const apollo = useApolloClient();
  const [isSaving, setSaving] = useState(false);
  const [faults, setFaults] = useState(NONE);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function attempt(input: ReturnType<typeof inputOf>, params: readonly Param[]) {
    const { data } = await apollo.mutate({ mutation: SaveSchedule, variables: { input } });
    const result = data?.saveSchedule;
    switch (result?.__typename) {
      case 'SaveScheduleSuccess':
        onSaved();
        return;
      case 'ScheduleInvalid': {
        const { byField, others } = refusalsByField(result.problems);
        const { byParam, others: rest } = refusalsOf(others, params);
        setFaults({ ...byField, ...ofParams(byParam) });
        if (rest.length > 0) setProblem(refusalOf({ message: rest.join(' ') }, NOT_SAVED));
        return;
      }
      case 'ScheduleExists':
        setFaults({ name: 'There is a schedule of this name.' });
        return;
      case 'PipelineNotFound':
      case 'PipelineArchived':
        setFaults({ pipeline: result.message });
        return;
      default:
        setProblem(refusalOf(result ?? { message: 'The server gave no reason.' }, NOT_SAVED));
    }
  }

  async function save(wish: Wish, params: readonly Param[], draft: Draft): Promise<void> {
    const asked = params.filter(({ name }) => name !== wish.tickParam);
    const { params: values, faults: ofValues } = readDraft(asked, draft);
    const found = { ...faultsOf(wish), ...ofParams(ofValues) };
    setFaults(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    setSaving(true);
    try {
      await attempt(inputOf(wish, values, kept), params);
    } catch (error) {
      // A second try by itself might come after somebody else's change.
      setProblem({ ...problemOf(error), retryAfterMs: null });
    } finally {
      setSaving(false);
    }
  }

  const forget = (field: string) => setFaults(({ [field]: _, ...others }) => others);
  return { isSaving, faults, problem, save, forget };
}

function ofParams(faults: Faults): Faults {
  return Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [`params.${name}`, fault]),
  );
}
