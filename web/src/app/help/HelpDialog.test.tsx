import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { setSingleKeys } from '@/shared/commands';
import { aBlock, aLogPage, aPage, aRun, MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answerQuery } from '@/test/server';

const aPipeline = (name: string) => ({
  __typename: 'Pipeline',
  id: `pl_${name}`,
  name,
  description: null,
  archivedAt: null,
  latestVersion: {
    __typename: 'PipelineVersion',
    id: 'plv_1',
    number: 1,
    createdAt: MOMENT,
    graph: { __typename: 'Graph', nodes: [] },
  },
  recent: { nodes: [] },
});

beforeEach(() => setSingleKeys(true));

/** Each key that the dialog lists, and what it is said to do. */
function listed(): Record<string, string> {
  const rows = screen.getAllByRole('term').map((term) => {
    const caps = [...(term.parentElement?.querySelectorAll('kbd') ?? [])];
    return [caps.map((cap) => cap.textContent).join(' '), term.textContent ?? ''];
  });
  return Object.fromEntries(rows);
}

const GO_TO = ['g r', 'g p', 'g c', 'g d', 'g t', 'g o', 'g s'];
const APP = ['Ctrl K', '?'];

test('It lists the keys of the app on every page, and a switch turns the single ones off', async () => {
  const { user, at } = renderAt('/nowhere');
  await screen.findByRole('heading', { name: 'There is no such page' });
  await user.keyboard('?');
  const dialog = await screen.findByRole('dialog', { name: 'Keys' });
  expect(Object.keys(listed())).toEqual([...GO_TO, ...APP]);

  await user.click(within(dialog).getByRole('switch', { name: /^Single keys/ }));
  expect(within(dialog).getAllByText('off')).toHaveLength(GO_TO.length + 1);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.keyboard('gr?');
  expect(at()).toBe('/nowhere');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(localStorage.getItem('headrace.singleKeys')).toBe('off');

  await user.click(screen.getByRole('button', { name: 'Keys' }));
  await user.click(await screen.findByRole('switch', { name: /^Single keys/ }));
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  answerQuery('PipelinesPage', { pipelines: aPage([]) });
  await user.keyboard('gp');
  await waitFor(() => expect(at()).toBe('/pipelines'));
});

test('On a run it lists those of a run', async () => {
  answerQuery('RunSnapshot', { run: aRun('run_000001', 'FAILED', { blocks: [aBlock('csv')] }) });
  answerQuery('LogPage', aLogPage([]));
  answerQuery('FailureLine', aLogPage([]));
  answerQuery('WaitingReasons', {
    run: { __typename: 'Run', id: 'run_000001', waitingReasons: [] },
  });
  const { user } = renderAt('/runs/run_000001');
  // The log, which has keys of its own, is drawn after the graph.
  await screen.findByRole('searchbox', { name: 'Search the log' });
  await user.keyboard('?');
  await screen.findByRole('dialog', { name: 'Keys' });
  const { '': _ofThePage, ...keys } = listed();
  const ofRun = ['1', '2', '3', '[', ']', 'e', 'Shift E', 'f', 'l', 'a', 'r', 'n', '/', 'Esc'];
  expect(Object.keys(keys).toSorted()).toEqual([...ofRun, ...GO_TO, ...APP].toSorted());
  expect(keys.n).toBe('Start a run of demo');
});

test.each([
  ['/runs', ['/', 'j', 'k', 'n']],
  ['/pipelines', ['/', 'j', 'k', 'n']],
  ['/pipelines/new', ['Ctrl S', 'Ctrl F', 'Ctrl Space', 'F8']],
])('At %s it lists those of the page: %o', async (address, wanted) => {
  answerQuery('RunCounts', { runCounts: [] });
  answerQuery('RunsPipelines', { pipelines: { nodes: [] } });
  answerQuery('RunsPage', { runs: aPage([aRun('run_000001')]) });
  answerQuery('PipelinesPage', { pipelines: aPage([aPipeline('demo')]) });
  answerQuery('EditorBasis', { pipelineSchema: {} });
  const { user } = renderAt(address);
  await user.click(await screen.findByRole('button', { name: 'Keys' }));
  await waitFor(() =>
    expect(Object.keys(listed()).toSorted()).toEqual([...wanted, ...GO_TO, ...APP].toSorted()),
  );
});

test('While a dialog is open, keys are its own', async () => {
  const { user, at } = renderAt('/nowhere');
  await screen.findByRole('heading', { name: 'There is no such page' });
  await user.keyboard('?');
  await screen.findByRole('dialog', { name: 'Keys' });
  await user.keyboard('gr');
  expect(at()).toBe('/nowhere');
});
