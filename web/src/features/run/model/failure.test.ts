import { expect, test } from 'vitest';
import { after } from '@/test/builders';
import { type Failable, firstFailureOf } from './failure';

const block = (name: string, status: Failable['status'], end: number | null): Failable => ({
  name,
  status,
  finishedAt: end === null ? null : after(end),
  error: status === 'FAILED' ? { message: `${name} broke` } : null,
});

test.each([
  ['none failed', [block('a', 'SUCCEEDED', 1), block('b', 'RUNNING', null)], null],
  ['skipped is not failed', [block('a', 'SKIPPED', 1)], null],
  [
    'the first in time',
    [block('a', 'FAILED', 9), block('b', 'FAILED', 2), block('c', 'SUCCEEDED', 1)],
    { name: 'b', error: { message: 'b broke' }, others: 1 },
  ],
])('%s', (_, blocks, wanted) => {
  expect(firstFailureOf(blocks)).toEqual(wanted);
});
