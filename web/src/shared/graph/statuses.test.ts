import { expect, test, vi } from 'vitest';
import { BlockStatuses, frontierOf } from './statuses';

const nodes = ['csv', 'sent', 'join'].map((name) => ({
  name,
  type: 'PYTHON',
  blockRunId: `blk_${name}`,
}));

test('Only those that watch a changed block hear of it', () => {
  const statuses = new BlockStatuses();
  statuses.tell(nodes.map(({ blockRunId }) => [blockRunId, 'WAITING']));
  const [csv, sent, any] = [vi.fn(), vi.fn(), vi.fn()];
  statuses.watch('blk_csv', csv);
  statuses.watch('blk_sent', sent);
  statuses.watchAny(any);
  statuses.tell([
    ['blk_csv', 'RUNNING'],
    ['blk_sent', 'WAITING'],
  ]);
  expect([csv, sent, any].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  expect(statuses.get('blk_csv')).toBe('RUNNING');
});

test('What is told again is no news, and nobody hears of what he watches no more', () => {
  const statuses = new BlockStatuses();
  const [one, any] = [vi.fn(), vi.fn()];
  const unwatch = statuses.watch('blk_csv', one);
  statuses.watchAny(any);
  statuses.tell([['blk_csv', 'RUNNING']]);
  statuses.tell([['blk_csv', 'RUNNING']]);
  expect([one, any].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  unwatch();
  statuses.tell([['blk_csv', 'FAILED']]);
  expect([one, any].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
});

test('What runs or failed is looked at first', () => {
  const statuses = new BlockStatuses();
  statuses.tell([
    ['blk_csv', 'FAILED'],
    ['blk_sent', 'RUNNING'],
    ['blk_join', 'WAITING'],
  ]);
  expect(frontierOf(statuses, nodes)).toEqual(['csv', 'sent']);
});
