import { useDeferredValue, useMemo, useRef } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { type Outline, outlineOf } from './model/outline';
import { type Parsed, parse } from './model/parse';
import { type PlacedProblem, syntaxProblems } from './model/problems';
import { type Check, useCheck } from './use-check';

export interface Understood {
  parsed: Parsed;
  /** The same object while it says the same, so that a graph is laid out for changes of it alone. */
  outline: Outline;
  problems: readonly PlacedProblem[];
  /** Whether the problems are those of the text as it is now. */
  isCurrent: boolean;
  check: Check;
  isBlank: boolean;
}

const NONE: readonly PlacedProblem[] = [];

/** All that is known of a text: by the browser at once, by the server a moment later. */
export function useUnderstood(text: string, format: DefinitionFormat): Understood {
  // Typing comes first, even in a long text.
  const calm = useDeferredValue(text);
  const parsed = useMemo(() => parse(calm, format), [calm, format]);
  const outline = useSame(useMemo(() => outlineOf(parsed.value), [parsed]));
  const check = useCheck(parsed);
  const isBlank = calm.trim() === '';
  const syntax = useMemo(() => syntaxProblems(parsed), [parsed]);
  const isJudged = check.of?.text === calm && check.of.format === format;
  const current = currentProblems();
  const last = useRef(current ?? NONE);
  last.current = current ?? last.current;
  return {
    parsed,
    outline,
    check,
    isBlank,
    problems: last.current,
    isCurrent: current !== null && calm === text,
  };

  function currentProblems(): readonly PlacedProblem[] | null {
    if (isBlank) return NONE;
    if (syntax.length > 0) return syntax;
    return isJudged ? check.problems : null;
  }
}

/** A broken text says less than is meant: what is not to be read keeps the last shape. */
function useSame(outline: Outline): Outline {
  const last = useRef(outline);
  if (JSON.stringify(last.current) !== JSON.stringify(outline)) last.current = outline;
  return last.current;
}
