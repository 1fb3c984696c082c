import { expect, test } from 'vitest';
import { roomAt } from './room';

const NOW = Date.parse('2026-05-04T10:00:00.000Z');

test.each([
  [3, 1_200, 'One more in 2 s.'],
  [0, 1_200, 'Requests are refused for 2 s.'],
  [0, 0, 'There is room for more by now.'],
  [0, -9_000, 'There is room for more by now.'],
])('With %i left and %i ms to go: %s', (remaining, ms, wanted) => {
  expect(roomAt({ remaining, resetAt: new Date(NOW + ms).toISOString() }, NOW)).toBe(wanted);
});
