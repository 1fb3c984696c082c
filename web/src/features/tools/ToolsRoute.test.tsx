import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { after, MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, heldBack } from '@/test/server';
import { CleanUp, ToolsQueue, ToolsRateLimit, ToolsService, ToolsWorkers } from './documents';

const check = (name: string, ok: boolean, message: string) => ({
  __typename: 'HealthCheck',
  name,
  ok,
  message,
});
const service = (more: object = {}) => ({
  service: {
    __typename: 'Service',
    name: 'orchestrator',
    version: '0.1.0',
    database: 'sqlite',
    streamBackend: 'none',
    llmProvider: 'mock',
    executor: 'local',
    signedUrlsRequired: true,
    warnings: [],
    checks: [check('database', true, 'It answers')],
    ...more,
  },
});
const queue = (nodes: object[]) => ({
  queue: {
    __typename: 'Queue',
    depth: 5,
    waiting: 4,
    ready: 1,
    running: 2,
    oldestReadyAt: MOMENT,
    byRun: { nodes, pageInfo: { __typename: 'PageInfo', hasNextPage: false } },
  },
});
const worker = {
  __typename: 'Worker',
  id: 'wrk_1',
  name: 'worker-1',
  host: 'here',
  pid: 7,
  version: '0.1.0',
  status: 'ACTIVE',
  startedAt: MOMENT,
  lastSeenAt: after(3),
  capacity: 2,
  running: [{ __typename: 'BlockRun', id: 'blk_csv', name: 'csv' }],
};

beforeEach(() => {
  answer(ToolsRateLimit, { rateLimit: null });
});

test('The page says how the service is, and follows it over a break', async () => {
  const { socket } = renderAt('/tools');
  const health = await socket.subscribed(ToolsService);
  health.next(service());
  const checks = await screen.findByRole('list', { name: 'Checks' });
  within(checks).getByText('Well');
  screen.getByText('mock');
  (await socket.subscribed(ToolsWorkers)).next({ workers: [worker] });
  const workers = await screen.findByRole('table', { name: 'Workers' });
  within(workers).getByText('Active');
  within(workers).getByText('1/2');
  within(workers).getByText('csv');
  const run = {
    __typename: 'Run',
    id: 'run_000007',
    status: 'RUNNING',
    pipeline: { __typename: 'Pipeline', id: 'pl_demo', name: 'demo' },
  };
  const share = { __typename: 'QueueShare', waiting: 4, ready: 1, running: 2, run };
  (await socket.subscribed(ToolsQueue)).next(queue([share]));
  await screen.findByRole('link', { name: '000007' });
  await screen.findByText(/No limit is on for GraphQL/);

  socket.drop();
  await screen.findAllByText('Stale');
  const again = await socket.subscribed(ToolsService, 2);
  again.next(service({ checks: [check('workers', false, 'None lives')], warnings: ['No key'] }));
  await screen.findByText('Not well');
  screen.getByText('No key');
  expect(document.title).toBe('✕ workers · Tools · Headrace');
  (await socket.subscribed(ToolsWorkers, 2)).next({ workers: [] });
  await screen.findByText('No worker lives');
  (await socket.subscribed(ToolsQueue, 2)).next(queue([]));
  await screen.findByText('No run is under way, so nothing waits.');
});

test('A cleanup counts first, and deletes only once its days were typed again', async () => {
  const found = { __typename: 'CleanupSuccess', runs: 12, artifacts: 1, bytes: 2_048 };
  const asked = answer(CleanUp, ({ dryRun }) => ({ cleanup: { ...found, dryRun } }));
  const { user } = renderAt('/tools');
  const days = await screen.findByLabelText('Runs that finished more than so many days ago');
  await user.clear(days);
  await user.type(days, '7');
  await user.click(screen.getByRole('button', { name: 'Count what would go' }));
  await screen.findByText('12 runs and 1 artifact,', { exact: false });
  const remove = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' });
  expect(remove.disabled).toBe(true);
  await user.type(screen.getByLabelText('Type 7 to delete them for good'), '7');
  await user.click(remove);
  await screen.findByText(/^Deleted:/);
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  expect(asked).toEqual([
    { days: 7, dryRun: true },
    { days: 7, dryRun: false },
  ]);
});

test('Other days have to be counted anew, and what are no days cannot be asked for', async () => {
  const found = { __typename: 'CleanupSuccess', runs: 1, artifacts: 0, bytes: 0, dryRun: true };
  answer(CleanUp, { cleanup: found });
  const { user } = renderAt('/tools');
  const count = await screen.findByRole<HTMLButtonElement>('button', { name: /Count/ });
  await user.click(count);
  await screen.findByRole('button', { name: 'Delete' });
  await user.type(screen.getByLabelText(/so many days ago/), 'x');
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  expect(count.disabled).toBe(true);
  screen.getByText('A whole number from 0 to 36500');
});

test('What was counted for other days than those that are written by then is not shown', async () => {
  const found = { __typename: 'CleanupSuccess', runs: 1, artifacts: 0, bytes: 0, dryRun: true };
  const counted = heldBack<object>();
  const asked = answer(CleanUp, () => counted.answered);
  const { user } = renderAt('/tools');
  const count = await screen.findByRole<HTMLButtonElement>('button', { name: /Count/ });
  await user.click(count);
  await waitFor(() => expect(asked).toHaveLength(1));
  await user.type(screen.getByLabelText(/so many days ago/), '0');
  counted.bring({ cleanup: found });
  await waitFor(() => expect(count.disabled).toBe(false));
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
});

test('A rate limit is told with what is left of it', async () => {
  answer(ToolsRateLimit, {
    rateLimit: {
      __typename: 'RateLimit',
      path: '/graphql',
      limit: 120,
      windowSeconds: 2,
      remaining: 118,
      resetAt: MOMENT,
    },
  });
  renderAt('/tools');
  await screen.findByText(/118 of 120 requests left within 2 s for \/graphql/);
});
