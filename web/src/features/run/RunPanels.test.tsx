import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  aBatch,
  aBlock,
  aBlockEvent,
  after,
  aLine,
  aLogPage,
  aProgress,
  aRun,
  aRunEvent,
} from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, refuse } from '@/test/server';
import { CancelRun, Rerun, RerunPlan } from './actions/documents';
import { ArtifactPreview, RunArtifacts, SignArtifact } from './artifacts/documents';
import { EndedBlocks, RunEvents, RunSnapshot } from './documents';
import { FailureLine } from './FailureBanner';
import { LogPage, RunLogs } from './logs/documents';
import { RunDefinition } from './tabs/DefinitionTab';
import { WaitingReasons } from './use-waiting';

const RUN = 'run_000001';
const ERROR = {
  __typename: 'RunError',
  kind: 'BLOCK_ERROR',
  message: 'Row 12 has no column text',
  block: 'csv',
  retryable: true,
  detail: null,
};
const reasons = (...messages: string[]) => ({
  run: {
    __typename: 'Run',
    id: RUN,
    waitingReasons: [],
    block: {
      __typename: 'BlockRun',
      id: 'blk_sent',
      waitingReasons: messages.map((message) => ({
        __typename: 'WaitingReason',
        code: 'UPSTREAM',
        message,
        until: null,
        blocks: ['csv'],
      })),
    },
  },
});

beforeEach(() => {
  answer(EndedBlocks, { nodes: [] });
  answer(WaitingReasons, reasons());
});

const list = () => screen.findByRole('list', { name: 'Blocks' });

test('A failure is named with its line, and one click leads there', async () => {
  const failed = aBlock('csv', 'FAILED', {
    startedAt: after(1),
    finishedAt: after(2),
    attempt: 1,
    error: ERROR,
  });
  answer(RunSnapshot, {
    run: aRun(RUN, 'FAILED', {
      blocks: [failed, aBlock('sent', 'SKIPPED')],
      finishedAt: after(2),
      progress: aProgress({
        blocksByStatus: [{ __typename: 'BlockStatusCount', status: 'FAILED', count: 1 }],
      }),
    }),
  });
  answer(FailureLine, aLogPage([aLine(42, 'Row 12 has no column text', { level: 'ERROR' })]));
  const pages = answer(
    LogPage,
    aLogPage([aLine(41, 'before'), aLine(42, 'Row 12 has no column text', { level: 'ERROR' })]),
  );
  const { user, at } = renderAt(`/runs/${RUN}`);
  const banner = await screen.findByRole('region', { name: 'What failed' });
  await within(banner).findByText('Line 42');
  await user.click(within(banner).getByRole('button', { name: 'Jump to the error' }));
  expect(at()).toBe(`/runs/${RUN}?block=csv`);
  await waitFor(() => expect(pages.at(-1)).toMatchObject({ block: 'csv', minLevel: 'DEBUG' }));
  const chosen = await screen.findByText('Row 12 has no column text', {
    selector: '[data-chosen] *',
  });
  expect(chosen.closest<HTMLElement>('[data-seq]')?.dataset.seq).toBe('42');
});

test('A block that is chosen is chosen everywhere, and its silence is explained', async () => {
  answer(RunSnapshot, {
    run: aRun(RUN, 'RUNNING', { blocks: [aBlock('csv', 'RUNNING'), aBlock('sent')] }),
  });
  answer(LogPage, ({ block }) => aLogPage(block === 'sent' ? [] : [aLine(1, 'reading')]));
  answer(WaitingReasons, reasons('It waits for csv.'));
  const { user, at } = renderAt(`/runs/${RUN}`);
  await screen.findByText('reading');
  await user.click(within(await list()).getByRole('button', { name: /sent/ }));
  expect(at()).toBe(`/runs/${RUN}?block=sent`);
  await screen.findByRole('heading', { name: 'No logs: sent is waiting' });
  screen.getByText('It waits for csv.');
  screen.getByRole('button', { name: /sent/, pressed: true });
  await user.keyboard('{Escape}');
  expect(at()).toBe(`/runs/${RUN}`);
  await user.keyboard(']]2');
  expect(at()).toBe(`/runs/${RUN}?view=graph&block=sent`);
});

