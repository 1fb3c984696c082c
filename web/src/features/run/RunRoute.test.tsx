import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import {
  aBatch,
  aBlock,
  aBlockEvent,
  after,
  aLogPage,
  aPage,
  aProgress,
  aRun,
  aRunEvent,
} from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, refuse } from '@/test/server';
import { EndedBlocks, RunEvents, RunSnapshot } from './documents';
import { LogPage } from './logs/documents';
import { NearbyRuns } from './NoSuchRun';
import { WaitingReasons } from './use-waiting';

const BLOCKS = [aBlock('csv', 'READY'), aBlock('sent')];

beforeEach(() => {
  answer(LogPage, aLogPage([]));
  answer(WaitingReasons, { run: { __typename: 'Run', id: 'run_000001', waitingReasons: [] } });
});

const asTable = async (user: UserEvent) =>
  user.click(await screen.findByRole('button', { name: 'Show as table' }));
const row = (name: string) => screen.getByRole('row', { name: new RegExp(`\\b${name}\\b`) });

test('A run is followed from its snapshot to its last event, on a socket that breaks on the way', async () => {
  const blocksAtTheEnd = [
    aBlock('csv', 'SUCCEEDED', { attempt: 1, rowsDone: 40, rowsTotal: 40 }),
    aBlock('sent', 'SUCCEEDED', { attempt: 1, rowsDone: 40, rowsTotal: 40 }),
  ];
  let isOver = false;
  const snapshots = answer(RunSnapshot, () => ({
    run: isOver
      ? aRun('run_000001', 'SUCCEEDED', {
          blocks: blocksAtTheEnd,
          finishedAt: after(9),
          progress: aProgress({ blocksDone: 2 }),
        })
      : aRun('run_000001', 'QUEUED', { blocks: BLOCKS }),
  }));
  answer(EndedBlocks, ({ ids }) => ({
    nodes: blocksAtTheEnd.filter(({ id }) => [ids].flat().includes(id)),
  }));
  const { socket, user } = renderAt('/runs/run_000001');

  const first = await socket.subscribed(RunEvents);
  await asTable(user);
  expect(first.variables).toEqual({ runId: 'run_000001', after: 'cursor-0' });
  await waitFor(() => within(row('sent')).getByText('Waiting'));
  first.next(aBatch(2, [aRunEvent('RUNNING'), aBlockEvent('csv', 'RUNNING')]));
  await waitFor(() => within(row('csv')).getByText('Running'));

  socket.drop();
  await screen.findByText('Reconnecting');
  screen.getByText('Stale');
  const second = await socket.subscribed(RunEvents, 2);
  expect(second.variables).toEqual({ runId: 'run_000001', after: 'cursor-4' });
  second.next(aBatch(4, [aBlockEvent('csv', 'SUCCEEDED'), aBlockEvent('sent', 'RUNNING')]));
  await screen.findByText('Caught up: 2 events');
  expect(screen.queryByText('Stale')).toBeNull();

  isOver = true;
  const end = [aBlockEvent('sent', 'SUCCEEDED'), aRunEvent('SUCCEEDED')];
  second.next(aBatch(6, end, { status: 'SUCCEEDED' }));
  second.complete();
  await waitFor(() => within(row('sent')).getByText('40 / 40'));
  screen.getByText('2/2');
  expect(document.title).toBe('✓ demo · run 000001 · Headrace');
  expect(snapshots).toHaveLength(2);
});

test('A batch that does not follow the one before brings a new snapshot', async () => {
  const snapshots = answer(RunSnapshot, () => ({
    run: aRun('run_000001', 'RUNNING', { blocks: BLOCKS }),
  }));
  const { socket, user } = renderAt('/runs/run_000001');
  const first = await socket.subscribed(RunEvents);
  await asTable(user);
  first.next(aBatch(2, [aBlockEvent('csv', 'RUNNING')]));
  await waitFor(() => within(row('csv')).getByText('Running'));
  first.next(aBatch(7, [aBlockEvent('sent', 'RUNNING')]));
  await socket.subscribed(RunEvents, 2);
  expect(snapshots).toHaveLength(2);
});

