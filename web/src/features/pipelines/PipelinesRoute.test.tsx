import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { RunChanges } from '@/shared/runs';
import { after, aPage, aRun, MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery } from '@/test/server';
import { PipelinesPage } from './documents';

const PIPELINE = { __typename: 'Pipeline', id: 'pl_demo', name: 'demo' };

function aPipeline(runs: object[] = [], more: object = {}) {
  return {
    ...PIPELINE,
    description: 'What it is for',
    archivedAt: null,
    latestVersion: {
      __typename: 'PipelineVersion',
      id: 'plv_3',
      number: 3,
      createdAt: MOMENT,
      graph: { __typename: 'Graph', nodes: [{ name: 'a' }, { name: 'b' }] },
    },
    recent: { nodes: runs },
    ...more,
  };
}

test('A pipeline is listed with its blocks and its runs, which join as they come', async () => {
  answer(PipelinesPage, { pipelines: aPage([aPipeline([aRun('run_000001', 'FAILED')])]) });
  const { socket } = renderAt('/pipelines');
  const row = await screen.findByRole('row', { name: /demo/ });
  within(row).getByRole('cell', { name: '2' });
  within(row).getByRole('link', { name: 'Failed, run 000001' });
  const changes = await socket.subscribed(RunChanges);
  const run = aRun('run_000002', 'RUNNING');
  changes.next({ runs: { __typename: 'RunChange', kind: 'CREATED', runId: run.id, run } });
  await within(row).findByRole('link', { name: 'Running, run 000002' });
  const signs = within(row).getAllByRole('link', { name: /run 0/ });
  expect(signs.map((sign) => sign.getAttribute('href'))).toEqual([
    '/runs/run_000001',
    '/runs/run_000002',
  ]);
});

test('A run that begins while the list is on its way is in its row', async () => {
  let bring = () => {};
  const held = new Promise<void>((resolve) => {
    bring = resolve;
  });
  answer(PipelinesPage, async ({ filter }) => {
    if (!filter?.nameContains)
      return { pipelines: aPage([aPipeline([aRun('run_000001', 'FAILED')])]) };
    await held;
    const runs = [aRun('run_000002', 'SUCCEEDED'), aRun('run_000001', 'FAILED')];
    return { pipelines: aPage([aPipeline(runs)]) };
  });
  const { user, socket } = renderAt('/pipelines');
  const row = await screen.findByRole('row', { name: /demo/ });
  const changes = await socket.subscribed(RunChanges);
  await user.keyboard('/d');
  const run = aRun('run_000003', 'RUNNING', { createdAt: after(1) });
  changes.next({ runs: { __typename: 'RunChange', kind: 'CREATED', runId: run.id, run } });
  await within(row).findByRole('link', { name: 'Running, run 000003' });
  bring();
  await screen.findByRole('link', { name: 'Succeeded, run 000002' });
  const signs = within(screen.getByRole('row', { name: /demo/ })).getAllByRole('link', {
    name: /run 0/,
  });
  expect(signs.map((sign) => sign.getAttribute('href'))).toEqual([
    '/runs/run_000001',
    '/runs/run_000002',
    '/runs/run_000003',
  ]);
});

test('Keys walk the rows, and start a run of the one in focus', async () => {
  answer(PipelinesPage, {
    pipelines: aPage([aPipeline(), aPipeline([], { id: 'pl_other', name: 'other' })]),
  });
  answerQuery('PipelineDetail', { pipeline: null });
  answerQuery('StartRunForm', { pipeline: null, datasets: aPage([]) });
  answerQuery('NearbyPipelines', { starting: aPage([]), ending: aPage([]), first: aPage([]) });
  const { user, at } = renderAt('/pipelines');
  const last = await screen.findByRole('link', { name: 'other' });
  await user.keyboard('n');
  expect(document.activeElement).toBe(screen.getByRole('link', { name: 'demo' }));
  await user.keyboard('jkj');
  expect(document.activeElement).toBe(last);
  await user.keyboard('n');
  await waitFor(() => expect(at()).toBe('/pipelines/other/run'));
});

test('A name that is typed is asked for and stands in the address', async () => {
  const asked = answer(PipelinesPage, ({ filter }) => ({
    pipelines: aPage(filter?.nameContains ? [] : [aPipeline()]),
  }));
  const { user, at } = renderAt('/pipelines');
  await screen.findByRole('row', { name: /demo/ });
  await user.keyboard('/x');
  await screen.findByText('None of that kind');
  expect(at()).toBe('/pipelines?q=x');
  expect(asked.at(-1)?.filter).toEqual({ nameContains: 'x', archived: false });
});

test('Where there are none, it says how to get one', async () => {
  answer(PipelinesPage, { pipelines: aPage([]) });
  renderAt('/pipelines');
  const link = await screen.findByRole('link', { name: 'Run the demo' });
  expect(link.getAttribute('href')).toBe('/runs');
  expect(screen.getByRole('link', { name: 'Write one' }).getAttribute('href')).toBe(
    '/pipelines/new',
  );
});
