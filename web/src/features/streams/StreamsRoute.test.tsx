import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer } from '@/test/server';
import { LookAtStream, PublishToStream, StreamHealth, StreamTail, StreamTopics } from './documents';

const topics = (streamBackend: string, streamTopics: string[]) => ({
  streamTopics,
  service: { __typename: 'Service', streamBackend },
});
const message = (offset: number, more: object = {}) => ({
  __typename: 'StreamMessage',
  cursor: `c${offset}`,
  topic: 'events',
  partition: 0,
  offset,
  key: null,
  value: { n: offset },
  text: null,
  sizeBytes: 7,
  timestamp: MOMENT,
  ...more,
});

beforeEach(() => {
  answer(StreamTopics, topics('kafka', ['events', 'others']));
});

test('While streaming is off the page says what turns it on', async () => {
  answer(StreamTopics, topics('none', []));
  renderAt('/tools/streams');
  await screen.findByText('Streaming is switched off');
  screen.getByText('STREAM_BACKEND');
  expect(screen.queryByRole('button', { name: 'Publish' })).toBeNull();
});

test('The tail shows what comes, can be held, and goes on behind the last message', async () => {
  const { socket, user } = renderAt('/tools/streams');
  const tail = await socket.subscribed(StreamTail);
  expect(tail.variables).toEqual({ topic: 'events', after: null });
  expect(document.title).toBe('events · Streams · Headrace');
  tail.next({ messages: message(1) });
  const table = await screen.findByRole('table', { name: 'Live messages' });
  within(table).getByText('{"n":1}');
  await user.click(screen.getByRole('button', { name: 'Pause' }));
  tail.next({ messages: message(2, { value: null, text: 'hello' }) });
  const resume = await screen.findByRole('button', { name: 'Resume · 1 new' });
  expect(within(table).queryByText('hello')).toBeNull();
  await user.click(resume);
  within(table).getByText('hello');

  socket.drop();
  const again = await socket.subscribed(StreamTail, 2);
  expect(again.variables).toEqual({ topic: 'events', after: 'c2' });
  again.next({ messages: message(3) });
  await within(table).findByText('{"n":3}');
  expect(
    within(table)
      .getAllByRole('rowheader')
      .map((cell) => cell.textContent),
  ).toEqual(['0:3', '0:2', '0:1']);
});

test('Brokers that do not answer are told, with what waits for them', async () => {
  const { socket } = renderAt('/tools/streams');
  const health = await socket.subscribed(StreamHealth);
  const told = (ok: boolean, message: string) => ({
    service: {
      __typename: 'Service',
      name: 'orchestrator',
      checks: [{ __typename: 'HealthCheck', name: 'stream', ok, message }],
    },
  });
  health.next(told(false, 'No broker answers, since noon: 3 events wait'));
  within(await screen.findByRole('alert')).getByText(/3 events wait/);
  health.next(told(true, 'The brokers take what is sent'));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('A message is sent as the JSON that was written, and not before it is JSON', async () => {
  const success = { __typename: 'PublishMessageSuccess', topic: 'others', partition: 2, offset: 9 };
  const sent = answer(PublishToStream, { publishMessage: success });
  const { user } = renderAt('/tools/streams?topic=others');
  const value = await screen.findByLabelText('Value');
  await user.clear(value);
  await user.click(value);
  await user.paste('{"a": x}');
  const publish = screen.getByRole<HTMLButtonElement>('button', { name: 'Publish' });
  expect(publish.disabled).toBe(true);
  screen.getByText(/This is no JSON/);
  await user.clear(value);
  await user.click(value);
  await user.paste('{"a": [1]}');
  await user.type(screen.getByLabelText('Key'), 'k1');
  await user.click(publish);
  await screen.findByText('It is in others, at 2:9.');
  expect(sent).toEqual([{ input: { topic: 'others', key: 'k1', value: { a: [1] } } }]);
  answer(PublishToStream, {
    publishMessage: { __typename: 'StreamUnavailable', message: 'No broker answers' },
  });
  await user.click(publish);
  within(await screen.findByRole('alert')).getByText('No broker answers');
});

test('A look at a topic is bounded', async () => {
  const looked = answer(LookAtStream, {
    consumeMessages: { __typename: 'ConsumeMessagesSuccess', messages: [message(4)] },
  });
  const { user } = renderAt('/tools/streams');
  const most = await screen.findByLabelText('Messages at most');
  const look = screen.getByRole<HTMLButtonElement>('button', { name: 'Look' });
  await user.clear(most);
  await user.type(most, '501');
  expect(look.disabled).toBe(true);
  await user.clear(most);
  await user.type(most, '20');
  await user.click(look);
  const table = await screen.findByRole('table', { name: 'Messages that are there' });
  within(table).getByText('0:4');
  expect(looked).toEqual([{ topic: 'events', most: 20, waitMs: 500 }]);
});

test('A topic that is not there is told with those that are nearly called that', async () => {
  const { user, at } = renderAt('/tools/streams?topic=other');
  await screen.findByText('No topic is called other');
  await user.click(screen.getByRole('link', { name: 'others' }));
  await waitFor(() => expect(at()).toBe('/tools/streams?topic=others'));
  await screen.findByRole('button', { name: 'Publish' });
});
