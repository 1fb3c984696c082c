import { expect, test } from 'vitest';
import { faultsOf, inputOf } from './wish';

const GOOD = { count: '40', name: 'messages', seed: '' };

test.each([
  [{}, []],
  [{ count: '0' }, ['count']],
  [{ count: '100001' }, ['count']],
  [{ count: '1.5', name: ' ' }, ['count', 'name']],
  [{ count: '' }, ['count']],
  [{ seed: '7' }, []],
  [{ seed: '-2147483648' }, []],
  [{ seed: '2147483648' }, ['seed']],
  [{ seed: 'x' }, ['seed']],
])('Of %o these are wrong: %o', (more, wanted) => {
  expect(Object.keys(faultsOf({ ...GOOD, ...more }))).toEqual(wanted);
});

test.each([
  [{}, { count: 40, outputPath: 'messages.csv' }],
  [
    { name: ' a/b.tsv ', seed: ' 7 ' },
    { count: 40, outputPath: 'a/b.tsv', seed: 7 },
  ],
  [{ name: 'v1.2 notes' }, { count: 40, outputPath: 'v1.2 notes.csv' }],
])('%o asks for %o', (more, wanted) => {
  expect(inputOf({ ...GOOD, ...more })).toEqual(wanted);
});
