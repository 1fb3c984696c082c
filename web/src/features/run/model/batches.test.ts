import { expect, test } from 'vitest';
import { type Batch, judge, take } from './batches';

function batch(afterSeq: number, throughSeq: number, more: Partial<Batch> = {}): Batch {
  const events: Batch['events'] = [];
  for (let seq = afterSeq + 1; seq <= throughSeq; seq += 1) {
    events.push({
      __typename: 'WorkerLost',
      seq,
      kind: 'WORKER_LOST',
      timestamp: '',
      message: '',
      block: 'b',
      attempt: 1,
      worker: 'w',
    });
  }
  const cursor = `c${throughSeq}`;
  return { afterSeq, throughSeq, cursor, status: 'RUNNING', events, progress: [], ...more };
}

const MOVED = {
  block: 'b',
  attempt: 1,
  rowsDone: 1,
  rowsTotal: null,
  partitionsDone: null,
  partitionsTotal: null,
};
const progress = (at: number) => batch(at, at, { progress: [MOVED] });

test.each([
  ['the first after a snapshot', null, batch(7, 9), 'apply'],
  ['progress as the first', null, progress(7), 'apply'],
  ['the one that follows', 9, batch(9, 12), 'apply'],
  ['one that was seen', 9, batch(7, 9), 'drop'],
  ['one that was seen in part of a longer one', 9, batch(5, 8), 'drop'],
  ['one after a gap', 9, batch(10, 12), 'refetch'],
  ['one that reaches back and beyond', 9, batch(8, 12), 'refetch'],
  ['one that passes over filtered events alone', 9, batch(9, 12, { events: [] }), 'apply'],
  ['progress of this place', 9, progress(9), 'apply'],
  ['progress of a place that is past', 9, progress(8), 'drop'],
  ['progress of a place that is to come', 9, progress(10), 'refetch'],
] as const)('%s', (_, through, given, verdict) => {
  expect(judge({ through, cursor: '' }, given)).toBe(verdict);
});

test('Batches are taken in order up to a gap, each event once', () => {
  const given = [batch(2, 4), batch(2, 4), progress(4), batch(4, 5), batch(6, 7), batch(5, 6)];
  const taken = take({ through: null, cursor: 'c2' }, given);
  expect(taken.batches.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([3, 4, 5]);
  expect(taken.position).toEqual({ through: 5, cursor: 'c5' });
  expect(taken.refetch).toBe(true);
});
