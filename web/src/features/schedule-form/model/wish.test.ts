import { expect, test } from 'vitest';
import { faultsOf, inputOf, type Kept, refusalsByField, wishOf } from './wish';

const KEPT: Kept = {
  id: 'sch_1',
  name: 'nightly',
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  params: { rows: 1 },
  tickParam: 'day',
  overlap: 'ALLOW',
  catchUpSeconds: 60.5,
  jitterSeconds: 5,
  priority: -3,
  labels: [{ key: 'team', value: 'x' }],
  pipeline: { id: 'pl_1', name: 'demo' },
};

test('what is kept goes back as it came, labels and all', () => {
  expect(inputOf(wishOf(KEPT, '', 'UTC'), { rows: 1 }, KEPT)).toEqual({
    name: 'nightly',
    pipeline: 'demo',
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    params: { rows: 1 },
    tickParam: 'day',
    overlap: 'ALLOW',
    catchUpSeconds: 60.5,
    jitterSeconds: 5,
    priority: -3,
    labels: [{ key: 'team', value: 'x' }],
    replaceIfExists: true,
  });
});

test('a new one is for the pipeline and the zone that were given, and replaces nothing', () => {
  const input = inputOf({ ...wishOf(null, 'demo', 'Asia/Tokyo'), name: ' n ' }, {}, null);
  expect(input).toMatchObject({
    name: 'n',
    pipeline: 'demo',
    timeZone: 'Asia/Tokyo',
    overlap: 'SKIP',
    tickParam: null,
    replaceIfExists: false,
  });
});

test.each([
  ['name', { name: ' ' }],
  ['pipeline', { pipeline: '' }],
  ['cron', { cron: '' }],
  ['catchUpSeconds', { catchUpSeconds: 'x' }],
  ['jitterSeconds', { jitterSeconds: '' }],
  ['priority', { priority: '101' }],
  ['priority', { priority: '1.5' }],
])('a fault of %s is told there', (field, more) => {
  const wish = { ...wishOf(KEPT, '', 'UTC'), ...more };
  expect(Object.keys(faultsOf(wish))).toEqual([field]);
});

test('what is kept has no fault', () => {
  expect(faultsOf(wishOf(KEPT, '', 'UTC'))).toEqual({});
});

test('refusals go to their fields, two of one field together, the others apart', () => {
  const params = { path: ['params', 'rows'], message: 'No.' };
  const { byField, others } = refusalsByField([
    { path: ['cron'], message: 'Bad.' },
    { path: ['cron'], message: 'Worse.' },
    params,
  ]);
  expect(byField).toEqual({ cron: 'Bad. Worse.' });
  expect(others).toEqual([params]);
});
