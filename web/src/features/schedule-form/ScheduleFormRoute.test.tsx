import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt } from '@/test/render';
import { answer } from '@/test/server';
import { CheckCron, SaveSchedule, SchedulePipeline, ScheduleToEdit } from './documents';
import { Component } from './index';

const aParam = (name: string, type: string, more: object = {}) => ({
  __typename: 'Param',
  name,
  type,
  default: null,
  required: false,
  description: null,
  choices: null,
  minimum: null,
  maximum: null,
  ...more,
});
const NIGHTLY = {
  __typename: 'Schedule',
  id: 'sch_1',
  name: 'nightly',
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  params: { rows: 7 },
  tickParam: 'day',
  overlap: 'ALLOW',
  catchUpSeconds: 60,
  jitterSeconds: 5,
  priority: 2,
  labels: [{ __typename: 'Label', key: 'team', value: 'x' }],
  pipeline: { __typename: 'Pipeline', id: 'pl_demo', name: 'demo' },
};
const routes = [
  { path: '/schedules/new', element: <Component /> },
  { path: '/schedules/:name/edit', element: <Component /> },
  { path: '*', element: null },
];

/** A server with two pipelines that knows one bad expression and one bad zone. */
function serve(schedule: object | null = null) {
  answer(ScheduleToEdit, ({ isNew }) => ({
    ...(isNew ? {} : { schedule }),
    pipelines: {
      nodes: ['demo', 'other'].map((name) => ({ __typename: 'Pipeline', id: `pl_${name}`, name })),
    },
  }));
  answer(SchedulePipeline, ({ name }) => ({
    pipeline: {
      __typename: 'Pipeline',
      id: `pl_${name}`,
      name,
      params:
        name === 'demo'
          ? [aParam('day', 'DATETIME'), aParam('rows', 'INTEGER', { default: 3, minimum: 1 })]
          : [],
    },
    datasets: { nodes: [] },
  }));
  return answer(CheckCron, ({ cron, timeZone }) => {
    const problems = [
      ...(cron === 'x' ? [{ path: ['cron'], message: 'It has five fields.' }] : []),
      ...(timeZone === 'Berlin' ? [{ path: ['timeZone'], message: 'There is no such zone.' }] : []),
    ].map((problem) => ({ __typename: 'PipelineProblem', ...problem }));
    const valid = problems.length === 0;
    return {
      checkCron: {
        __typename: 'CronCheck',
        valid,
        problems,
        inWords: valid ? `In words: ${cron}` : null,
        nextTimes: valid ? ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'] : [],
      },
    };
  });
}

const saved = {
  saveSchedule: {
    __typename: 'SaveScheduleSuccess',
    schedule: { __typename: 'Schedule', id: 'sch_1', name: 'nightly' },
  },
};

