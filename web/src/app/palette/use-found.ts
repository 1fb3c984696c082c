import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { type Problem, problemOf } from '@/shared/api';
import { PaletteSearch } from './documents';

const TYPING_MS = 180;
const MOST = 6;

/** Pipelines and runs that have what was typed in their name or id, asked once nobody types. */
export function useFound(typed: string) {
  const text = typed.trim();
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, previousData, error } = useQuery(PaletteSearch, {
    variables: { text: asked, first: MOST },
    skip: asked === '',
    fetchPolicy: 'network-only',
  });
  const isCurrent = asked === text;
  const problem: Problem | null = error && isCurrent ? problemOf(error) : null;
  // Of what was found for fewer letters, that stays which has these too.
  const known = text === '' ? undefined : (data ?? previousData);
  const has = (part: string) => part.toLowerCase().includes(text.toLowerCase());
  return {
    text,
    pipelines: known?.pipelines?.nodes.filter(({ name }) => has(name)) ?? [],
    runs: known?.runs?.nodes.filter(({ id, pipeline }) => has(id) || has(pipeline.name)) ?? [],
    hasMoreRuns: isCurrent && (data?.runs?.pageInfo.hasNextPage ?? false),
    isAsking: text !== '' && !problem && (!isCurrent || !data),
    problem,
  };
}
