import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { RunChanges } from '@/shared/runs';
import { aPage, aProgress, aRun } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery, heldBack } from '@/test/server';
import { ImportDemo, StartDemo, SynthesizeDemo } from './demo/documents';
import { CancelListed, RerunListed, RunCounts, RunsPage, RunsPipelines } from './documents';

const pipeline = (name: string) => ({ __typename: 'Pipeline', id: `pl_${name}`, name });
const count = (status: string, count: number) => ({
  __typename: 'RunStatusCount',
  status,
  count,
});

beforeEach(() => {
  window.scrollTo = () => {};
  answer(RunCounts, { runCounts: [count('RUNNING', 2), count('SUCCEEDED', 1_234)] });
  answer(RunsPipelines, { pipelines: { nodes: [pipeline('demo'), pipeline('sentiment')] } });
});

const change = (kind: string, run: { id: string }) => ({
  runs: { __typename: 'RunChange', kind, runId: run.id, run },
});

test('The list follows the runs: new ones join, and each row tells how its run stands', async () => {
  answer(RunsPage, { runs: aPage([aRun('run_000001', 'SUCCEEDED')]) });
  const { socket } = renderAt('/runs');
  await screen.findByRole('link', { name: '000001' });
  const changes = await socket.subscribed(RunChanges);
  changes.next(change('CREATED', aRun('run_000002', 'QUEUED')));
  const row = await screen.findByRole('row', { name: /000002/ });
  within(row).getByText('Queued');
  const half = aProgress({ blocksDone: 1 });
  changes.next(change('UPDATED', aRun('run_000002', 'RUNNING', { progress: half })));
  await within(row).findByText('Running');
  within(row).getByText('1/2');
  expect(screen.getAllByRole('row')).toHaveLength(3);
});

test('The demo is one click: messages, a pipeline, a run of it, and its page', async () => {
  answer(RunsPage, { runs: aPage([]) });
  answerQuery('RunSnapshot', { run: aRun('run_000009', 'QUEUED') });
  const synthesized = answer(SynthesizeDemo, {
    synthesizeDataset: { __typename: 'SynthesizeDatasetSuccess', path: 'data/made.csv' },
  });
  const pipeline = { __typename: 'Pipeline', id: 'pl_1', name: 'sentiment' };
  const imported = answer(ImportDemo, {
    importPipeline: { __typename: 'ImportPipelineSuccess', pipeline },
  });
  const started = answer(StartDemo, {
    startRun: { __typename: 'StartRunSuccess', run: aRun('run_000009', 'QUEUED') },
  });
  const { user, at } = renderAt('/runs');
  await user.click(await screen.findByRole('button', { name: 'Run the demo' }));
  await waitFor(() => expect(at()).toBe('/runs/run_000009'));
  expect(synthesized).toEqual([{ input: { count: 40 } }]);
  expect(imported[0]?.input.source.yaml).toContain('name: sentiment');
  expect(started).toEqual([
    { input: { pipeline: 'sentiment', params: { input_path: 'data/made.csv' } } },
  ]);
});

test('A demo that is refused says why', async () => {
  answer(RunsPage, { runs: aPage([]) });
  const message = 'sample_messages.csv was not written by Headrace';
  answer(SynthesizeDemo, { synthesizeDataset: { __typename: 'PathRefused', message } });
  const { user } = renderAt('/runs');
  await user.click(await screen.findByRole('button', { name: 'Run the demo' }));
  const alert = await screen.findByRole('alert');
  within(alert).getByText(message);
});

