import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { MOMENT } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer } from '@/test/server';
import {
  DatasetDownload,
  DatasetPreview,
  DatasetsPage,
  DatasetUses,
  SynthesizeDataset,
} from './documents';

const dataset = (name: string) => ({
  __typename: 'Dataset',
  name,
  path: `data/${name}`,
  sizeBytes: 2_048,
  rows: 40,
  modifiedAt: MOMENT,
});
const page = (nodes: object[], endCursor: string | null = null) => ({
  datasets: {
    nodes,
    pageInfo: { __typename: 'PageInfo', hasNextPage: endCursor !== null, endCursor },
  },
});
const made = {
  __typename: 'SynthesizeDatasetSuccess',
  count: 12,
  path: 'data/mine.csv',
  mix: { __typename: 'MessageMix', positive: 10, negative: 2, neutral: 0, toxic: 0 },
};

beforeEach(() => {
  answer(DatasetPreview, ({ path }) => ({
    dataset: {
      __typename: 'Dataset',
      name: path.slice(5),
      path,
      preview: {
        __typename: 'TablePreview',
        columns: [
          { __typename: 'Column', name: 'id', type: 'string' },
          { __typename: 'Column', name: 'text', type: 'string' },
        ],
        rows: [['1', 'I love it']],
        totalRows: 40,
        truncated: true,
      },
    },
  }));
});

test('A dataset is made up, shown with its mix, and listed', async () => {
  const listed = answer(DatasetsPage, page([]));
  const asked = answer(SynthesizeDataset, { synthesizeDataset: made });
  const { user } = renderAt('/datasets');
  await screen.findByText('No datasets yet');
  screen.getByText('1 to 100,000; 30 to 50 are enough for a look');
  answer(DatasetsPage, page([dataset('mine.csv')]));
  const count = screen.getByLabelText('Messages');
  await user.clear(count);
  await user.type(count, '12');
  const name = screen.getByLabelText('Name');
  await user.clear(name);
  await user.type(name, 'mine');
  await user.type(screen.getByLabelText('Seed'), '7');
  await user.click(screen.getByRole('button', { name: 'Make it up' }));
  await screen.findByText(/12 messages are in/);
  expect(asked).toEqual([{ input: { count: 12, outputPath: 'mine.csv', seed: 7 } }]);
  const mix = screen.getByText('positive').closest('dl');
  expect(mix?.textContent).toBe('positive10negative2neutral0toxic0');
  await screen.findByText('I love it');
  await screen.findByRole('row', { name: /mine\.csv/ });
  expect(listed).toHaveLength(1);
});

test('What cannot be made up is said at its field', async () => {
  answer(DatasetsPage, page([]));
  const message = 'data/mine.csv holds a file that Headrace did not write';
  answer(SynthesizeDataset, { synthesizeDataset: { __typename: 'PathRefused', message } });
  const { user } = renderAt('/datasets');
  const make = await screen.findByRole<HTMLButtonElement>('button', { name: 'Make it up' });
  await user.click(make);
  await screen.findByText(message);
  expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true');
  await user.type(screen.getByLabelText('Seed'), 'x');
  screen.getByText('A whole number, or nothing');
  expect(make.disabled).toBe(true);
});

test('A dataset is looked into, which the address says, and used in a pipeline', async () => {
  answer(DatasetsPage, page([dataset('a.csv'), dataset('b.csv')], 'c9'));
  answer(DatasetUses, {
    pipelines: {
      nodes: [
        {
          __typename: 'Pipeline',
          id: 'pl_1',
          name: 'sentiment',
          description: null,
          params: [{ __typename: 'Param', name: 'input_path', type: 'PATH' }],
        },
      ],
    },
  });
  const { user, at } = renderAt('/datasets');
  await user.click(await screen.findByRole('button', { name: 'Preview b.csv' }));
  expect(at()).toBe('/datasets?show=data%2Fb.csv');
  const table = await screen.findByRole('table', { name: 'The beginning of b.csv' });
  within(table).getByText('I love it');
  screen.getByText('Showing the first 1 of 40.');
  expect(document.title).toBe('b.csv · Datasets · Headrace');
  await user.click(screen.getByRole('button', { name: 'Use a.csv in a pipeline' }));
  const link = await screen.findByRole('link', { name: 'sentiment as input_path' });
  expect(link.getAttribute('href')).toBe(
    `/pipelines/sentiment/run?params=${encodeURIComponent('{"input_path":"data/a.csv"}')}`,
  );
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByRole('link', { name: 'Next page' }));
  expect(at()).toBe('/datasets?after=c9');
});

test('A dataset is downloaded by a link of that moment, and what is gone is said to be so', async () => {
  answer(DatasetsPage, page([dataset('a.csv')]));
  let signed = 0;
  const asked = answer(DatasetDownload, ({ path }) => ({
    dataset:
      signed < 2
        ? { __typename: 'Dataset', path, downloadUrl: `/datasets/download?signature=${++signed}` }
        : null,
  }));
  const original = globalThis.fetch;
  const tried: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    if (init?.method !== 'HEAD') return original(input, init);
    tried.push(String(input));
    return Promise.resolve(new Response(null, { status: tried.length === 1 ? 403 : 200 }));
  });
  const followed: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    followed.push(`${this.href} as ${this.download}`);
  });
  const { user } = renderAt('/datasets');
  const button = await screen.findByRole('button', { name: 'Download a.csv' });
  await user.click(button);
  const link = 'http://headrace.test/datasets/download?signature=2';
  await waitFor(() => expect(followed).toEqual([`${link} as a.csv`]));
  expect(asked).toEqual([{ path: 'data/a.csv' }, { path: 'data/a.csv' }]);

  await user.click(button);
  const alert = await screen.findByRole('alert', { name: 'The dataset cannot be downloaded' });
  within(alert).getByText('Its file is not there any more.');
  expect(followed).toHaveLength(1);
});
