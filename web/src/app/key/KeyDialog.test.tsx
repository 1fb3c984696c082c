import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, graphql as http } from 'msw';
import { expect, test } from 'vitest';
import { RunChanges } from '@/shared/runs';
import { aLine, aLogPage, aPage, aRun } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answerQuery, server } from '@/test/server';

const KEY = 'right';
const HEADER = 'X-API-Key';

/** A server that answers those alone who have the key, which may become another one. */
function locked(key = KEY) {
  const lock = { key };
  server.use(
    http.operation(({ request }) => {
      if (request.headers.get(HEADER) === lock.key) return undefined;
      const message = 'The header X-API-Key is missing';
      return HttpResponse.json(
        { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
        { status: 401 },
      );
    }),
  );
  return lock;
}

function answerRuns() {
  answerQuery('KeyCheck', { __typename: 'Query' });
  answerQuery('RunCounts', { runCounts: [] });
  answerQuery('RunsPipelines', { pipelines: { nodes: [] } });
  answerQuery('RunsPage', { runs: aPage([aRun('run_000001', 'SUCCEEDED')]) });
}

const keyField = () => screen.findByLabelText('Key');
const useIt = () => screen.getByRole('button', { name: 'Use this key' });

test('A wrong key is told on its field; the right one brings all to life, without a reload', async () => {
  answerRuns();
  locked();
  const { socket, user } = renderAt('/runs');
  socket.refusing = true;
  const field = await keyField();
  await screen.findByRole('dialog', { name: 'The server wants an API key' });
  await screen.findByRole('button', { name: 'Key needed', hidden: true });
  expect(field.getAttribute('aria-invalid')).not.toBe('true');

  await user.type(field, 'wrong{Enter}');
  const fault = await screen.findByText('This is not the key.');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.getAttribute('aria-describedby')).toContain(fault.id);
  expect(localStorage.getItem('headrace.apiKey')).toBeNull();

  socket.refusing = false;
  await user.type(field, KEY, { initialSelectionStart: 0, initialSelectionEnd: 5 });
  expect(screen.queryByText('This is not the key.')).toBeNull();
  await user.click(useIt());
  await screen.findByRole('link', { name: '000001' });
  await socket.subscribed(RunChanges);
  await screen.findByRole('button', { name: 'Live' });
  expect(socket.inits.at(-1)).toEqual({ 'X-Headrace-Client': 'ui', [HEADER]: KEY });
  expect(localStorage.getItem('headrace.apiKey')).toBe(KEY);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.queryByLabelText('Key')).toBeNull();
});

test('A key that this browser kept and that is wrong is said to be so', async () => {
  localStorage.setItem('headrace.apiKey', 'old');
  answerRuns();
  locked();
  renderAt('/runs');
  await screen.findByText('The key that this browser kept is wrong.');
});

test('The same key, given again, is asked with again', async () => {
  localStorage.setItem('headrace.apiKey', KEY);
  answerRuns();
  const lock = locked('another');
  const { user } = renderAt('/runs');
  await keyField();
  lock.key = KEY;
  await user.click(useIt());
  await screen.findByRole('link', { name: '000001' });
});

test('Whoever does not give a key is told where to, and gets the focus back', async () => {
  answerRuns();
  const { user, socket } = renderAt('/runs');
  await socket.subscribed(RunChanges);
  const opener = await screen.findByRole('button', { name: 'API key' });
  await user.click(opener);
  await screen.findByRole('dialog', { name: 'API key' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.activeElement).toBe(opener);
});

test('A key that cannot be tried is no wrong one', async () => {
  answerRuns();
  const { user } = renderAt('/runs');
  await user.click(await screen.findByRole('button', { name: 'API key' }));
  const field = await keyField();
  server.use(http.query('KeyCheck', () => HttpResponse.error()));
  await user.type(field, 'any{Enter}');
  await screen.findByText(/It could not be tried\. The server is not to be reached/);
  await user.clear(field);
  await user.type(field, 'schlüssel{Enter}');
  await screen.findByText('A key is of plain letters, digits and signs alone.');
});

test('A run that was refused is followed once the key is there', async () => {
  answerRuns();
  answerQuery('RunSnapshot', { run: aRun('run_000001', 'RUNNING') });
  answerQuery('LogPage', aLogPage([]));
  answerQuery('WaitingReasons', {
    run: { __typename: 'Run', id: 'run_000001', waitingReasons: [] },
  });
  locked();
  const { socket, user } = renderAt('/runs/run_000001');
  socket.refusing = true;
  const field = await keyField();
  socket.refusing = false;
  await user.type(field, `${KEY}{Enter}`);
  await screen.findByRole('heading', { name: 'demo run 000001' });
});

test('A log that was refused, on a page that was not, is there once the key is', async () => {
  answerRuns();
  answerQuery('RunSnapshot', { run: aRun('run_000001', 'RUNNING') });
  answerQuery('WaitingReasons', {
    run: { __typename: 'Run', id: 'run_000001', waitingReasons: [] },
  });
  const message = 'The key in X-API-Key is wrong';
  const code = 'UNAUTHENTICATED';
  server.use(
    http.query('LogPage', () => HttpResponse.json({ errors: [{ message, extensions: { code } }] })),
  );
  const { user } = renderAt('/runs/run_000001');
  const field = await keyField();
  answerQuery('LogPage', aLogPage([aLine(1, 'told at last')]));
  await user.type(field, `${KEY}{Enter}`);
  await screen.findByText('told at last');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('What the reader did and was refused is no complaint any more once the key is there', async () => {
  answerRuns();
  const message = 'The header X-API-Key is missing';
  const errors = [{ message, extensions: { code: 'UNAUTHENTICATED' } }];
  server.use(http.mutation('RerunListed', () => HttpResponse.json({ errors })));
  const { user } = renderAt('/runs');
  await user.click(await screen.findByRole('button', { name: 'Re-run 000001' }));
  const field = await keyField();
  await screen.findByRole('alert', { hidden: true });
  await user.type(field, `${KEY}{Enter}`);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('A key that another tab was given is the key of this one', async () => {
  answerRuns();
  locked();
  const { api } = renderAt('/runs');
  await keyField();
  dispatchEvent(new StorageEvent('storage', { key: 'headrace.apiKey', newValue: KEY }));
  await screen.findByRole('link', { name: '000001' });
  expect(api.key.value.get()).toBe(KEY);
  await waitFor(() => expect(screen.queryByLabelText('Key')).toBeNull());
});
