import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery } from '@/test/server';
import { DeleteSchedule, PauseSchedule, ResumeSchedule, SchedulesLive } from './documents';

const aSchedule = (name: string, more: object = {}) => ({
  __typename: 'Schedule',
  id: `sch_${name}`,
  name,
  cron: '30 2 * * *',
  cronInWords: 'At 02:30 every day',
  timeZone: 'Europe/Berlin',
  paused: false,
  pauseNote: null,
  pausedAt: null,
  nextFireTimes: [new Date(Date.now() + 2 * 3_600_000 + 5_000).toISOString()],
  pipeline: { __typename: 'Pipeline', id: 'pl_demo', name: 'demo', archivedAt: null },
  lastTick: null,
  activeRuns: [],
  ...more,
});
const aTick = (outcome: string, more: object = {}) => ({
  __typename: 'ScheduleTick',
  at: MOMENT,
  outcome,
  message: null,
  count: 1,
  run: null,
  ...more,
});

/** The form that opens over the list. */
function serveForm() {
  answerQuery('ScheduleToEdit', { pipelines: { nodes: [] } });
  answerQuery('CheckCron', {
    checkCron: { __typename: 'CronCheck', valid: true, problems: [], inWords: '', nextTimes: [] },
  });
}

async function open(...schedules: object[]) {
  const rendered = renderAt('/schedules');
  const live = await rendered.socket.subscribed(SchedulesLive);
  live.next({ schedules });
  return { ...rendered, live };
}

test('Without schedules the page says how to make one', async () => {
  serveForm();
  const { user, at } = await open();
  await screen.findByText('No schedules yet');
  screen.getByText(/headrace schedule add/);
  expect(document.title).toBe('Schedules · Headrace');
  const [link] = screen.getAllByRole('link', { name: 'New schedule' });
  if (link) await user.click(link);
  await screen.findByRole('dialog', { name: 'New schedule' });
  expect(at()).toBe('/schedules/new');
});

test('A schedule is shown with its words, its next time and what became of the last', async () => {
  const run = { __typename: 'Run', id: 'run_000007', status: 'RUNNING' };
  const { live } = await open(
    aSchedule('nightly', { lastTick: aTick('STARTED', { run }) }),
    aSchedule('gone', { lastTick: aTick('MISSED', { count: 1200, message: 'Nobody was there' }) }),
    aSchedule('off', { paused: true, pauseNote: 'bad data', nextFireTimes: [] }),
    aSchedule('odd', { lastTick: aTick('FAILED', { message: 'Param "n" is required' }) }),
  );
  const row = (name: string) => within(screen.getByRole('row', { name: new RegExp(`^${name} `) }));
  await screen.findByRole('table', { name: 'Schedules' });
  row('nightly').getByText('At 02:30 every day', { exact: false });
  row('nightly').getByText('Europe/Berlin');
  row('nightly').getByText('in 2 hr.');
  row('nightly').getByText('Running');
  const link = row('nightly').getByRole('link', { name: 'Run 000007' });
  expect(link.getAttribute('href')).toBe('/runs/run_000007');
  row('gone').getByText('Missed');
  row('gone').getByText('1,200 ticks');
  row('gone').getByText('Nobody was there');
  row('off').getByText('Paused');
  row('off').getByText('bad data');
  row('odd').getByText('Failed');
  // What the server tells next is what is shown.
  const over = { ...run, status: 'SUCCEEDED' };
  live.next({ schedules: [aSchedule('nightly', { lastTick: aTick('STARTED', { run: over }) })] });
  await waitFor(() => row('nightly').getByText('Succeeded'));
  expect(screen.queryByText('bad data')).toBeNull();
});

test('A pause takes a note along, and resuming asks nothing', async () => {
  const paused = answer(PauseSchedule, {
    pauseSchedule: {
      __typename: 'PauseScheduleSuccess',
      schedule: { __typename: 'Schedule', id: 'sch_nightly', paused: true, pauseNote: 'why' },
    },
  });
  const resumed = answer(ResumeSchedule, {
    resumeSchedule: {
      __typename: 'ResumeScheduleSuccess',
      schedule: { __typename: 'Schedule', id: 'sch_nightly', paused: false, pauseNote: null },
    },
  });
  const { user, live, at } = await open(aSchedule('nightly'));
  await user.click(await screen.findByRole('link', { name: 'Pause nightly' }));
  expect(at()).toBe('/schedules?pause=nightly');
  await user.type(await screen.findByLabelText('Note'), ' bad data {Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(paused).toEqual([{ input: { name: 'nightly', note: 'bad data' } }]);
  live.next({ schedules: [aSchedule('nightly', { paused: true, nextFireTimes: [] })] });
  await user.click(await screen.findByRole('button', { name: 'Resume nightly' }));
  await waitFor(() => expect(resumed).toEqual([{ input: { name: 'nightly' } }]));
});

test('A schedule is deleted once that was confirmed, and what is refused is said', async () => {
  let refused = true;
  const asked = answer(DeleteSchedule, () => ({
    deleteSchedule: refused
      ? { __typename: 'ScheduleNotFound', message: 'There is no schedule nightly' }
      : { __typename: 'DeleteScheduleSuccess', id: 'sch_nightly' },
  }));
  const { user } = await open(aSchedule('nightly'));
  await user.click(await screen.findByRole('link', { name: 'Delete nightly' }));
  await user.click(await screen.findByRole('button', { name: 'Keep it' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked).toEqual([]);
  await user.click(screen.getByRole('link', { name: 'Delete nightly' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.click(dialog.getByRole('button', { name: 'Delete' }));
  await dialog.findByText('There is no schedule nightly');
  refused = false;
  await user.click(dialog.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked).toHaveLength(2);
});

test('g c leads to the schedules from anywhere, and n to a new one', async () => {
  serveForm();
  const { user, at, socket } = renderAt('/nowhere');
  await screen.findByRole('navigation', { name: 'Screens' });
  await user.keyboard('gc');
  await waitFor(() => expect(at()).toBe('/schedules'));
  (await socket.subscribed(SchedulesLive)).next({ schedules: [] });
  await screen.findByText('No schedules yet');
  await user.keyboard('n');
  await screen.findByRole('dialog', { name: 'New schedule' });
  expect(at()).toBe('/schedules/new');
});
