import { expect, test } from 'vitest';
import { fuzzy } from './fuzzy';

test.each([
  ['', 'Anything', []],
  ['run', 'Go to Runs', [6, 7, 8]],
  ['gtr', 'Go to Runs', [0, 3, 6]],
  ['to go', 'Go to Runs', [0, 1, 3, 4]],
  ['EDIT', 'Edit demo', [0, 1, 2, 3]],
  ['ools', 'Go to Tools', [7, 8, 9, 10]],
  ['xyz', 'Go to Runs', null],
  ['runs tools', 'Go to Runs', null],
  // Its letters are there in order, and none of them begins a word.
  ['oos', 'Go to Tools', null],
])('“%s” in “%s”', (typed, text, at) => {
  expect(fuzzy(typed, text)?.at ?? null).toEqual(at);
});

test.each([
  ['a word’s start before its inside', 'run', 'Runs', 'Rerun'],
  ['the whole before its letters', 'art', 'Artifacts', 'Add a reset'],
  ['the shorter before the longer', 'run', 'Runs', 'Run of a pipeline'],
])('%s', (_, typed, better, worse) => {
  const scores = [better, worse].map((text) => fuzzy(typed, text)?.score ?? Number.NaN);
  expect(scores[0]).toBeGreaterThan(scores[1] as number);
});
