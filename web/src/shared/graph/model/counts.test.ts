import { expect, test } from 'vitest';
import { countsOf } from './counts';

test('How many stand where is told with the gravest first', () => {
  expect(countsOf(['SUCCEEDED', 'RUNNING', 'SUCCEEDED', 'FAILED'])).toEqual([
    { status: 'FAILED', count: 1 },
    { status: 'RUNNING', count: 1 },
    { status: 'SUCCEEDED', count: 2 },
  ]);
  expect(countsOf([])).toEqual([]);
});
