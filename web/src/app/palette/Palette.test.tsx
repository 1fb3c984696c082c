import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, graphql as http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { aPage, aRun } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery, server } from '@/test/server';
import { PaletteSearch } from './documents';

const aPipeline = (name: string) => ({
  __typename: 'Pipeline',
  id: `pl_${name}`,
  name,
  archivedAt: null,
});
const found = (pipelines: object[] = [], runs: object[] = []) => ({
  pipelines: aPage(pipelines),
  runs: aPage(runs),
});

beforeEach(() => {
  answer(PaletteSearch, found());
});

async function opened(address = '/nowhere') {
  const rendered = renderAt(address);
  await screen.findByRole('button', { name: 'Search and commands' });
  await rendered.user.keyboard('{Control>}k{/Control}');
  const field = await screen.findByRole('combobox');
  const chosen = () => {
    const option = document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
    expect(option?.getAttribute('aria-selected')).toBe('true');
    return option?.textContent;
  };
  return { ...rendered, field, chosen };
}

const labels = () =>
  screen.queryAllByRole('option').map((option) => option.querySelector('span')?.textContent);

test('A screen is gone to by a part of its name, arrows and Enter', async () => {
  const { user, at, field, chosen } = await opened();
  expect(document.activeElement).toBe(field);
  expect(chosen()).toBe('Go to Runsgthenr');
  await user.type(field, 'go too');
  expect(labels()).toEqual(['Go to Tools & Streams']);
  await user.clear(field);
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
  expect(chosen()).toContain('Go to Pipelines');
  await user.keyboard('{ArrowUp}{ArrowUp}');
  expect(chosen()).toBe('Theme: as the system');
  answerQuery('PipelinesPage', { pipelines: aPage([]) });
  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  await waitFor(() => expect(at()).toBe('/pipelines'));
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('What the page offers stands first, with its keys, and is done from here', async () => {
  answerQuery('PipelinesPage', { pipelines: aPage([]) });
  const { user } = await opened('/pipelines');
  const groups = screen.getAllByRole('group').map((group) => group.getAttribute('aria-label'));
  expect(groups).toEqual(['Pipelines', 'Go to', 'Everywhere', 'Theme']);
  const option = screen.getByRole('option', { name: /Filter by name/ });
  within(option).getByText('/');
  await user.click(option);
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Name contains' }));
});

test('Pipelines and runs are found by the API, once for all letters of a word', async () => {
  const asked = answer(
    PaletteSearch,
    found([aPipeline('demo')], [aRun('run_000042', 'FAILED'), aRun('run_000043')]),
  );
  answerQuery('RunSnapshot', { run: null });
  const { user, at, field } = await opened();
  await user.type(field, 'demo');
  screen.getByText('Looking for pipelines and runs…');
  await screen.findByText('3 results');
  expect(asked).toEqual([{ text: 'demo', first: 6 }]);
  const runs = within(screen.getByRole('group', { name: 'Runs by name or id' }));
  await user.click(runs.getByRole('option', { name: /demo · 000042.*Failed/ }));
  await waitFor(() => expect(at()).toBe('/runs/run_000042'));
});

test('More runs than are shown are a link to all of them', async () => {
  const pageInfo = { ...aPage([]).pageInfo, hasNextPage: true };
  answer(PaletteSearch, {
    pipelines: aPage([]),
    runs: aPage([aRun('run_000042')], { pageInfo }),
  });
  answerQuery('RunCounts', { runCounts: [] });
  answerQuery('RunsPipelines', { pipelines: { nodes: [] } });
  answerQuery('RunsPage', { runs: aPage([]) });
  const { user, at, field } = await opened();
  await user.type(field, '0042');
  await user.click(await screen.findByRole('option', { name: 'All runs with “0042”' }));
  await waitFor(() => expect(at()).toBe('/runs?q=0042'));
});

test('What nothing answers to, and a server that does not, are said to be so', async () => {
  const { user, field } = await opened();
  await user.type(field, 'zebra');
  await screen.findByText('No command, screen, pipeline or run is called “zebra”.');
  server.use(http.query('PaletteSearch', () => HttpResponse.error()));
  await user.type(field, 's');
  await screen.findByText(/could not be looked for\. The server is not to be reached/);
});

test('Escape gives the focus back, and clears nothing on the page below', async () => {
  const { user, at } = renderAt('/nowhere?block=a');
  const opener = await screen.findByRole('button', { name: 'Search and commands' });
  await user.click(opener);
  await screen.findByRole('combobox');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(document.activeElement).toBe(opener);
  await user.keyboard('{Control>}k{/Control}');
  await screen.findByRole('combobox');
  await user.keyboard('{Control>}k{/Control}');
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(at()).toBe('/nowhere?block=a');
});
