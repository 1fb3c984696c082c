import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { type Problem, problemOf } from '@/shared/api';
import { CheckDefinition } from './documents';
import { type Parsed, parse } from './model/parse';
import { type PlacedProblem, placed } from './model/problems';
import { sourceOf } from './model/source';

export interface Check {
  /** What was judged; null before the first answer. */
  of: { text: string; format: Parsed['format'] } | null;
  problems: readonly PlacedProblem[];
  /** Why it could not be judged. */
  fault: Problem | null;
  again: () => void;
}

const DEBOUNCE_MS = 300;
const NOTHING_YET = { of: null, problems: [], fault: null };

/** What the server makes of a text, asked once nobody types; a text whose syntax is broken is not sent. */
export function useCheck({ text, format, faults }: Parsed): Check {
  const apollo = useApolloClient();
  const [check, setCheck] = useState<Omit<Check, 'again'>>(NOTHING_YET);
  const [tries, setTries] = useState(0);
  const isAsked = faults.length === 0 && text.trim() !== '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` asks again
  useEffect(() => {
    if (!isAsked) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { data } = await apollo.query({
          query: CheckDefinition,
          variables: { source: sourceOf(text, format) },
          fetchPolicy: 'no-cache',
          context: { fetchOptions: { signal: stop.signal }, queryDeduplication: false },
        });
        if (stop.signal.aborted || !data) return;
        const problems = placed(parse(text, format), data.validatePipeline.problems);
        setCheck({ of: { text, format }, problems, fault: null });
      } catch (error) {
        if (!stop.signal.aborted) setCheck({ ...NOTHING_YET, fault: problemOf(error) });
      }
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [apollo, text, format, isAsked, tries]);
  return { ...check, again: () => setTries((last) => last + 1) };
}