test('The log grows live, shows what was capped, and asks for nothing it has seen', async () => {
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks: [aBlock('csv', 'RUNNING')] }) });
  const pages = answer(LogPage, aLogPage([aLine(1, 'first')], { endCursor: 'log-1' }));
  const { socket, user } = renderAt(`/runs/${RUN}`);
  await screen.findByText('first');
  const tail = await socket.subscribed(RunLogs);
  expect(tail.variables).toEqual({ runId: RUN, block: null, minLevel: 'DEBUG', after: 'log-1' });
  const lines = [
    aLine(1, 'first'),
    aLine(2, '\u001b[31mred\u001b[0m'),
    aLine(3, '', { omitted: 1204 }),
  ];
  tail.next({ logs: { __typename: 'LogBatch', lines, cursor: 'log-3' } });
  expect((await screen.findByText('red')).dataset.ink).toBe('red');
  screen.getByText('1,204 lines not kept');
  expect(screen.getAllByText('first')).toHaveLength(1);

  socket.drop();
  const again = await socket.subscribed(RunLogs, 2);
  expect(again.variables.after).toBe('log-3');
  again.next({ logs: { __typename: 'LogBatch', lines: [aLine(4, 'fourth')], cursor: 'log-4' } });
  again.complete();
  await screen.findByText('fourth');
  const version = {
    __typename: 'PipelineVersion',
    id: 'plv_demo',
    number: 1,
    definition: 'name: demo',
  };
  answer(RunDefinition, { run: aRun(RUN, 'RUNNING', { version }) });
  await user.click(screen.getByRole('tab', { name: 'Definition' }));
  await screen.findByText('name: demo');
  await user.keyboard('l');
  await screen.findByText('fourth');
  expect(pages).toHaveLength(1);
});

test('A level and a search are asked of the server', async () => {
  answer(RunSnapshot, { run: aRun(RUN, 'SUCCEEDED', { blocks: [aBlock('csv', 'SUCCEEDED')] }) });
  const pages = answer(LogPage, ({ minLevel, search }) =>
    search
      ? aLogPage(search === 'far' ? [aLine(7, 'far away')] : [])
      : aLogPage([aLine(900, `of ${minLevel}`)], { hasPreviousPage: true }),
  );
  const { user, at } = renderAt(`/runs/${RUN}`);
  await screen.findByText('of DEBUG');
  await user.selectOptions(screen.getByLabelText('Level'), 'WARNING');
  await screen.findByText('of WARNING');
  expect(at()).toBe(`/runs/${RUN}?level=warning`);
  await user.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'far{Enter}');
  await waitFor(() =>
    expect(pages.some((asked) => asked.search === 'far' && asked.minLevel === 'WARNING')).toBe(
      true,
    ),
  );
  await user.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'ther{Enter}');
  await screen.findByText('No later line has “farther”');
});

test('A search before the log is here is asked of the server too', async () => {
  answer(RunSnapshot, { run: aRun(RUN, 'SUCCEEDED', { blocks: [aBlock('csv', 'SUCCEEDED')] }) });
  const line = aLine(7, 'far away');
  let bring = () => {};
  const page = new Promise<ReturnType<typeof aLogPage>>((resolve) => {
    bring = () => resolve(aLogPage([line]));
  });
  const pages = answer(LogPage, ({ search }) => (search ? aLogPage([line]) : page));
  const { user } = renderAt(`/runs/${RUN}`);
  await user.type(await screen.findByRole('searchbox', { name: 'Search the log' }), 'far{Enter}');
  await waitFor(() => expect(pages.at(-1)).toMatchObject({ search: 'far', first: 1 }));
  bring();
  const chosen = await screen.findByText('far', { selector: '[data-chosen] *' });
  expect(chosen.closest<HTMLElement>('[data-seq]')?.dataset.seq).toBe('7');
});

test('Cancelling is asked twice and told once; the button waits for the event', async () => {
  answer(LogPage, aLogPage([]));
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks: [aBlock('csv', 'RUNNING')] }) });
  const asked = answer(CancelRun, {
    cancelRuns: {
      __typename: 'CancelRunsSuccess',
      results: [
        { __typename: 'CancelRunSuccess', run: { __typename: 'Run', id: RUN, status: 'RUNNING' } },
      ],
    },
  });
  const { user, socket } = renderAt(`/runs/${RUN}`);
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  await user.click(screen.getByRole('button', { name: 'Yes, cancel the run' }));
  await waitFor(() => expect(asked).toEqual([{ input: { runIds: [RUN] } }]));
  const events = await socket.subscribed(RunEvents);
  events.next(
    aBatch(0, [aBlockEvent('csv', 'CANCELLED'), aRunEvent('CANCELLED')], { status: 'CANCELLED' }),
  );
  await screen.findByRole('button', { name: 'Re-run' });
  expect(screen.queryByRole('button', { name: /cancel$|cancel the/i })).toBeNull();
});

