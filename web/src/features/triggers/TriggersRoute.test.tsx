import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer } from '@/test/server';
import {
  DeleteTrigger,
  DismissPoison,
  PauseTrigger,
  PoisonPage,
  ResumeTrigger,
  SaveTrigger,
  TriggerChoices,
  TriggersBackend,
  TriggersLive,
} from './documents';

const trigger = (more: object = {}) => ({
  __typename: 'Trigger',
  id: 'trg_1',
  name: 'orders',
  pipelineName: 'take',
  topic: 'shop.orders',
  start: 'LATEST',
  status: 'ACTIVE',
  statusReason: null,
  problem: null,
  lag: 3,
  lastMessageAt: MOMENT,
  lastError: null,
  poisonCount: 0,
  params: [{ __typename: 'TriggerParam', name: 'id', source: '/order/id' }],
  lastRun: { __typename: 'Run', id: 'run_000007', status: 'RUNNING' },
  ...more,
});
const backend = (streamBackend: string) => ({
  service: { __typename: 'Service', streamBackend },
});
const choices = {
  pipelines: {
    nodes: [
      {
        __typename: 'Pipeline',
        id: 'pl_take',
        name: 'take',
        params: [
          { __typename: 'Param', name: 'id', type: 'INTEGER', required: true },
          { __typename: 'Param', name: 'tag', type: 'STRING', required: false },
        ],
      },
    ],
  },
};

beforeEach(() => {
  answer(TriggersBackend, backend('kafka'));
  answer(TriggerChoices, choices);
});

test('Triggers are told live, with what is wrong and what became of the last message', async () => {
  const { socket } = renderAt('/triggers');
  const live = await socket.subscribed(TriggersLive);
  live.next({ triggers: [trigger()] });
  const table = await screen.findByRole('table', { name: 'Triggers' });
  within(table).getByText('Active');
  within(table).getByText('3');
  expect(
    within(table)
      .getByRole('link', { name: /Running/ })
      .getAttribute('href'),
  ).toBe('/runs/run_000007');
  live.next({
    triggers: [
      trigger({
        status: 'STREAM_RESET',
        statusReason: 'The topic was made anew',
        lastRun: null,
        lastError: 'It is no JSON',
      }),
    ],
  });
  await within(table).findByText('Stream reset');
  within(table).getByText('The topic was made anew');
  within(table).getByText('It is no JSON');
  within(table).getByRole('button', { name: 'Resume orders' });
});

test('While streaming is off the page says what turns it on', async () => {
  answer(TriggersBackend, backend('none'));
  const { socket } = renderAt('/triggers');
  (await socket.subscribed(TriggersLive)).next({ triggers: [] });
  await screen.findByText('Streaming is switched off');
});

test('A trigger is made of what its form says, and what is refused sits on its field', async () => {
  const problems = [
    { __typename: 'PipelineProblem', message: 'it is no JSON pointer', path: ['params', 'id'] },
  ];
  const sent = answer(SaveTrigger, {
    saveTrigger: { __typename: 'ParamsInvalid', message: 'a problem', problems },
  });
  const { socket, user, at } = renderAt('/triggers?edit=new');
  (await socket.subscribed(TriggersLive)).next({ triggers: [] });
  const dialog = await screen.findByRole('dialog', { name: 'New trigger' });
  await user.type(await within(dialog).findByLabelText('Name'), 'orders');
  await user.type(within(dialog).getByLabelText('Topic'), 'shop.orders');
  await user.selectOptions(within(dialog).getByLabelText('Pipeline'), 'take');
  const save = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Save' });
  expect(save.disabled).toBe(true);
  await user.type(within(dialog).getByLabelText(/Param id/), '/a~');
  await user.click(save);
  await within(dialog).findByText('it is no JSON pointer');
  answer(SaveTrigger, {
    saveTrigger: {
      __typename: 'SaveTriggerSuccess',
      trigger: { __typename: 'Trigger', id: 'trg_1', name: 'orders' },
    },
  });
  await user.click(save);
  await waitFor(() => expect(at()).toBe('/triggers'));
  expect(sent[0]).toEqual({
    input: {
      name: 'orders',
      pipeline: 'take',
      topic: 'shop.orders',
      start: 'LATEST',
      params: [{ name: 'id', source: '/a~' }],
    },
  });
});

test('A trigger is paused, resumed, and deleted once that was confirmed', async () => {
  const paused = answer(PauseTrigger, { pauseTrigger: { __typename: 'TriggerSuccess' } });
  const resumed = answer(ResumeTrigger, {
    resumeTrigger: { __typename: 'TriggerNotFound', message: 'There is no trigger orders' },
  });
  const deleted = answer(DeleteTrigger, { deleteTrigger: { __typename: 'DeleteTriggerSuccess' } });
  const { socket, user } = renderAt('/triggers');
  const live = await socket.subscribed(TriggersLive);
  live.next({ triggers: [trigger()] });
  await user.click(await screen.findByRole('button', { name: 'Pause orders' }));
  expect(paused).toEqual([{ input: { name: 'orders' } }]);
  live.next({ triggers: [trigger({ status: 'PAUSED' })] });
  await user.click(await screen.findByRole('button', { name: 'Resume orders' }));
  within(await screen.findByRole('alert')).getByText('There is no trigger orders');
  expect(resumed).toEqual([{ input: { name: 'orders' } }]);
  await user.click(screen.getByRole('button', { name: 'Delete orders' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete orders?' });
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(deleted).toEqual([{ input: { name: 'orders' } }]));
});

test('Poison messages are shown with their errors, and dismissed one by one', async () => {
  const message = {
    __typename: 'PoisonMessage',
    id: 'psn_1',
    partition: 0,
    offset: 12,
    error: 'It is no JSON',
    key: 'k',
    value: 'plain words',
    sizeBytes: 11,
    sentAt: MOMENT,
  };
  const page = (nodes: object[]) => ({
    trigger: {
      __typename: 'Trigger',
      id: 'trg_1',
      poisonMessages: { totalCount: nodes.length, nodes },
    },
  });
  answer(PoisonPage, page([message]));
  const dismissed = answer(DismissPoison, {
    dismissPoisonMessage: { __typename: 'DismissPoisonMessageSuccess' },
  });
  const { socket, user } = renderAt('/triggers');
  (await socket.subscribed(TriggersLive)).next({ triggers: [trigger({ poisonCount: 1 })] });
  await user.click(await screen.findByRole('button', { name: 'Poison messages of orders' }));
  const list = await screen.findByRole('list', { name: 'Poison messages' });
  within(list).getByText('It is no JSON');
  within(list).getByText('plain words');
  answer(PoisonPage, page([]));
  await user.click(within(list).getByRole('button', { name: 'Dismiss 0:12' }));
  await screen.findByText('None waits.');
  expect(dismissed).toEqual([{ input: { id: 'psn_1' } }]);
});