test('Partitions of a block are told as they get done', async () => {
  const blocks = [
    aBlock('csv', 'SUCCEEDED'),
    aBlock('sent', 'RUNNING', { attempt: 1, partitions: { total: 16, done: 3 } }),
  ];
  answer(RunSnapshot, () => ({ run: aRun('run_000001', 'RUNNING', { blocks }) }));
  const { socket, user } = renderAt('/runs/run_000001');
  const events = await socket.subscribed(RunEvents);
  await asTable(user);
  await waitFor(() => within(row('sent')).getByText(/\(3\/16 partitions\)/));
  const progress = [
    {
      __typename: 'BlockProgress',
      block: 'sent',
      attempt: 1,
      rowsDone: 30,
      rowsTotal: 40,
      partitionsDone: 12,
      partitionsTotal: 16,
    },
  ];
  events.next(aBatch(0, [], { progress }));
  await waitFor(() => within(row('sent')).getByText('30 / 40 (12/16 partitions)'));
});

test('A run that is not there leads to those that are nearly it', async () => {
  answer(RunSnapshot, { run: null });
  const parts = answer(NearbyRuns, {
    having: aPage([]),
    newest: aPage([aRun('run_000042', 'FAILED'), aRun('run_999999')]),
  });
  renderAt('/runs/run_000043');
  await screen.findByRole('heading', { name: 'There is no such run' });
  const link = await screen.findByRole('link', { name: 'demo · 000042, failed' });
  expect(link.getAttribute('href')).toBe('/runs/run_000042');
  expect(screen.queryByRole('link', { name: /999999/ })).toBeNull();
  expect(parts).toEqual([{ part: '000043' }]);
  expect(document.title).toBe('✕ No such run · Headrace');
});

test('A block that is not in the run leads to those that are', async () => {
  answer(RunSnapshot, { run: aRun('run_000001', 'RUNNING', { blocks: BLOCKS }) });
  const nothing = { __typename: 'Run', id: 'run_000001', waitingReasons: [], block: null };
  answer(WaitingReasons, { run: nothing });
  const { user, at } = renderAt('/runs/run_000001?view=graph&block=cvs');
  await screen.findByRole('heading', { name: 'There is no block cvs' });
  await user.click(screen.getByRole('link', { name: 'csv' }));
  expect(at()).toBe('/runs/run_000001?view=graph&block=csv');
  expect(screen.queryByRole('heading', { name: 'There is no block cvs' })).toBeNull();
});

test('A server that fails says so, and is asked again on demand', async () => {
  refuse(RunSnapshot, 'INTERNAL', 'It broke');
  const { user } = renderAt('/runs/run_000001');
  await screen.findByRole('alert', { name: 'The server failed' });
  screen.getByRole('heading', { name: 'run 000001' });
  answer(RunSnapshot, { run: aRun('run_000001', 'RUNNING', { blocks: BLOCKS }) });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('list', { name: 'Blocks' });
});

test.each([
  [
    'schedule nightly',
    '/schedules/nightly/edit',
    { trigger: 'SCHEDULE', schedule: { __typename: 'Schedule', id: 'sch_1', name: 'nightly' } },
  ],
  [
    'trigger orders',
    '/triggers?edit=orders',
    { trigger: 'MESSAGE', labels: [{ __typename: 'Label', key: 'trigger', value: 'orders' }] },
  ],
  [
    'a re-run of 000007',
    '/runs/run_000007',
    { trigger: 'RERUN', parent: { __typename: 'Run', id: 'run_000007' } },
  ],
  ['a schedule that is gone', null, { trigger: 'SCHEDULE' }],
  ['the command line', null, { trigger: 'CLI', labels: [] }],
])('Who started it is told, and leads there: %s', async (words, address, more) => {
  answer(RunSnapshot, { run: aRun('run_000001', 'RUNNING', { blocks: BLOCKS, ...more }) });
  renderAt('/runs/run_000001');
  const told = (await screen.findByText('Started by')).nextElementSibling as HTMLElement;
  expect(told.textContent?.replace('\u00a0', ' ')).toBe(words);
  const link = within(told).queryByRole('link');
  expect(link?.getAttribute('href') ?? null).toBe(address);
});