test('Filters are sent to the server, stand in the address, and count their runs', async () => {
  const asked = answer(RunsPage, { runs: aPage([aRun('run_000001', 'FAILED')]) });
  const counted = answer(RunCounts, { runCounts: [count('FAILED', 3), count('RUNNING', 0)] });
  const { user, at } = renderAt('/runs?pipeline=demo&after=c1');
  const failed = await screen.findByRole('button', { name: 'Failed 3' });
  screen.getByRole('button', { name: 'All 3' });
  await user.click(failed);
  expect(at()).toBe('/runs?status=failed&pipeline=demo');
  expect(failed.getAttribute('aria-pressed')).toBe('true');
  await user.keyboard('/');
  await user.paste('00A');
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(at()).toBe('/runs?status=failed&pipeline=demo&q=00A');
  await user.selectOptions(screen.getByLabelText('Pipeline'), 'Every pipeline');
  await waitFor(() => expect(asked).toHaveLength(4));
  expect(asked).toEqual([
    { filter: { pipeline: 'demo' }, first: 50, after: 'c1' },
    { filter: { status: ['FAILED'], pipeline: 'demo' }, first: 50, after: null },
    { filter: { status: ['FAILED'], pipeline: 'demo', search: '00A' }, first: 50, after: null },
    { filter: { status: ['FAILED'], search: '00A' }, first: 50, after: null },
  ]);
  await waitFor(() => expect(counted.at(-1)).toEqual({ filter: { search: '00A' } }));
});

test('Counts follow the runs', async () => {
  answer(RunsPage, { runs: aPage([aRun('run_000001', 'RUNNING')]) });
  const { socket } = renderAt('/runs');
  await screen.findByRole('button', { name: 'Running 2' });
  expect(document.title).toBe('▶ 2 running · Runs · Headrace');
  answer(RunCounts, { runCounts: [count('RUNNING', 0), count('SUCCEEDED', 1_235)] });
  const changes = await socket.subscribed(RunChanges);
  changes.next(change('UPDATED', aRun('run_000001', 'SUCCEEDED')));
  await screen.findByRole('button', { name: 'Succeeded 1,235' });
  expect(document.title).toBe('Runs · Headrace');
});

test('A run that comes while further down is read waits behind a pill', async () => {
  answer(RunsPage, { runs: aPage([aRun('run_000001', 'SUCCEEDED')]) });
  const { socket, user } = renderAt('/runs?status=failed,succeeded');
  await screen.findByRole('link', { name: '000001' });
  const changes = await socket.subscribed(RunChanges);
  vi.spyOn(window, 'scrollY', 'get').mockReturnValue(120);
  changes.next(change('CREATED', aRun('run_000002', 'QUEUED')));
  changes.next(change('CREATED', aRun('run_000003', 'FAILED')));
  const pill = await screen.findByRole('button', { name: '1 new run' });
  expect(screen.queryByRole('link', { name: '000003' })).toBeNull();
  await user.click(pill);
  await screen.findByRole('link', { name: '000003' });
  expect(screen.queryByRole('button', { name: /new run/ })).toBeNull();
  expect(screen.queryByRole('link', { name: '000002' })).toBeNull();
});

test('Keys walk the rows, and a row repeats or cancels its run', async () => {
  const runs = [
    aRun('run_000003', 'RUNNING'),
    aRun('run_000002', 'FAILED'),
    aRun('run_000001', 'SUCCEEDED'),
  ];
  answer(RunsPage, { runs: aPage(runs) });
  const cancelling = aRun('run_000003', 'CANCELLING');
  const cancelled = answer(CancelListed, {
    cancelRuns: {
      __typename: 'CancelRunsSuccess',
      results: [{ __typename: 'CancelRunSuccess', run: cancelling }],
    },
  });
  const repeated = answer(RerunListed, {
    rerun: { __typename: 'StartRunSuccess', run: aRun('run_000004', 'QUEUED') },
  });
  const { user } = renderAt('/runs');
  const first = await screen.findByRole('link', { name: '000003' });
  await user.keyboard('jj');
  expect(document.activeElement).toBe(screen.getByRole('link', { name: '000002' }));
  await user.keyboard('k');
  expect(document.activeElement).toBe(first);
  await user.click(screen.getByRole('button', { name: 'Cancel 000003' }));
  await screen.findByText('Cancelling', { selector: 'td *' });
  await user.click(screen.getByRole('button', { name: 'Re-run 000002' }));
  await screen.findByText(/Run 000004 is queued/);
  await user.click(screen.getByRole('button', { name: 'Re-run 000001' }));
  await waitFor(() => expect(repeated).toHaveLength(2));
  expect(cancelled).toEqual([{ id: 'run_000003' }]);
  expect(repeated).toEqual([
    { id: 'run_000002', from: 'FAILED' },
    { id: 'run_000001', from: 'START' },
  ]);
  answer(RerunListed, { rerun: { __typename: 'RerunImpossible', message: 'Block csv is gone' } });
  await user.click(screen.getByRole('button', { name: 'Re-run 000001' }));
  within(await screen.findByRole('alert')).getByText('Block csv is gone');
});

