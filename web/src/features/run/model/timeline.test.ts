import { expect, test } from 'vitest';
import { joined } from './timeline';

const events = (...seqs: number[]) => seqs.map((seq) => ({ seq }));

test.each([
  [
    [1, 2],
    [3, 4],
    [1, 2, 3, 4],
  ],
  [
    [1, 2, 3],
    [2, 3, 4],
    [1, 2, 3, 4],
  ],
  [
    [7, 8],
    [1, 2, 3],
    [1, 2, 3, 7, 8],
  ],
  [[1], [], [1]],
  [[], [1], [1]],
])('%j and %j are %j', (a, b, wanted) => {
  expect(joined(events(...a), events(...b))).toEqual(events(...wanted));
});
