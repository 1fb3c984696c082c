import { expect, test } from 'vitest';
import { MOST_ROWS, rowsIn } from './rows';

const place = { height: 200, count: 1000, rowHeight: 20 };

test.each([
  ['the beginning', { ...place, top: 0 }, { first: 0, end: 21 }],
  ['the middle', { ...place, top: 10_000 }, { first: 490, end: 521 }],
  ['the end', { ...place, top: 19_800 }, { first: 979, end: 1000 }],
  ['beyond the end', { ...place, top: 90_000 }, { first: 979, end: 1000 }],
  ['few rows', { ...place, top: 0, count: 3 }, { first: 0, end: 3 }],
  ['no rows', { ...place, top: 40, count: 0 }, { first: 0, end: 0 }],
])('Rows at %s', (_, given, wanted) => {
  expect(rowsIn(given)).toEqual(wanted);
});

test.each([400, 1_000, 1_180, 5_000])('A place of %i px draws no more than it may', (height) => {
  const { first, end } = rowsIn({ ...place, top: 10_000, height });
  expect(end - first).toBeLessThanOrEqual(MOST_ROWS);
});
