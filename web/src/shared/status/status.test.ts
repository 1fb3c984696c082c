import { expect, test } from 'vitest';
import { BLOCK_STATUSES, isTerminalBlock, isTerminalRun, lookOf, RUN_STATUSES } from './status';

test('What is over is not drawn as if it moved, and what moves not as if it were over', () => {
  for (const status of [...RUN_STATUSES, ...BLOCK_STATUSES]) {
    const { icon, tone } = lookOf(status);
    expect(icon === 'spinner', status).toBe(status === 'RUNNING');
    expect(tone === 'succeeded', status).toBe(status === 'SUCCEEDED');
  }
  expect(RUN_STATUSES.filter(isTerminalRun)).toEqual(['FAILED', 'SUCCEEDED', 'CANCELLED']);
  expect(BLOCK_STATUSES.filter(isTerminalBlock)).toEqual([
    'SUCCEEDED',
    'FAILED',
    'SKIPPED',
    'CANCELLED',
  ]);
});
