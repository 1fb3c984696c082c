import { expect, test } from 'vitest';
import { indexOf, type LogLine, seek, shiftOf, withEarlier, withLater } from './log-window';

const lines = (...seqs: number[]): LogLine[] =>
  seqs.map((seq) => ({
    seq,
    timestamp: '',
    level: 'INFO',
    stream: 'LOG',
    block: 'b',
    attempt: 1,
    message: `line ${seq}`,
    omitted: 0,
  }));
const seqs = (given: readonly LogLine[]) => given.map(({ seq }) => seq);
const window = (...given: number[]) => ({
  lines: lines(...given),
  hasBefore: false,
  hasAfter: false,
});

test('Later lines join once, and the first ones go where there are too many', () => {
  const after = withLater(window(1, 2, 3), lines(3, 4, 5), true, 4);
  expect(seqs(after.lines)).toEqual([2, 3, 4, 5]);
  expect(after).toMatchObject({ hasBefore: true, hasAfter: true });
});

test('Earlier lines join once, and the last ones go where there are too many', () => {
  const after = withEarlier(window(3, 4, 5), lines(1, 2, 3), false, 4);
  expect(seqs(after.lines)).toEqual([1, 2, 3, 4]);
  expect(after).toMatchObject({ hasBefore: false, hasAfter: true });
});

test.each([
  [[2, 4, 6], 4, 1],
  [[2, 4, 6], 5, 2],
  [[2, 4, 6], 1, 0],
  [[2, 4, 6], 9, 3],
])('In %j, %i is at %i', (given, seq, at) => {
  expect(indexOf(lines(...given), seq)).toBe(at);
});

test.each([
  ['nothing', [1, 2], [1, 2, 3], 0],
  ['lines before', [5, 6], [2, 3, 5, 6], 2],
  ['the first ones gone', [1, 2, 5, 6], [5, 6, 7], -2],
  ['another place altogether', [], [5], 0],
])('What was seen moves by %s', (_, before, after, shift) => {
  expect(shiftOf(lines(...before), lines(...after))).toBe(shift);
});

test.each([
  [null, 1, 1],
  [null, -1, 9],
  [1, 1, 3],
  [2, 1, 3],
  [3, -1, 1],
  [9, 1, null],
] as const)('From %s, step %i finds %s', (from, step, wanted) => {
  const found = seek(lines(1, 3, 9), from, step, () => true);
  expect(found?.seq ?? null).toBe(wanted);
});
