import { expect, test } from 'vitest';
import type { ChangeKind } from '@/gql/schema-enums';
import { type Listed, listedAfter, reveal } from './arrivals';

const LISTED: Listed = { shown: ['d', 'b'], waiting: [] };
const TOP = { belongs: () => true, reading: false, goesOn: true };
const READING = { ...TOP, reading: true };
const OTHERS = { ...TOP, belongs: () => false };

test.each([
  ['a new run, at the top of the list', 'CREATED', 'e', TOP, ['e', 'd', 'b'], []],
  ['a new run, while further down is read', 'CREATED', 'e', READING, ['d', 'b'], ['e']],
  ['a new run that the list is not of', 'CREATED', 'e', OTHERS, ['d', 'b'], []],
  ['a run that is listed', 'CREATED', 'b', TOP, ['d', 'b'], []],
  ['a change of one that is listed', 'UPDATED', 'b', TOP, ['d', 'b'], []],
  ['one that belongs by now', 'UPDATED', 'c', TOP, ['d', 'c', 'b'], []],
  ['one that belongs further down', 'UPDATED', 'a', TOP, ['d', 'b'], []],
  ['the oldest of a whole list', 'UPDATED', 'a', { ...TOP, goesOn: false }, ['d', 'b', 'a'], []],
  ['one that belongs no more', 'UPDATED', 'b', OTHERS, ['d'], []],
  ['one that is being read', 'UPDATED', 'b', { ...OTHERS, reading: true }, ['d', 'b'], []],
  ['a run that went', 'REMOVED', 'd', READING, ['b'], []],
  ['a run that went and was not listed', 'REMOVED', 'z', TOP, ['d', 'b'], []],
] as const)('%s', (_, kind, runId, rules, shown, waiting) => {
  expect(listedAfter(LISTED, [{ kind, runId }], rules)).toEqual({ shown, waiting });
});

test('What waits is shown in its place, unless it went in the meantime', () => {
  const change = (kind: ChangeKind, runId: string) => ({ kind, runId });
  const waiting = listedAfter(
    LISTED,
    [
      change('CREATED', 'e'),
      change('CREATED', 'g'),
      change('CREATED', 'f'),
      change('REMOVED', 'f'),
      change('UPDATED', 'c'),
    ],
    READING,
  );
  expect(waiting.waiting).toEqual(['g', 'e', 'c']);
  expect(reveal(waiting)).toEqual({ shown: ['g', 'e', 'd', 'c', 'b'], waiting: [] });
});
