import { expect, test } from 'vitest';
import type { BlockStatus } from '@/gql/schema-enums';
import { cellsOf } from './strip';

const drawn = (counts: Partial<Record<BlockStatus, number>>) => {
  const cells = cellsOf(
    Object.entries(counts).map(([status, count]) => ({ status: status as BlockStatus, count })),
    8,
  );
  return cells.map((status) => status[0]).join('');
};

test.each([
  [{}, ''],
  [{ WAITING: 2, SUCCEEDED: 1 }, 'SWW'],
  [{ SUCCEEDED: 8 }, 'SSSSSSSS'],
  [{ SUCCEEDED: 400, FAILED: 400 }, 'SSSSFFFF'],
  [{ SUCCEEDED: 500, FAILED: 1 }, 'SSSSSSSF'],
  [{ FAILED: 1, RUNNING: 1, READY: 1, SUCCEEDED: 997 }, 'SSSSSFRR'],
  [{ SUCCEEDED: 5, WAITING: 5, RUNNING: 1 }, 'SSSSRWWW'],
])('%o is drawn as %s', (counts, wanted) => {
  expect(drawn(counts)).toBe(wanted);
});
