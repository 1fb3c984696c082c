import { expect, test } from 'vitest';
import { partitionsInWords } from './partitions';

test.each([
  [{ total: 16, done: 12 }, '12/16 partitions'],
  [{ total: 1, done: 0 }, '0/1 partition'],
  [{ total: 1000, done: 999 }, '999/1,000 partitions'],
  [null, null],
  [undefined, null],
])('%o in words', (partitions, wanted) => {
  expect(partitionsInWords(partitions)).toBe(wanted);
});