test('A list that matches nothing says so, with the names that may have been meant', async () => {
  answer(RunsPage, { runs: aPage([]) });
  const { user, at } = renderAt('/runs?pipeline=sentimnet');
  await screen.findByText('No pipeline is called sentimnet');
  await user.click(screen.getByRole('link', { name: 'sentiment' }));
  expect(at()).toBe('/runs?pipeline=sentiment');
  await screen.findByText('No run is like that');
});

test('Pages are walked by links', async () => {
  const pageInfo = {
    __typename: 'PageInfo',
    hasNextPage: true,
    hasPreviousPage: true,
    startCursor: 's',
    endCursor: 'e',
  };
  answer(RunsPage, {
    runs: aPage([aRun('run_000001', 'SUCCEEDED')], {
      totalCount: 12_000,
      totalCountExact: false,
      pageInfo,
    }),
  });
  const { user, at } = renderAt('/runs?status=succeeded');
  await screen.findByText('about 12,000 runs');
  await user.click(screen.getByRole('link', { name: 'Older' }));
  expect(at()).toBe('/runs?status=succeeded&after=e');
  await user.click(await screen.findByRole('link', { name: 'Newer' }));
  expect(at()).toBe('/runs?status=succeeded&before=s');
  await user.click(screen.getByRole('link', { name: 'Newest' }));
  expect(at()).toBe('/runs?status=succeeded');
});

test('A run that begins while the list is on its way is in the list', async () => {
  const list = heldBack<object>();
  answer(RunsPage, () => list.answered);
  const { socket } = renderAt('/runs');
  const changes = await socket.subscribed(RunChanges);
  changes.next(change('CREATED', aRun('run_000002', 'QUEUED')));
  await screen.findByRole('link', { name: '000002' });
  // It was made before there was the run.
  list.bring({ runs: aPage([aRun('run_000001', 'SUCCEEDED')]) });
  await screen.findByRole('link', { name: '000001' });
  screen.getByRole('link', { name: '000002' });
});

test('Two filters that are clicked before the list is drawn anew both count', async () => {
  answer(RunsPage, { runs: aPage([aRun('run_000001', 'FAILED')]) });
  const { at } = renderAt('/runs');
  const running = await screen.findByRole('button', { name: 'Running 2' });
  const succeeded = screen.getByRole('button', { name: 'Succeeded 1,234' });
  act(() => {
    fireEvent.click(running);
    fireEvent.click(succeeded);
  });
  const status = new URLSearchParams(at().split('?')[1]).get('status');
  expect(status?.split(',').sort()).toEqual(['running', 'succeeded']);
});

test('Letters that are typed while the address takes up those before them stay', async () => {
  answer(RunsPage, { runs: aPage([aRun('run_000001', 'FAILED')]) });
  const { at } = renderAt('/runs');
  const field = await screen.findByLabelText<HTMLInputElement>('Search by run or pipeline');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    fireEvent.change(field, { target: { value: 'ab' } });
    act(() => {
      vi.advanceTimersByTime(300);
      fireEvent.change(field, { target: { value: 'abc' } });
    });
    expect(at()).toBe('/runs?q=ab');
    expect(field.value).toBe('abc');
    act(() => {
      vi.advanceTimersByTime(300);
    });
    expect(at()).toBe('/runs?q=abc');
  } finally {
    vi.useRealTimers();
  }
});