test('A schedule is saved as it was written, and the list comes back', async () => {
  serve();
  const asked = answer(SaveSchedule, saved);
  const { user, at } = renderAt('/schedules/new?pipeline=demo', { routes });
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'nightly');
  const cron = screen.getByRole('textbox', { name: /Cron/ });
  await user.clear(cron);
  await user.type(cron, '30 2 * * *');
  const zone = screen.getByRole('combobox', { name: /Time zone/ });
  await user.clear(zone);
  await user.type(zone, 'Europe/Berlin');
  await user.selectOptions(await screen.findByRole('combobox', { name: /tick's time/ }), 'day');
  // Each run gets it from its tick, so nobody writes it here.
  expect(screen.queryByLabelText(/^day/)).toBeNull();
  await user.selectOptions(screen.getByRole('combobox', { name: /has not ended/ }), 'REPLACE');
  await user.type(screen.getByRole('textbox', { name: /Jitter/ }), '{Backspace}30{Enter}');
  await waitFor(() => expect(at()).toBe('/schedules'));
  expect(asked).toEqual([
    {
      input: {
        name: 'nightly',
        pipeline: 'demo',
        cron: '30 2 * * *',
        timeZone: 'Europe/Berlin',
        params: { rows: 3 },
        tickParam: 'day',
        overlap: 'REPLACE',
        catchUpSeconds: 3600,
        jitterSeconds: 30,
        priority: 0,
        labels: [],
        replaceIfExists: false,
      },
    },
  ]);
});

test('The next times are shown in the zone as one writes, and faults at their fields', async () => {
  serve();
  const { user } = renderAt('/schedules/new', { routes });
  const zone = await screen.findByRole('combobox', { name: /Time zone/ });
  await user.clear(zone);
  await user.type(zone, 'Europe/Berlin');
  const next = within(screen.getByRole('region', { name: 'Next times' }));
  await next.findByText(/Sun, 29 Mar 2026, 03:00:00 CEST/);
  next.getByText(/Mon, 30 Mar 2026, 02:30:00 CEST/);
  next.getByText('In words: 0 6 * * *');
  const cron = screen.getByRole('textbox', { name: /Cron/ });
  await user.clear(cron);
  await user.type(cron, 'x');
  await screen.findByText('It has five fields.');
  expect(cron.getAttribute('aria-invalid')).toBe('true');
  expect(next.queryByRole('listitem')).toBeNull();
  await user.clear(zone);
  await user.type(zone, 'Berlin');
  await screen.findByText('There is no such zone.');
});

test('A schedule is changed over what it was, whose labels and name stay', async () => {
  serve(NIGHTLY);
  const asked = answer(SaveSchedule, saved);
  const { user, at } = renderAt('/schedules/nightly/edit', { routes });
  const rows = await screen.findByRole('spinbutton', { name: /rows/ });
  expect((rows as HTMLInputElement).value).toBe('7');
  expect(screen.getByRole('textbox', { name: /Name/ }).hasAttribute('readonly')).toBe(true);
  await user.clear(rows);
  await user.type(rows, '8{Enter}');
  await waitFor(() => expect(at()).toBe('/schedules'));
  expect(asked[0]?.input).toMatchObject({
    name: 'nightly',
    params: { rows: 8 },
    tickParam: 'day',
    labels: [{ key: 'team', value: 'x' }],
    replaceIfExists: true,
  });
});

test('What is missing is not sent, and what the server refuses stands at its field', async () => {
  serve();
  const problems = [
    { path: ['name'], message: 'A name has no spaces.' },
    { path: ['params', 'rows'], message: 'Too many rows.' },
    { path: ['jitterSeconds'], message: 'Too long.' },
  ];
  const asked = answer(SaveSchedule, {
    saveSchedule: {
      __typename: 'ScheduleInvalid',
      message: 'It has 3 problems',
      problems: problems.map((problem) => ({ __typename: 'PipelineProblem', ...problem })),
    },
  });
  const { user } = renderAt('/schedules/new', { routes });
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  await screen.findByText('A schedule needs a name.');
  screen.getByText('Choose what it runs.');
  expect(asked).toEqual([]);
  await user.type(screen.getByRole('textbox', { name: /Name/ }), 'a b');
  await user.selectOptions(screen.getByRole('combobox', { name: /Pipeline/ }), 'demo');
  const rows = await screen.findByRole('spinbutton', { name: /rows/ });
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('A name has no spaces.');
  screen.getByText('Too many rows.');
  screen.getByText('Too long.');
  expect(rows.getAttribute('aria-invalid')).toBe('true');
  // Another pipeline has other params.
  await user.selectOptions(screen.getByRole('combobox', { name: /Pipeline/ }), 'other');
  await waitFor(() => expect(screen.queryByRole('spinbutton', { name: /rows/ })).toBeNull());
});

test.each([
  ['ScheduleExists', /Name/, 'There is a schedule of this name.'],
  ['PipelineArchived', /Pipeline/, 'It is archived'],
])('%s is told at its field', async (kind, name, words) => {
  serve();
  answer(SaveSchedule, { saveSchedule: { __typename: kind, message: 'It is archived' } });
  const { user } = renderAt('/schedules/new?pipeline=other', { routes });
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'nightly{Enter}');
  await screen.findByText(words);
  const role = kind === 'ScheduleExists' ? 'textbox' : 'combobox';
  expect(screen.getByRole(role, { name }).getAttribute('aria-invalid')).toBe('true');
});

test('A schedule that is not there is said so', async () => {
  serve(null);
  renderAt('/schedules/nightly/edit', { routes });
  await screen.findByText('There is no such schedule');
});
