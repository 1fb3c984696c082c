import { expect, test } from 'vitest';
import { aBatch, aBlockEvent, after, aRunEvent } from '@/test/builders';
import type { Batch } from './batches';
import { changesOf, countsOf } from './changes';

const ERROR = { kind: 'BLOCK_ERROR', message: 'No', block: 'b', retryable: false, detail: null };
// Builders give plain objects; the model is handed what the generated types promise.
const batches = (...given: { runEvents: object }[]) => given.map((each) => each.runEvents as Batch);

test('A block that started and ended within one frame is one change', () => {
  const { blocks } = changesOf(
    batches(
      aBatch(0, [aBlockEvent('b', 'RUNNING', { timestamp: after(1) })]),
      aBatch(1, [aBlockEvent('b', 'SUCCEEDED', { timestamp: after(3) })]),
    ),
  );
  expect(blocks.get('b')).toMatchObject({
    status: 'SUCCEEDED',
    attempt: 1,
    statusReason: null,
    startedAt: after(1),
    finishedAt: after(3),
  });
});

test('A retry keeps the error of the attempt before, and begins its rows anew', () => {
  const { blocks } = changesOf(
    batches(
      aBatch(0, [
        aBlockEvent('b', 'RETRYING', { error: ERROR }),
        aBlockEvent('b', 'RUNNING', { attempt: 2 }),
      ]),
    ),
  );
  expect(blocks.get('b')).toMatchObject({
    status: 'RUNNING',
    attempt: 2,
    error: ERROR,
    finishedAt: null,
    rows: { attempt: 2, rowsDone: 0, rowsTotal: null },
  });
});

test('Progress of an attempt that is past changes nothing', () => {
  const progress = [{ block: 'b', attempt: 1, rowsDone: 9, rowsTotal: 10 }];
  const { blocks } = changesOf(
    batches(
      aBatch(0, [aBlockEvent('b', 'RUNNING', { attempt: 2 })]),
      aBatch(1, [], { afterSeq: 1, throughSeq: 1, progress }),
    ),
  );
  expect(blocks.get('b')?.rows).toEqual({ attempt: 2, rowsDone: 0, rowsTotal: null });
});

test('Progress tells of partitions where an input is split', () => {
  const progress = [
    { block: 'b', attempt: 1, rowsDone: 5, rowsTotal: 10, partitionsDone: 2, partitionsTotal: 4 },
    { block: 'c', attempt: 1, rowsDone: 5, rowsTotal: null, partitionsDone: null },
  ];
  const { blocks } = changesOf(batches(aBatch(0, [], { progress })));
  expect(blocks.get('b')?.rows?.partitions).toEqual({ done: 2, total: 4 });
  expect(blocks.get('c')?.rows).toEqual({ attempt: 1, rowsDone: 5, rowsTotal: null });
});

test.each([
  ['RUNNING', { status: 'RUNNING', startedAt: after(2) }],
  ['FAILED', { status: 'FAILED', finishedAt: after(2), error: ERROR }],
] as const)('A run that is %s', (status, wanted) => {
  const event = aRunEvent(status, {
    timestamp: after(2),
    error: status === 'FAILED' ? ERROR : null,
  });
  expect(changesOf(batches(aBatch(0, [event], { status }))).run).toEqual(wanted);
});

test('Blocks are counted by where they stand', () => {
  expect(countsOf(['SUCCEEDED', 'RUNNING', 'SKIPPED', 'SUCCEEDED'])).toEqual({
    done: 3,
    byStatus: [
      { status: 'SUCCEEDED', count: 2 },
      { status: 'RUNNING', count: 1 },
      { status: 'SKIPPED', count: 1 },
    ],
  });
});
