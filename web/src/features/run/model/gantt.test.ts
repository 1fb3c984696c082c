import { expect, test } from 'vitest';
import { after } from '@/test/builders';
import {
  type BlockTimes,
  criticalPathOf,
  panned,
  segmentsOf,
  tickLabel,
  ticksOf,
  zoomed,
} from './gantt';

const at = (seconds: number) => Date.parse(after(seconds));
const block = (more: Partial<BlockTimes>): BlockTimes => ({
  name: 'b',
  status: 'RUNNING',
  readyAt: after(0),
  startedAt: null,
  finishedAt: null,
  attempts: [],
  ...more,
});
const attempt = (number: number, from: number, to: number | null) => ({
  number,
  status: to === null ? ('RUNNING' as const) : ('FAILED' as const),
  startedAt: after(from),
  finishedAt: to === null ? null : after(to),
});

test.each([
  ['not ready', { status: 'WAITING', readyAt: null }, []],
  ['queued until now', { status: 'READY' }, [['queued', 0, 10]]],
  [
    'queued, then running until now',
    { attempts: [attempt(1, 2, null)] },
    [
      ['queued', 0, 2],
      ['attempt', 2, 10],
    ],
  ],
  [
    'two attempts and the wait between them',
    { attempts: [attempt(1, 2, 4), attempt(2, 6, null)] },
    [
      ['queued', 0, 2],
      ['attempt', 2, 4],
      ['queued', 4, 6],
      ['attempt', 6, 10],
    ],
  ],
  [
    'waiting for its next attempt',
    { status: 'RETRYING', attempts: [attempt(1, 0, 4)] },
    [
      ['attempt', 0, 4],
      ['queued', 4, 10],
    ],
  ],
  [
    'over',
    { status: 'FAILED', finishedAt: after(4), attempts: [attempt(1, 0, 4)] },
    [['attempt', 0, 4]],
  ],
  ['cancelled before it began', { status: 'CANCELLED', finishedAt: after(3) }, [['queued', 0, 3]]],
] as const)('A block %s', (_, more, wanted) => {
  const segments = segmentsOf(block(more as Partial<BlockTimes>), at(10));
  expect(segments.map(({ kind, from, to }) => [kind, from, to])).toEqual(
    wanted.map(([kind, from, to]) => [kind, at(from), at(to)]),
  );
});

test('The critical path leads back by whatever ended last', () => {
  const ended = (name: string, end: number) =>
    block({ name, status: 'SUCCEEDED', startedAt: after(0), finishedAt: after(end) });
  const edges = [
    { from: 'a', to: 'c' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'd' },
    { from: 'b', to: 'e' },
  ];
  const blocks = [ended('a', 3), ended('b', 2), ended('c', 5), ended('d', 9), ended('e', 7)];
  expect([...criticalPathOf(blocks, edges)]).toEqual(['d', 'c', 'a']);
  expect([...criticalPathOf([block({})], edges)]).toEqual([]);
});

const WHOLE = { from: 0, to: 1000 };
test.each([
  [WHOLE, 0.5, 0.5, { from: 250, to: 750 }],
  [WHOLE, 0.5, 0, { from: 0, to: 500 }],
  [{ from: 0, to: 500 }, 0.5, 1, { from: 250, to: 500 }],
  [{ from: 250, to: 750 }, 2, 0.5, null],
  [{ from: 0, to: 400 }, 2, 1, { from: 0, to: 800 }],
])('Zoom of %j by %d at %d shows %j', (seen, factor, place, wanted) => {
  expect(zoomed(seen, WHOLE, factor, place)).toEqual(wanted);
});

test('What is seen does not leave what there is', () => {
  expect(panned({ from: 500, to: 700 }, WHOLE, 0.5)).toEqual({ from: 600, to: 800 });
  expect(panned({ from: 800, to: 1000 }, WHOLE, 0.5)).toEqual({ from: 800, to: 1000 });
  expect(panned({ from: 100, to: 300 }, WHOLE, -2)).toEqual({ from: 0, to: 200 });
});

test.each([
  [{ from: 0, to: 10_000 }, 6, [0, 2_000, 4_000, 6_000, 8_000, 10_000]],
  [{ from: 500, to: 1_200 }, 4, [600, 800, 1_000, 1_200]],
  [{ from: 0, to: 7_200_000 }, 5, [0, 1_800_000, 3_600_000, 5_400_000, 7_200_000]],
])('Marks of %j, at most %i', (seen, most, wanted) => {
  expect(ticksOf(seen, 0, most)).toEqual(wanted);
});

test.each([
  [0, '0'],
  [200, '200 ms'],
  [1_500, '1.5 s'],
  [5_000, '5 s'],
  [120_000, '2 m'],
  [5_400_000, '1 h 30 m'],
  [172_800_000, '2 d'],
])('The mark at %i ms says %s', (ms, said) => {
  expect(tickLabel(ms)).toBe(said);
});
