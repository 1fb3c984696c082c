import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Problem } from '@/shared/api';
import { RunChanges } from '@/shared/runs';
import { renderAt } from '@/test/render';
import { ErrorPanel } from './ErrorPanel';

/** One that nothing but a sign from outside ends: no time brings it to an end. */
const problem = (kind: Problem['kind']): Problem => ({
  kind,
  what: `Of kind ${kind}`,
  why: 'It was so.',
  next: 'Wait.',
  retryAfterMs: null,
  errorId: null,
});

async function shown(kind: Problem['kind'], onRetry?: () => void) {
  const given = { problem: problem(kind), ...(onRetry ? { onRetry } : {}) };
  const rendered = renderAt('/', { routes: [{ path: '/', element: <ErrorPanel {...given} /> }] });
  await rendered.socket.subscribed(RunChanges);
  await screen.findByRole('alert');
  return rendered;
}

test('What the network kept back is asked for again when the server is back', async () => {
  const retried = vi.fn();
  const { socket } = await shown('network', retried);
  socket.drop();
  await socket.subscribed(RunChanges, 2);
  await waitFor(() => expect(retried).toHaveBeenCalledTimes(1));
});

test('What wanted a key is asked for again with it', async () => {
  const retried = vi.fn();
  const { api } = await shown('key', retried);
  act(() => api.key.use('another'));
  await waitFor(() => expect(retried).toHaveBeenCalledTimes(1));
  screen.getByRole('alert');
});

test('What was refused to the key before is no complaint any more', async () => {
  const { api } = await shown('key');
  act(() => api.key.use('another'));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('What the server failed at stays, whatever comes back', async () => {
  const retried = vi.fn();
  const { socket, api } = await shown('server', retried);
  socket.drop();
  await socket.subscribed(RunChanges, 2);
  act(() => api.key.use('another'));
  await socket.subscribed(RunChanges, 3);
  screen.getByRole('alert');
  expect(retried).not.toHaveBeenCalled();
});
