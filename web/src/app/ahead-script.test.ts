import { JSDOM } from 'jsdom';
import { expect, test, vi } from 'vitest';
import { addressOf, queryOf, scriptFor } from '../../scripts/ahead-plugin.ts';

const script = scriptFor([
  {
    address: addressOf('/runs'),
    files: ['/assets/runs.js', '/assets/runs.css'],
    ask: { operation: 'RunsPage', variables: { first: 50 }, query: '{ a }' },
  },
  {
    address: addressOf('/runs/:id'),
    files: ['/assets/run.js'],
    ask: { operation: 'Run', variables: { id: ':id' }, whateverFollows: true, query: '{ b }' },
  },
]);

function runAt(address: string, { head = '', key = '' } = {}) {
  const url = `http://headrace.test${address}`;
  const { window } = new JSDOM(`<head>${head}</head>`, { url, runScripts: 'outside-only' });
  if (key) window.localStorage.setItem('headrace.apiKey', key);
  const fetched = vi.fn((_to: URL, _init: RequestInit) => Promise.reject(new Error('no network')));
  Object.assign(window, { fetch: fetched });
  window.eval(script);
  const links = [...window.document.querySelectorAll('link')].map(
    (link) => `${link.rel} ${link.getAttribute('href')}`,
  );
  const asked = fetched.mock.calls.map(([to, { body, headers }]) => ({
    to: String(to),
    ...JSON.parse(String(body)),
    key: (headers as Record<string, string>)['X-API-Key'],
  }));
  return { links, asked };
}

test('The files of the screen are fetched, and what it is drawn of is asked', () => {
  const { links, asked } = runAt('/runs', { key: 'secret' });
  expect(links).toEqual(['modulepreload /assets/runs.js', 'preload /assets/runs.css']);
  expect(asked).toEqual([
    {
      to: 'http://headrace.test/graphql',
      operationName: 'RunsPage',
      query: '{ a }',
      variables: { first: 50 },
      key: 'secret',
    },
  ]);
});

test('Where the address says what else is wanted, only the files are', () => {
  const { links, asked } = runAt('/runs?status=failed');
  expect(links).toHaveLength(2);
  expect(asked).toEqual([]);
});

test('A part of the address is a variable', () => {
  const { asked } = runAt('/runs/run%201/?view=gantt');
  expect(asked).toMatchObject([{ operationName: 'Run', variables: { id: 'run 1' } }]);
});

test('A part that cannot be read is left to the pages', () => {
  expect(runAt('/runs/%E0%A4%A')).toEqual({ links: ['modulepreload /assets/run.js'], asked: [] });
});

test('An API elsewhere is asked there', () => {
  const head = '<meta name="headrace-api-base" content="https://api.test">';
  expect(runAt('/runs', { head }).asked).toMatchObject([{ to: 'https://api.test/graphql' }]);
});

test('Nothing is fetched for an address that is no screen', () => {
  expect(runAt('/runs/a/b')).toEqual({ links: [], asked: [] });
});

test('An operation is asked as Apollo sends it', () => {
  const query = queryOf('RunsPage');
  expect(query).toMatch(/^query RunsPage\(/);
  expect(query).toContain('fragment RunSummary on Run{');
  expect(query).toContain('__typename');
  expect(queryOf('RunSnapshot')).not.toContain('@unmask');
});