test('A re-run shows its plan first, and leads to the new run', async () => {
  answer(LogPage, aLogPage([]));
  answer(RunSnapshot, ({ id }) => ({
    run: aRun(id, id === RUN ? 'FAILED' : 'QUEUED', { blocks: [aBlock('csv', 'SUCCEEDED')] }),
  }));
  const plans = answer(RerunPlan, ({ from }) => ({
    planRerun: {
      __typename: 'RerunPlan',
      reuse: from === 'START' ? [] : ['csv'],
      run: from === 'START' ? ['csv', 'sent'] : ['sent'],
      skip: [],
      reasons: [{ __typename: 'RerunReason', block: 'sent', message: 'It failed.' }],
    },
  }));
  const reruns = answer(Rerun, {
    rerun: { __typename: 'StartRunSuccess', run: aRun('run_000002', 'QUEUED') },
  });
  const { user, at } = renderAt(`/runs/${RUN}`);
  await user.click(await screen.findByRole('button', { name: 'Re-run' }));
  const dialog = await screen.findByRole('dialog', { name: 'Re-run' });
  await within(dialog).findByText('It failed.', { exact: false });
  await user.click(within(dialog).getByLabelText('The start'));
  await user.click(await within(dialog).findByRole('button', { name: 'Re-run 2 blocks' }));
  await waitFor(() => expect(at()).toBe('/runs/run_000002'));
  expect(plans.map(({ from }) => from)).toEqual(['FAILED', 'START']);
  expect(reruns).toEqual([{ input: { runId: RUN, from: 'START', blocks: null, version: 'SAME' } }]);
});

const ARTIFACT = {
  __typename: 'Artifact',
  id: 'art_1',
  name: 'labelled.csv',
  mediaType: 'text/csv',
  sizeBytes: 2048,
  sha256: 'abcdef0123',
  rows: 40_000,
  createdAt: after(1),
  removedAt: null,
  block: 'csv',
  attempt: 1,
};

test('An artifact is seen in part, and downloaded by a link that is renewed once', async () => {
  answer(LogPage, aLogPage([]));
  answer(RunSnapshot, { run: aRun(RUN, 'SUCCEEDED', { blocks: [aBlock('csv', 'SUCCEEDED')] }) });
  answer(RunArtifacts, {
    run: {
      __typename: 'Run',
      id: RUN,
      artifacts: {
        __typename: 'ArtifactConnection',
        totalCount: 1,
        nodes: [ARTIFACT],
        pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
      },
    },
  });
  const preview = {
    __typename: 'TablePreview',
    columns: [{ __typename: 'Column', name: 'text', type: 'text' }],
    rows: [['good'], ['bad']],
    totalRows: 40_000,
    truncated: true,
  };
  answer(ArtifactPreview, { artifact: { ...ARTIFACT, preview } });
  let signatures = 0;
  answer(SignArtifact, () => ({
    signArtifact: {
      __typename: 'SignArtifactSuccess',
      url: `/artifacts/art_1/download?signature=${++signatures}`,
      expiresAt: after(9),
    },
  }));
  const tried: string[] = [];
  const original = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    if (init?.method !== 'HEAD') return original(input, init);
    tried.push(String(input));
    return Promise.resolve(new Response(null, { status: tried.length === 1 ? 403 : 200 }));
  });
  const kept = vi.fn();
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    kept(this.href, this.download);
  });
  const { user } = renderAt(`/runs/${RUN}?tab=artifacts`);
  await screen.findByText('Showing the first 2 of 40,000 rows');
  await user.click(screen.getByRole('button', { name: 'Download labelled.csv' }));
  const link = 'http://headrace.test/artifacts/art_1/download?signature=2';
  await waitFor(() => expect(kept).toHaveBeenCalledWith(link, 'labelled.csv'));
  expect(tried).toHaveLength(2);
});

test('A log that cannot be had says so, and the rest of the page stays', async () => {
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks: [aBlock('csv', 'RUNNING')] }) });
  refuse(LogPage, 'INTERNAL', 'It broke');
  const { user } = renderAt(`/runs/${RUN}`);
  await screen.findByRole('alert', { name: 'The server failed' });
  await list();
  answer(LogPage, aLogPage([aLine(1, 'back again')]));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('back again');
});
