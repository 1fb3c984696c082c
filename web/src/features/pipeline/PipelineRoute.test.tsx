import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { NearbyPipelines } from '@/shared/pipelines';
import { aPage, MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery } from '@/test/server';
import { ArchivePipeline, PipelineDetail, ShownVersion } from './documents';

const aVersion = (number: number, more: object = {}) => ({
  __typename: 'PipelineVersion',
  id: `plv_${number}`,
  number,
  digest: `digest-${number}`,
  createdAt: MOMENT,
  ...more,
});

function answerDetail(more: object = {}) {
  answer(PipelineDetail, {
    pipeline: {
      __typename: 'Pipeline',
      id: 'pl_demo',
      name: 'demo',
      description: 'What it is for',
      createdAt: MOMENT,
      archivedAt: null,
      latestVersion: aVersion(2),
      params: [],
      versions: aPage([aVersion(2), aVersion(1)]),
      recent: { nodes: [] },
      ...more,
    },
  });
  return answer(ShownVersion, ({ number }) => ({
    pipeline: {
      __typename: 'Pipeline',
      id: 'pl_demo',
      version: aVersion(number, {
        definition: `name: demo\n# ${number}\n`,
        graph: {
          __typename: 'Graph',
          nodes: [
            { __typename: 'GraphNode', name: 'a', type: 'SQL', config: { query: 'select 1' } },
          ],
          edges: [],
        },
      }),
    },
  }));
}

describe('a pipeline', () => {
  test('shows what a version changed, and the address says which', async () => {
    answerDetail();
    const { user, at } = renderAt('/pipelines/demo');
    await user.click(await screen.findByRole('button', { name: 'What version 2 changed' }));
    await screen.findByRole('row', { name: /removed # 1/ });
    screen.getByRole('row', { name: /added # 2/ });
    expect(at()).toBe('/pipelines/demo?v=2&against=1');
  });

  test('opens cold at an older version and a block of it', async () => {
    const asked = answerDetail();
    renderAt('/pipelines/demo?v=1&block=a');
    const block = await screen.findByRole('region', { name: 'Block a' });
    within(block).getByText(/select 1/);
    expect(asked).toEqual([{ name: 'demo', number: 1 }]);
    screen.getByRole('button', { name: 'Show the newest' });
  });

  test('is archived once that was confirmed, and then cannot be started', async () => {
    answerDetail();
    const archived = answer(ArchivePipeline, {
      archivePipeline: {
        __typename: 'ArchivePipelineSuccess',
        pipeline: { __typename: 'Pipeline', id: 'pl_demo', archivedAt: MOMENT },
      },
    });
    const { user } = renderAt('/pipelines/demo');
    const scheduling = await screen.findByRole('link', { name: 'Schedule' });
    expect(scheduling.getAttribute('href')).toBe('/schedules/new?pipeline=demo');
    await user.click(screen.getByRole('button', { name: 'Archive' }));
    const dialog = await screen.findByRole('dialog', { name: 'Archive demo?' });
    await user.click(within(dialog).getByRole('button', { name: 'Archive' }));
    await screen.findByText('Archived');
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Start' })).toBeNull());
    expect(screen.queryByRole('link', { name: 'Schedule' })).toBeNull();
    expect(archived).toEqual([{ input: { name: 'demo' } }]);
  });
});

const named = (...names: string[]) =>
  aPage(names.map((name) => ({ __typename: 'Pipeline', id: `pl_${name}`, name })));

test.each([
  ['/pipelines/demi', '/pipelines/demo'],
  ['/pipelines/demi/run', '/pipelines/demo/run'],
  ['/pipelines/demi/edit', '/pipelines/demo/edit'],
])('A name that is nobody’s, at %s, leads to those that are nearly it', async (asked, wanted) => {
  answer(PipelineDetail, { pipeline: null });
  answerQuery('EditorBasis', { pipelineSchema: {}, pipeline: null });
  answerQuery('StartRunForm', { pipeline: null, datasets: aPage([]) });
  const parts = answer(NearbyPipelines, {
    starting: named('demo', 'demolition'),
    ending: named(),
    first: named('zebra', 'demo'),
  });
  renderAt(asked);
  const link = await screen.findByRole('link', { name: 'demo' });
  expect(link.getAttribute('href')).toBe(wanted);
  expect(screen.queryByRole('link', { name: /zebra|demolition/ })).toBeNull();
  expect(parts).toEqual([{ start: 'dem', end: 'emi' }]);
});

test('A block that a version has not leads to those that it has', async () => {
  answerDetail();
  const { user, at } = renderAt('/pipelines/demo?v=2&block=b');
  await screen.findByRole('heading', { name: 'There is no block b' });
  await user.click(screen.getByRole('link', { name: 'a' }));
  await screen.findByRole('region', { name: 'Block a' });
  expect(at()).toBe('/pipelines/demo?v=2&block=a');
});
