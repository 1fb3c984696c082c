import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { aBatch, aBlock, aBlockEvent, aLogPage, aRun } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer } from '@/test/server';
import { EndedBlocks, RunEvents, RunSnapshot } from './documents';
import { LogPage } from './logs/documents';
import { WaitingReasons } from './use-waiting';

// Every component that draws an object of the cache reads it by this, once each time it is drawn.
const drawn = vi.hoisted((): string[] => []);
vi.mock('@/shared/api/entity', async (original) => {
  const { useEntity } = await original<typeof import('@/shared/api/entity')>();
  return {
    useEntity: (fragment: never, from: { id: string }) => {
      drawn.push(from.id);
      return useEntity(fragment, from as never);
    },
  };
});

const RUN = 'run_000001';
const NAMES = Array.from({ length: 40 }, (_, at) => `b${at}`);

beforeEach(() => {
  answer(LogPage, aLogPage([]));
  answer(EndedBlocks, { nodes: [] });
  answer(WaitingReasons, { run: { __typename: 'Run', id: RUN, waitingReasons: [] } });
});

test('A burst of events draws the blocks that they tell of, once, and no others', async () => {
  const blocks = NAMES.map((name) => aBlock(name, 'READY'));
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks }) });
  const { socket, user } = renderAt(`/runs/${RUN}?view=graph`);
  const events = await socket.subscribed(RunEvents);
  await user.click(await screen.findByRole('button', { name: 'Show as table' }));
  const table = screen.getByRole('table', { name: 'Blocks' });
  // The panel of the log comes in a task of its own.
  await screen.findByLabelText('Search the log');
  expect(new Set(drawn)).toEqual(new Set([RUN, ...NAMES.map((name) => `blk_${name}`)]));

  drawn.length = 0;
  const burst = ['b7', 'b30', 'b39'];
  events.next(
    aBatch(
      0,
      burst.map((name) => aBlockEvent(name, 'RUNNING')),
    ),
  );
  events.next(
    aBatch(
      3,
      burst.map((name) => aBlockEvent(name, 'SUCCEEDED')),
    ),
  );
  await waitFor(() => expect(within(table).getAllByText('Succeeded')).toHaveLength(3));
  const rows = drawn.filter((id) => id !== RUN);
  expect(rows.sort()).toEqual(burst.map((name) => `blk_${name}`).sort());
});

test('Many siblings are one node, which counts what events make of them; so does the map', async () => {
  const blocks = Array.from({ length: 61 }, (_, at) => aBlock(`b${at}`, 'READY'));
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks }) });
  const { socket } = renderAt(`/runs/${RUN}?view=graph`);
  const events = await socket.subscribed(RunEvents);
  await screen.findByTitle('61 × python · 61 ready');
  events.next(aBatch(0, [aBlockEvent('b7', 'SUCCEEDED'), aBlockEvent('b8', 'RUNNING')]));
  await screen.findByTitle('61 × python · 1 running · 59 ready · 1 succeeded');
  const map = screen.getByRole('img', { name: 'Map of the graph' });
  await waitFor(() => expect(toneOf(map)).toBe('running'), { timeout: 5_000 });
});

const toneOf = (map: HTMLElement) => map.querySelector<SVGElement>('rect[data-tone]')?.dataset.tone;
