import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { StartRun } from '@/shared/runs';
import { aRun } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery } from '@/test/server';
import { StartRunForm } from './documents';
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

function aForm(more: object = {}) {
  return {
    pipeline: {
      __typename: 'Pipeline',
      id: 'pl_1',
      name: 'demo',
      archivedAt: null,
      latestVersion: { __typename: 'PipelineVersion', id: 'plv_1', number: 1 },
      params: [
        aParam('input_path', 'PATH', { default: 'data/input.csv' }),
        aParam('most', 'INTEGER', { default: 5, minimum: 1, maximum: 100, required: true }),
      ],
      runs: { nodes: [{ __typename: 'Run', id: 'run_1', params: { most: 9 } }] },
      ...more,
    },
    datasets: { nodes: [{ name: 'made.csv', path: 'data/made.csv', sizeBytes: 10 }] },
  };
}

const routes = [
  { path: '/pipelines/:name/run', element: <Component /> },
  { path: '*', element: null },
];
const open = (search = '') => renderAt(`/pipelines/demo/run${search}`, { routes });

test('Enter starts a run with what is written, and leads to its page', async () => {
  answer(StartRunForm, aForm());
  answerQuery('RunSnapshot', { run: aRun('run_000009') });
  const started = answer(StartRun, {
    startRun: { __typename: 'StartRunSuccess', run: aRun('run_000009', 'QUEUED') },
  });
  const { user, at } = open();
  const path = await screen.findByRole('combobox', { name: /input_path/ });
  await user.clear(path);
  await user.type(path, 'data/made.csv{Enter}');
  await waitFor(() => expect(at()).toBe('/runs/run_000009'));
  expect(started).toEqual([
    { input: { pipeline: 'demo', params: { input_path: 'data/made.csv', most: 5 } } },
  ]);
});

test('A value out of its bounds is not sent, and what the server refuses stands at its field', async () => {
  answer(StartRunForm, aForm());
  const started = answer(StartRun, {
    startRun: {
      __typename: 'ParamsInvalid',
      message: 'One problem',
      problems: [
        {
          code: 'INVALID_PARAM',
          message: 'There is no such file',
          path: ['params', 'input_path'],
          suggestion: null,
        },
      ],
    },
  });
  const { user } = open();
  const most = await screen.findByRole('spinbutton', { name: /most/ });
  await user.clear(most);
  await user.type(most, '0{Enter}');
  await screen.findByText('At least 1.');
  expect(started).toEqual([]);
  await user.type(most, '7{Enter}');
  await screen.findByText('There is no such file');
  const path = screen.getByRole('combobox', { name: /input_path/ });
  expect(path.getAttribute('aria-invalid')).toBe('true');
});

test('The values of the last run are one click away', async () => {
  answer(StartRunForm, aForm());
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: 'As last run' }));
  expect((screen.getByRole('spinbutton', { name: /most/ }) as HTMLInputElement).value).toBe('9');
});

test('An archived pipeline says why it cannot be started', async () => {
  answer(StartRunForm, aForm({ archivedAt: '2026-05-04T10:00:00.000Z' }));
  open();
  await screen.findByText('It is archived');
  expect(screen.queryByRole('button', { name: 'Start' })).toBeNull();
});

test('What a link gives is filled in, the rest is as by default', async () => {
  answer(StartRunForm, aForm());
  open(`?params=${encodeURIComponent('{"input_path":"data/a b.csv"}')}`);
  const path = await screen.findByRole<HTMLInputElement>('combobox', { name: /input_path/ });
  expect(path.value).toBe('data/a b.csv');
  expect(screen.getByLabelText<HTMLInputElement>(/most/).value).toBe('5');
});
