import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { RunChanges } from '@/shared/runs';
import {
  aBatch,
  aBlock,
  aBlockEvent,
  after,
  aLine,
  aLogPage,
  aPage,
  aProgress,
  aRun,
} from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery, heldBack } from '@/test/server';
import { RerunPlan } from './actions/documents';
import { EndedBlocks, RunEvents, RunSnapshot } from './documents';
import { FailureLine } from './FailureBanner';
import { LogPage } from './logs/documents';
import { WaitingReasons } from './use-waiting';

// Readers who are quicker than the page, and answers that come in another order than they were asked for.

const RUN = 'run_000001';
const BLOCKS = [aBlock('csv', 'SUCCEEDED'), aBlock('sent', 'SUCCEEDED')];

beforeEach(() => {
  answer(EndedBlocks, { nodes: [] });
  answer(WaitingReasons, { run: { __typename: 'Run', id: RUN, waitingReasons: [] } });
  answer(RunSnapshot, { run: aRun(RUN, 'SUCCEEDED', { blocks: BLOCKS }) });
});

/** Presses keys one after the other, all of them before the page is drawn anew. */
const press = (...keys: string[]) =>
  act(() => {
    for (const key of keys) fireEvent.keyDown(document.body, { key });
  });

test('Keys that are quicker than the page build on each other', async () => {
  answer(LogPage, aLogPage([aLine(1, 'first')]));
  const { at } = renderAt(`/runs/${RUN}`);
  await screen.findByText('first');
  press(']', ']');
  expect(at()).toBe(`/runs/${RUN}?block=sent`);
  press('2', '[');
  expect(at()).toBe(`/runs/${RUN}?view=graph&block=csv`);
});

test('The next error, asked for twice at once, is the one after the next', async () => {
  const first = heldBack<object>();
  const asked = answer(LogPage, ({ minLevel, fromSeq }) => {
    if (minLevel !== 'ERROR')
      return aLogPage([aLine(1, 'first'), aLine(3, 'bad'), aLine(9, 'worse')]);
    return fromSeq ? aLogPage([aLine(9, 'worse')]) : first.answered;
  });
  renderAt(`/runs/${RUN}`);
  await screen.findByText('first');
  press('e', 'e');
  first.bring(aLogPage([aLine(3, 'bad')]));
  await screen.findByText('worse', { selector: '[data-chosen] *' });
  const errors = asked.filter(({ minLevel }) => minLevel === 'ERROR');
  expect(errors.map(({ fromSeq }) => fromSeq)).toEqual([undefined, 4]);
});

test('An error that is found when its reader has gone leads nobody anywhere', async () => {
  const found = heldBack<object>();
  answer(LogPage, ({ minLevel }) =>
    minLevel === 'ERROR' ? found.answered : aLogPage([aLine(1, 'first')]),
  );
  answerQuery('PipelinesPage', { pipelines: aPage([]) });
  const { user, at } = renderAt(`/runs/${RUN}?view=graph`);
  await screen.findByText('first');
  await user.keyboard('egp');
  await screen.findByRole('heading', { name: 'Pipelines' });
  found.bring(aLogPage([aLine(1, 'first')]));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(at()).toBe('/pipelines');
});

test('A line that is found in another log than the one shown by then is not gone to', async () => {
  const found = heldBack<object>();
  answer(LogPage, ({ block, minLevel }) =>
    minLevel === 'ERROR' ? found.answered : aLogPage([aLine(1, `of ${block}`)]),
  );
  const { user } = renderAt(`/runs/${RUN}`);
  await screen.findByText('of null');
  await user.keyboard('e]');
  await screen.findByText('of csv');
  found.bring(aLogPage([aLine(1, 'of sent')]));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.queryByText('of csv', { selector: '[data-chosen] *' })).toBeNull();
});

test('The dialog of a re-run has the focus before its plan is there', async () => {
  answer(LogPage, aLogPage([aLine(1, 'first')]));
  const plan = heldBack<object>();
  const asked = answer(RerunPlan, () => plan.answered);
  const { user } = renderAt(`/runs/${RUN}`);
  await screen.findByText('first');
  await user.keyboard('r');
  const dialog = await screen.findByRole('dialog', { name: 'Re-run' });
  await waitFor(() =>
    expect(document.activeElement).toBe(within(dialog).getByLabelText('The start')),
  );
  expect(asked).toHaveLength(1);
});

const ERROR = {
  __typename: 'RunError',
  kind: 'BLOCK_ERROR',
  message: 'Row 12 has no column text',
  block: 'csv',
  retryable: true,
  detail: null,
};
const ONE_FAILED = aProgress({
  blocksDone: 1,
  blocksByStatus: [{ __typename: 'BlockStatusCount', status: 'FAILED', count: 1 }],
});

test('A failure is named even where the list of runs has told of it first', async () => {
  answer(LogPage, aLogPage([]));
  answer(FailureLine, aLogPage([]));
  const blocks = [aBlock('csv', 'RUNNING'), aBlock('sent', 'RUNNING')];
  answer(RunSnapshot, { run: aRun(RUN, 'RUNNING', { blocks }) });
  const { socket } = renderAt(`/runs/${RUN}`);
  const events = await socket.subscribed(RunEvents);
  const changes = await socket.subscribed(RunChanges);
  const run = aRun(RUN, 'RUNNING', { progress: ONE_FAILED });
  changes.next({ runs: { __typename: 'RunChange', kind: 'UPDATED', runId: RUN, run } });
  await screen.findByText('1/2');
  events.next(aBatch(0, [aBlockEvent('csv', 'FAILED', { error: ERROR })]));
  const banner = await screen.findByRole('region', { name: 'What failed' });
  within(banner).getByText(/Row 12 has no column text/);
});

test('A click on a failure whose line is not known yet leads to the line', async () => {
  const blocks = [
    aBlock('csv', 'FAILED', { startedAt: after(1), finishedAt: after(2), error: ERROR }),
  ];
  answer(RunSnapshot, { run: aRun(RUN, 'FAILED', { blocks, progress: ONE_FAILED }) });
  answer(LogPage, aLogPage([aLine(41, 'before'), aLine(42, 'no column text')]));
  const line = heldBack<object>();
  const asked = answer(FailureLine, () => line.answered);
  const { user, at } = renderAt(`/runs/${RUN}`);
  await user.click(await screen.findByRole('button', { name: 'Jump to the error' }));
  line.bring(aLogPage([aLine(42, 'no column text', { level: 'ERROR' })]));
  await waitFor(() => expect(at()).toBe(`/runs/${RUN}?block=csv`));
  await screen.findByText('no column text', { selector: '[data-chosen] *' });
  expect(asked).toHaveLength(1);
});
